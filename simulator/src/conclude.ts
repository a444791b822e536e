// From what a search knows to its verdict: the checks that need the whole graph, the traces.
import { assert } from './assert.ts';
import { factsOf, restBase } from './facts.ts';
import { unfulfilled } from './fairness.ts';
import { noteTried, type Found } from './machine.ts';
import { bestRun, preparePaths } from './paths.ts';
import { collectSightings, letGo } from './generated.ts';
import { byTrace } from './order.ts';
import { propertyFound } from './properties.ts';
import { closedUnder } from './reduction/reduced-graph.ts';
import { NOWHERE, unknownTo } from './ledger.ts';
import { replay } from './replay.ts';
import { advance, startSearch, type SearchState } from './search.ts';
import { findStuck } from './stuck.ts';
import type { ThreadIdx } from './program.ts';
import type { Bound, Trace, Verdict, Violation } from './verdict.ts';

/** The verdict as far as the search got; `stopped` is its bound where it could have gone on. */
export function conclude(s: SearchState): Verdict {
  const { graph, engine } = s;
  if (s.someStuck) {
    const again = searchAgain(s, Infinity);
    if (again.complete) return conclude(again);
  }
  if (s.instance !== null) collectSightings(s, s.instance.loaded);
  const bound: Bound | null = s.bound ?? (s.complete ? null : { kind: 'stopped' });
  if (bound === null && !graph.lean) findStuck(s);
  const violations = [...toldViolations(s), ...onWholeGraph(s, bound === null)];
  violations.sort(byTrace);
  return {
    result: violations.length > 0 ? 'violated' : bound === null ? 'safe' : 'unknown',
    bound,
    states: s.table.count,
    transitions: graph.nEdges,
    depth: graph.levels.length - 1,
    violations,
    outcomes: [...s.outcomes.values()].sort(inOrderOfOutcomes),
    facts: factsOf(s.gatherer, engine.machine),
  };
}

/**
 * The verdict of a search by reduction, with what the plain one knows besides: traces, and what
 * depends on every interleaving, as far as it got. Who can stand beside whom is then not known.
 */
export function concludeReduced(plain: SearchState, by: SearchState, name: string): Verdict {
  const bound: Bound | null = by.bound ?? (by.complete ? null : { kind: 'stopped' });
  for (const s of [plain, by]) if (s.instance !== null) collectSightings(s, s.instance.loaded);
  takeSightings(plain, by);
  const { classes } = by.reduction ?? { classes: [] };
  const { program, machine } = plain.engine;
  const outcomes = closedUnder(program, classes,
    new Set([...plain.outcomes.values(), ...by.outcomes.values()].map((o) => JSON.stringify(o))));
  const untraced = unknownTo(plain.ledger, by.ledger).map(({ ends }) => told(ends[0]!.found, null));
  const violations = [...toldViolations(plain), ...untraced, ...onWholeGraph(by, bound === null)];
  violations.sort(byTrace);
  return {
    result: violations.length > 0 ? 'violated' : bound === null ? 'safe' : 'unknown',
    bound,
    reduction: name,
    states: by.table.count,
    transitions: by.graph.nEdges,
    depth: plain.graph.levels.length - 1,
    violations,
    outcomes: [...outcomes].map((text) => parsedOutcomes(text)).sort(inOrderOfOutcomes),
    facts: factsOf({ ...plain.gatherer, beside: null }, machine),
  };
}

function parsedOutcomes(text: string): (number | null)[] {
  const parsed: unknown = JSON.parse(text);
  assert(Array.isArray(parsed), 'a combination is a list');
  return parsed.map((outcome: unknown) => (typeof outcome === 'number' ? outcome : null));
}

/** What the reduced search has seen of one thread, every thread like it can show as well. */
function takeSightings(plain: SearchState, by: SearchState): void {
  const { layout } = plain.engine.machine;
  const nLocks = plain.engine.program.locks.length;
  mergeFacts(plain, by);
  for (const site of plain.reached.keys()) by.reached.add(site);
  const { held, rcu } = plain.gatherer;
  for (const { threads } of by.reduction?.classes ?? []) {
    const bases = threads.map((t) => restBase(layout, t));
    shareTried(plain, threads);
    for (let i = 0; i < layout.rests[threads[0]!]!.length; i++) {
      const rests = bases.map((base) => base + i);
      share(rcu, rests);
      for (let lock = 0; lock < nLocks; lock++) {
        share(held, rests.map((rest) => rest * nLocks + lock));
      }
    }
  }
}

