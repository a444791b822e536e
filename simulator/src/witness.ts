// A shortest run to a state that an editor asks for: a thread at a place, and another there too, or
// a lock held so, or a variable with that value. The plain search, up to the first such state.
import { assert, unreachable } from './assert.ts';
import { MAX_CANDIDATES } from './bounds.ts';
import { depthOf } from './graph.ts';
import { unpackFrame } from './layout.ts';
import { heldBy } from './locks.ts';
import type { Machine } from './machine.ts';
import { statusOf } from './objects.ts';
import { movesToState, preparePaths } from './paths.ts';
import type { CellIdx, LockIdx, Pc, PoolIdx, Program, ThreadIdx } from './program.ts';
import { objectState, replay } from './replay.ts';
import { advance, startSearch, type SearchState } from './search.ts';
import { placeOf } from './table.ts';
import type { Bound, Limits, ObjectState, Trace } from './verdict.ts';

/** All of it at once, in one state. */
export type Wanted = readonly Condition[];

export type Condition =
  /** The thread rests at one of these (-1: it is done). */
  | { readonly kind: 'at'; readonly thread: ThreadIdx; readonly pcs: readonly Pc[] }
  /** The thread has the lock in this mode; null: not at all. */
  | { readonly kind: 'held'; readonly thread: ThreadIdx; readonly lock: LockIdx;
      readonly mode: 'read' | 'write' | null }
  | { readonly kind: 'value'; readonly cell: CellIdx; readonly value: number }
  /** `ref` as in `Pool`, from 1. */
  | { readonly kind: 'object'; readonly pool: PoolIdx; readonly ref: number;
      readonly state: ObjectState };

export interface Witness {
  /** null: there is none, or none was found before the bound. */
  readonly trace: Trace | null;
  /** Set where the search ended early: without a trace nothing is known. */
  readonly bound: Bound | null;
  readonly states: number;
}

export interface WitnessSearch {
  /** Explores at most `budget` states; true where the answer is known. */
  advance(budget: number): boolean;
  progress(): { readonly states: number };
  /** As far as the search got. */
  witness(): Witness;
}

export function createWitness(
  program: Program, wanted: Wanted, limits: Limits,
): WitnessSearch {
  const search = startSearch(program, limits, { leanAt: Infinity });
  const frame = new Int32Array(search.engine.machine.layout.size);
  const found: number[] = [];
  let nLooked = 0;
  const look = (): void => {
    const { table, engine: { machine: m } } = search;
    const before = m.frame;
    m.frame = frame;
    for (; nLooked < table.count; nLooked++) {
      unpackFrame(m.layout, table.arena, placeOf(table, nLooked), frame);
      if (wanted.every((each) => isSo(m, each))) found.push(nLooked);
    }
    m.frame = before;
  };
  look();
  return {
    advance(budget) {
      if (isSettled(search, found[0])) return true;
      const done = advance(search, budget);
      look();
      return done || isSettled(search, found[0]);
    },
    progress: () => ({ states: search.table.count }),
    witness: () => witnessOf(search, found),
  };
}

/** All states as near as the first are known, and all runs to them. */
function isSettled({ graph }: SearchState, first: number | undefined): boolean {
  if (first === undefined) return false;
  return graph.nExpanded >= graph.levels[depthOf(graph, first)]!;
}

function isSo(m: Machine, wanted: Condition): boolean {
  switch (wanted.kind) {
    case 'at': return wanted.pcs.includes(pcOf(m, wanted.thread));
    case 'held': return heldBy(m, wanted.lock, wanted.thread) === wanted.mode;
    case 'value': return m.frame[wanted.cell] === wanted.value;
    case 'object': return objectState(statusOf(m, wanted.pool, wanted.ref)) === wanted.state;
    default: return unreachable(wanted);
  }
}

/** -1: done; -2: never to rest again. */
function pcOf({ frame, layout }: Machine, t: ThreadIdx): Pc {
  const { rests, threads } = layout;
  const rest = frame[threads[t]!.pc]!;
  return rests[t]![rest] ?? (rest === rests[t]!.length ? -1 : -2);
}

function witnessOf(search: SearchState, found: readonly number[]): Witness {
  const { graph, table, engine } = search;
  const [first] = found;
  const answer = { states: table.count };
  if (first === undefined || !isSettled(search, first)) {
    return { ...answer, trace: null, bound: search.bound ?? (search.complete ? null
      : { kind: 'stopped' }) };
  }
  const depth = depthOf(graph, first);
  const end = graph.levels[depth + 1] ?? table.count;
  const ends = found.filter((state) => state < end).slice(0, MAX_CANDIDATES);
  const nThreads = engine.program.threads.length;
  const paths = preparePaths(graph, { ends, nThreads });
  const moves = movesToState(graph, paths, ends);
  assert(moves.length === depth, 'the run is a shortest one');
  return { ...answer, trace: replay(engine, moves, null), bound: null };
}
