// Expectations inside an example, as comments under the code they speak of. A test takes them away,
// checks what is left, writes them again, and wants the very same text.
import { createLines } from '../../server/src/text/lines.ts';
import type { Range } from '../../server/src/text/range.ts';

export interface Note {
  readonly range: Range;
  /** One line. */
  readonly text: string;
}
export interface Fact {
  /** It stands below the line of this offset. */
  readonly offset: number;
  readonly text: string;
}

/**
 *     pte[i] = none
 * //  ^^^^^^ data_race: `pte[0]` is written here by ...
 *
 * A note whose place begins in the first two columns, which `//` covers, is `// <- code: message`.
 * Facts about a scenario follow its last line: `//: safe, 31 states`.
 */
const NOTE = /^\/\/(:| *\^+ | <- )/;

/** The text without notes and facts. */
export function strip(text: string): string {
  return text.split('\n').filter((line) => !NOTE.test(line)).join('\n');
}

/** The text, which has none, with its notes and facts. */
export function annotate(
  text: string, notes: readonly Note[], facts: readonly Fact[] = [],
): string {
  const lines = createLines(text);
  const below = new Map<number, string[]>();
  const add = (line: number, note: string): void => {
    below.set(line, [...(below.get(line) ?? []), note]);
  };
  const sorted = [...notes].sort((a, b) => a.range.start - b.range.start
    || a.range.end - b.range.end || (a.text < b.text ? -1 : 1));
  for (const { range, text: message } of sorted) {
    const { line, character } = lines.position(range.start);
    const end = Math.min(range.end, lines.end(line));
    const carets = '^'.repeat(Math.max(1, end - range.start));
    add(line, character < 2 ? `// <- ${message}`
      : `//${' '.repeat(character - 2)}${carets} ${message}`);
  }
  for (const { offset, text: fact } of facts) add(lines.position(offset).line, `//: ${fact}`);
  return text.split('\n').flatMap((line, i) => [line, ...(below.get(i) ?? [])]).join('\n');
}
