// Whether a step of one thread may be taken before the steps of others that come first in a run:
// the other way round would come to the same. docs/reductions.md argues each line.
import type { Pc, Program, ThreadIdx } from '../program.ts';
import type { StepEffects } from './effects.ts';
import {
  ACQUIRE_READ, ACQUIRE_WRITE, ALIVE, ALLOCATE, ASK_READ, ASK_WRITE, EXPIRE, FREE, RELEASE_READ,
  RELEASE_WRITE, REUSE, TRY_READ, TRY_WRITE, UNSETTLED, type Effects, type LockOps, type PoolOps,
  type Question,
} from './operations.ts';

const READS = ACQUIRE_READ | TRY_READ | RELEASE_READ;
const WRITES = ACQUIRE_WRITE | TRY_WRITE | RELEASE_WRITE;
const ACQUIRES = ACQUIRE_READ | ACQUIRE_WRITE;

/** What each operation on a lock cannot be swapped with, once the lock's waiters are no matter. */
const LOCK_CONFLICTS: readonly (readonly [LockOps, LockOps])[] = [
  [ACQUIRE_READ | TRY_READ, WRITES | ASK_READ],
  [ACQUIRE_WRITE | TRY_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],
  [RELEASE_READ, WRITES | ASK_READ],
  [RELEASE_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],
  [ASK_READ, READS | WRITES],
  [ASK_WRITE, WRITES],
];

const POOL_CONFLICTS: readonly (readonly [PoolOps, PoolOps])[] = [
  [ALIVE, FREE | EXPIRE],
  [ALLOCATE, ALLOCATE],
  [REUSE, FREE | EXPIRE],
  [FREE, ALIVE | REUSE | FREE | EXPIRE],
  [EXPIRE, ALIVE | REUSE | FREE],
];

/**
 * By lock: whether it matters who already stands in its queue: that of an rwsem which some thread
 * tries, or takes by way of shared state.
 */
export function queuesThatMatter(
  program: Program, all: readonly Effects[],
): readonly boolean[] {
  const telling = TRY_READ | TRY_WRITE | UNSETTLED;
  return program.locks.map(({ cls }, lock) => program.classes[cls]!.kind === 'rwsem'
    && all.some(({ locks }) => (locks[lock]! & telling) !== 0));
}

/** A step, and whose. */
export interface Actor {
  readonly thread: ThreadIdx;
  readonly step: StepEffects;
  /** What of it happens: all, or only joining a queue. */
  readonly effects: Effects;
}

/**
 * Whether `first`, put before `other`, may change what either does or comes to. `queues` as in
 * `queuesThatMatter`.
 */
export function conflicts(first: Actor, other: Actor, queues: readonly boolean[]): boolean {
  const [a, b] = [first.effects, other.effects];
  if ((a.entersRcu && b.asksRcu) || (a.asksRcu && b.entersRcu)) return true;
  return cellsConflict(a, b) || locksConflict(a, b, queues) || poolsConflict(a, b)
    || a.questions.some((question) => changes(other, question))
    || b.questions.some((question) => changes(first, question));
}

function cellsConflict(a: Effects, b: Effects): boolean {
  for (let i = 0; i < a.writes.length; i++) {
    if ((a.writes[i]! & (b.reads[i]! | b.writes[i]!)) !== 0) return true;
    if ((a.reads[i]! & b.writes[i]!) !== 0) return true;
  }
  return false;
}

/** Operations that those of the pairs' left sides meet on their right sides. */
function met(ops: number, pairs: readonly (readonly [number, number])[]): number {
  let all = 0;
  for (const [mine, theirs] of pairs) if ((ops & mine) !== 0) all |= theirs;
  return all;
}

function locksConflict(a: Effects, b: Effects, queues: readonly boolean[]): boolean {
  for (let lock = 0; lock < a.locks.length; lock++) {
    const [mine, theirs] = [a.locks[lock]!, b.locks[lock]!];
    if (mine === 0 || theirs === 0) continue;
    if ((theirs & lockConflicts(mine, queues[lock]!)) !== 0) return true;
  }
  return false;
}

/** Who joins the queue of a lock may as well come once it is released, if it is still that lock. */
function lockConflicts(mine: LockOps, queueMatters: boolean): LockOps {
  const isRelease = (mine & ~(RELEASE_READ | RELEASE_WRITE)) === 0;
  const all = met(mine, LOCK_CONFLICTS);
  if (!isRelease || queueMatters) return all;
  return (all & ~ACQUIRES) | UNSETTLED;
}

function poolsConflict(a: Effects, b: Effects): boolean {
  for (let pool = 0; pool < a.pools.length; pool++) {
    if ((b.pools[pool]! & met(a.pools[pool]!, POOL_CONFLICTS)) !== 0) return true;
  }
  return false;
}

/** Whether the step may change the answer to a question about a thread. */
export function changes(
  { thread, step, effects }: Actor, { thread: of, about }: Question,
): boolean {
  if (thread !== of) return false;
  if (about === 'done') return effects.ends;
  if (about === 'outcome') return effects.setsOutcome;
  return effects !== step.joining && moves(step, about);
}

function moves({ pc, next, ends }: StepEffects, pcs: readonly Pc[]): boolean {
  const before = pcs.includes(pc);
  return (before && ends) || next.some((to) => pcs.includes(to) !== before);
}
