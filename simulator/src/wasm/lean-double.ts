// A lean table doubled in place: the slots behind it are empty already. Each cluster is taken up
// from its beginning, so that what is put back finds its place among those before it; what would
// wrap round to the front waits until all else is done.
import { Code, I32, I64, OP } from './assembler.ts';
import { BATCH, GLOBALS, STASH } from './memory.ts';
import { slotAddress, slotValue, type Quotient } from './quotient.ts';

/** The locals of the function. */
interface Locals {
  readonly oldMask: number;
  readonly oldBits: number;
  readonly slot: number;
  readonly left: number;
  readonly x: number;
  readonly content: number;
  readonly to: number;
  readonly value: number;
  readonly late: number;
}

/** Nothing in, nothing out; the globals say the new size afterwards. */
export function emitDouble(q: Quotient, insert: number): Code {
  const code = new Code([], []);
  const type = q.slotBytes === 8 ? I64 : I32;
  const l: Locals = {
    oldMask: code.local(I32), oldBits: code.local(I32), slot: code.local(I32),
    left: code.local(I32), x: code.local(I64), content: code.local(type), to: code.local(I32),
    value: code.local(type), late: code.local(I32),
  };
  code.getGlobal(GLOBALS.slotsMask).set(l.oldMask).getGlobal(GLOBALS.tableBits).set(l.oldBits);
  findEmpty(code, q, l);
  code.getGlobal(GLOBALS.tableBits).i32(1).op(OP.i32Add).setGlobal(GLOBALS.tableBits);
  code.get(l.oldMask).i32(1).op(OP.i32Shl).i32(1).op(OP.i32Or).setGlobal(GLOBALS.slotsMask);
  code.i32(BATCH.start).set(l.late).get(l.oldMask).i32(1).op(OP.i32Add).set(l.left);
  code.loop('slot', (next) => {
    code.get(l.slot).i32(1).op(OP.i32Add).get(l.oldMask).op(OP.i32And).set(l.slot);
    slotAddress(code, q, l.slot);
    load(code, q);
    code.tee(l.content);
    isZero(code, q);
    code.op(OP.i32Eqz).if(() => move(code, q, l));
    code.get(l.left).i32(1).op(OP.i32Sub).tee(l.left).brIf(next);
  });
  code.i32(BATCH.start).set(l.to);
  code.block('done', (done) => code.loop('late', (next) => {
    code.get(l.to).get(l.late).op(OP.i32GeU).brIf(done);
    code.get(l.to).memory(OP.i64Load).call(insert).op(OP.drop);
    code.get(l.to).i32(8).op(OP.i32Add).set(l.to).br(next);
  }));
  unstash(code, l, insert);
  return code;
}

/** What could not be said in the old slots is entered anew, or stashed again behind the reader. */
function unstash(code: Code, l: Locals, insert: number): void {
  code.getGlobal(GLOBALS.stashEnd).set(l.late);
  code.i32(STASH.start).tee(l.to).setGlobal(GLOBALS.stashEnd);
  code.block('done', (done) => code.loop('stashed', (next) => {
    code.get(l.to).get(l.late).op(OP.i32GeU).brIf(done);
    code.get(l.to).memory(OP.i64Load).call(insert).op(OP.drop);
    code.get(l.to).i32(8).op(OP.i32Add).set(l.to).br(next);
  }));
}

const load = (code: Code, q: Quotient): void => {
  code.memory(q.slotBytes === 8 ? OP.i64Load : OP.i32Load);
};
const isZero = (code: Code, q: Quotient): void => {
  code.op(q.slotBytes === 8 ? OP.i64Eqz : OP.i32Eqz);
};

function findEmpty(code: Code, q: Quotient, l: Locals): void {
  code.loop('empty', (next) => {
    slotAddress(code, q, l.slot);
    load(code, q);
    isZero(code, q);
    code.op(OP.i32Eqz).if(() => {
      code.get(l.slot).i32(1).op(OP.i32Add).set(l.slot).br(next);
    });
  });
}

/** Takes the slot's number out and puts it where it belongs now. */
function move(code: Code, q: Quotient, l: Locals): void {
  slotAddress(code, q, l.slot);
  if (q.slotBytes === 8) code.i64(0).memory(OP.i64Store);
  else code.i32(0).memory(OP.i32Store);
  numberOf(code, q, l);
  code.get(l.x).op(OP.i32WrapI64).getGlobal(GLOBALS.slotsMask).op(OP.i32And).set(l.to);
  slotValue(code, q, l.x);
  code.set(l.value);
  code.block('placed', (placed) => code.loop('probe', (probe) => {
    code.get(l.to).getGlobal(GLOBALS.slotsMask).op(OP.i32GtU).if(() => {
      code.get(l.late).get(l.x).memory(OP.i64Store);
      code.get(l.late).i32(8).op(OP.i32Add).set(l.late).br(placed);
    });
    slotAddress(code, q, l.to);
    load(code, q);
    isZero(code, q);
    code.if(() => {
      slotAddress(code, q, l.to);
      code.get(l.value).memory(q.slotBytes === 8 ? OP.i64Store : OP.i32Store).br(placed);
    });
    code.get(l.to).i32(1).op(OP.i32Add).set(l.to);
    if (q.slotBytes === 4) code.get(l.value).i32(1).op(OP.i32Add).set(l.value);
    code.br(probe);
  }));
}

/** From what the slot held (in a table of the old size) to the number, in `x`. */
function numberOf(code: Code, q: Quotient, l: Locals): void {
  if (q.slotBytes === 8) {
    code.get(l.content).i64(1).op(OP.i64Sub).set(l.x);
    return;
  }
  const bits = (): void => { code.get(l.oldBits).i32(32 - q.bits).op(OP.i32Add); };
  code.get(l.slot).get(l.content).i32(1);
  bits();
  code.op(OP.i32Shl).i32(1).op(OP.i32Sub).op(OP.i32And).i32(1).op(OP.i32Sub);
  code.op(OP.i32Sub).get(l.oldMask).op(OP.i32And).op(OP.i64ExtendI32U);
  code.get(l.content);
  bits();
  code.op(OP.i32ShrU).op(OP.i64ExtendI32U).get(l.oldBits).op(OP.i64ExtendI32U).op(OP.i64Shl);
  code.op(OP.i64Or).set(l.x);
}