/** A lock that one of them has tried for while it held another, all can. */
function shareTried({ engine: { machine } }: SearchState, threads: readonly ThreadIdx[]): void {
  const { witness } = machine;
  for (const nesting of [...witness.tried.values()]) {
    if (!threads.includes(nesting.thread)) continue;
    for (const thread of threads) noteTried(witness, { ...nesting, thread });
  }
}

function share(bytes: Uint8Array, at: readonly number[]): void {
  const all = at.reduce((bits, i) => bits | bytes[i]!, 0);
  for (const i of at) bytes[i] = all;
}

function mergeFacts(plain: SearchState, by: SearchState): void {
  const [to, from] = [plain.gatherer, by.gatherer];
  from.held.forEach((bits, i) => { to.held[i]! |= bits; });
  from.rcu.forEach((bits, i) => { to.rcu[i]! |= bits; });
  const [seen, more] = [plain.engine.machine.witness, by.engine.machine.witness];
  more.reached.forEach((one, site) => { seen.reached[site]! |= one; });
  for (const [key, nesting] of more.tried) seen.tried.set(key, nesting);
  for (const [key, read] of more.recursiveReads) seen.recursiveReads.set(key, read);
}

function inOrderOfOutcomes(
  a: readonly (number | null)[], b: readonly (number | null)[],
): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function toldViolations(s: SearchState): Violation[] {
  const { entries } = s.ledger;
  if (entries.length === 0) return [];
  // Nothing to be done, or nobody to do it: all there is to see is the start.
  if (s.table.count === 0 || s.engine.program.threads.length === 0) {
    return entries.flatMap(({ ends }) =>
      ends.slice(0, 1).map(({ found }) => told(found, replay(s.engine, [], null))));
  }
  const whole = wholeGraph(s);
  if (whole === null) return entries.map(({ ends }) => told(ends[0]!.found, null));
  const { graph } = whole;
  const nThreads = s.engine.program.threads.length;
  const placed = entries.filter(({ ends }) => ends[0]!.state !== NOWHERE);
  const ends = placed.flatMap((entry) => entry.ends.map(({ state }) => state));
  const paths = preparePaths(graph, { ends, nThreads });
  const violations = entries.map((entry) => {
    if (!placed.includes(entry)) return told(entry.ends[0]!.found, null);
    const { moves, found } = bestRun(graph, paths, entry);
    return told(found, replay(s.engine, moves, null));
  });
  if (whole !== s) letGo(whole);
  return violations;
}

/** A lean search once more, now with its graph, until that state (if memory lasts) is expanded. */
function searchAgain(s: SearchState, last: number): SearchState {
  const again = startSearch(s.engine.program, s.limits, { codeAt: 0, leanAt: Infinity });
  while (again.graph.nExpanded <= last && !advance(again, last + 1 - again.graph.nExpanded));
  return again;
}

/** The graph as far as the violations lie: states have the same numbers in every search. */
function wholeGraph(s: SearchState): SearchState | null {
  if (!s.graph.lean) return s;
  letGo(s);
  const ends = s.ledger.entries.flatMap((entry) => entry.ends.map(({ state }) => state));
  const last = ends.reduce((most, state) => Math.max(most, state), 0);
  const again = searchAgain(s, last);
  return again.graph.nExpanded > last ? again : null;
}

function told(found: Found, trace: Trace | null): Violation {
  return { ...found, trace };
}

function onWholeGraph(s: SearchState, complete: boolean): Violation[] {
  const violations: Violation[] = [];
  s.properties.eventuallys.forEach(({ property }, i) => {
    const lasso = unfulfilled(s, i);
    if (lasso === null) return;
    const trace = replay(s.engine, lasso.moves, lasso.loop);
    violations.push(told(propertyFound(property, null), trace));
  });
  if (!complete) return violations;
  s.properties.reachables.forEach(({ property }, i) => {
    if (!s.reached.has(i)) violations.push(told(propertyFound(property, null), null));
  });
  return violations;
}
