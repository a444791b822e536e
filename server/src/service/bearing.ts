// Which parts of a program bear on its verdict, in which order, and what each cell can hold. The
// rest stays as it is in every state: leaving it out changes no count, no outcome and no fact.
import type {
  Access, CellIdx, ClassIdx, Expr, LockIdx, LockRef, PlaceIdx, PoolIdx, Program,
} from '../../../simulator/src/program.ts';
import { locksIn, operandsIn, operandsOf, placing, type Operand } from '../analysis/operands.ts';
import { unreachable } from '../text/unreachable.ts';

/** Indices of the program. Places and pools by first use, so that moving one changes nothing. */
export interface Bearing {
  readonly cells: readonly CellIdx[];
  readonly places: readonly PlaceIdx[];
  readonly pools: readonly PoolIdx[];
  /** As declared: of several locks the first is the one that a message names. */
  readonly classes: readonly ClassIdx[];
  readonly locks: readonly LockIdx[];
  /** Places whose guard is asked: a property reads without. */
  readonly guarded: Readonly<Record<Side, ReadonlySet<PlaceIdx>>>;
}
type Side = 'read' | 'write';

export function bearingOf(program: Program): Bearing {
  const seen = new Uses(program);
  for (const { code } of program.threads) {
    for (const instr of code) {
      for (const operand of operandsOf(instr)) seen.operand(operand, 'guarded');
      if (instr.op === 'new') for (const init of instr.inits) seen.place(init.place);
      if (instr.op === 'new' || instr.op === 'free') seen.pools.add(instr.pool);
    }
  }
  for (const { expr } of program.properties) seen.expr(expr, 'quiet');
  program.places.forEach((_, place) => {
    if (varies(program, place)) seen.place(place);
  });
  const { places, pools, classes, locals, guarded } = seen;
  return {
    places: [...places], pools: [...pools], guarded,
    cells: [
      ...[...places].flatMap((place) => cellsOf(program, place)),
      ...[...locals].sort((a, b) => a - b),
    ],
    classes: indices(program.classes, (_, cls) => classes.has(cls)),
    locks: indices(program.locks, ({ cls }) => classes.has(cls)),
  };
}

/** Whether guards are asked. */
type Manner = 'guarded' | 'quiet';

class Uses {
  /** In the order of first use. */
  readonly places = new Set<PlaceIdx>();
  readonly pools = new Set<PoolIdx>();
  readonly classes = new Set<ClassIdx>();
  readonly locals = new Set<CellIdx>();
  readonly guarded = { read: new Set<PlaceIdx>(), write: new Set<PlaceIdx>() };
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  operand(operand: Operand, manner: Manner): void {
    switch (operand.kind) {
      case 'value': return this.expr(operand.expr, manner);
      case 'access': return this.#access(operand, manner);
      case 'lock': return this.#lock(operand.lock, manner);
      case 'local':
        this.locals.add(operand.cell);
        return;
      default: return unreachable(operand);
    }
  }

  expr(expr: Expr, manner: Manner): void {
    for (const operand of operandsIn(expr)) this.operand(operand, manner);
  }

  place(index: PlaceIdx): void {
    const place = this.#program.places[index];
    if (place === undefined || this.places.has(index)) return;
    this.places.add(index);
    if (place.pool !== null) this.pools.add(place.pool);
  }

  #access({ access, does }: Extract<Operand, { kind: 'access' }>, manner: Manner): void {
    this.place(access.place);
    if (manner === 'guarded' && does !== 'write') this.#guard('read', access);
    if (manner === 'guarded' && does !== 'read') this.#guard('write', access);
    for (const part of placing(access)) this.expr(part, manner);
  }

  #guard(side: Side, access: Access): void {
    const place = this.#program.places[access.place];
    if (place === undefined || this.guarded[side].has(access.place)) return;
    this.guarded[side].add(access.place);
    const guard = side === 'read' ? place.readGuard : place.writeGuard;
    for (const lock of locksIn(guard)) this.#lock(lock, 'guarded');
  }

  #lock(lock: LockRef, manner: Manner): void {
    const cls = this.#program.locks[lock.base]?.cls;
    if (cls !== undefined) this.classes.add(cls);
    if (lock.pool !== null) this.pools.add(lock.pool);
    for (const part of placing(lock)) this.expr(part, manner);
  }
}

export function cellsOf({ places }: Program, place: PlaceIdx): readonly CellIdx[] {
  const { base, count } = places[place] ?? { base: 0, count: 0 };
  return Array.from({ length: count }, (_, i) => base + i);
}

/** A field that allocation alone changes: an object began with another value than `new` gives. */
function varies(program: Program, place: PlaceIdx): boolean {
  const pool = program.places[place]?.pool ?? null;
  if (pool === null) return false;
  const init = program.pools[pool]?.fields.find((field) => field.place === place)?.init;
  return cellsOf(program, place).some((cell) => program.cells[cell]?.init !== init);
}

function indices<T>(all: readonly T[], keeps: (each: T, i: number) => boolean): readonly number[] {
  return [...all.keys()].filter((i) => {
    const each = all[i];
    return each !== undefined && keeps(each, i);
  });
}
