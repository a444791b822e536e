// How a state lies in memory. A frame is one 32-bit slot for each value; a packed state is the same
// values, each in as few bits as its range needs, in whole 32-bit words (no value straddles two).
import { assert } from './assert.ts';
import { MAX_RCU_DEPTH, MAX_READ_DEPTH } from './bounds.ts';
import type { Instr, LockRef, Program, ThreadIdx } from './program.ts';

/** Offset of a value in a frame; -1 where the program can never use it. */
export type Slot = number;

export interface LockSlots {
  /** 0: none, else thread + 1. */
  readonly writer: Slot;
  /** By thread: how often it holds the lock for reading. */
  readonly readers: readonly Slot[];
  /** Of rwsem: thread + 1 in queue order, 0 behind the last. */
  readonly queue: readonly Slot[];
}
export interface ThreadSlots {
  /** Index into `Layout.rests[thread]`; `done` and `diverged` follow the last. */
  readonly pc: Slot;
  /** 0: not waiting, else lock + 1; the lock whose queue it has joined. */
  readonly waits: Slot;
  readonly rcu: Slot;
  /** `graceMark` and the mask of readers its synchronize_rcu waits for; 0: not in it. */
  readonly grace: Slot;
  readonly outcome: Slot;
}
export interface ObjectSlots {
  readonly status: Slot;
  /** Bit mask of the readers a free_rcu waits for. */
  readonly grace: Slot;
}

export interface Layout {
  readonly size: number;
  readonly words: number;
  readonly bits: number;
  /** By slot: */
  readonly lo: Int32Array;
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;
  readonly locks: readonly LockSlots[];
  readonly threads: readonly ThreadSlots[];
  /** By pool, by ref - 1: */
  readonly objects: readonly (readonly ObjectSlots[])[];
  /** By thread: the pcs it can rest at, ascending. */
  readonly rests: readonly (readonly number[])[];
  /** By thread, by pc: the index into `rests`, or -1. */
  readonly restOf: readonly Int32Array[];
}

/** The bit above all threads' bits: says that a synchronize_rcu has begun. */
export const graceMark = (nThreads: number): number => 2 ** nThreads;

export const doneRest = (layout: Layout, t: ThreadIdx): number => layout.rests[t]!.length;
export const divergedRest = (layout: Layout, t: ThreadIdx): number => layout.rests[t]!.length + 1;

/** The locks a reference can name, whatever its operands turn out to be. */
export function locksOf(program: Program, ref: LockRef): number[] {
  const objects = ref.pool === null ? 1 : program.pools[ref.pool]!.count;
  const found: number[] = [];
  for (let object = 0; object < objects; object++) {
    for (let i = 0; i < ref.count; i++) {
      const fixed = ref.index?.kind === 'const' ? ref.index.value : i;
      if (fixed === i) found.push(ref.base + object * ref.count + i);
    }
  }
  return found;
}

/** Which threads can do what to each lock; decides which slots there are. */
interface Uses {
  readonly readers: Set<ThreadIdx>[];
  readonly waiters: Set<ThreadIdx>[];
}

function lockUses(program: Program): Uses {
  const readers = program.locks.map(() => new Set<ThreadIdx>());
  const waiters = program.locks.map(() => new Set<ThreadIdx>());
  program.threads.forEach((thread, t) => {
    for (const instr of thread.code) {
      const reads = instr.op === 'downgrade'
        || ((instr.op === 'acquire' || instr.op === 'try') && instr.mode === 'read');
      if (reads) for (const lock of locksOf(program, instr.lock)) readers[lock]!.add(t);
      if (instr.op === 'acquire') {
        for (const lock of locksOf(program, instr.lock)) waiters[lock]!.add(t);
      }
    }
  });
  return { readers, waiters };
}

class Builder {
  readonly lo: number[] = [];
  readonly hi: number[] = [];

  slot(lo: number, hi: number): Slot {
    assert(lo <= hi, 'a slot has at least one value');
    this.lo.push(lo);
    this.hi.push(hi);
    return this.lo.length - 1;
  }
}

function bitsFor(lo: number, hi: number): number {
  const values = hi - lo;
  assert(values >= 0 && values < 2 ** 32, 'a value fits 32 bits');
  return values === 0 ? 0 : Math.floor(Math.log2(values)) + 1;
}

