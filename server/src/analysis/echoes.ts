// What reading a damaged text makes of the damage: said of its syntax already, and not again.
import type { Problem } from '../text/problem.ts';
import type { Range } from '../text/range.ts';

/** The next word of the line; what the parser could not read often begins a word late. */
const WORD = /[ \t]+(?=\w)/y;
/** The next operator: what is before one without a right side is half an expression. */
const OPERATOR = /[ \t]*(?=[-+*/%<>=!&|.])/y;

/** Whether a problem is but an echo of the syntax problems at `damaged`. */
export function echoes(damaged: readonly Range[], text: string): (problem: Problem) => boolean {
  const said = new Set(damaged.map(({ start, end }) => `${start} ${end}`));
  const starts = new Set(damaged.map(({ start }) => start));
  const ends = new Set(damaged.map(({ end }) => end));
  return ({ code, range }) => {
    if (said.has(`${range.start} ${range.end}`)) return true;
    if (starts.has(startOf(WORD, text, range.end)) || follows(ends, text, range.start)) return true;
    if (code !== 'type') return false;
    return starts.has(startOf(OPERATOR, text, range.end))
      || damaged.some(({ start, end }) => range.start <= start && end <= range.end);
  };
}

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
