// What reading a damaged text makes of the damage: said of its syntax already, and not again.
import type { Problem } from '../text/problem.ts';
import { encloses, type Range } from '../text/range.ts';
import { DECLARATION_WORDS, STATEMENT_WORDS } from '../text/reserved.ts';
import type { Decl } from '../syntax/ast.ts';

/** The next word of the line; what the parser could not read often begins a word late. */
const WORD = /[ \t]+(?=\w)/y;
/** The next operator: what is before one without a right side is half an expression. */
const OPERATOR = /[ \t]*(?=[-+*/%<>=!&|.])/y;

/** Whether a problem is but an echo of the syntax problems at `damaged`. */
export function echoes(
  damaged: readonly Range[], text: string, decls: readonly Decl[],
): (problem: Problem) => boolean {
  if (damaged.length === 0) return () => false;
  const torn = tornRuns(damaged, text, decls);
  const said = new Set(damaged.map(({ start, end }) => `${start} ${end}`));
  const starts = new Set(damaged.map(({ start }) => start));
  const ends = new Set(damaged.map(({ end }) => end));
  return ({ code, range }) => {
    if (said.has(`${range.start} ${range.end}`)) return true;
    if (starts.has(startOf(WORD, text, range.end)) || follows(ends, text, range.start)) return true;
    if (torn.some((run) => encloses(run, range))) return true;
    if (code !== 'type' && code !== 'name') return false;
    if (damaged.some((it) => isOneStatement(text, it, { code, range }))) return true;
    if (code !== 'type') return false;
    return starts.has(startOf(OPERATOR, text, range.end))
      || damaged.some((it) => encloses(range, it));
  };
}

/**
 * Of a statement with damage no types are told, and no names behind the damage: of
 * `if == none && p` the parser makes a condition of its own.
 */
function isOneStatement(
  text: string, damage: Range, { code, range }: Pick<Problem, 'code' | 'range'>,
): boolean {
  if (code === 'name' && range.start < damage.start) return false;
  const start = Math.min(damage.start, range.start);
  const end = Math.max(damage.end, range.end);
  if (end - start > MAX_STATEMENT) return false;
  const rest = text.slice(start, end).replace(/^\w+/, '');
  return !/[{};\n]/.test(rest)
    && !(rest.match(/[A-Za-z_]\w*/g) ?? []).some((word) => BEGINS.has(word));
}
/** A longer one is looked at no further. */
const MAX_STATEMENT = 200;
const BEGINS: ReadonlySet<string> = new Set([...STATEMENT_WORDS, ...DECLARATION_WORDS]);

/** Where it begins behind `offset`; -1 if something else is next. */
function startOf(what: RegExp, text: string, offset: number): number {
  what.lastIndex = offset;
  return what.test(text) ? what.lastIndex : -1;
}

/** Only white space of the same line is between an end and `offset`. */
function follows(ends: ReadonlySet<number>, text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && !ends.has(at) && /[ \t]/.test(text.charAt(at - 1))) at--;
  return ends.has(at);
}

/** Of a damaged property or `expect` the parser takes the words behind for threads that are run. */
function tornRuns(
  damaged: readonly Range[], text: string, decls: readonly Decl[],
): readonly Range[] {
  const isTorn = ({ start, end }: Range): boolean => damaged.some((it) => start <= it.start
    && !text.slice(Math.min(end, it.start), Math.max(end, it.start)).includes('\n'));
  return decls.flatMap((decl) => {
    if (decl.kind !== 'scenario') return [];
    const heads = decl.items.filter(({ kind }) => kind === 'property' || kind === 'expect');
    return decl.items.filter((item) => item.kind === 'run' && heads.some(({ range }) =>
      range.end <= item.range.start && isTorn(range)
      && !text.slice(range.end, item.range.start).includes('\n'))).map(({ range }) => range);
  });
}
