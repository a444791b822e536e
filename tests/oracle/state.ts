// The naive checker's state: a plain object with all that decides the future, nothing packed.
import type {
  Lock, Program, Snapshot, Thread,
} from '../../simulator/src/index.ts';

export type Mode = 'read' | 'write';

export interface LockNow {
  writer: number | null;
  /** Sorted; a thread stands here once for each time it holds the lock for reading. */
  readers: number[];
  /** In order of arrival for rwsem; sorted by thread for the kinds that have no order. */
  waiters: { thread: number; mode: Mode }[];
}

export interface ObjectNow {
  status: 'unused' | 'live' | 'free_pending' | 'freed';
  /** While `free_pending`: the readers that were inside and have not left yet. */
  readers: number[];
}

export interface ThreadNow {
  /** -1: done. */
  pc: number;
  /** The lock whose queue the thread stands in. */
  lock: number | null;
  /** In synchronize_rcu, having begun to wait: the readers that have not left yet. */
  sync: number[] | null;
  rcu: number;
  outcome: number;
}

export interface State {
  cells: number[];
  locks: LockNow[];
  objects: ObjectNow[][];
  threads: ThreadNow[];
}

export function unreachable(value: never): never {
  throw new Error(`oracle: unexpected ${JSON.stringify(value)}`);
}

/** The element, which must be there. */
export function nth<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`oracle: nothing at ${index}`);
  return item;
}

export const keyOf = (state: State): string => JSON.stringify(state);

export function cloneState(state: State): State {
  return {
    cells: [...state.cells],
    locks: state.locks.map((lock) =>
      ({ writer: lock.writer, readers: [...lock.readers], waiters: [...lock.waiters] })),
    objects: state.objects.map((pool) =>
      pool.map((object) => ({ status: object.status, readers: [...object.readers] }))),
    threads: state.threads.map((thread) =>
      ({ ...thread, sync: thread.sync === null ? null : [...thread.sync] })),
  };
}

/** Before the silent instructions at each thread's entry. */
export function startState(program: Program): State {
  return {
    cells: program.cells.map((cell) => cell.init),
    locks: program.locks.map((): LockNow => ({ writer: null, readers: [], waiters: [] })),
    objects: program.pools.map((pool) =>
      Array.from({ length: pool.count }, (_, i): ObjectNow =>
        ({ status: i < pool.nLive ? 'live' : 'unused', readers: [] }))),
    threads: program.threads.map((thread): ThreadNow =>
      ({ pc: thread.entry, lock: null, sync: null, rcu: 0, outcome: 0 })),
  };
}

/** What the engine shows of a state, as text to compare. */
export function viewOf(state: State): string {
  return JSON.stringify([
    state.cells,
    state.locks.map((lock) => [
      lock.writer, lock.readers, lock.waiters.map((waiter) => [waiter.thread, waiter.mode]),
    ]),
    state.objects.map((pool) => pool.map((object) => object.status)),
    state.threads.map((thread) =>
      [thread.pc, thread.lock !== null || thread.sync !== null, thread.rcu, thread.outcome]),
  ]);
}

export function viewOfSnapshot(shot: Snapshot): string {
  return JSON.stringify([
    shot.cells,
    shot.locks.map((lock) => [
      lock.writer, [...lock.readers].sort((a, b) => a - b),
      lock.waiters.map((waiter) => [waiter.thread, waiter.mode]),
    ]),
    shot.objects,
    shot.threads.map((thread) =>
      [thread.pc, thread.waiting, thread.rcuDepth, thread.outcome]),
  ]);
}

export const threadOf = (program: Program, thread: number): Thread =>
  nth(program.threads, thread);
export const lockOf = (program: Program, lock: number): Lock => nth(program.locks, lock);
export const classNameOf = (program: Program, lock: number): string =>
  nth(program.classes, lockOf(program, lock).cls).name;
export const kindOf = (program: Program, lock: number): string =>
  nth(program.classes, lockOf(program, lock).cls).kind;

/** Whether the lock lies in an object that is gone (of a pool that does not hand it out again). */
export function lockIsGone(program: Program, state: State, lock: number): boolean {
  const object = lockOf(program, lock).object;
  if (object === null || nth(program.pools, object.pool).typesafe) return false;
  return nth(nth(state.objects, object.pool), object.ref - 1).status === 'freed';
}

/** In what mode the thread holds the lock. */
export function heldBy(state: State, lock: number, thread: number): Mode | null {
  const now = nth(state.locks, lock);
  if (now.writer === thread) return 'write';
  return now.readers.includes(thread) ? 'read' : null;
}
