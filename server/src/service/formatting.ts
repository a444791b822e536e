// The formatter on a text as it stands, and on a whole file for the command line.
import type { Problem } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import { bodyClosedAt, format, type FormatEdit } from '../features/format.ts';
import type { Syntax, SyntaxParser } from '../syntax/parse.ts';

export type { FormatEdit } from '../features/format.ts';

export interface Formatting {
  /** In the order of the text, without overlap; all speak of the text as it is. */
  readonly edits: readonly FormatEdit[];
  bodyClosedAt(offset: number): Range | null;
}

export function formatting(parser: SyntaxParser, syntax: Syntax): Formatting {
  const leaves = parser.leaves(syntax);
  return {
    edits: format({ text: syntax.text, leaves }),
    bodyClosedAt: (offset) => bodyClosedAt(leaves, offset),
  };
}

export interface Formatted {
  /** A declaration that could not be read stays as it was. */
  readonly text: string;
  readonly problems: readonly Problem[];
}

export function formatted(parser: SyntaxParser, text: string): Formatted {
  const syntax = parser.parse(text);
  const { edits } = formatting(parser, syntax);
  syntax.dispose();
  let result = '';
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return { text: result + text.slice(at), problems: syntax.problems };
}
