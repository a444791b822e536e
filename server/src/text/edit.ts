// What changed between two versions of a text.

/** Code units `start..oldEnd` of the old text became `start..newEnd` of the new one. */
export interface Change {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/**
 * The smallest single change that turns `before` into `after`; null where they are equal.
 * Two distant edits become one change that spans both. Surrogate pairs are never split.
 */
export function changeBetween(before: string, after: string): Change | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = alike(most, (from, to) => before.slice(from, to) === after.slice(from, to));
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  const rest = alike(most - start, (from, to) =>
    before.slice(before.length - to, before.length - from)
      === after.slice(after.length - to, after.length - from));
  let oldEnd = before.length - rest;
  let newEnd = after.length - rest;
  if (oldEnd < before.length && isLowSurrogate(before.charCodeAt(oldEnd))) {
    oldEnd++;
    newEnd++;
  }
  return { start, oldEnd, newEnd };
}

/** How many of `most` units from one end are the same, halving what is left: parts are compared. */
function alike(most: number, same: (from: number, to: number) => boolean): number {
  let [count, unknown] = [0, most];
  while (unknown > 0) {
    const half = (unknown + 1) >> 1;
    if (same(count, count + half)) {
      count += half;
      unknown -= half;
    } else unknown = half - 1;
  }
  return count;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
