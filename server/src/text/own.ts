// Parts of a text that outlive it.

/** V8 copies shorter parts anyway. */
const MIN_SLICE = 13;

/** The same in memory of its own: a part of a long string keeps the whole of it in memory. */
export function ownText(part: string): string {
  return part.length < MIN_SLICE ? part : ` ${part}`.slice(1);
}
