// How a lean search makes a state of one 64-bit word a number, without losing anything: mixed by an
// invertible function (Knuth's quotienting; Cleary 1984). Where it falls in the table says part of
// the number, the slot the rest, so two states are never taken for one.
import { F64, I64, OP, type Code } from './assembler.ts';
import { GLOBALS } from './memory.ts';

export interface Quotient {
  /** Bits of the word's low half that tell states apart; those of its high half follow. */
  readonly low: number;
  /** 32 at least. */
  readonly bits: number;
  /** Bytes of a slot: what is kept of a number and, below it, how far it is displaced, plus one. */
  readonly slotBytes: SlotBytes;
}

export type SlotBytes = 4 | 5 | 6 | 8;

/** Slots behind the last home, for what is displaced from there. */
export const SLACK = 1024;

const MIX_1 = 0x9e3779b97f4a7c15n;
const MIX_2 = 0xd6e8feb86659fd93n;

export const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** Takes the state, leaves its number; through the local `x`. What is implied is left out. */
export function mix(code: Code, q: Quotient, x: number): void {
  const half = Math.ceil(q.bits / 2);
  const fold = (): void => {
    code.get(x).get(x).i64(half).op(OP.i64ShrU).op(OP.i64Xor);
  };
  code.set(x);
  code.get(x).i64(ones(q.low)).op(OP.i64And);
  if (q.bits > q.low) {
    code.get(x).i64(32).op(OP.i64ShrU).i64(ones(q.bits - q.low)).op(OP.i64And);
    code.i64(q.low).op(OP.i64Shl).op(OP.i64Or);
  }
  code.set(x);
  for (const factor of [MIX_1, MIX_2]) {
    fold();
    code.i64(factor).op(OP.i64Mul).i64(ones(q.bits)).op(OP.i64And).set(x);
  }
  fold();
}

/** The inverse of an odd number modulo 2^64: each turn doubles the bits that are right (Newton). */
function inverse(factor: bigint): bigint {
  let x = factor;
  for (let right = 3; right < 64; right *= 2) x = BigInt.asUintN(64, x * (2n - factor * x));
  return x;
}

/** Takes nothing, leaves the state whose number is in the local `x`, without what is implied. */
export function unmix(code: Code, q: Quotient, x: number): void {
  const half = Math.ceil(q.bits / 2);
  const fold = (): void => {
    code.get(x).get(x).i64(half).op(OP.i64ShrU).op(OP.i64Xor);
  };
  for (const factor of [MIX_2, MIX_1]) {
    fold();
    code.i64(inverse(factor)).op(OP.i64Mul).i64(ones(q.bits)).op(OP.i64And).set(x);
  }
  fold();
  if (q.bits === q.low) return;
  code.tee(x).i64(ones(q.low)).op(OP.i64And);
  code.get(x).i64(q.low).op(OP.i64ShrU).i64(32).op(OP.i64Shl).op(OP.i64Or);
}

/** A table's measures, in i64 locals of one function. */
export interface Measures {
  readonly homes: number;
  /** Bits of the homes, less one: of a product's low half, so many need not be kept. */
  readonly spared: number;
  /** Bits of a slot that say the displacement. */
  readonly displacement: number;
}

export function takeMeasures(code: Code, q: Quotient): Measures {
  const l = { homes: code.local(I64), spared: code.local(I64), displacement: code.local(I64) };
  code.getGlobal(GLOBALS.homes).op(OP.i64ExtendI32U).set(l.homes);
  code.i64(63).get(l.homes).op(OP.i64Clz).op(OP.i64Sub).tee(l.spared);
  code.i64(8 * q.slotBytes - q.bits).op(OP.i64Add).set(l.displacement);
  return l;
}

/**
 * Leaves the product of the number's highest 32 bits and the homes. By 2^32 it is the slot where
 * the number belongs: larger numbers farther behind, for any number of homes. Of its low half as
 * many of the highest bits are kept as tell apart what falls on one slot, with the other bits.
 */
export function product(code: Code, q: Quotient, of: { x: number; homes: number }): void {
  code.get(of.x);
  if (q.bits > 32) code.i64(q.bits - 32).op(OP.i64ShrU);
  code.get(of.homes).op(OP.i64Mul);
}

/** Where a number belongs: the slot (an i32 local), and what that holds (an i64 local). */
export interface Place {
  readonly slot: number;
  readonly value: number;
}

