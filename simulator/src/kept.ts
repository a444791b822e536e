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

/**
 * Numbers for what is immutable: of one number is only what has the same text. A text that was not
 * wanted for long gets another number.
 */
export function numbersFor<T extends object>(
  most: number, textOf: (it: T) => string,
): (it: T) => number {
  const known = new WeakMap<T, number>();
  const numbers = new Map<string, number>();
  let last = 0;
  return (it) => {
    const before = known.get(it);
    if (before !== undefined) return before;
    const number = taken(numbers, textOf(it), most, () => ++last);
    known.set(it, number);
    return number;
  };
}

/** The texts of what is immutable. */
export function textsFor<T extends object>(textOf: (it: T) => string): (it: T) => string {
  const known = new WeakMap<T, string>();
  return (it) => {
    const before = known.get(it);
    if (before !== undefined) return before;
    const text = textOf(it);
    known.set(it, text);
    return text;
  };
}
