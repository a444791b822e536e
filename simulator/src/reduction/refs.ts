// Which values are refs, and to which pool: worked out from what flows where. What a ref can be
// used for decides whether the objects of its pool can be told apart by it.
import { locksOf } from '../layout.ts';
import type {
  Access, CellIdx, Expr, Guard, Instr, LockRef, PoolIdx, Program, Target,
} from '../program.ts';
import { operandsOf } from './reads.ts';

export interface Refs {
  /** By cell: the pool to whose objects its values are refs; null: to none, or none for certain. */
  readonly poolOf: readonly (PoolIdx | null)[];
  /**
   * By pool: its refs only name objects, come from another ref or from `new`, and are compared with
   * `null` and each other: nothing says which object it is.
   */
  readonly opaque: readonly boolean[];
}

/** A kind of values: all that may flow into one another or be compared is of one kind. */
type Kind = number;

/** Kinds under way; each begins as its own, and those that are joined have one root. */
interface Kinds {
  readonly program: Program;
  readonly parent: Kind[];
  /** Of registers: those of a thread, or of a property, are its own. */
  scope: number;
  /** Of the object that a guard is asked about. */
  self: Kind;
}

export function refsOf(program: Program): Refs {
  const { cells, pools, threads, properties, nRegs } = program;
  const nKinds = 1 + cells.length + pools.length + (threads.length + properties.length) * nRegs;
  const kinds: Kinds = {
    program, parent: Array.from({ length: nKinds }, (_, kind) => kind), scope: 0, self: NUMBER,
  };
  joinPlaces(kinds);
  threads.forEach(({ code }, t) => {
    kinds.scope = t;
    for (const instr of code) joinInstr(kinds, instr);
  });
  properties.forEach(({ expr }, i) => {
    kinds.scope = threads.length + i;
    join(kinds, kindOf(kinds, expr), NUMBER);
  });
  const roots = pools.map((_, pool) => rootOf(kinds, poolKind(kinds, pool)));
  const isNumber = rootOf(kinds, NUMBER);
  const opaque = roots.map((root, pool) =>
    root !== isNumber && roots.indexOf(root) === pool && roots.lastIndexOf(root) === pool);
  const poolOf = cells.map((_, cell) => {
    const pool = roots.indexOf(rootOf(kinds, cellKind(cell)));
    return pool !== -1 && opaque[pool] === true ? pool : null;
  });
  return { poolOf, opaque };
}

const NUMBER: Kind = 0;
const cellKind = (cell: CellIdx): Kind => 1 + cell;
const poolKind = ({ program }: Kinds, pool: PoolIdx): Kind => 1 + program.cells.length + pool;
const regKind = ({ program, scope }: Kinds, reg: number): Kind =>
  1 + program.cells.length + program.pools.length + scope * program.nRegs + reg;

function rootOf({ parent }: Kinds, kind: Kind): Kind {
  let root = kind;
  while (parent[root] !== root) root = parent[root]!;
  parent[kind] = root;
  return root;
}

/** null: `null`, which is of every kind. */
function join(kinds: Kinds, a: Kind | null, b: Kind | null): void {
  if (a !== null && b !== null) kinds.parent[rootOf(kinds, a)] = rootOf(kinds, b);
}

function joinPlaces(kinds: Kinds): void {
  const { places, pools } = kinds.program;
  for (const { base, count, pool, readGuard, writeGuard } of places) {
    for (let i = 1; i < count; i++) join(kinds, cellKind(base), cellKind(base + i));
    kinds.self = pool === null ? NUMBER : poolKind(kinds, pool);
    for (const guard of [readGuard, writeGuard]) if (guard !== null) joinGuard(kinds, guard);
  }
  for (const { fields } of pools) {
    for (const { place, init } of fields) {
      if (init !== 0) join(kinds, placeKind(kinds, place), NUMBER);
    }
  }
}

const placeKind = ({ program }: Kinds, place: number): Kind =>
  cellKind(program.places[place]!.base);

function joinGuard(kinds: Kinds, guard: Guard): void {
  if (guard.kind === 'rcu') return;
  if (guard.kind === 'lock') return joinLock(kinds, guard.lock);
  joinGuard(kinds, guard.left);
  joinGuard(kinds, guard.right);
}

