// What a share has seen, for the search that is shared: plain numbers, which can be sent as text.
import { collectSightings } from '../generated.ts';
import { createLedger, enterFound, unknownTo, type Ledger } from '../ledger.ts';
import type { Found, Witness } from '../machine.ts';
import type { SearchState } from '../search.ts';
import { ownStates, type Share } from './share.ts';

export interface ShareReport {
  readonly states: number;
  readonly transitions: number;
  /** Levels that have states. */
  readonly levels: number;
  /** As the gatherer's. */
  readonly held: readonly number[];
  readonly rcu: readonly number[];
  readonly beside: readonly number[] | null;
  readonly reached: readonly number[];
  readonly tried: readonly (readonly [string, Value<Witness['tried']>])[];
  readonly recursiveReads: readonly (readonly [string, Value<Witness['recursiveReads']>])[];
  readonly reachables: readonly number[];
  readonly outcomes: readonly (readonly (number | null)[])[];
  /** Of each violation the first that was met, and the length of the run to it. */
  readonly found: readonly { readonly length: number; readonly found: Found }[];
}
type Value<M> = M extends Map<string, infer V> ? V : never;

export function reportOf(share: Share): ShareReport {
  const { search: s, running } = share;
  collectSightings(s, running.loaded);
  const { held, rcu, beside } = s.gatherer;
  const { witness } = s.engine.machine;
  const deeper = s.table.count > s.graph.levels[s.depth + 1]!;
  return {
    states: ownStates(share), transitions: s.graph.nEdges,
    levels: s.depth + (deeper ? 2 : s.graph.nExpanded > share.levelStart ? 1 : 0),
    held: [...held], rcu: [...rcu], beside: beside === null ? null : [...beside],
    reached: [...witness.reached], tried: [...witness.tried],
    recursiveReads: [...witness.recursiveReads],
    reachables: [...s.reached], outcomes: [...s.outcomes.values()],
    found: s.ledger.entries.map(({ length, ends }) => ({ length, found: ends[0]!.found })),
  };
}

/** The length of the longest run to a violation that the search has not met; -1: it has all. */
export function deepestUnknown(s: SearchState, reports: readonly ShareReport[]): number {
  const all = reports.flatMap(({ found }) => found).sort((a, b) => a.length - b.length);
  const ledger: Ledger = createLedger();
  for (const { length, found } of all) enterFound(ledger, length, { state: 0, move: -1, found });
  return unknownTo(s.ledger, ledger).reduce((most, { length }) => Math.max(most, length), -1);
}

/** The search knows what its shares know: their counts are its own, and what they have seen. */
export function takeReports(s: SearchState, reports: readonly ShareReport[]): void {
  const sum = (of: (report: ShareReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const { graph, table } = s;
  table.count = sum(({ states }) => states);
  graph.nExpanded = table.count;
  graph.nEdges = sum(({ transitions }) => transitions);
  const levels = reports.reduce((most, report) => Math.max(most, report.levels), 0);
  while (graph.levels.length < levels) graph.levels.push(table.count);
  for (const report of reports) takeSeen(s, report);
}

function takeSeen(s: SearchState, report: ShareReport): void {
  const { gatherer: { held, rcu, beside }, engine: { machine: { witness } } } = s;
  report.held.forEach((bits, i) => { held[i]! |= bits; });
  report.rcu.forEach((bits, i) => { rcu[i]! |= bits; });
  report.beside?.forEach((one, i) => { if (one !== 0 && beside !== null) beside[i] = one; });
  report.reached.forEach((one, site) => { witness.reached[site]! |= one; });
  for (const [key, nesting] of report.tried) witness.tried.set(key, nesting);
  for (const [key, read] of report.recursiveReads) witness.recursiveReads.set(key, read);
  for (const index of report.reachables) s.reached.add(index);
  for (const outcome of report.outcomes) s.outcomes.set(outcome.join(' '), outcome);
}
