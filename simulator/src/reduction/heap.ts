// Objects that nothing tells apart, and objects that no ref names any more: of all states that
// differ in nothing else one stands for the rest (heap canonicalisation: Iosif 2001).
import type { Layout, Slot } from '../layout.ts';
import { FREED, LIVE, PENDING } from '../objects.ts';
import type { Place, PoolIdx, Program } from '../program.ts';
import { beginsThere, refsOf, type Refs } from './refs.ts';

/** A slot with a ref: to an object of which of `Heap.pools`. */
export interface RefSlot {
  readonly slot: Slot;
  readonly to: number;
}

/** A pool whose objects can change places. By object: */
export interface HeapPool {
  readonly status: readonly Slot[];
  readonly grace: readonly (readonly Slot[])[];
  readonly fields: readonly (readonly Slot[])[];
  /** Of its fields, those with refs to such objects. */
  readonly refs: readonly (readonly RefSlot[])[];
  readonly typesafe: boolean;
}

export interface Heap {
  readonly pools: readonly HeapPool[];
  /** Where refs to their objects are, but for those in the objects themselves. */
  readonly roots: readonly RefSlot[];
  /** By slot: what it is in an object that is nobody's. */
  readonly blank: Int32Array;
}

/** Generated code numbers them in four bits each, of 64. */
const MAX_OBJECTS = 14;

/** null: the program has no such pool. */
export function heapOf(program: Program, layout: Layout): Heap | null {
  if (program.pools.length === 0) return null;
  const refs = refsOf(program);
  const chosen = [...program.pools.keys()].filter((pool) =>
    program.pools[pool]!.count <= MAX_OBJECTS && mayDiffer(program, { refs, pool })
    && areAlike(program, refs, pool));
  if (chosen.length === 0) return null;
  const refIn = (slot: Slot): readonly RefSlot[] => {
    const pool = refs.poolOf[slot] ?? null;
    const to = pool === null ? -1 : chosen.indexOf(pool);
    return to === -1 ? [] : [{ slot, to }];
  };
  const pools = chosen.map((pool): HeapPool => {
    const { count, typesafe } = program.pools[pool]!;
    const places = program.places.filter((place) => place.pool === pool);
    const fields = Array.from({ length: count }, (_, i) => places.map(({ base }) => base + i));
    return {
      status: layout.objects[pool]!.map(({ status }) => status),
      grace: layout.objects[pool]!.map(({ grace }) => grace.filter((slot) => slot !== -1)),
      fields, typesafe, refs: fields.map((slots) => slots.flatMap(refIn)),
    };
  });
  const inside = new Set(pools.flatMap(({ fields }) => fields.flat()));
  const roots = program.cells.flatMap((_, cell) => (inside.has(cell) ? [] : refIn(cell)));
  return { pools, roots, blank: Int32Array.from(program.cells, ({ init }) => init) };
}

/**
 * Whether the pool's objects can change places. Objects with locks that a thread takes cannot: what
 * a thread holds at a place is told by object.
 */
export function areAlike(program: Program, refs: Refs, pool: PoolIdx): boolean {
  const { pools, places, cells, threads } = program;
  const { count, fields } = pools[pool]!;
  const isTaken = threads.some(({ code }) => code.some((instr) =>
    (instr.op === 'acquire' || instr.op === 'try') && instr.lock.pool === pool));
  if (isTaken || !refs.opaque[pool]! || !beginsThere(program, refs, pool)) return false;
  const haveOneShape = places.every((place, index) => place.pool !== pool
    || (place.count === count && fields.some((field) => field.place === index)
      && hasOneRange(program, place)));
  return haveOneShape && cells.every(({ lo, hi }, cell) =>
    refs.poolOf[cell] !== pool || (lo === 0 && hi === count));
}

/**
 * Whether it may depend on who comes first, or on a choice, which object is which: elsewhere there
 * is little to be gained. Two threads allocate or hand on refs; or freed objects are used again.
 */
