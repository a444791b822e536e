// Every distinct violation once: its code, what it is about, and the step. Of its shortest runs all
// ends are kept (up to a bound), so that the one with the fewest context switches can be chosen.
import { MAX_CANDIDATES } from './bounds.ts';
import type { Move } from './graph.ts';
import type { Found } from './machine.ts';

/** Where a run ends: in a state, or with a move out of it (`move` -1: none). */
export interface RunEnd {
  readonly state: number;
  readonly move: Move;
}

export interface Entry {
  readonly found: Found;
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

export function keyOf(found: Found): string {
  // A cycle is the same whoever closes it.
  const steps = found.cycle
    ? [found, ...found.others].map(({ step }) => step).sort((a, b) => a - b) : [found.step];
  return `${found.code} ${steps.join('+')} ${found.subject ?? ''}`;
}

/** Runs come in order of length, so the first of a violation is a shortest one. */
export function enterFound(ledger: Ledger, found: Found, length: number, end: RunEnd): void {
  const key = keyOf(found);
  const known = ledger.byKey.get(key);
  if (known === undefined) {
    const entry = { found, length, ends: [end] };
    ledger.entries.push(entry);
    ledger.byKey.set(key, entry);
    return;
  }
  if (known.length !== length || known.ends.length >= MAX_CANDIDATES) return;
  const same = known.found.thread === found.thread
    && known.found.others.length === found.others.length
    && known.found.others.every((other, i) => other.thread === found.others[i]!.thread
      && other.site === found.others[i]!.site);
  if (same) known.ends.push(end);
}
