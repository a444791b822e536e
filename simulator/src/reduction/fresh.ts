// Objects that only the thread that allocated them can name, as long as it has not let go of a ref
// to them: worked out from its own code alone, by forward data flow.
import type { CellIdx, Expr, Instr, Pc, PoolIdx, Program, Thread } from '../program.ts';
import { successors } from './flow.ts';
import { localsOf } from './live.ts';
import { beginsThere, refsOf, type Refs } from './refs.ts';

export interface Fresh {
  /**
   * By pool: no slot is handed out twice, and a ref is to an object that was allocated, so nobody
   * looks into one that was not.
   */
  readonly isOnce: readonly boolean[];
  /** By thread, by pc: locals that, before the instruction, are null or name such an object. */
  readonly owned: readonly (readonly ReadonlySet<CellIdx>[])[];
}

/** What such locals name: as bits, the pcs that may have allocated it. Of null there are none. */
type Owned = ReadonlyMap<CellIdx, bigint>;

interface Scope {
  readonly code: readonly Instr[];
  /** The thread's locals with refs to objects of such pools. */
  readonly locals: ReadonlySet<CellIdx>;
}

export function freshOf(program: Program): Fresh {
  const { pools, threads } = program;
  if (pools.length === 0) {
    return { isOnce: [], owned: threads.map(({ code }) => code.map(noneOwned)) };
  }
  const refs = refsOf(program);
  const isOnce = pools.map(({ typesafe }, pool) =>
    !typesafe && refs.opaque[pool]! && beginsThere(program, refs, pool));
  const locals = localsOf(program);
  return {
    isOnce, owned: threads.map((thread, t) => ownedIn(program, thread, {
      code: thread.code, locals: new Set(locals[t]!.filter((cell) => isOf(refs, isOnce, cell))),
    })),
  };
}

const NONE: ReadonlySet<CellIdx> = new Set();
const noneOwned = (): ReadonlySet<CellIdx> => NONE;

function isOf({ poolOf }: Refs, pools: readonly boolean[], cell: CellIdx): boolean {
  const pool: PoolIdx | null = poolOf[cell]!;
  return pool !== null && pools[pool]!;
}

function ownedIn(
  program: Program, { code, entry }: Thread, scope: Scope,
): readonly ReadonlySet<CellIdx>[] {
  if (scope.locals.size === 0) return code.map(noneOwned);
  const states: (Owned | undefined)[] = code.map(() => undefined);
  const atFirst = [...scope.locals].filter((cell) => program.cells[cell]!.init === 0);
  states[entry] = new Map(atFirst.map((cell) => [cell, 0n]));
  const pending = [entry];
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    const after = afterInstr(scope, pc, states[pc]!);
    for (const to of successors(code[pc]!)) {
      const merged = meet(states[to], after);
      if (merged === states[to]) continue;
      states[to] = merged;
      pending.push(to);
    }
  }
  return states.map((state) => new Set(state?.keys()));
}

/** What is owned on both ways; the first itself where the second changes nothing. */
function meet(known: Owned | undefined, more: Owned): Owned {
  if (known === undefined) return more;
  const both = new Map<CellIdx, bigint>();
  let isSame = true;
  for (const [cell, by] of known) {
    const other = more.get(cell);
    if (other !== undefined) both.set(cell, by | other);
    isSame &&= both.get(cell) === by;
  }
  return isSame ? known : both;
}

function afterInstr({ code, locals }: Scope, pc: Pc, before: Owned): Owned {
  const instr = code[pc]!;
  const owned = new Map(before);
  /** Someone else may come upon what the expression names. */
  const letGo = (expr: Expr): void => {
    const by = expr.kind === 'local' ? owned.get(expr.cell) : undefined;
    if (by === undefined) return;
    for (const [cell, other] of [...owned]) if ((by & other) !== 0n) owned.delete(cell);
  };
  const into = (cell: CellIdx, by: bigint | undefined): void => {
    if (by === undefined) owned.delete(cell);
    else owned.set(cell, by);
  };
  switch (instr.op) {
    case 'set': {
      const { target, value } = instr;
      if (target.kind !== 'local' || !locals.has(target.cell)) letGo(value);
      else into(target.cell, value.kind === 'local' ? owned.get(value.cell) : nullOf(value));
      return owned;
    }
    case 'cmpxchg': letGo(instr.value); return owned;
    case 'free': letGo(instr.value); return owned;
    case 'new':
      for (const { value } of instr.inits) letGo(value);
      if (instr.target.kind === 'local' && locals.has(instr.target.cell)) {
        owned.set(instr.target.cell, 1n << BigInt(pc));
      }
      return owned;
    default:
      // The others pass no refs on; `any` gives none.
      return before;
  }
}

const nullOf = (value: Expr): bigint | undefined =>
  (value.kind === 'const' && value.value === 0 ? 0n : undefined);