function mayDiffer(
  { pools, threads, places }: Program, { refs, pool }: { refs: Refs; pool: PoolIdx },
): boolean {
  const { count, typesafe } = pools[pool]!;
  const handing = threads.filter(({ code }) => code.some((instr) => {
    if (instr.op === 'new') return instr.pool === pool;
    const access = instr.op === 'cmpxchg' ? instr.access
      : instr.op === 'set' && instr.target.kind === 'store' ? instr.target.access : null;
    if (access === null || refs.poolOf[places[access.place]!.base] !== pool) return false;
    return instr.op !== 'set' || instr.value.kind !== 'const';
  }));
  return count > 1 && handing.length > (typesafe ? 0 : 1);
}

function hasOneRange({ cells }: Program, { base, count }: Place): boolean {
  const { lo, hi } = cells[base]!;
  for (let i = 1; i < count; i++) {
    if (cells[base + i]!.lo !== lo || cells[base + i]!.hi !== hi) return false;
  }
  return true;
}

/** Which object comes to which place, of one pool. */
interface Order {
  /** By ref: the new one; 0: none yet. */
  readonly renamed: number[];
  /** By new ref, from 1: the old one. */
  readonly from: number[];
}

/**
 * Gives objects the numbers in which one comes upon them: going through the roots, then through the
 * fields of the objects found. Behind these come those that were used and that no ref names any
 * more: all that is kept of them is that they were used, and of a typesafe pool whether they can be
 * used again. Those never used stay behind all others, as `new` wants them.
 */
export function tidyHeap(heap: Heap, frame: Int32Array): void {
  const orders = heap.pools.map(({ status }): Order => ({
    renamed: [0, ...status.map(() => 0)], from: [0],
  }));
  const visit = ({ slot, to }: RefSlot): void => { number(orders[to]!, frame[slot]!); };
  heap.roots.forEach(visit);
  visitFields(heap, orders, visit);
  const nNamed = orders.map(({ from }) => from.length - 1);
  heap.pools.forEach((pool, p) => numberOthers(pool, orders[p]!, frame));
  const rename = ({ slot, to }: RefSlot): void => {
    frame[slot] = orders[to]!.renamed[frame[slot]!]!;
  };
  for (const root of heap.roots) rename(root);
  for (const { refs } of heap.pools) refs.flat().forEach(rename);
  heap.pools.forEach((pool, p) => {
    moveObjects(pool, orders[p]!, frame);
    for (let i = nNamed[p]!; i < orders[p]!.from.length - 1; i++) blankObject(heap, p, i, frame);
  });
}

function number({ renamed, from }: Order, ref: number): void {
  if (ref !== 0 && renamed[ref] === 0) renamed[ref] = from.push(ref) - 1;
}

function visitFields(
  { pools }: Heap, orders: readonly Order[], visit: (ref: RefSlot) => void,
): void {
  const seen = pools.map(() => 0);
  for (let found = true; found;) {
    found = false;
    pools.forEach(({ refs }, p) => {
      const { from } = orders[p]!;
      while (seen[p]! < from.length - 1) {
        refs[from[++seen[p]!]! - 1]!.forEach(visit);
        found = true;
      }
    });
  }
}

/** Of a typesafe pool it can be told what can be used again, and when. */
function numberOthers({ status, typesafe }: HeapPool, order: Order, frame: Int32Array): void {
  for (const sort of typesafe ? [[LIVE], [PENDING], [FREED]] : [[LIVE, PENDING, FREED]]) {
    status.forEach((slot, i) => { if (sort.includes(frame[slot]!)) number(order, i + 1); });
  }
}

function moveObjects(pool: HeapPool, { from }: Order, frame: Int32Array): void {
  const blocks = pool.status.map((_, i) => blockOf(pool, i));
  const before = blocks.map((slots) => slots.map((slot) => frame[slot]!));
  for (let i = 1; i < from.length; i++) {
    blocks[i - 1]!.forEach((slot, k) => { frame[slot] = before[from[i]! - 1]![k]!; });
  }
}

/** All slots of an object. */
export const blockOf = ({ status, grace, fields }: HeapPool, i: number): readonly Slot[] =>
  [status[i]!, ...grace[i]!, ...fields[i]!];

function blankObject({ pools, blank }: Heap, p: number, i: number, frame: Int32Array): void {
  const { status, grace, fields, typesafe } = pools[p]!;
  for (const slot of fields[i]!) frame[slot] = blank[slot]!;
  if (typesafe) return;
  frame[status[i]!] = FREED;
  for (const slot of grace[i]!) frame[slot] = 0;
}
