// Reductions as WebAssembly: of like threads' states the sorted one; and the thread whose step may
// stand for all. The tables are those of the reduction folder.
import type { AmpleTable } from '../reduction/ample.ts';
import type { ClassSlots } from '../reduction/canonical.ts';
import { Code, I32, I64, OP } from './assembler.ts';
import { bitsOf, KEY_BITS, putBack, runsOf, takeKeys, type Run } from './runs.ts';
import {
  bitOf, cases, NO_LABEL, quietUnit, readRest, type Plan, type Unit,
} from './unit.ts';

/** The members' parts as keys; null where they are longer than those, or not separate. */
function keysOf({ layout }: Plan, { blocks, waits, nLate }: ClassSlots): readonly Run[] | null {
  if (waits !== null) return null;
  const bits = blocks[0]!.reduce((sum, slot) => sum + bitsOf(layout, slot), 0);
  if (bits === 0 || bits > KEY_BITS) return null;
  // what tells of objects by number decides last: its bits are the lowest
  return runsOf(layout, blocks.map((slots) => {
    const nFirst = slots.length - nLate;
    return [...slots.slice(nFirst), ...slots.slice(0, nFirst)];
  }));
}

/**
 * Address of the words in: sorts the members of each class there. null: there is nothing to do.
 * `tidy`: the function that puts objects in order, before and, if threads changed places, after.
 */
export function emitCanonical(
  plan: Plan, classes: readonly ClassSlots[], tidy: number | null,
): Code | null {
  const all = classes.map((members) => keysOf(plan, members)).filter((runs) => runs !== null);
  if (all.length === 0) return null;
  const code = new Code([I32], []);
  if (tidy !== null) code.get(0).call(tidy);
  const words = Array.from({ length: plan.nWords }, () => code.local(I64));
  const changed = code.local(I32);
  words.forEach((word, k) => code.get(0).memory(OP.i64Load, 8 * k).set(word));
  for (const runs of all) sortMembers(code, { runs, words, changed });
  code.get(changed).if(() => {
    words.forEach((word, k) => code.get(0).get(word).memory(OP.i64Store, 8 * k));
    if (tidy !== null) code.get(0).call(tidy);
  });
  return code;
}

function sortMembers(
  code: Code, of: { runs: readonly Run[]; words: readonly number[]; changed: number },
): void {
  const { runs, words, changed } = of;
  const keys = takeKeys(code, { runs, words });
  code.i32(0);
  for (let i = 0; i + 1 < keys.length; i++) {
    code.get(keys[i]!).get(keys[i + 1]!).op(OP.i64GtU).op(OP.i32Or);
  }
  code.if(() => {
    sortKeys(code, keys);
    for (const run of runs) putBack(code, { run, keys, words });
    code.i32(1).set(changed);
  });
}

/** Neighbours exchanged until all are in order. */
function sortKeys(code: Code, keys: readonly number[]): void {
  const greater = code.local(I64);
  for (let end = keys.length - 1; end > 0; end--) {
    for (let i = 0; i < end; i++) {
      const [a, b] = [keys[i]!, keys[i + 1]!];
      const outOfOrder = (): void => { code.get(a).get(b).op(OP.i64GtU); };
      code.get(a).get(b);
      outOfOrder();
      code.op(OP.select).set(greater);
      code.get(b).get(a);
      outOfOrder();
      code.op(OP.select).set(a).get(greater).set(b);
    }
  }
}

/** Words in, the thread out whose step may stand for all if it moves and goes on; else -1. */
export function emitPick(plan: Plan, ample: AmpleTable): Code {
  const words = Array.from({ length: plan.nWords }, (_, k) => k);
  const code = new Code(words.map(() => I64), [I32]);
  const { layout } = plan;
  const u = quietUnit(plan, { code, words, regs: [], cut: NO_LABEL });
  const rests = layout.rests.map((_, t) => {
    const local = code.local(I32);
    readRest(u, t);
    code.set(local);
    return local;
  });
  // first those that surely move: of the others it is seen only when they are taken
  for (const mayBlock of [false, true]) {
    ample.rows.forEach((rows, t) => {
      const isOffered = (rest: number): boolean => rows[rest] !== undefined
        && rows[rest] !== null && ample.effects[t]![rest]!.mayBlock === mayBlock;
      if (!rows.some((_, rest) => isOffered(rest))) return;
      code.get(rests[t]!);
      cases(u, rows.length + 2, (rest) => {
        if (isOffered(rest)) offer(u, { t, row: rows[rest]!, rests });
      });
    });
  }
  return code.i32(-1);
}

/** Returns thread t where no other stands at a place of its row. `rests`: locals, by thread. */
function offer(
  u: Unit, of: { t: number; row: readonly Int32Array[]; rests: readonly number[] },
): void {
  const { code } = u;
  const { t, row, rests } = of;
  code.i32(0);
  row.forEach((bars, v) => {
    const barred = membersOf(bars);
    if (v === t || barred.size === 0) return;
    code.get(rests[v]!);
    bitOf(u, barred);
    code.op(OP.i32Or);
  });
  code.op(OP.i32Eqz).if(() => code.i32(t).op(OP.return));
}

function membersOf(words: Int32Array): Set<number> {
  const found = new Set<number>();
  words.forEach((word, i) => {
    for (let bit = 0; bit < 32; bit++) if (((word >>> bit) & 1) !== 0) found.add(32 * i + bit);
  });
  return found;
}
