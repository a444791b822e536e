// Objects put in order as WebAssembly: as in reduction/heap.ts, with the orders packed into four
// bits for each object.
import { FREED, LIVE, PENDING, UNUSED } from '../objects.ts';
import type { Slot } from '../layout.ts';
import { blockOf, type Heap, type HeapPool, type RefSlot } from '../reduction/heap.ts';
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import { bitsOf, KEY_BITS, putBack, runsOf, takeKeys } from './runs.ts';
import {
  cases, NO_LABEL, quietUnit, readSlot, slotIs, writeConstant, writeSlot, type Plan, type Unit,
} from './unit.ts';

/** Of one pool; i64 locals. */
interface Order {
  /** Four bits for each ref: the new one. */
  readonly renamed: number;
  /** Four bits for each new ref: the old one. */
  readonly from: number;
  /** The objects numbered so far; those of them that refs name; whose fields were gone through. */
  readonly count: number;
  readonly named: number;
  readonly seen: number;
}

interface Tidying {
  readonly u: Unit;
  readonly code: Code;
  readonly heap: Heap;
  readonly orders: readonly Order[];
  /** For use here. */
  readonly ref: number;
  readonly at: number;
}

/** The new ref of each in four bits, where every object keeps its number. */
const SAME = Array.from({ length: 15 }, (_, ref) => BigInt(ref) << BigInt(4 * ref))
  .reduce((all, it) => all | it);

/** Address of the words in: puts the objects of the state there in order. */
export function emitTidyHeap(plan: Plan, heap: Heap): Code {
  const code = new Code([I32], []);
  const words = Array.from({ length: plan.nWords }, () => code.local(I64));
  const u = quietUnit(plan, { code, words, regs: [], cut: NO_LABEL });
  const orders = heap.pools.map((): Order => ({
    renamed: code.local(I64), from: code.local(I64), count: code.local(I64),
    named: code.local(I64), seen: code.local(I64),
  }));
  const h: Tidying = { u, code, heap, orders, ref: code.local(I64), at: code.local(I64) };
  words.forEach((word, k) => code.get(0).memory(OP.i64Load, 8 * k).set(word));
  for (const { renamed } of orders) code.i64(15).set(renamed); // null has its number
  for (const root of heap.roots) visit(h, root);
  visitFields(h);
  heap.pools.forEach((pool, p) => {
    code.get(orders[p]!.count).set(orders[p]!.named);
    numberOthers(h, pool, orders[p]!);
  });
  const changed = code.local(I32);
  for (const order of orders) isMoved(code, order);
  for (let p = 1; p < orders.length; p++) code.op(OP.i32Or);
  code.tee(changed).if(() => move(h));
  heap.pools.forEach((pool, p) => blankOthers(h, { pool, order: orders[p]!, changed }));
  code.get(changed).if(() => {
    words.forEach((word, k) => code.get(0).get(word).memory(OP.i64Store, 8 * k));
  });
  return code;
}

function visit(h: Tidying, { slot, to }: RefSlot): void {
  readSlot(h.u, slot);
  number(h, h.orders[to]!);
}

/** Takes an i64, a ref: it gets the next number, unless it has one. */
function number({ code, ref, at }: Tidying, { renamed, from, count }: Order): void {
  code.tee(ref).i64(2).op(OP.i64Shl).set(at);
  code.get(renamed).get(at).op(OP.i64ShrU).i64(15).op(OP.i64And).op(OP.i64Eqz).if(() => {
    code.get(count).i64(1).op(OP.i64Add).tee(count).get(at).op(OP.i64Shl);
    code.get(renamed).op(OP.i64Or).set(renamed);
    code.get(ref).get(count).i64(2).op(OP.i64Shl).op(OP.i64Shl);
    code.get(from).op(OP.i64Or).set(from);
  });
}

/** Leaves the four bits of the packed order for the ref in the local. */
function entry(code: Code, order: number, ref: number): Code {
  code.get(order).get(ref).i64(2).op(OP.i64Shl).op(OP.i64ShrU);
  return code.i64(15).op(OP.i64And);
}

function visitFields(h: Tidying): void {
  const { code, heap, orders } = h;
  const inside = [...heap.pools.keys()].filter((p) => heap.pools[p]!.refs[0]!.length > 0);
  if (inside.length === 0) return;
  code.loop('round', (again) => {
    for (const p of inside) visitIn(h, heap.pools[p]!, orders[p]!);
    if (inside.length === 1) return;
    code.i32(0);
    for (const p of inside) {
      code.get(orders[p]!.seen).get(orders[p]!.count).op(OP.i64LtU).op(OP.i32Or);
    }
    code.brIf(again);
  });
}

