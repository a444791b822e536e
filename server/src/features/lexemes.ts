// A text as runs of comments, strings, numbers and words: what can be coloured without a tree.
// It also tells a feature whether a place lies in a comment or a string.
import type { Range } from '../text/range.ts';
import { scan } from '../text/scan.ts';

export interface Lexeme extends Range {
  readonly kind: 'comment' | 'string' | 'number' | 'word';
}

export function lexemes(text: string, range: Range): readonly Lexeme[] {
  return [...scan(text, range)].flatMap(({ kind, start, end }) =>
    (kind === 'sign' ? [] : [{ kind, start, end }]));
}

/** Whether the place lies in a comment or inside a string, where names mean nothing. */
export function proseAt(text: string, offset: number): 'comment' | 'string' | null {
  let last: Lexeme | undefined;
  for (const { kind, start, end } of scan(text, { start: 0, end: text.length })) {
    if (start >= offset) break;
    if (kind !== 'sign') last = { kind, start, end };
  }
  if (last === undefined || last.kind === 'number' || last.kind === 'word') return null;
  return offset < last.end ? last.kind : null;
}
