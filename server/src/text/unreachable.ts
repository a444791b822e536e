// The end of every switch over a closed union.

/** Never called: the compiler proves it, and a value that slips through says what it was. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
