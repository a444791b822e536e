// A text as comments, strings, numbers, words and signs, without a tree: for colours, for messages
// about what could not be read, and for what is being typed.
import type { Range } from './range.ts';

export interface Scanned extends Range {
  readonly kind: 'comment' | 'string' | 'number' | 'word' | 'sign';
  readonly text: string;
}

/** A string ends at its quote or with its line; a comment that is not closed, with the text. */
const TOKEN = new RegExp([
  /\/\/[^\r\n]*/, /\/\*[^]*?(?:\*\/|$)/, /"(?:[^"\\\r\n]|\\[^\r\n])*"?/, /[A-Za-z_]\w*/,
  /[0-9](?:\w|\.(?=[0-9]))*/, /->|=>|\.\.|&&|\|\||[<>=!]=|\+=|-=|\+\+|--/, /[^\s]/u,
].map((one) => one.source).join('|'), 'gu');

/** Every character of the range that is no white space belongs to one of them. */
export function* scan(text: string, range: Range): Generator<Scanned> {
  for (const { 0: found, index } of text.slice(range.start, range.end).matchAll(TOKEN)) {
    const start = range.start + index;
    yield { kind: kindOf(found), text: found, start, end: start + found.length };
  }
}

function kindOf(text: string): Scanned['kind'] {
  if (/^[A-Za-z_]/.test(text)) return 'word';
  if (/^[0-9]/.test(text)) return 'number';
  if (text.startsWith('"')) return 'string';
  return text.startsWith('//') || text.startsWith('/*') ? 'comment' : 'sign';
}