function visitIn(h: Tidying, { refs }: HeapPool, { from, count, seen }: Order): void {
  const { code, u } = h;
  code.block('done', (done: Label) => code.loop('object', (next) => {
    code.get(seen).get(count).op(OP.i64Eq).brIf(done);
    code.get(seen).i64(1).op(OP.i64Add).set(seen);
    entry(code, from, seen).op(OP.i32WrapI64).i32(1).op(OP.i32Sub);
    cases(u, refs.length, (i) => { for (const ref of refs[i]!) visit(h, ref); });
    code.br(next);
  }));
}

function numberOthers(h: Tidying, { status, typesafe }: HeapPool, order: Order): void {
  const { code, u } = h;
  for (const sort of typesafe ? [LIVE, PENDING, FREED] : [UNUSED]) {
    status.forEach((slot, i) => {
      slotIs(u, slot, sort);
      if (!typesafe) code.op(OP.i32Eqz);
      code.if(() => {
        code.i64(i + 1);
        number(h, order);
      });
    });
  }
  code.get(order.renamed).i64(~15n).op(OP.i64And).set(order.renamed);
}

/** Leaves an i32: 1 where some object gets another number. */
function isMoved(code: Code, { from, count }: Order): void {
  code.i64(16).get(count).i64(2).op(OP.i64Shl).op(OP.i64Shl).i64(1).op(OP.i64Sub);
  code.i64(SAME).op(OP.i64And).get(from).op(OP.i64Ne);
}

function move(h: Tidying): void {
  const { heap, orders } = h;
  for (const root of heap.roots) rename(h, root);
  for (const { refs } of heap.pools) for (const ref of refs.flat()) rename(h, ref);
  heap.pools.forEach((pool, p) => {
    for (const blocks of partsOf(h, pool)) moveParts(h, blocks, orders[p]!);
  });
}

function rename({ u, code, orders, ref }: Tidying, { slot, to }: RefSlot): void {
  readSlot(u, slot);
  code.set(ref);
  entry(code, orders[to]!.renamed, ref);
  writeSlot(u, slot);
}

/** The objects' slots, in step, in parts that fit a key. */
function partsOf({ u }: Tidying, pool: HeapPool): readonly (readonly (readonly Slot[])[])[] {
  const { layout } = u.plan;
  const blocks = pool.status.map((_, i) => blockOf(pool, i));
  const parts: number[][] = [];
  let room = 0;
  blocks[0]!.forEach((slot, n) => {
    const bits = bitsOf(layout, slot);
    if (bits === 0) return;
    if (bits > room) {
      parts.push([]);
      room = KEY_BITS;
    }
    parts.at(-1)!.push(n);
    room -= bits;
  });
  return parts.map((part) => blocks.map((slots) => part.map((n) => slots[n]!)));
}

function moveParts(
  h: Tidying, blocks: readonly (readonly Slot[])[], { from }: Order,
): void {
  const { code, u: { words, plan }, at } = h;
  const runs = runsOf(plan.layout, blocks);
  const before = takeKeys(code, { runs, words });
  const keys = before.map((own, i) => {
    const key = code.local(I64);
    code.get(own).set(key);
    code.get(from).i64(4 * (i + 1)).op(OP.i64ShrU).i64(15).op(OP.i64And).set(at);
    before.forEach((other, j) => {
      if (j !== i) {
        code.get(other).get(key).get(at).i64(j + 1).op(OP.i64Eq).op(OP.select).set(key);
      }
    });
    return key;
  });
  for (const run of runs) putBack(code, { run, keys, words });
}

/** Nothing is kept of those that no ref names but, of a typesafe pool, whether they can be had. */
function blankOthers(
  { u, code, heap }: Tidying, of: { pool: HeapPool; order: Order; changed: number },
): void {
  const { pool: { status, grace, fields, typesafe }, order: { named, count }, changed } = of;
  code.get(named).get(count).op(OP.i64Ne).if(() => {
    code.i32(1).set(changed);
    status.forEach((own, i) => {
      code.i64(i + 1).get(named).op(OP.i64GtU).i64(i + 1).get(count).op(OP.i64GtU);
      code.op(OP.i32GtU).if(() => {
        for (const slot of fields[i]!) writeConstant(u, slot, heap.blank[slot]!);
        if (typesafe) return;
        writeConstant(u, own, FREED);
        for (const slot of grace[i]!) writeConstant(u, slot, 0);
      });
    });
  });
}
