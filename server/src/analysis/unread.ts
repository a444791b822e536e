// What the damaged parts of a text may declare. A name that may come from there is not unknown:
// the damage is told, and the name would be but its echo.
import { encloses, type Range } from '../text/range.ts';
import { DECLARATION_WORDS, RESERVED_WORDS } from '../text/reserved.ts';
import { scan, type Scanned } from '../text/scan.ts';
import type { Decl, Name } from '../syntax/ast.ts';

export interface Unread {
  /** In what could not be read. */
  readonly words: Set<string>;
  /** Where words stand that what could not be read may have declared. */
  readonly beside: Map<string, number[]>;
  /** Where the name would hold that a declaration lacks. */
  readonly nameless: Range[];
  /** Declarations with damage in them: they may have more members. */
  readonly damaged: Set<Decl>;
}

export function noneUnread(): Unread {
  return { words: new Set(), beside: new Map(), nameless: [], damaged: new Set() };
}

export function addWords({ words }: Unread, text: string, ranges: readonly Range[]): void {
  for (const range of ranges) {
    for (const word of text.slice(range.start, range.end).match(/[A-Za-z_]\w*/g) ?? []) {
      words.add(word);
    }
  }
}

/** Of the own text. */
export function addDamage(
  unread: Unread, text: string, of: { damaged: readonly Range[]; decls: readonly Decl[] },
): void {
  addWords(unread, text, of.damaged);
  for (const range of of.damaged) {
    for (const { text: word, start } of declaredBeside(text, range)) {
      unread.beside.set(word, [...(unread.beside.get(word) ?? []), start]);
    }
    if (lacksName(text, range)) unread.nameless.push(reachOfName(text, range, of.decls));
  }
}

/** Whether a name in the own text may be declared there. */
export function mayDeclare({ words, beside, nameless }: Unread, { text, range }: Name): boolean {
  return words.has(text) || (beside.get(text) ?? []).some((at) => at !== range.start)
    || nameless.some((reach) => encloses(reach, range));
}

const DECLARING: ReadonlySet<string> = new Set([
  ...DECLARATION_WORDS, 'let', 'for', 'forall', 'exists', 'count', 'atomic',
]);
const LOCAL: ReadonlySet<string> = new Set(['let', 'for', 'forall', 'exists', 'count']);

/** Words that touch the damage, and those behind what may be a misspelt `let` or `shared`. */
function declaredBeside(text: string, { start, end }: Range): readonly Scanned[] {
  const words = [...scan(text, lineAround(text, start))];
  return words.filter((word, i) => {
    if (word.kind !== 'word' || RESERVED_WORDS.has(word.text)) return false;
    const [before, after] = [words[i - 1], words[i + 1]];
    const declares = before?.kind !== 'word' || DECLARING.has(before.text)
      || !RESERVED_WORDS.has(before.text);
    if (before?.end === end || before?.start === start || after?.start === start) return declares;
    return before?.kind === 'word' && declares;
  });
}

/** A line is looked at this far to both sides. */
const MAX_COLUMNS = 400;

function lineAround(text: string, offset: number): Range {
  const from = Math.max(0, offset - MAX_COLUMNS);
  const rest = text.slice(offset, offset + MAX_COLUMNS);
  return {
    start: from + text.slice(from, offset).lastIndexOf('\n') + 1,
    end: offset + (rest.split('\n', 1)[0] ?? '').length,
  };
}

/** `lock : mutex`, `let = 3`. */
function lacksName(text: string, { start, end }: Range): boolean {
  return DECLARING.has(text.slice(start, end)) && /^\s*[:=[{(]/.test(text.slice(end, end + 80));
}

function reachOfName(text: string, { start, end }: Range, decls: readonly Decl[]): Range {
  const around = decls.find((decl) => encloses(decl.range, { start, end }));
  if (around === undefined || !LOCAL.has(text.slice(start, end))) {
    return { start: 0, end: text.length };
  }
  return { start, end: around.range.end };
}
