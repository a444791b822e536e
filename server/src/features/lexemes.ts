// A text as runs of comments, strings, numbers and words: what can be coloured without a tree.
// It also tells a feature whether a place lies in a comment or a string.
import type { Range } from '../text/range.ts';
import { isWord } from './keywords.ts';

export interface Lexeme extends Range {
  readonly kind: 'comment' | 'string' | 'number' | 'word';
}

/** Longest word or number that is looked at; what is longer is no source a person wrote. */
const LONGEST_WORD = 256;

export function lexemes(text: string, range: Range): readonly Lexeme[] {
  const found: Lexeme[] = [];
  for (let at = range.start; at < range.end;) {
    const kind = kindAt(text, at);
    if (kind === null) {
      at++;
      continue;
    }
    const end = endOf(text, at, kind);
    found.push({ kind, start: at, end });
    at = end;
  }
  return found;
}

/** Whether the place lies in a comment or inside a string, where names mean nothing. */
export function proseAt(text: string, offset: number): 'comment' | 'string' | null {
  const last = lexemes(text, { start: 0, end: Math.min(text.length, offset + 1) }).at(-1);
  if (last === undefined || last.kind === 'number' || last.kind === 'word') return null;
  return last.start < offset && offset < last.end ? last.kind : null;
}

function kindAt(text: string, at: number): Lexeme['kind'] | null {
  const code = text.charCodeAt(at);
  if (code === 34) return 'string';
  if (code === 47) {
    const next = text.charCodeAt(at + 1);
    return next === 47 || next === 42 ? 'comment' : null;
  }
  if (code >= 48 && code <= 57) return 'number';
  return isWord(code) ? 'word' : null;
}

function endOf(text: string, start: number, kind: Lexeme['kind']): number {
  switch (kind) {
    case 'comment': return endOfComment(text, start);
    case 'string': return endOfString(text, start);
    default: { // Numbers and words end alike: `120ns`, `0x1f`, `mmap_sem`.
      let end = start + 1;
      const limit = Math.min(text.length, start + LONGEST_WORD);
      while (end < limit && isWord(text.charCodeAt(end))) end++;
      return end;
    }
  }
}

function endOfComment(text: string, start: number): number {
  if (text.charCodeAt(start + 1) === 42) {
    const close = text.indexOf('*/', start + 2);
    return close < 0 ? text.length : close + 2;
  }
  const line = text.indexOf('\n', start);
  return line < 0 ? text.length : line;
}

/** A string ends at its quote or with its line. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at + 1;
    else if (code === 10) return at;
  }
  return text.length;
}
