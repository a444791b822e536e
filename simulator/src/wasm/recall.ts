// A state back from where it is stored: the inverse of how it was put there, and what of it was
// left out, since it follows from where threads rest.
import { I64, OP, type Code } from './assembler.ts';
import { GLOBALS, STASH } from './memory.ts';
import {
  loadSlot, numberAt, shareOf, SLACK, slotAddress, takeMeasures, unmix, type Quotient,
} from './quotient.ts';
import { fieldOf, type Plan } from './unit.ts';

interface Recalled {
  readonly code: Code;
  /** The locals into which the state goes. */
  readonly words: readonly number[];
  readonly quotient: Quotient | null;
}

/** Emits the reading of the state at the place in local 0; what is done where there is none. */
export function stateAt(
  plan: Plan, { code, words, quotient }: Recalled,
): (none: () => void) => void {
  if (quotient === null) {
    return () => words.forEach((word, k) => {
      code.get(0).i32(8 * words.length).op(OP.i32Mul).getGlobal(GLOBALS.arenaAt).op(OP.i32Add);
      code.memory(OP.i64Load, 8 * k).set(word);
    });
  }
  const measures = takeMeasures(code, quotient);
  const [value, x] = [code.local(I64), code.local(I64)];
  const scratch = {
    kept: code.local(I64), high: code.local(I64), share: shareOf(code, measures),
  };
  return (none) => {
    code.get(0).getGlobal(GLOBALS.homes).i32(SLACK).op(OP.i32Add).op(OP.i32LtU).if(() => {
      slotAddress(code, quotient, 0);
      loadSlot(code, quotient);
      code.tee(value).op(OP.i64Eqz).if(none);
      numberAt(code, quotient, { x, measures, place: { slot: 0, value }, scratch });
    }, () => {
      code.get(0).getGlobal(GLOBALS.homes).i32(SLACK).op(OP.i32Add).op(OP.i32Sub);
      code.i32(3).op(OP.i32Shl).memory(OP.i64Load, STASH.start).set(x);
    });
    unmix(code, quotient, x);
    code.set(words[0]!);
    addImplied(plan, { code, word: words[0]!, scratch: value });
  };
}

/** Sets in the state (a local, these bits are 0) what follows from where its threads rest. */
function addImplied(
  { layout }: Plan, of: { code: Code; word: number; scratch: number },
): void {
  const { code, word, scratch } = of;
  for (const { thread, slot, values } of layout.implied) {
    const [pc, field] = [fieldOf(layout, layout.threads[thread]!.pc), fieldOf(layout, slot)];
    for (let bit = 0; field.mask >> BigInt(bit) !== 0n; bit++) {
      const set = values.reduce((all, value, rest) =>
        all | (BigInt((value >> bit) & 1) << BigInt(rest)), 0n);
      if (set === 0n) continue;
      code.get(word).i64(pc.shift).op(OP.i64ShrU).i64(pc.mask).op(OP.i64And).set(scratch);
      code.i64(BigInt.asIntN(64, set)).get(scratch).op(OP.i64ShrU).i64(1).op(OP.i64And);
      code.i64(field.shift + bit).op(OP.i64Shl).get(word).op(OP.i64Or).set(word);
    }
  }
}
