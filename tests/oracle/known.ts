// What the engine is known to do otherwise, so that the rest can be compared. ORACLE_STRICT=1 turns
// all of it off; an entry goes when the engine is mended.
const strict = process.env['ORACLE_STRICT'] === '1';

export const known = {
  /** A `reachable` is not read again once it was true, so what it would break depends on order. */
  reachableIsReadUntilTrue: !strict,
  /** `run` tells an invariant that is false from the start at a thread's step. */
  runMisplacesFirstInvariant: !strict,
  /** `run` goes on past what reading a property breaks, and reads only invariants and finals. */
  runPassesBrokenProperty: !strict,
  /** `run` tells no races. */
  runTellsNoRace: !strict,
} as const;
