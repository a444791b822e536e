// Tokens straight from the text, for messages about text that has no tree.
import type { Range } from '../text/range.ts';
import { scan } from '../text/scan.ts';

export interface Token extends Range {
  readonly text: string;
}

/** Comments are dropped. */
export function tokensIn(text: string, range: Range): Token[] {
  return [...scan(text, range)].filter(({ kind }) => kind !== 'comment');
}

/** The `=`, not `==`, that is the next sign behind `offset`. */
export function assignmentSign(text: string, offset: number): Range | undefined {
  const length = /^\s*=(?![=>])/.exec(text.slice(offset, offset + MAX_COLUMNS))?.[0].length;
  return length === undefined ? undefined
    : { start: offset + length - 1, end: offset + length };
}

/** A line is looked at this far to both sides; beyond there is noise, and looking costs time. */
const MAX_COLUMNS = 400;

/** How many lines up a token is looked for; further up it explains nothing any more. */
const MAX_LINES_UP = 20;

/** The last token that ends at or before `offset`. A comment over several lines is not seen. */
export function tokenBefore(text: string, offset: number): Token | undefined {
  let end = offset;
  for (let i = 0; i < MAX_LINES_UP; i++) {
    const start = lineStart(text, end);
    const tokens = tokensIn(text, { start, end });
    const last = tokens[tokens.length - 1];
    if (last !== undefined) return last;
    if (start === 0) return undefined;
    end = start - 1;
  }
  return undefined;
}

/** The first word or sign of the line that `offset` is on. */
export function firstOfLine(text: string, offset: number): Token | undefined {
  const start = lineStart(text, offset);
  const [line = ''] = text.slice(start, start + MAX_COLUMNS).split('\n', 1);
  return tokensIn(text, { start, end: start + line.length })[0];
}

export function lineStart(text: string, offset: number): number {
  const from = Math.max(0, offset - MAX_COLUMNS);
  return from + text.slice(from, offset).lastIndexOf('\n') + 1;
}

export function sameLine(text: string, from: number, to: number): boolean {
  return !text.slice(Math.min(from, to), Math.max(from, to)).includes('\n');
}
