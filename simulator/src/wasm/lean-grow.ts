// A lean table made larger where it lies: the slots behind it are empty already. Cluster by cluster
// from the end: what a cluster holds belongs where it begins or behind, also in the larger table,
// so it finds its places among what was put back before, and none is taken away from before it.
import { Code, I32, I64, OP } from './assembler.ts';
import { BATCH, GLOBALS, STASH } from './memory.ts';
import {
  loadSlot, numberAt, SLACK, slotAddress, storeSlot, takeMeasures, type Place,
  type Quotient,
} from './quotient.ts';

/** The locals of the function. */
interface Locals {
  readonly place: Place;
  readonly address: number;
  readonly zero: number;
  readonly x: number;
  /** The cluster's numbers lie in the batch, up to there. */
  readonly end: number;
  readonly at: number;
}

/** The number of homes in, nothing out; the global says it afterwards. */
export function emitGrow(q: Quotient, insert: number): Code {
  const code = new Code([I32], []);
  const old = takeMeasures(code, q);
  const l: Locals = {
    place: { slot: code.local(I32), value: code.local(I64) }, address: code.local(I32),
    zero: code.local(I64), x: code.local(I64), end: code.local(I32), at: code.local(I32),
  };
  const scratch = { kept: code.local(I64), high: code.local(I64) };
  code.getGlobal(GLOBALS.homes).i32(SLACK).op(OP.i32Add).set(l.place.slot);
  code.get(0).setGlobal(GLOBALS.homes);
  code.block('done', (done) => code.loop('slot', (next) => {
    code.get(l.place.slot).op(OP.i32Eqz).brIf(done);
    code.i32(BATCH.start).set(l.end);
    code.block('cluster', (taken) => code.loop('member', (again) => {
      code.get(l.place.slot).i32(1).op(OP.i32Sub).set(l.place.slot);
      slotAddress(code, q, l.place.slot);
      code.tee(l.address);
      loadSlot(code, q);
      code.tee(l.place.value).op(OP.i64Eqz).brIf(taken);
      numberAt(code, q, { x: l.x, measures: old, place: l.place, scratch });
      code.get(l.end).i32(BATCH.end).op(OP.i32GeU).if(() => code.op(OP.unreachable));
      code.get(l.end).get(l.x).memory(OP.i64Store);
      code.get(l.end).i32(8).op(OP.i32Add).set(l.end);
      storeSlot(code, q, { address: l.address, value: l.zero });
      code.get(l.place.slot).brIf(again);
    }));
    code.i32(BATCH.start).set(l.at);
    enterAll(code, l, insert);
    code.br(next);
  }));
  // what could not be said in the old slots is entered anew, or stashed again behind the reader
  code.getGlobal(GLOBALS.stashEnd).set(l.end);
  code.i32(STASH.start).tee(l.at).setGlobal(GLOBALS.stashEnd);
  enterAll(code, l, insert);
  return code;
}

/** Enters the numbers that lie between two addresses. */
function enterAll(code: Code, l: Locals, insert: number): void {
  code.block('entered', (entered) => code.loop('number', (next) => {
    code.get(l.at).get(l.end).op(OP.i32GeU).brIf(entered);
    code.get(l.at).memory(OP.i64Load).call(insert).op(OP.drop);
    code.get(l.at).i32(8).op(OP.i32Add).set(l.at).br(next);
  }));
}
