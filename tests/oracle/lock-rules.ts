// The table of lock kinds and who waits for whom, sentence by sentence.
import type { Program } from '../../simulator/src/index.ts';
import { kindOf, nth, type Mode, type State } from './state.ts';

/** May `thread` have the lock in this mode now? Where it waits, its place in the queue counts. */
export function grantable(
  program: Program, state: State, lock: number, wish: { thread: number; mode: Mode },
): boolean {
  const now = nth(state.locks, lock);
  const free = now.writer === null && now.readers.length === 0;
  const kind = kindOf(program, lock);
  if (kind === 'mutex' || kind === 'spinlock') return free;
  if (kind === 'rwlock') return wish.mode === 'write' ? free : now.writer === null;
  const place = now.waiters.findIndex((waiter) => waiter.thread === wish.thread);
  const ahead = place < 0 ? now.waiters : now.waiters.slice(0, place);
  if (wish.mode === 'write') return free && ahead.length === 0;
  return now.writer === null && !ahead.some((waiter) => waiter.mode === 'write');
}

export function take(state: State, lock: number, thread: number, mode: Mode): void {
  const now = nth(state.locks, lock);
  now.waiters = now.waiters.filter((waiter) => waiter.thread !== thread);
  if (mode === 'write') now.writer = thread;
  else now.readers = [...now.readers, thread].sort((a, b) => a - b);
}

export function join(
  program: Program, state: State, lock: number, wish: { thread: number; mode: Mode },
): void {
  const now = nth(state.locks, lock);
  now.waiters.push({ thread: wish.thread, mode: wish.mode });
  if (kindOf(program, lock) !== 'rwsem') now.waiters.sort((a, b) => a.thread - b.thread);
}

/** A thread that waits, one it waits for, and the lock it waits at (null: synchronize_rcu). */
export interface WaitsFor {
  readonly from: number;
  readonly to: number;
  readonly lock: number | null;
}

/** All of these must give way before `from` can go on, so any cycle is a deadlock. */
export function waitsFor(program: Program, state: State): WaitsFor[] {
  const edges: WaitsFor[] = [];
  state.threads.forEach((thread, from) => {
    for (const to of thread.sync ?? []) edges.push({ from, to, lock: null });
    const lock = thread.lock;
    if (lock === null) return;
    const now = nth(state.locks, lock);
    const place = now.waiters.findIndex((waiter) => waiter.thread === from);
    const mode = nth(now.waiters, place).mode;
    const blockers = new Set(now.writer === null ? [] : [now.writer]);
    if (mode === 'write') for (const reader of now.readers) blockers.add(reader);
    if (kindOf(program, lock) === 'rwsem') {
      for (const ahead of now.waiters.slice(0, place)) {
        if (mode === 'write' || ahead.mode === 'write') blockers.add(ahead.thread);
      }
    }
    for (const to of blockers) edges.push({ from, to, lock });
  });
  return edges;
}

/** Every simple cycle, as its edges, each begun at its lowest thread. */
export function waitCycles(program: Program, state: State): WaitsFor[][] {
  const edges = waitsFor(program, state);
  const cycles: WaitsFor[][] = [];
  const extend = (path: WaitsFor[], first: number): void => {
    const last = nth(path, path.length - 1).to;
    if (last === first) cycles.push(path);
    if (last <= first || path.some((edge) => edge.from === last)) return;
    for (const edge of edges) if (edge.from === last) extend([...path, edge], first);
  };
  for (const edge of edges) extend([edge], edge.from);
  return cycles;
}
