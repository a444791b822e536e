// Makes a text that shows something smaller while it still shows it: parts of its tree are taken
// out or replaced by parts of themselves, until no such step is left.
import type { SyntaxParser } from '../../server/src/syntax/parse.ts';
import type { Range } from '../../server/src/text/range.ts';

/** A range of the text and what to put there. */
interface Cut {
  readonly range: Range;
  readonly text: string;
}

/** Kinds that may be taken out as a whole. */
const REMOVABLE: ReadonlySet<string> = new Set([
  'use', 'const', 'param', 'type', 'enum', 'flags', 'struct', 'lock', 'shared', 'order', 'proc',
  'thread', 'property', 'scenario', 'workload', 'with', 'run', 'expect', 'field',
  'acquire', 'release', 'downgrade', 'try', 'assign', 'write_once', 'let', 'choose', 'step', 'if',
  'while', 'loop', 'for', 'jump', 'labelled', 'goto', 'call', 'await', 'assert', 'outcome',
  'return', 'free', 'rcu', 'by', 'sides',
]);

const isRange = (value: unknown): value is Range => typeof value === 'object' && value !== null
  && 'start' in value && 'end' in value;

function rangeOf(node: object): Range | null {
  const range = 'range' in node ? node.range : null;
  return isRange(range) ? range : null;
}

const kindOf = (node: object): string =>
  ('kind' in node && typeof node.kind === 'string' ? node.kind : '');

/** The nodes directly below that have a place in the text. */
function partsOf(value: object): readonly object[] {
  return Object.values(value).flatMap((part): readonly object[] => {
    if (typeof part !== 'object' || part === null || isRange(part)) return [];
    return rangeOf(part) === null ? partsOf(part) : [part];
  });
}

function cutsOf(node: object, text: string): readonly Cut[] {
  const range = rangeOf(node);
  const parts = partsOf(node);
  const inner = parts.flatMap((part) => cutsOf(part, text));
  if (range === null || kindOf(node) === 'name') return inner;
  const sliced = (part: Range): string => text.slice(part.start, part.end);
  const own: Cut[] = REMOVABLE.has(kindOf(node)) ? [{ range, text: '' }] : [];
  for (const part of parts) {
    const place = rangeOf(part);
    if (place === null || kindOf(part) === 'name') continue;
    const inside = sliced(place).replace(/^\{([^]*)\}$/, '$1');
    if (inside.length < range.end - range.start) own.push({ range, text: inside });
  }
  for (const small of ['true', 'false', '0']) {
    if (range.end - range.start > small.length) own.push({ range, text: small });
  }
  return [...own, ...inner];
}

const lighter = ({ range, text }: Cut): number => range.end - range.start - text.length;

function apply(text: string, { range, text: put }: Cut): string {
  return `${text.slice(0, range.start)}${put}${text.slice(range.end)}`
    .split('\n').filter((line) => line.trim() !== '').join('\n').concat('\n');
}

/** The smallest text on the way that `shows` says yes to; the text itself must show it. */
export async function shrink(
  parser: SyntaxParser, text: string, shows: (text: string) => Promise<boolean>,
): Promise<string> {
  let now = text;
  for (let changed = true; changed;) {
    changed = false;
    const syntax = parser.parse(now, 'shrinking');
    const cuts = [...cutsOf(syntax.file, now)].sort((a, b) => lighter(b) - lighter(a));
    syntax.dispose();
    for (const cut of cuts) {
      const next = apply(now, cut);
      if (next.length >= now.length || !await shows(next)) continue;
      now = next;
      changed = true;
      break;
    }
  }
  return now;
}
