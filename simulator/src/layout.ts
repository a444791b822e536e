// How a state lies in memory. A frame is one 32-bit slot for each value; a packed state is the same
// values, each in as few bits as its range needs, in whole 32-bit words (no value straddles two).
import { assert } from './assert.ts';
import { impliedSlots, type Implied } from './implied.ts';
import { taken } from './kept.ts';
import { heldTable, type HeldTable } from './reduction/held.ts';
import { mayDiverge } from './reduction/terminates.ts';
import { shapeOf } from './shape.ts';
import type { Instr, LockIdx, LockRef, Program, Thread, ThreadIdx } from './program.ts';

/** Offset of a value in a frame; -1 where the program can never use it. */
export type Slot = number;

/** A lock lies in its threads: what each of them has of it. By thread: */
export interface LockSlots {
  /** 1 where the thread holds it for writing (or exclusively). */
  readonly writer: readonly Slot[];
  /** How often the thread holds it for reading. */
  readonly readers: readonly Slot[];
  /** 0: does not wait. Of an rwsem the place in the queue, from 1; of the others 1. */
  readonly wait: readonly Slot[];
}
export interface ThreadSlots {
  /** Index into `Layout.rests[thread]`; `done` and `diverged` follow the last. */
  readonly pc: Slot;
  /** How deep it is inside rcu_read_lock. */
  readonly rcu: Slot;
  /** 1 while it is inside synchronize_rcu. */
  readonly begun: Slot;
  /** By thread: 1 where its synchronize_rcu waits for that reader. */
  readonly grace: readonly Slot[];
  readonly outcome: Slot;
}
export interface ObjectSlots {
  readonly status: Slot;
  /** By thread: 1 where a free_rcu waits for that reader. */
  readonly grace: readonly Slot[];
}

export interface Layout {
  readonly size: number;
  /** Even: two make one of generated code's. */
  readonly words: number;
  /** By word: how many bits of it are used, from the lowest. */
  readonly used: readonly number[];
  readonly bits: number;
  /** By word: of these the lowest, which tell states apart. The others are `implied`. */
  readonly telling: readonly number[];
  /** By slot: */
  readonly lo: Int32Array;
  readonly hi: Int32Array;
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
  /** By thread: the locks in whose queues it can stand. */
  readonly waitable: readonly (readonly LockIdx[])[];
  /** By thread: the locks that it can hold. */
  readonly holdable: readonly (readonly LockIdx[])[];
  /** What each thread's own code says of the locks it holds; decides how wide slots are. */
  readonly held: HeldTable;
  /** What follows from where threads rest. */
  readonly implied: readonly Implied[];
}

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
  readonly writers: Set<ThreadIdx>[];
  readonly readers: Set<ThreadIdx>[];
  readonly waiters: Set<ThreadIdx>[];
}

