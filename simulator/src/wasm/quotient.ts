// How a lean search makes a state of one 64-bit word a number, without losing anything: mixed by an
// invertible function (Knuth's quotienting; Cleary 1984). Where it falls in the table says part of
// the number, the slot the rest, so two states are never taken for one.
import { OP, type Code } from './assembler.ts';
import { GLOBALS } from './memory.ts';

export interface Quotient {
  /** Bits used of the word's low half; the others follow in the number. */
  readonly low: number;
  readonly bits: number;
  /** Bytes of a slot: 4 (quotient and displacement) or 8 (the whole number). */
  readonly slotBytes: 4 | 8;
}

const MIX_1 = 0x9e3779b97f4a7c15n;
const MIX_2 = 0xd6e8feb86659fd93n;

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** Takes the state, leaves its number; through the local `x`. */
export function mix(code: Code, q: Quotient, x: number): void {
  const half = Math.ceil(q.bits / 2);
  const fold = (): void => {
    code.get(x).get(x).i64(half).op(OP.i64ShrU).op(OP.i64Xor);
  };
  code.set(x);
  code.get(x).i64(ones(q.low)).op(OP.i64And);
  if (q.bits > q.low) {
    code.get(x).i64(32).op(OP.i64ShrU).i64(q.low).op(OP.i64Shl).op(OP.i64Or);
  }
  code.set(x);
  for (const factor of [MIX_1, MIX_2]) {
    fold();
    code.i64(factor).op(OP.i64Mul).i64(ones(q.bits)).op(OP.i64And).set(x);
  }
  fold();
}

/** Leaves the address of the slot whose place in the table is in the local. */
export function slotAddress(code: Code, q: Quotient, slot: number): void {
  code.get(slot).i32(q.slotBytes === 4 ? 2 : 3).op(OP.i32Shl);
  code.getGlobal(GLOBALS.slotsAt).op(OP.i32Add);
}

/** Bits of a 4-byte slot that hold the displacement and one: an i32, at most 31. */
export function displacementBits(code: Code, q: Quotient): void {
  code.getGlobal(GLOBALS.tableBits).i32(32 - q.bits).op(OP.i32Add);
}

/** Leaves what an undisplaced slot holds for the number in `x`: i32, or i64 in wide slots. */
export function slotValue(code: Code, q: Quotient, x: number): void {
  if (q.slotBytes === 8) {
    code.get(x).i64(1).op(OP.i64Add);
    return;
  }
  code.get(x).getGlobal(GLOBALS.tableBits).op(OP.i64ExtendI32U).op(OP.i64ShrU).op(OP.i32WrapI64);
  displacementBits(code, q);
  code.op(OP.i32Shl).i32(1).op(OP.i32Or);
}
