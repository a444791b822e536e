// Threads that can never go on: no state reachable from here has a step of theirs. Known only when
// the whole graph is; not claimed where a run that was cut off could have freed the thread.
import { CUT_OFF, depthOf, threadOf, type Graph } from './graph.ts';
import { unpackFrame } from './layout.ts';
import { enterFound, NOWHERE } from './ledger.ts';
import { waitedFor, waitsFor } from './locks.ts';
import type { Found } from './machine.ts';
import type { ThreadIdx } from './program.ts';
import type { SearchState } from './search.ts';
import { isOver } from './properties.ts';
import { neverBlocks, terminates } from './reduction/terminates.ts';
import { isDone, party } from './step.ts';
import { placeOf } from './table.ts';

const EVERYONE = -1;

/** Adds a `deadlock` for every place at which a thread that must end is stuck. */
export function findStuck(s: SearchState): void {
  const { graph } = s;
  const required = mustEnd(s);
  if (cannotBeStuck(s)) return;
  const canGo = futureSteps(graph, s.cutStates);
  for (let state = 0; state < graph.nExpanded; state++) {
    const still = required & ~canGo[state]!;
    if (still !== 0) tellStuck(s, state, still);
  }
}

/**
 * Known without looking at the graph: no step can ever wait; or all threads come to an end, and
 * every state from which no step leads is one in which they have.
 */
function cannotBeStuck(s: SearchState): boolean {
  const { program, machine: m } = s.engine;
  if (neverBlocks(program)) return true;
  if (!terminates(program)) return false;
  const { graph, table, cutStates } = s;
  for (let state = 0; state < graph.nExpanded; state++) {
    if (graph.first[state] !== graph.first[state + 1] || cutStates.has(state)) continue;
    unpackFrame(m.layout, table.arena, placeOf(table, state), m.frame);
    if (!isOver(m)) return false;
  }
  return true;
}

/**
 * A state without successors: whoever must end and has not is stuck, though it may have been so
 * before; where, only the whole graph says.
 */
export function attendEnd(s: SearchState, state: number): void {
  const before = s.ledger.entries.length;
  tellStuck(s, state, mustEnd(s));
  if (s.ledger.entries.length > before) s.someStuck = true;
}

/** The same for all states expanded so far, as long as their transitions are known. */
export function attendEnds(s: SearchState): void {
  const { first, nExpanded } = s.graph;
  for (let state = 0; state < nExpanded; state++) {
    if (first[state] === first[state + 1] && !s.cutStates.has(state)) attendEnd(s, state);
  }
}

/** Bit mask of the threads that are not in the background. */
function mustEnd(s: SearchState): number {
  return s.engine.program.threads.reduce(
    (mask, thread, t) => (thread.background ? mask : mask | (1 << t)), 0);
}

/** Tells of each of these threads that is not done. */
function tellStuck(s: SearchState, state: number, threads: number): void {
  const { engine: { machine: m, program }, graph, table } = s;
  unpackFrame(m.layout, table.arena, placeOf(table, state), m.frame);
  for (let t = 0; t < program.threads.length; t++) {
    if ((threads & (1 << t)) === 0 || isDone(m, t)) continue;
    enterFound(s.ledger, depthOf(graph, state), { state, move: -1, found: stuckFound(s, t) });
  }
}

/** Tells that these threads are stuck in the machine's frame, a state whose number is lost. */
export function tellStuckIn(s: SearchState, threads: readonly ThreadIdx[]): void {
  for (const t of threads) {
    enterFound(s.ledger, Infinity, { state: NOWHERE, move: -1, found: stuckFound(s, t) });
  }
}

function stuckFound(s: SearchState, t: number): Found {
  const { machine: m, program } = s.engine;
  const { site } = party(m, t);
  const lock = waitsFor(m, t);
  const waited = waitedFor(m, t);
  const others = program.threads.flatMap((_, u) =>
    (waited & (1 << u)) === 0 ? [] : [party(m, u)]);
  const inQueue = lock !== null || m.frame[m.layout.threads[t]!.begun] !== 0;
  return {
    code: 'deadlock', thread: t, step: site, site, others, pending: !inQueue,
    subject: lock === null ? null : program.classes[program.locks[lock]!.cls]!.name,
  };
}

/** By state: bit mask of the threads that take a step in some state reachable from it. */
function futureSteps(graph: Graph, cutStates: ReadonlySet<number>): Int32Array {
  const masks = new Int32Array(graph.nExpanded);
  for (const state of cutStates) masks[state] = EVERYONE;
  for (let changed = true; changed;) {
    changed = false;
    for (let state = graph.nExpanded - 1; state >= 0; state--) {
      let mask = masks[state]!;
      for (let e = graph.first[state]!; e < graph.first[state + 1]!; e++) {
        const target = graph.target[e]!;
        mask |= target === CUT_OFF ? EVERYONE : masks[target]! | (1 << threadOf(graph.move[e]!));
      }
      if (mask === masks[state]) continue;
      masks[state] = mask;
      changed = true;
    }
  }
  return masks;
}
