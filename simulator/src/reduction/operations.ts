// What can be done to locks, objects, readers and cells, as far as it matters for whether two steps
// can be swapped: sets of bits.
import type { CellIdx, Expr, Pc, PlaceIdx, Program, ThreadIdx } from '../program.ts';

/** What is done to a lock; a set of these bits. A downgrade is `RELEASE_WRITE`. */
export type LockOps = number;
export const ACQUIRE_READ: LockOps = 1;
export const ACQUIRE_WRITE: LockOps = 2;
export const TRY_READ: LockOps = 4;
export const TRY_WRITE: LockOps = 8;
export const RELEASE_READ: LockOps = 16;
export const RELEASE_WRITE: LockOps = 32;
/** Whether somebody holds it for reading, for writing. */
export const ASK_READ: LockOps = 64;
export const ASK_WRITE: LockOps = 128;
/** An acquisition whose lock is worked out from shared state: later it might be another one. */
export const UNSETTLED: LockOps = 256;

/** What is done to the objects of a pool; a set of these bits. */
export type PoolOps = number;
/** Whether an object is freed. */
export const ALIVE: PoolOps = 1;
export const ALLOCATE: PoolOps = 2;
export const FREE: PoolOps = 4;
/** A grace period may end with this step, so that a `free_rcu` takes effect. */
export const EXPIRE: PoolOps = 8;
/** An object that was freed may be allocated again, and be one that others have refs to. */
export const REUSE: PoolOps = 16;

/** A thread is asked about. */
export interface Question {
  readonly thread: ThreadIdx;
  /** null: is it done; a number of pcs: is it at one of these; `outcome`: what is set. */
  readonly about: 'done' | 'outcome' | readonly Pc[];
}

/** An access to one of several cells. */
export interface Item {
  readonly place: PlaceIdx;
  /** What says which: its index, or its object. */
  readonly which: Expr | null;
  readonly how: 'read' | 'write';
}

export interface Effects {
  /** Sets of cells, 32 to a word. */
  readonly reads: Int32Array;
  readonly writes: Int32Array;
  /** How it comes to the cells of arrays and fields, but for what `new` fills. */
  readonly items: Item[];
  /** By lock. */
  readonly locks: Uint16Array;
  /** By pool. */
  readonly pools: Uint8Array;
  /** The thread goes into or out of its outermost rcu_read_lock. */
  entersRcu: boolean;
  /** It is asked who is inside rcu_read_lock. */
  asksRcu: boolean;
  readonly questions: Question[];
  setsOutcome: boolean;
  /** The thread may be done afterwards. */
  ends: boolean;
}

export function noEffects(program: Program): Effects {
  const words = (program.cells.length + 31) >>> 5;
  return {
    reads: new Int32Array(words), writes: new Int32Array(words), items: [],
    locks: new Uint16Array(program.locks.length), pools: new Uint8Array(program.pools.length),
    entersRcu: false, asksRcu: false, questions: [], setsOutcome: false, ends: false,
  };
}

/** Adds a cell to a set of cells. */
export function addCell(cells: Int32Array, cell: CellIdx): void {
  cells[cell >>> 5]! |= 1 << (cell & 31);
}