function lockUses(program: Program): Uses {
  const none = (): Set<ThreadIdx>[] => program.locks.map(() => new Set<ThreadIdx>());
  const uses: Uses = { writers: none(), readers: none(), waiters: none() };
  program.threads.forEach((thread, t) => {
    for (const instr of thread.code) {
      if (instr.op !== 'downgrade' && instr.op !== 'acquire' && instr.op !== 'try') continue;
      const mode = instr.op === 'downgrade' ? 'read' : instr.mode;
      for (const lock of locksOf(program, instr.lock)) {
        (mode === 'read' ? uses.readers : uses.writers)[lock]!.add(t);
        if (instr.op === 'acquire') uses.waiters[lock]!.add(t);
      }
    }
  });
  return uses;
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

/** Kept by the shapes that they are made from. */
const layouts = new Map<string, Layout>();
const LAYOUTS_MAX = 32;

export function layOut(program: Program): Layout {
  const shape = shapeOf(program);
  return taken(layouts, shape.key, LAYOUTS_MAX, () => layOutAnew(shape.program()));
}

/** From the program itself; equal to what is kept for its shape. */
export function layOutAnew(program: Program): Layout {
  const builder = new Builder();
  for (const cell of program.cells) builder.slot(cell.lo, cell.hi);
  const rests = program.threads.map((t) => restingPcs(t.code, t.entry));
  const held = heldTable(program);
  const diverges = mayDiverge(program);
  const threads = threadSlots(program, { rests, held, diverges }, builder);
  const locks = lockSlots(program, held, builder);
  const objects = objectSlots(program, builder);
  const restOf = program.threads.map((thread, t) => {
    const table = new Int32Array(thread.code.length).fill(-1);
    rests[t]!.forEach((pc, i) => { table[pc] = i; });
    return table;
  });
  const which = (has: (slots: LockSlots, t: ThreadIdx) => boolean): LockIdx[][] =>
    program.threads.map((_, t) => [...locks.keys()].filter((lock) => has(locks[lock]!, t)));
  const waitable = which((slots, t) => slots.wait[t] !== -1);
  const holdable = which((slots, t) => slots.writer[t] !== -1 || slots.readers[t] !== -1);
  const implied = impliedSlots(program, { locks, threads, rests }, { held, diverges });
  const { size, words, used, telling, bits, lo, hi, word, shift, mask } =
    pack(builder, new Set(implied.map(({ slot }) => slot)));
  // spelt out, so that every layout has the same shape for the host
  return {
    size, words, used, telling, bits, lo, hi, word, shift, mask, locks, threads, objects, rests,
    restOf, waitable, holdable, held, implied,
  };
}

function restingPcs(code: readonly Instr[], entry: number): number[] {
  assert(entry >= 0 && entry < code.length, 'a thread enters its code');
  const pcs: number[] = [];
  code.forEach((instr, pc) => { if (instr.rest) pcs.push(pc); });
  return pcs;
}

const runs = (thread: Thread, op: Instr['op']): boolean =>
  thread.code.some((instr) => instr.op === op);

/** One bit for each thread that can be a reader, where such bits are needed at all. */
function graceSlots(program: Program, needed: boolean, builder: Builder): Slot[] {
  return program.threads.map((thread) =>
    (needed && runs(thread, 'rcu_lock') ? builder.slot(0, 1) : -1));
}

function threadSlots(
  program: Program,
  of: { rests: readonly (readonly number[])[]; held: HeldTable; diverges: readonly boolean[] },
  builder: Builder,
): ThreadSlots[] {
  return program.threads.map((thread, t) => {
    const waits = runs(thread, 'synchronize_rcu');
    const last = runs(thread, 'end') ? of.rests[t]!.length : of.rests[t]!.length - 1;
    return {
      pc: builder.slot(0, of.diverges[t]! ? of.rests[t]!.length + 1 : last),
      rcu: builder.slot(0, of.held.threads[t]!.maxRcu),
      begun: builder.slot(0, waits ? 1 : 0),
      grace: graceSlots(program, waits, builder),
      outcome: builder.slot(0, thread.outcomes.length),
    };
  });
}

function lockSlots(program: Program, held: HeldTable, builder: Builder): LockSlots[] {
  const uses = lockUses(program);
  return program.locks.map((lock, l) => {
    const kind = program.classes[lock.cls]!.kind;
    const shared = kind === 'rwsem' || kind === 'rwlock';
    const places = kind === 'rwsem' ? uses.waiters[l]!.size : 1;
    const among = (threads: ReadonlySet<ThreadIdx>, most: (t: ThreadIdx) => number): Slot[] =>
      program.threads.map((_, t) => (threads.has(t) ? builder.slot(0, most(t)) : -1));
    return {
      writer: among(uses.writers[l]!, () => 1),
      readers: among(shared ? uses.readers[l]! : new Set(),
        (t) => held.threads[t]!.maxReads[l]!),
      wait: among(uses.waiters[l]!, () => places),
    };
  });
}

function objectSlots(program: Program, builder: Builder): ObjectSlots[][] {
  return program.pools.map((pool, p) => {
    const deferred = program.threads.some((thread) => thread.code.some((instr) =>
      instr.op === 'free' && instr.pool === p && instr.deferred));
    return Array.from({ length: pool.count }, () => ({
      status: builder.slot(0, 3),
      grace: graceSlots(program, deferred, builder),
    }));
  });
}

/** First fit: a value goes into the first word that has room for it; what is implied comes last. */
function pack(builder: Builder, implied: ReadonlySet<Slot>): Pick<Layout,
  'size' | 'words' | 'used' | 'bits' | 'telling' | 'lo' | 'hi' | 'word' | 'shift' | 'mask'> {
  const size = builder.lo.length;
  const word = new Int32Array(size);
  const shift = new Int32Array(size);
  const mask = new Int32Array(size);
  const used = [0];
  const place = (slot: Slot): void => {
    const bits = bitsFor(builder.lo[slot]!, builder.hi[slot]!);
    if (bits === 0) return;
    let at = used.findIndex((n) => n + bits <= 32);
    if (at === -1) at = used.push(0) - 1;
    word[slot] = at;
    shift[slot] = used[at]!;
    mask[slot] = bits === 32 ? -1 : 2 ** bits - 1;
    used[at]! += bits;
  };
  for (let slot = 0; slot < size; slot++) if (!implied.has(slot)) place(slot);
  const telling = [...used];
  for (const slot of implied) place(slot);
  return {
    size, words: used.length + (used.length % 2), used,
    bits: used.reduce((sum, n) => sum + n, 0), telling, word, shift, mask,
    lo: Int32Array.from(builder.lo), hi: Int32Array.from(builder.hi),
  };
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