/** The kind of the expression's value; what is inside it is joined. */
function kindOf(kinds: Kinds, expr: Expr): Kind | null {
  switch (expr.kind) {
    case 'const': return expr.value === 0 ? null : NUMBER;
    case 'local': return cellKind(expr.cell);
    case 'reg': return regKind(kinds, expr.reg);
    case 'self_ref': return kinds.self;
    case 'load': return joinAccess(kinds, expr.access);
    case 'one_of': return joinAll(kinds, [expr.value, ...expr.items]);
    case 'binary': {
      const { op, left, right } = expr;
      return op === '==' || op === '!=' ? joinAll(kinds, [left, right]) : ofNumbers(kinds, expr);
    }
    case 'held': case 'holds': joinLock(kinds, expr.lock); return NUMBER;
    case 'quantifier':
      join(kinds, regKind(kinds, expr.reg), NUMBER);
      return ofNumbers(kinds, expr);
    default:
      // The others have to do with numbers alone.
      return ofNumbers(kinds, expr);
  }
}

function ofNumbers(kinds: Kinds, expr: Expr): Kind {
  for (const operand of operandsOf(expr)) join(kinds, kindOf(kinds, operand), NUMBER);
  return NUMBER;
}

/** They are compared with each other; whether they are equal is a number. */
function joinAll(kinds: Kinds, all: readonly Expr[]): Kind {
  const found = all.map((expr) => kindOf(kinds, expr)).filter((kind) => kind !== null);
  for (const kind of found) join(kinds, kind, found[0]!);
  return NUMBER;
}

/** An object named by its number, or without being named, is told from the others. */
function joinAccess(kinds: Kinds, { place, ref, index }: Access): Kind {
  const { pool } = kinds.program.places[place]!;
  if (index !== null) join(kinds, kindOf(kinds, index), NUMBER);
  if (pool !== null) join(kinds, poolKind(kinds, pool), ref === null ? NUMBER : kindOf(kinds, ref));
  return placeKind(kinds, place);
}

function joinLock(kinds: Kinds, lock: LockRef): void {
  const { locks } = kinds.program;
  if (lock.index !== null) join(kinds, kindOf(kinds, lock.index), NUMBER);
  for (const of of locksOf(kinds.program, lock)) {
    const { object } = locks[of]!;
    if (object === null) continue;
    const by = lock.ref === null ? NUMBER : kindOf(kinds, lock.ref);
    join(kinds, poolKind(kinds, object.pool), by);
  }
}

function targetKind(kinds: Kinds, target: Target): Kind {
  if (target.kind === 'reg') return regKind(kinds, target.reg);
  return target.kind === 'local' ? cellKind(target.cell) : joinAccess(kinds, target.access);
}

function joinInstr(kinds: Kinds, instr: Instr): void {
  const isA = (expr: Expr, kind: Kind): void => join(kinds, kindOf(kinds, expr), kind);
  switch (instr.op) {
    case 'set': return isA(instr.value, targetKind(kinds, instr.target));
    case 'any':
      join(kinds, targetKind(kinds, instr.target), NUMBER);
      isA(instr.lo, NUMBER);
      return isA(instr.hi, NUMBER);
    case 'branch': case 'await': case 'assert': return isA(instr.cond, NUMBER);
    case 'acquire': case 'try': case 'release': case 'downgrade':
      joinLock(kinds, instr.lock);
      if (instr.op === 'try') join(kinds, regKind(kinds, instr.result), NUMBER);
      return;
    case 'cmpxchg': {
      const place = joinAccess(kinds, instr.access);
      isA(instr.old, place);
      isA(instr.value, place);
      return join(kinds, regKind(kinds, instr.result), NUMBER);
    }
    case 'new':
      join(kinds, targetKind(kinds, instr.target), poolKind(kinds, instr.pool));
      for (const { place, value } of instr.inits) isA(value, placeKind(kinds, place));
      return;
    case 'free': return isA(instr.value, poolKind(kinds, instr.pool));
    default:
      // The others have no values.
      return;
  }
}

/** Whether the pool's refs are at first all to objects that are there, and so always will be. */
export function beginsThere(program: Program, { poolOf }: Refs, pool: PoolIdx): boolean {
  return program.cells.every(({ init }, cell) =>
    poolOf[cell] !== pool || (init >= 0 && init <= mostAtFirst(program, pool, cell)));
}

/** The highest ref that the cell may have at first; in an object that is not there, none. */
function mostAtFirst({ pools, places }: Program, to: PoolIdx, cell: CellIdx): number {
  const isUnused = places.some(({ pool, base, count }) =>
    pool !== null && cell >= base + pools[pool]!.nLive && cell < base + count);
  return isUnused ? 0 : pools[to]!.nLive;
}
