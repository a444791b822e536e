// Changes of a text. Of several, each speaks of the text that the one before it left.
import type { Range } from '../text/range.ts';

export interface TextEdit extends Range {
  /** What stands in the place of the range afterwards. */
  readonly text: string;
}

export function edited(text: string, edits: readonly TextEdit[]): string {
  return edits.reduce((before, edit) =>
    before.slice(0, edit.start) + edit.text + before.slice(edit.end), text);
}