export function placeNumber(
  code: Code, q: Quotient, of: { x: number; measures: Measures; to: Place },
): void {
  const { x, measures, to } = of;
  product(code, q, { x, homes: measures.homes });
  code.tee(to.value).i64(32).op(OP.i64ShrU).op(OP.i32WrapI64).set(to.slot);
  code.get(to.value).i64(ones(32)).op(OP.i64And).get(measures.spared).op(OP.i64ShrU);
  if (q.bits > 32) {
    code.i64(q.bits - 32).op(OP.i64Shl);
    code.get(x).i64(ones(q.bits - 32)).op(OP.i64And).op(OP.i64Or);
  }
  code.get(measures.displacement).op(OP.i64Shl).i64(1).op(OP.i64Or).set(to.value);
}

/** Locals of `numberAt`: two of its own, and what `shareOf` gave. */
export interface Inverting {
  readonly kept: number;
  readonly high: number;
  readonly share: number;
}

/** A local with what one kept part of a product is of the number's highest bits, an f64. */
export function shareOf(code: Code, { homes, spared }: Measures): number {
  const share = code.local(F64);
  code.i64(1).get(spared).op(OP.i64Shl).op(OP.f64ConvertI64S);
  code.get(homes).op(OP.f64ConvertI64S).op(OP.f64Div).set(share);
  return share;
}

/** From what a slot holds (`place`) back to the number, in the local `x`. */
export function numberAt(
  code: Code, q: Quotient,
  of: { x: number; measures: Measures; place: Place; scratch: Inverting },
): void {
  const { x, measures: { homes, spared, displacement }, place } = of;
  const { kept, high, share } = of.scratch;
  // the slot it belongs on, and the highest bits of the product's low half
  code.get(place.slot).op(OP.i64ExtendI32U).i64(1).op(OP.i64Add);
  code.get(place.value).i64(1).get(displacement).op(OP.i64Shl).i64(1).op(OP.i64Sub).op(OP.i64And);
  code.op(OP.i64Sub).i64(32).get(spared).op(OP.i64Sub).op(OP.i64Shl);
  code.get(place.value).get(displacement).i64(q.bits - 32).op(OP.i64Add).op(OP.i64ShrU);
  code.op(OP.i64Or).set(kept);
  // the smallest factor whose product has them is their share of the homes, rounded up: to the
  // nearest number first (2^52 added, its last bits are that number), which may be one too few
  code.get(kept).op(OP.f64ConvertI64S).get(share).op(OP.f64Mul).f64(2 ** 52).op(OP.f64Add);
  code.op(OP.i64ReinterpretF64).i64(ones(32)).op(OP.i64And).tee(high);
  code.get(homes).op(OP.i64Mul).get(spared).op(OP.i64ShrU).get(kept).op(OP.i64LtU);
  code.op(OP.i64ExtendI32U).get(high).op(OP.i64Add).set(high);
  code.get(high);
  if (q.bits > 32) {
    code.i64(q.bits - 32).op(OP.i64Shl);
    code.get(place.value).get(displacement).op(OP.i64ShrU).i64(ones(q.bits - 32)).op(OP.i64And);
    code.op(OP.i64Or);
  }
  code.set(x);
}

/** Leaves the address of the slot whose number is in the local. */
export function slotAddress(code: Code, q: Quotient, slot: number): void {
  code.get(slot).i32(q.slotBytes).op(OP.i32Mul).getGlobal(GLOBALS.slotsAt).op(OP.i32Add);
}

/** Takes an address, leaves what the slot there holds, an i64; 0: nothing. */
export function loadSlot(code: Code, { slotBytes }: Quotient): void {
  if (slotBytes === 4) {
    code.memory(OP.i64Load32);
    return;
  }
  code.memory(OP.i64Load);
  if (slotBytes < 8) code.i64(ones(8 * slotBytes)).op(OP.i64And);
}

/** Lets the slot at the address (a local) hold the value (another). */
export function storeSlot(
  code: Code, { slotBytes }: Quotient, at: { address: number; value: number },
): void {
  const { address, value } = at;
  if (slotBytes === 8) {
    code.get(address).get(value).memory(OP.i64Store);
    return;
  }
  code.get(address).get(value).memory(OP.i64Store32);
  if (slotBytes === 4) return;
  code.get(address).get(value).i64(32).op(OP.i64ShrU);
  code.memory(slotBytes === 5 ? OP.i64Store8 : OP.i64Store16, 4);
}
