// Parts of a state that lie several times in it, one for each thread or object of a kind: taken out
// as numbers of at most 64 bits, which can be compared and change places, and put back.
import type { Layout, Slot } from '../layout.ts';
import { I64, OP, type Code } from './assembler.ts';
import { fieldOf } from './unit.ts';

/** Bits that lie together in every member's part of the state. */
export interface Run {
  /** By member: the 64-bit word, and where in it. */
  readonly places: readonly { readonly word: number; readonly shift: number }[];
  readonly bits: number;
  /** Where they lie in the member's key. */
  readonly at: number;
}

/** The most bits of a key. */
export const KEY_BITS = 64;

export const bitsOf = (layout: Layout, slot: Slot): number =>
  fieldOf(layout, slot).mask.toString(2).replace(/^0$/, '').length;

/** The members' slots, in step, as keys; the later a slot, the higher its bits. */
export function runsOf(layout: Layout, blocks: readonly (readonly Slot[])[]): readonly Run[] {
  const runs: { places: { word: number; shift: number }[]; bits: number; at: number }[] = [];
  let at = 0;
  blocks[0]!.forEach((_, n) => {
    const fields = blocks.map((slots) => fieldOf(layout, slots[n]!));
    const bits = bitsOf(layout, blocks[0]![n]!);
    if (bits === 0) return;
    const last = runs.at(-1);
    const joins = last !== undefined && fields.every(({ word, shift }, i) =>
      last.places[i]!.word === word && last.places[i]!.shift + last.bits === shift);
    if (joins) last.bits += bits;
    else runs.push({ places: fields.map(({ word, shift }) => ({ word, shift })), bits, at });
    at += bits;
  });
  return runs;
}

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** By member: a new local with its key. `words`: locals with the state. */
export function takeKeys(
  code: Code, { runs, words }: { runs: readonly Run[]; words: readonly number[] },
): readonly number[] {
  return runs[0]!.places.map((_, i) => {
    const key = code.local(I64);
    runs.forEach(({ places, bits, at }, n) => {
      const { word, shift } = places[i]!;
      code.get(words[word]!).i64(shift).op(OP.i64ShrU).i64(ones(bits)).op(OP.i64And);
      if (at > 0) code.i64(at).op(OP.i64Shl);
      if (n > 0) code.op(OP.i64Or);
    });
    code.set(key);
    return key;
  });
}

export function putBack(
  code: Code, of: { run: Run; keys: readonly number[]; words: readonly number[] },
): void {
  const { run: { places, bits, at }, keys, words } = of;
  places.forEach(({ word, shift }, i) => {
    code.get(words[word]!).i64(~(ones(bits) << BigInt(shift))).op(OP.i64And);
    code.get(keys[i]!).i64(at).op(OP.i64ShrU).i64(ones(bits)).op(OP.i64And);
    code.i64(shift).op(OP.i64Shl).op(OP.i64Or).set(words[word]!);
  });
}
