// Our own mistakes: checked always, also in production, and never caught here.

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`mmlock simulator: ${message}`);
}

/** The end of every switch over a closed union. */
export function unreachable(value: never): never {
  throw new Error(`mmlock simulator: unreachable ${JSON.stringify(value)}`);
}
