// Every distinct violation once: its code, what it is about, and the step. Of its shortest runs all
// ends are kept (up to a bound), so that the one with the fewest context switches can be chosen.
import { MAX_CANDIDATES } from './bounds.ts';
import type { Move } from './graph.ts';
import type { Found } from './machine.ts';

/** The number of a state of which only that it is reached is known: there is no run to it. */
export const NOWHERE = -1;

/** Where a run ends: in a state, or with a move out of it (`move` -1: none), and what it meets. */
export interface RunEnd {
  readonly state: number;
  readonly move: Move;
  readonly found: Found;
}

export interface Entry {
  /** Steps of the run. */
  readonly length: number;
  readonly ends: RunEnd[];
}

export interface Ledger {
  readonly entries: Entry[];
  readonly byKey: Map<string, Entry>;
}

export function createLedger(): Ledger {
  return { entries: [], byKey: new Map() };
}

/** What makes it the same violation; a cycle is also the same whoever of it closes it. */
function keysOf(found: Found): string[] {
  const about = `${found.code} ${found.subject ?? ''}`;
  const keys = [`${about} ${found.step}`];
  if (found.cycle) {
    const steps = [found, ...found.others].map(({ step }) => step).sort((a, b) => a - b);
    keys.push(`${about} ${steps.join('+')}`);
  }
  return keys;
}

/** Runs come in order of length, so the first of a violation is a shortest one. */
export function enterFound(ledger: Ledger, length: number, end: RunEnd): void {
  const keys = keysOf(end.found);
  const known = keys.map((key) => ledger.byKey.get(key)).find((entry) => entry !== undefined);
  if (known === undefined) {
    const entry = { length, ends: [end] };
    ledger.entries.push(entry);
    for (const key of keys) ledger.byKey.set(key, entry);
    return;
  }
  const isAlike = known.ends[0]?.found.cycle === end.found.cycle; // no circle told as a mere wait
  if (known.length === length && isAlike && known.ends.length < MAX_CANDIDATES) {
    known.ends.push(end);
  }
}

/** The entries of `other` that have no counterpart here. */
export function unknownTo(ledger: Ledger, other: Ledger): Entry[] {
  const known = new Set<Entry>();
  for (const [key, entry] of other.byKey) if (ledger.byKey.has(key)) known.add(entry);
  return other.entries.filter((entry) => !known.has(entry));
}
