// From what a search knows to its verdict: the checks that need the whole graph, the traces.
import { factsOf } from './facts.ts';
import { unfulfilled } from './fairness.ts';
import type { Found } from './machine.ts';
import { bestRun, longestRun, preparePaths } from './paths.ts';
import { collectSightings } from './generated.ts';
import { propertyFound } from './properties.ts';
import { replay } from './replay.ts';
import type { SearchState } from './search.ts';
import { findStuck } from './stuck.ts';
import type { Bound, Trace, Verdict, Violation } from './verdict.ts';

/** The verdict as far as the search got; `stopped` is its bound where it could have gone on. */
export function conclude(s: SearchState): Verdict {
  const { graph, engine } = s;
  if (s.instance !== null) collectSightings(s, s.instance);
  const bound: Bound | null = s.bound ?? (s.complete ? null : { kind: 'stopped' });
  if (bound === null) findStuck(s);
  const violations = [...toldViolations(s), ...onWholeGraph(s, bound === null)];
  violations.sort(inOrder);
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

/** Shorter traces first; among equals in the order of steps: the same however the search went. */
function inOrder(a: Violation, b: Violation): number {
  const [x, y] = [lengthOf(a.trace), lengthOf(b.trace)];
  if (x !== y) return x < y ? -1 : 1;
  return a.step - b.step || compare(a.code, b.code) || compare(a.subject ?? '', b.subject ?? '');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function inOrderOfOutcomes(
  a: readonly (number | null)[], b: readonly (number | null)[],
): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

const lengthOf = (trace: Trace | null): number => trace?.steps.length ?? Infinity;

function toldViolations(s: SearchState): Violation[] {
  const { entries } = s.ledger;
  if (entries.length === 0) return [];
  const nStates = s.table.count;
  if (nStates === 0) {
    return entries.flatMap(({ ends }) =>
      ends.slice(0, 1).map(({ found }) => told(found, replay(s.engine, [], null))));
  }
  const nThreads = s.engine.program.threads.length;
  const length = longestRun(s.graph, entries);
  const paths = preparePaths(s.graph, { length, nStates, nThreads });
  return entries.map((entry) => {
    const { moves, found } = bestRun(s.graph, paths, entry);
    return told(found, replay(s.engine, moves, null));
  });
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
