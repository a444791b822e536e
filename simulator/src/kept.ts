// What is kept from one program to the next, by a key that says all it was made from.

/** The one kept by the key, else a new one; the one that was not wanted for longest makes room. */
export function taken<T>(kept: Map<string, T>, key: string, most: number, make: () => T): T {
  const value = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return value;
}

const ROOM = 32;

/** Where others are numbered behind so many: one more, at least, leaves them where they are. */
export const spaced = (used: number): number => Math.ceil((used + 1) / ROOM) * ROOM;

/**
 * Numbers for what is immutable: of one number is only what has the same text. A text that was not
 * wanted for long gets another number.
 */
export function numbersFor<T extends object>(
  most: number, textOf: (it: T) => string,
): (it: T) => number {
  const numbers = new Map<string, number>();
  let last = 0;
  return madeOnce((it) => taken(numbers, textOf(it), most, () => ++last));
}

/** What is made of something immutable, made once for each. */
export function madeOnce<T extends object, V extends object | string | number>(
  make: (it: T) => V,
): (it: T) => V {
  const known = new WeakMap<T, V>();
  return (it) => {
    const before = known.get(it);
    if (before !== undefined) return before;
    const made = make(it);
    known.set(it, made);
    return made;
  };
}
