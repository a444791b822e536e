// A lean table made larger where it lies: the slots behind it are empty already. Cluster by cluster
// from the end: what a cluster holds belongs where it begins or behind, also in the larger table,
// so it finds its places among what was put back before, and none is taken away from before it.
import { Code, I32, I64, OP } from './assembler.ts';
import { BATCH, GLOBALS, STASH } from './memory.ts';
import { enterFast, fastTable } from './lean-store.ts';
import {
  loadSlot, numberAt, shareOf, SLACK, slotAddress, storeSlot, takeMeasures, type Place,
  type Quotient,
} from './quotient.ts';

/** The locals of the function. */
interface Locals {
  readonly place: Place;
  readonly address: number;
  readonly zero: number;
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
    zero: code.local(I64), end: code.local(I32), at: code.local(I32),
  };
  const scratch = {
    kept: code.local(I64), high: code.local(I64), share: shareOf(code, old),
  };
  code.getGlobal(GLOBALS.homes).i32(SLACK).op(OP.i32Add).set(l.place.slot);
  code.get(0).setGlobal(GLOBALS.homes);
  const table = fastTable(code, q);
  code.block('done', (done) => code.loop('slot', (next) => {
    code.get(l.place.slot).op(OP.i32Eqz).brIf(done);
    code.i32(BATCH.start).set(l.end);
    code.block('cluster', (taken) => code.loop('member', (again) => {
      code.get(l.place.slot).i32(1).op(OP.i32Sub).set(l.place.slot);
      slotAddress(code, q, l.place.slot);
      code.tee(l.address);
      loadSlot(code, q);
      code.tee(l.place.value).op(OP.i64Eqz).brIf(taken);
      numberAt(code, q, { x: table.x, measures: old, place: l.place, scratch });
      code.get(l.end).i32(BATCH.end).op(OP.i32GeU).if(() => code.op(OP.unreachable));
      code.get(l.end).get(table.x).memory(OP.i64Store);
      code.get(l.end).i32(8).op(OP.i32Add).set(l.end);
      storeSlot(code, q, { address: l.address, value: l.zero });
      code.get(l.place.slot).brIf(again);
    }));
    code.i32(BATCH.start).set(l.at);
    each(code, l, () => {
      code.get(l.at).memory(OP.i64Load).set(table.x);
      code.block('entered', (entered) => enterFast(code, table, { insert, known: entered }));
    });
    code.br(next);
  }));
  // what could not be said in the old slots is entered anew, or stashed again behind the reader
  code.getGlobal(GLOBALS.stashEnd).set(l.end);
  code.i32(STASH.start).tee(l.at).setGlobal(GLOBALS.stashEnd);
  each(code, l, () => code.get(l.at).memory(OP.i64Load).call(insert).op(OP.drop));
  return code;
}

/** For each number that lies between the addresses `at` and `end`. */
function each(code: Code, l: Locals, body: () => void): void {
  code.block('all', (all) => code.loop('number', (next) => {
    code.get(l.at).get(l.end).op(OP.i32GeU).brIf(all);
    body();
    code.get(l.at).i32(8).op(OP.i32Add).set(l.at).br(next);
  }));
}
