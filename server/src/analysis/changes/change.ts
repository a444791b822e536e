// A change of a protocol's text, as data: what a fix does, or what is taken away to see whether
// anything rests on it. All of its splices speak of the text as it is before any of them.
import type { Range } from '../../text/range.ts';

export interface Splice extends Range {
  /** What stands in the place of the range afterwards. */
  readonly text: string;
  /** It is what stood there, in other white space: a statement that is moved. */
  readonly from?: Range;
}

export interface Change {
  /** What it does, as an order: `take mmap_sem for writing in binder_read`. */
  readonly title: string;
  /** Changes of one family are variants of one idea, of which the cheapest is enough. */
  readonly family: string;
  /** Ordered and disjoint; insertions at one place stand in the order of the text to be. */
  readonly splices: readonly Splice[];
  /** What must still be reached afterwards: else the change only switches it off. */
  readonly keeps?: readonly Range[];
}

/** In the order of the text; null where two of them touch the same characters. */
export function ordered(splices: readonly Splice[]): readonly Splice[] | null {
  const sorted = splices.map((splice, i) => ({ splice, i }))
    .sort((a, b) => a.splice.start - b.splice.start || a.splice.end - b.splice.end || a.i - b.i)
    .map(({ splice }) => splice);
  const clash = sorted.some((splice, i) => {
    const before = sorted[i - 1];
    return before !== undefined && splice.start < before.end;
  });
  return clash ? null : sorted;
}

/** Each so; those that cannot be are left out. */
export function orderedAll(changes: readonly Change[]): readonly Change[] {
  return changes.flatMap((change): readonly Change[] => {
    const splices = ordered(change.splices);
    return splices === null ? [] : [{ ...change, splices }];
  });
}

export function applied(text: string, splices: readonly Splice[]): string {
  let at = 0;
  let result = '';
  for (const splice of splices) {
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

/**
 * Where what stands at `offset` of the changed text came from; what is new came from the place
 * where it was put.
 */
export function offsetBefore(splices: readonly Splice[], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of splices) {
    const startAfter = start + shift;
    if (offset < startAfter) break;
    if (offset < startAfter + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}

/**
 * Where in `text` the very thing stood that stands at `offset` after the change, if it was moved
 * or left where it is; null: it is new.
 */
export function originOf(
  text: string, splices: readonly Splice[], offset: number,
): number | null {
  let shift = 0;
  for (const splice of splices) {
    const startAfter = splice.start + shift;
    if (offset < startAfter) break;
    if (offset < startAfter + splice.text.length) {
      return originIn(text, splice, offset - startAfter);
    }
    shift += splice.text.length - (splice.end - splice.start);
  }
  return offset - shift;
}

function originIn(text: string, { start, end, text: put, from }: Splice, at: number) {
  if (from === undefined) return at === 0 && end > start ? start : null;
  let left = put.slice(0, at).replace(/\s/g, '').length;
  for (let i = from.start; i < from.end; i++) {
    if (/\s/.test(text[i] ?? '')) continue;
    if (left-- === 0) return i;
  }
  return null;
}

/** The place in the text before the change of a range of the text after it. */
export function rangeBefore(splices: readonly Splice[], { start, end }: Range): Range {
  const from = offsetBefore(splices, start);
  return { start: from, end: Math.max(from, offsetBefore(splices, end)) };
}
