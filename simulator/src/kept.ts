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
