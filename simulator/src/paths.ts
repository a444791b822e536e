// Shortest runs through the explored graph; among the shortest, one with the fewest context
// switches: dynamic programming over (state, thread that moved last), layer by layer.
import { assert } from './assert.ts';
import { MAX_PATH_CELLS } from './bounds.ts';
import { depthOf, threadOf, type Graph, type Move } from './graph.ts';
import type { Entry, RunEnd } from './ledger.ts';
import type { Found } from './machine.ts';

const UNREACHED = 0xffff;

export interface Paths {
  readonly nThreads: number;
  /** By state: its place among those on a shortest way to an end, in order; else -1. */
  readonly place: Int32Array;
  /** By `place * nThreads + last thread`: context switches of the best run so far. */
  readonly switches: Uint16Array;
  /** The same index of the run's state before, and the transition between. */
  readonly before: Int32Array;
  readonly edge: Int32Array;
}

/**
 * Prepares the best runs to these states. With too many on the way to do so within memory, threads
 * are not told apart: runs are then shortest, but not of fewest switches.
 */
export function preparePaths(
  graph: Graph, of: { ends: readonly number[]; nThreads: number },
): Paths {
  const { place, count } = onTheWay(graph, of.ends);
  const n = count * of.nThreads <= MAX_PATH_CELLS ? of.nThreads : 1;
  const paths: Paths = {
    nThreads: n,
    place,
    switches: new Uint16Array(count * n).fill(UNREACHED),
    before: new Int32Array(count * n).fill(-1),
    edge: new Int32Array(count * n).fill(-1),
  };
  for (let t = 0; t < n; t++) paths.switches[t] = 0;
  relaxAll(graph, paths);
  return paths;
}

/** The states on shortest ways from the first state to these: level by level, from behind. */
function onTheWay(
  graph: Graph, ends: readonly number[],
): Pick<Paths, 'place'> & { count: number } {
  const { first, target, levels, nExpanded } = graph;
  const last = ends.reduce((most, state) => Math.max(most, state), 0);
  const place = new Int32Array(last + 1).fill(-1);
  for (const state of [0, ...ends]) place[state] = 0;
  let depth = depthOf(graph, last);
  for (let state = Math.min(levels[depth]!, nExpanded) - 1; state > 0; state--) {
    if (state < levels[depth - 1]!) depth--;
    if (place[state] === 0) continue;
    const to = Math.min(levels[depth + 1] ?? Infinity, last + 1);
    for (let e = first[state]!; e < first[state + 1]!; e++) {
      const next = target[e]!;
      if (next < levels[depth]! || next >= to || place[next] !== 0) continue;
      place[state] = 0;
      break;
    }
  }
  let count = 0;
  for (let state = 0; state <= last; state++) if (place[state] === 0) place[state] = count++;
  return { place, count };
}

function relaxAll(graph: Graph, paths: Paths): void {
  const { first, target, levels } = graph;
  const { place } = paths;
  const end = Math.min(place.length, graph.nExpanded);
  let depth = 0;
  for (let state = 0; state < end; state++) {
    if (state === levels[depth + 1]) depth++;
    if (place[state] === -1) continue;
    const from = levels[depth + 1] ?? Infinity;
    const to = Math.min(levels[depth + 2] ?? Infinity, place.length);
    for (let e = first[state]!; e < first[state + 1]!; e++) {
      const next = target[e]!;
      if (next >= from && next < to && place[next] !== -1) relax(graph, paths, { state, e });
    }
  }
}

function relax(graph: Graph, paths: Paths, at: { state: number; e: number }): void {
  const { nThreads: n, place, switches, before, edge } = paths;
  const thread = n === 1 ? 0 : threadOf(graph.move[at.e]!);
  const into = place[graph.target[at.e]!]! * n + thread;
  for (let last = 0; last < n; last++) {
    const from = place[at.state]! * n + last;
    if (switches[from] === UNREACHED) continue;
    const cost = switches[from]! + (last === thread || at.state === 0 ? 0 : 1);
    if (cost >= switches[into]!) continue;
    switches[into] = cost;
    before[into] = from;
    edge[into] = at.e;
  }
}

/** The moves of the best run to any of the entry's ends, and what that one meets. */
export function bestRun(
  graph: Graph, paths: Paths, entry: Entry,
): { moves: Move[]; found: Found } {
  let best = Infinity;
  let bestEnd: RunEnd | null = null;
  let bestLast = 0;
  const ends = [...entry.ends].sort((a, b) => a.state - b.state || a.move - b.move);
  for (const end of ends) {
    for (let last = 0; last < paths.nThreads; last++) {
      const cost = costOf(paths, end, last);
      if (cost >= best) continue;
      [best, bestEnd, bestLast] = [cost, end, last];
    }
  }
  assert(bestEnd !== null, 'a violation has a run');
  const moves = movesTo(graph, paths, paths.place[bestEnd.state]! * paths.nThreads + bestLast);
  if (bestEnd.move !== -1) moves.push(bestEnd.move);
  assert(moves.length === entry.length, 'the run is a shortest one');
  return { moves, found: bestEnd.found };
}

/** The moves of the best run to any of these states, which `paths` must reach. */
export function movesToState(graph: Graph, paths: Paths, states: readonly number[]): Move[] {
  const { nThreads: n, place, switches } = paths;
  let [best, index] = [UNREACHED, -1];
  for (const state of states) {
    for (let at = place[state]! * n; at < (place[state]! + 1) * n; at++) {
      if (switches[at]! < best) [best, index] = [switches[at]!, at];
    }
  }
  assert(index !== -1, 'a state has a run');
  return movesTo(graph, paths, index);
}

function costOf(paths: Paths, end: RunEnd, last: number): number {
  const { nThreads: n, place, switches } = paths;
  const cost = switches[place[end.state]! * n + last]!;
  if (cost === UNREACHED) return Infinity;
  const goesOn = end.move === -1 || n === 1 || end.state === 0 || threadOf(end.move) === last;
  return cost + (goesOn ? 0 : 1);
}

function movesTo(graph: Graph, paths: Paths, index: number): Move[] {
  const moves: Move[] = [];
  for (let at = index; paths.edge[at] !== -1; at = paths.before[at]!) {
    moves.push(graph.move[paths.edge[at]!]!);
  }
  return moves.reverse();
}