export function layOut(program: Program): Layout {
  const builder = new Builder();
  for (const cell of program.cells) builder.slot(cell.lo, cell.hi);
  const rests = program.threads.map((t) => restingPcs(t.code, t.entry));
  const threads = threadSlots(program, rests, builder);
  const locks = lockSlots(program, builder);
  const objects = objectSlots(program, builder);
  const restOf = program.threads.map((thread, t) => {
    const table = new Int32Array(thread.code.length).fill(-1);
    rests[t]!.forEach((pc, i) => { table[pc] = i; });
    return table;
  });
  return { ...pack(builder), locks, threads, objects, rests, restOf };
}

function restingPcs(code: readonly Instr[], entry: number): number[] {
  assert(entry >= 0 && entry < code.length, 'a thread enters its code');
  const pcs: number[] = [];
  code.forEach((instr, pc) => { if (instr.rest) pcs.push(pc); });
  return pcs;
}

function threadSlots(
  program: Program, rests: readonly (readonly number[])[], builder: Builder,
): ThreadSlots[] {
  const all = program.threads.length;
  const begun = graceMark(all) + 2 ** all - 1;
  return program.threads.map((thread, t) => {
    const has = (op: Instr['op']): boolean => thread.code.some((instr) => instr.op === op);
    return {
      pc: builder.slot(0, rests[t]!.length + 1),
      waits: builder.slot(0, has('acquire') ? program.locks.length : 0),
      rcu: builder.slot(0, has('rcu_lock') ? MAX_RCU_DEPTH : 0),
      grace: builder.slot(0, has('synchronize_rcu') ? begun : 0),
      outcome: builder.slot(0, thread.outcomes.length),
    };
  });
}

function lockSlots(program: Program, builder: Builder): LockSlots[] {
  const uses = lockUses(program);
  return program.locks.map((lock, l) => {
    const kind = program.classes[lock.cls]!.kind;
    const shared = kind === 'rwsem' || kind === 'rwlock';
    const queued = kind === 'rwsem' ? uses.waiters[l]!.size : 0;
    return {
      writer: builder.slot(0, program.threads.length),
      readers: program.threads.map((_, t) =>
        shared && uses.readers[l]!.has(t) ? builder.slot(0, MAX_READ_DEPTH) : -1),
      queue: Array.from({ length: queued }, () => builder.slot(0, program.threads.length)),
    };
  });
}

function objectSlots(program: Program, builder: Builder): ObjectSlots[][] {
  const everyone = 2 ** program.threads.length - 1;
  return program.pools.map((pool, p) => {
    const deferred = program.threads.some((thread) => thread.code.some((instr) =>
      instr.op === 'free' && instr.pool === p && instr.deferred));
    return Array.from({ length: pool.count }, () => ({
      status: builder.slot(0, 3),
      grace: builder.slot(0, deferred ? everyone : 0),
    }));
  });
}

function pack(builder: Builder): Pick<Layout,
  'size' | 'words' | 'bits' | 'lo' | 'word' | 'shift' | 'mask'> {
  const size = builder.lo.length;
  const word = new Int32Array(size);
  const shift = new Int32Array(size);
  const mask = new Int32Array(size);
  let at = 0;
  let used = 0;
  let total = 0;
  for (let slot = 0; slot < size; slot++) {
    const bits = bitsFor(builder.lo[slot]!, builder.hi[slot]!);
    if (used + bits > 32) {
      at++;
      used = 0;
    }
    word[slot] = at;
    shift[slot] = used === 32 ? 0 : used;
    mask[slot] = bits === 32 ? -1 : bits === 0 ? 0 : 2 ** bits - 1;
    used += bits;
    total += bits;
  }
  return { size, words: at + 1, bits: total, lo: Int32Array.from(builder.lo), word, shift, mask };
}

/** Writes the frame's values into `words[at ..]`. */
export function packFrame(layout: Layout, frame: Int32Array, words: Int32Array, at: number): void {
  const { size, lo, word, shift, mask } = layout;
  for (let i = 0; i < layout.words; i++) words[at + i] = 0;
  for (let slot = 0; slot < size; slot++) {
    if (mask[slot] === 0) continue;
    const value = frame[slot]! - lo[slot]!;
    words[at + word[slot]!]! |= (value & mask[slot]!) << shift[slot]!;
  }
}

/** The inverse of `packFrame`. */
export function unpackFrame(
  layout: Layout, words: Int32Array, at: number, frame: Int32Array,
): void {
  const { size, lo, word, shift, mask } = layout;
  for (let slot = 0; slot < size; slot++) {
    frame[slot] = ((words[at + word[slot]!]! >>> shift[slot]!) & mask[slot]!) + lo[slot]!;
  }
}
