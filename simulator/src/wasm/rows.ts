// Sleep sets (see sleep.ts) for code that is kept from program to program: which steps commute is
// said in memory. Every step has a row: by thread, where that one may stand to sleep behind it. A
// state is filed with the row of the step that led to it; the first row is that of no step.
import { restBase } from '../facts.ts';
import type { Layout } from '../layout.ts';
import type { ThreadIdx } from '../program.ts';
import type { Commuting } from '../reduction/commuting.ts';
import { OP } from './assembler.ts';
import { GLOBALS } from './memory.ts';
import { nRests } from './sightings.ts';
import type { Unit } from './unit.ts';

/** More would not stay in a processor's first caches. */
const MAX_ROWS_BYTES = 2 ** 17;
/** The set of a thread that has more places than it has bits is empty. */
const SET_BYTES = 8;

const rowBytes = (layout: Layout): number => SET_BYTES * layout.rests.length;

/** Bytes of all rows; 0: there would be too many, nobody sleeps. */
export function rowsBytes(layout: Layout): number {
  const bytes = rowBytes(layout) * (1 + nRests(layout));
  return bytes > MAX_ROWS_BYTES ? 0 : bytes;
}

/** Where the row lies, from the first. */
const rowOf = (layout: Layout, t: ThreadIdx, rest: number): number =>
  rowBytes(layout) * (1 + restBase(layout, t) + rest);

/** Leaves an i32: the row of the step of the unit's thread from `rest`, an i32 local. */
export function rowOfStep({ code, self, plan: { layout, rowsAt } }: Unit, rest: number): void {
  if (rowsAt === null) code.i32(0);
  else {
    code.get(rest).i32(rowBytes(layout)).op(OP.i32Mul).i32(rowOf(layout, self, 0)).op(OP.i32Add);
  }
}

/** Leaves an i32: 1 where it sleeps in the state that is expanded. */
export function sleepsItself({ code, self, plan: { rowsAt } }: Unit, rest: number): void {
  if (rowsAt === null) {
    code.i32(0);
    return;
  }
  code.getGlobal(GLOBALS.creator).memory(OP.i64Load, rowsAt + SET_BYTES * self);
  code.get(rest).op(OP.i64ExtendI32U).op(OP.i64ShrU).op(OP.i32WrapI64).i32(1).op(OP.i32And);
}

/**
 * Writes the rows into memory, where they begin at `rowsAt`: the steps that always commute. Before
 * they are 0: nobody sleeps.
 */
export function fillRows(
  buffer: ArrayBuffer, commuting: Commuting, at: { layout: Layout; rowsAt: number },
): void {
  const { layout, rowsAt } = at;
  const rows = new BigUint64Array(buffer, rowsAt, rowsBytes(layout) / SET_BYTES);
  commuting.forEach((rests, t) => rests.forEach((sets, rest) =>
    rows.set(sets.map(({ always }) => always), rowOf(layout, t, rest) / SET_BYTES)));
}
