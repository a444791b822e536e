// The random shared state of a program: variables, an array, locks of all kinds, a pool of objects.
import type {
  Access, Cell, Expr, Guard, Lock, LockClass, LockKind, LockRef, Place, Pool, Program,
} from '../../simulator/src/index.ts';
import type { Random } from './random.ts';

/** A lock as the program names it: single, an array of two, or in each object. */
export interface LockName {
  readonly base: number;
  readonly kind: LockKind;
  readonly form: 'single' | 'array' | 'field';
}

/** What a program is mostly about; `mixed` breaks soonest. */
export type Theme = 'mixed' | 'locks' | 'objects';

export interface World {
  readonly random: Random;
  readonly theme: Theme;
  readonly cells: Cell[];
  readonly places: Place[];
  readonly pools: Pool[];
  readonly classes: LockClass[];
  readonly locks: Lock[];
  readonly names: LockName[];
  readonly orders: { outer: number; inner: number }[];
  /** Places by what they are for. */
  readonly ints: number[];
  array: number | null;
  field: number | null;
  pointer: number | null;
  sites: number;
}

export const number = (value: number): Expr => ({ kind: 'const', value });
/** Registers by use: a try's or cmpxchg's answer, a loop in a step, a quantifier's variable. */
export const ANSWER = 0;
export const TURN = 1;
export const BOUND = 2;
export const N_REGS = 4;
export const KINDS: readonly LockKind[] = ['mutex', 'spinlock', 'rwsem', 'rwsem', 'rwlock'];

function addLocks(world: World): void {
  const { random } = world;
  const count = 1 + random.below(2);
  for (let i = 0; i < count; i++) {
    const kind = random.pick(KINDS);
    const form = random.chance(12) ? 'array' : 'single';
    const cls = world.classes.push({ name: `L${i}`, kind }) - 1;
    world.names.push({ base: world.locks.length, kind, form });
    world.locks.push({ name: `L${i}`, cls, object: null });
    if (form === 'array') world.locks.push({ name: `L${i}[1]`, cls, object: null });
  }
}

function guardOn(world: World, depth: number): Guard {
  const { random } = world;
  if (depth > 0 && random.chance(30)) {
    const kind = random.chance(50) ? 'and' : 'or';
    return { kind, left: guardOn(world, depth - 1), right: guardOn(world, depth - 1) };
  }
  if (random.chance(15)) return { kind: 'rcu' };
  const name = random.pick(world.names.filter((it) => it.form !== 'field'));
  const lock: LockRef = {
    base: name.base, pool: null, ref: null,
    index: name.form === 'array' ? number(random.below(2)) : null,
    count: name.form === 'array' ? 2 : 1,
  };
  return { kind: 'lock', lock, write: random.chance(50) };
}

/** The guards of a new place; a field's may name the lock beside it, an array's the same index. */
function guards(world: World, own: Guard | null): Pick<Place, 'readGuard' | 'writeGuard'> {
  const { random } = world;
  if (!random.chance(30)) return { readGuard: null, writeGuard: null };
  const one = (): Guard => (own !== null && random.chance(70) ? own : guardOn(world, 1));
  return {
    readGuard: random.chance(75) ? one() : null,
    writeGuard: random.chance(75) ? one() : null,
  };
}

function addPlace(world: World, place: Partial<Place> & { name: string }, cell: Cell): number {
  const count = place.count ?? 1;
  const base = world.cells.length;
  for (let i = 0; i < count; i++) world.cells.push(cell);
  return world.places.push({
    base, count, pool: null, atomic: world.random.chance(20),
    readGuard: null, writeGuard: null, ...place,
  }) - 1;
}

function addVariables(world: World): void {
  const { random } = world;
  const count = 1 + random.below(2);
  for (let i = 0; i < count; i++) {
    const hi = world.theme === 'mixed' ? 1 + random.below(2) : 4;
    const lo = world.theme === 'mixed' ? (random.chance(15) ? -1 : 0) : -3;
    const cell = { lo, hi, init: random.below(2) };
    world.ints.push(addPlace(world, { name: `x${i}`, ...guards(world, null) }, cell));
  }
  if (!random.chance(25)) return;
  const name = world.names.find((it) => it.form === 'array');
  const own: Guard | null = name === undefined ? null : {
    kind: 'lock', write: random.chance(50),
    lock: { base: name.base, pool: null, ref: null, index: { kind: 'self_index' }, count: 2 },
  };
  const cell = { lo: 0, hi: 2, init: random.below(2) };
  world.array = addPlace(world, { name: 'a', count: 2, ...guards(world, own) }, cell);
}

function addPool(world: World): void {
  const { random } = world;
  if (world.theme === 'locks' || (world.theme === 'mixed' && !random.chance(55))) return;
  const count = 1 + random.below(2);
  const typesafe = random.chance(40);
  const nLive = world.theme === 'objects' && random.chance(85) ? 1 : random.below(2);
  let own: Guard | null = null;
  if (random.chance(60)) {
    const kind = random.pick(KINDS);
    const cls = world.classes.push({ name: 'vma.lock', kind }) - 1;
    const base = world.locks.length;
    for (let ref = 1; ref <= count; ref++) {
      world.locks.push({ name: `vma#${ref}.lock`, cls, object: { pool: 0, ref } });
    }
    world.names.push({ base, kind, form: 'field' });
    const lock: LockRef = { base, pool: 0, ref: { kind: 'self_ref' }, index: null, count: 1 };
    own = { kind: 'lock', write: random.chance(50), lock };
  }
  const field = addPlace(
    world, { name: 'vma.f', count, pool: 0, ...guards(world, own) }, { lo: 0, hi: 2, init: 0 },
  );
  const fields = [{ place: field, init: random.below(2) }];
  world.pools.push({ name: 'vma', count, typesafe, nLive, fields });
  world.field = field;
  world.pointer = addPlace(
    world, { name: 'p', ...guards(world, null) }, { lo: 0, hi: count, init: nLive },
  );
}

export function randomWorld(random: Random): World {
  const world: World = {
    random, theme: random.pick(['mixed', 'locks', 'objects'] as const),
    cells: [], places: [], pools: [], classes: [], locks: [], names: [], orders: [],
    ints: [], array: null, field: null, pointer: null, sites: 5000,
  };
  addLocks(world);
  addVariables(world);
  addPool(world);
  if (world.classes.length > 1 && random.chance(60)) {
    const outer = random.below(world.classes.length);
    const inner = random.below(world.classes.length);
    if (outer !== inner) world.orders.push({ outer, inner });
  }
  return world;
}

export const accessTo = (
  world: World, place: number, where: { ref?: Expr; index?: Expr } = {},
): Access => ({
  place, ref: where.ref ?? null, index: where.index ?? null, marked: world.random.chance(35),
  site: world.sites++,
});

export const sharedPart = (world: World): Omit<Program, 'threads' | 'properties'> => ({
  cells: world.cells, places: world.places, pools: world.pools, classes: world.classes,
  locks: world.locks, orders: world.orders, nRegs: N_REGS,
});
