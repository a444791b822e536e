// The visited set of a lean search as WebAssembly: for each state a slot from which it could be
// told (quotient.ts), or, for wide states, whole states as in store.ts. Transitions are not kept.
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import { ifForeign, type Exchange } from './exchange.ts';
import { BATCH, entryBytes, GLOBALS, LATELY, STACK, STASH, TOUCHED_AT } from './memory.ts';
import {
  loadSlot, mix, placeNumber, product, SLACK, slotAddress, storeSlot, takeMeasures,
  type Measures, type Place, type Quotient,
} from './quotient.ts';
import { attend } from './store.ts';

/**
 * Number in, 1 where it was not in the table (now it is), else 0. A number displaced farther than a
 * slot can say, or than there are slots, goes into the stash.
 */
export function emitInsert(q: Quotient): Code {
  const code = new Code([I64], [I32]);
  const probing = probingFor(code, q);
  const { at, to } = probing;
  code.block('stash', (stash) => probe(code, probing, {
    found: () => code.i32(0).op(OP.return),
    empty: () => {
      storeSlot(code, q, { address: at, value: to.value });
      code.i32(1).op(OP.return);
    },
    stash,
  }));
  emitStash(code);
  return code;
}

/** The locals of looking for a number in the table. */
interface Probing {
  readonly q: Quotient;
  /** The slot it belongs on, and what that would hold; both go on. */
  readonly to: Place;
  readonly at: number;
  readonly seen: number;
  /** What a slot holds of the displacement where that is as large as can be said. */
  readonly most: number;
  readonly last: number;
}

/** Of the number in the parameter: its place, and the table's measures. */
function probingFor(code: Code, q: Quotient): Probing {
  const probing: Probing = {
    q, to: { slot: code.local(I32), value: code.local(I64) },
    at: code.local(I32), seen: code.local(I64), most: code.local(I64), last: code.local(I32),
  };
  const measures = takeMeasures(code, q);
  placeNumber(code, q, { x: 0, measures, to: probing.to });
  mostDisplaced(code, probing, measures);
  lastSlot(code, probing.last);
  return probing;
}

function mostDisplaced(code: Code, { most }: Probing, { displacement }: Measures): void {
  code.i64(1).get(displacement).op(OP.i64Shl).i64(1).op(OP.i64Sub).set(most);
}

function lastSlot(code: Code, last: number): void {
  code.getGlobal(GLOBALS.homes).i32(SLACK - 1).op(OP.i32Add).set(last);
}

/** From the slot on which it belongs to its own, or an empty one. */
function probe(
  code: Code, of: Probing, to: { found: () => void; empty: () => void; stash: Label },
): void {
  const { q, to: { slot, value }, at, seen, most, last } = of;
  slotAddress(code, q, slot);
  code.set(at);
  code.loop('probe', (again) => {
    code.get(at);
    loadSlot(code, q);
    code.tee(seen).get(value).op(OP.i64Eq).if(to.found);
    code.get(seen).op(OP.i64Eqz).if(to.empty);
    code.get(value).get(most).op(OP.i64And).get(most).op(OP.i64Eq);
    code.get(slot).get(last).op(OP.i32Eq).op(OP.i32Or).brIf(to.stash);
    code.get(value).i64(1).op(OP.i64Add).set(value);
    code.get(slot).i32(1).op(OP.i32Add).set(slot);
    code.get(at).i32(q.slotBytes).op(OP.i32Add).set(at).br(again);
  });
}

/** Looks the number (parameter 0) up in the stash, or adds it there. */
function emitStash(code: Code): void {
  const at = code.local(I32);
  code.i32(STASH.start).set(at);
  code.loop('stashed', (next) => {
    code.get(at).getGlobal(GLOBALS.stashEnd).op(OP.i32LtU).if(() => {
      code.get(at).memory(OP.i64Load).get(0).op(OP.i64Eq).if(() => code.i32(0).op(OP.return));
      code.get(at).i32(8).op(OP.i32Add).set(at).br(next);
    });
  });
  code.get(at).i32(STASH.end).op(OP.i32GeU).if(() => code.op(OP.unreachable));
  code.get(at).get(0).memory(OP.i64Store);
  code.get(at).i32(8).op(OP.i32Add).setGlobal(GLOBALS.stashEnd).i32(1);
}

/**
 * Number in, where it is: its slot, or behind the slots its place in the stash; -1: nowhere.
 * Nothing is filed.
 */
export function emitSeek(q: Quotient): Code {
  const code = new Code([I64], [I32]);
  const probing = probingFor(code, q);
  const { at, to, last } = probing;
  code.block('stash', (stash) => probe(code, probing, {
    found: () => code.get(to.slot).op(OP.return), empty: () => code.i32(-1).op(OP.return), stash,
  }));
  code.i32(STASH.start).set(at);
  code.loop('stashed', (next) => {
    code.get(at).getGlobal(GLOBALS.stashEnd).op(OP.i32LtU).if(() => {
      code.get(at).memory(OP.i64Load).get(0).op(OP.i64Eq).if(() => {
        code.get(at).i32(STASH.start).op(OP.i32Sub).i32(3).op(OP.i32ShrU);
        code.get(last).op(OP.i32Add).i32(1).op(OP.i32Add).op(OP.return);
      });
      code.get(at).i32(8).op(OP.i32Add).set(at).br(next);
    });
  });
  return code.i32(-1);
}

/** How a lean store files states: the functions it calls. */
export interface LeanCalls {
  readonly quotient: Quotient | null;
  /** Of a quotient: number in, 1 where it is new. Else words in, the state's number out. */
  readonly insert: number;
  /** null: all states are filed here. */
  readonly exchange: Exchange | null;
}

/**
 * Address of the words in, 1 where the state is new: then it is behind the last of the queue. One
 * that belongs to another share is sent there, and 0 comes out.
 */
export function emitFile(nWords: number, calls: LeanCalls): Code {
  const code = new Code([I32], [I32]);
  const { quotient, insert, exchange } = calls;
  const leave = (): void => { code.i32(0).op(OP.return); };
  if (exchange !== null) ifForeign(code, exchange, { p: 0, then: leave });
  if (quotient === null) {
    const before = code.local(I32);
    code.getGlobal(GLOBALS.count).set(before);
    for (let k = 0; k < nWords; k++) code.get(0).memory(OP.i64Load, 8 * k);
    return code.call(insert).get(before).op(OP.i32Eq);
  }
  const x = code.local(I64);
  code.get(0).memory(OP.i64Load);
  mix(code, quotient, x);
  code.call(insert).op(OP.i32Eqz).if(leave);
  enqueue(code, 0);
  return code.i32(1);
}

/** Appends the state at the address in the local to the queue. */
function enqueue(code: Code, p: number): void {
  code.getGlobal(GLOBALS.count).i32(3).op(OP.i32Shl).getGlobal(GLOBALS.arenaAt).op(OP.i32Add);
  code.get(p).memory(OP.i64Load).memory(OP.i64Store);
  code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Add).setGlobal(GLOBALS.count);
}

/** Enters the states of the queue, from this number to the count, which are new and judged. */
export function emitEnterQueue(q: Quotient, insert: number): Code {
  const code = new Code([I32], []);
  const x = code.local(I64);
  code.block('done', (done) => code.loop('state', (next) => {
    code.get(0).getGlobal(GLOBALS.count).op(OP.i32GeU).brIf(done);
    code.get(0).i32(3).op(OP.i32Shl).getGlobal(GLOBALS.arenaAt).op(OP.i32Add);
    code.memory(OP.i64Load);
    mix(code, q, x);
    code.call(insert).op(OP.drop);
    code.get(0).i32(1).op(OP.i32Add).set(0).br(next);
  }));
  return code;
}

/** The functions that filing a batch calls. */
export interface FlushCalls extends LeanCalls {
  readonly file: number;
  readonly judge: number;
  /** Of a reduced search: sorts the state at an address in place. */
  readonly canonical: number | null;
  /** And says which thread's step stands for all, or -1. */
  readonly pick: number | null;
  /** Where few of a batch are known, what was filed lately is not worth a look of its own. */
  readonly lately: boolean;
}

/** Files the batch. */
export function emitLeanFlush(nWords: number, calls: FlushCalls): Code {
  const code = new Code([], []);
  const { quotient, canonical } = calls;
  const p = code.local(I32);
  code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start).op(OP.i32Sub);
  code.i32(entryBytes(nWords)).op(OP.i32DivU);
  code.getGlobal(GLOBALS.edges).op(OP.i32Add).setGlobal(GLOBALS.edges);
  const fast = quotient === null ? null : fastTable(code, quotient);
  if (fast !== null) prepareBatch(code, fast, { p, calls });
  else if (canonical !== null) eachEntry(code, { nWords, p }, () => code.get(p).call(canonical));
  const number = code.local(I32);
  eachEntry(code, { nWords, p }, () => code.block('filed', (filed) => {
    if (calls.pick !== null) passThrough(code, { nWords, p, calls, filed });
    if (fast === null) code.get(p).call(calls.file).op(OP.i32Eqz).brIf(filed);
    else fileFast(code, fast, { p, insert: calls.insert, filed });
    for (let k = 0; k < nWords; k++) code.get(p).memory(OP.i64Load, 8 * k);
    code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Sub).tee(number).call(calls.judge);
    code.if(() => attend(code, number));
  }));
  return code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
}

/** The table's measures in locals, and a number on its way into it. */
export interface FastTable extends Probing {
  readonly measures: Measures;
  readonly x: number;
  readonly base: number;
  readonly sink: number;
  readonly out: number;
}

export function fastTable(code: Code, q: Quotient): FastTable {
  const table: FastTable = {
    q, measures: takeMeasures(code, q), x: code.local(I64), base: code.local(I32),
    to: { slot: code.local(I32), value: code.local(I64) }, at: code.local(I32),
    seen: code.local(I64), most: code.local(I64), last: code.local(I32), sink: code.local(I32),
    out: code.local(I32),
  };
  code.getGlobal(GLOBALS.slotsAt).set(table.base);
  mostDisplaced(code, table, table.measures);
  lastSlot(code, table.last);
  return table;
}

/** Bytes behind a slot that are touched with it: most looks end before the second cache line. */
const TOUCHED_BEHIND = 40;

/**
 * Mixes every state of the batch, and lets go what was filed lately, if that is asked. Then touches
 * the slots on which the others fall, in a loop so short that the cache misses overlap.
 */
function prepareBatch(
  code: Code, table: FastTable, of: { p: number; calls: FlushCalls },
): void {
  const { q, x, out, sink } = table;
  const { p, calls: { canonical, lately, exchange } } = of;
  code.i32(BATCH.start).set(out);
  eachEntry(code, { nWords: 1, p }, () => {
    if (canonical !== null) code.get(p).call(canonical);
    code.get(out).get(p).memory(OP.i64Load).memory(OP.i64Store);
    code.get(out).get(p).memory(OP.i64Load);
    mix(code, q, x);
    code.tee(x).memory(OP.i64Store, 8);
    code.get(out).i32(entryBytes(1));
    if (lately) unlessLately(code, table);
    if (exchange !== null) unlessForeign(code, exchange, out);
    code.op(OP.i32Add).set(out);
  });
  code.get(out).setGlobal(GLOBALS.batchEnd);
  eachEntry(code, { nWords: 1, p }, () => {
    code.get(p).memory(OP.i64Load, 8).set(x);
    product(code, q, { x, homes: table.measures.homes });
    code.i64(32).op(OP.i64ShrU).op(OP.i32WrapI64).i32(q.slotBytes).op(OP.i32Mul);
    code.get(table.base).op(OP.i32Add).tee(table.at).memory(OP.i32Load).get(sink).op(OP.i32Xor);
    code.get(table.at).memory(OP.i32Load, TOUCHED_BEHIND).op(OP.i32Xor).set(sink);
  });
  code.i32(0).get(sink).memory(OP.i32Store, TOUCHED_AT);
}

/** Takes an i32, leaves it, or 0 where the number is among the latest; it is so afterwards. */
function unlessLately(code: Code, { x, at }: FastTable): void {
  const mark = (): void => { code.get(x).i64(1).op(OP.i64Add); };
  code.i32(0);
  code.get(x).i64(LATELY.size - 1).op(OP.i64And).op(OP.i32WrapI64).i32(3).op(OP.i32Shl).tee(at);
  code.memory(OP.i64Load, LATELY.start);
  mark();
  code.op(OP.i64Ne).op(OP.select).get(at);
  mark();
  code.memory(OP.i64Store, LATELY.start);
}

/** Takes an i32, leaves it, or 0 where the state at `p` is another share's: then it is sent. */
function unlessForeign(code: Code, exchange: Exchange, p: number): void {
  const stays = code.local(I32);
  code.tee(stays).if(() => {
    ifForeign(code, exchange, { p, then: () => code.i32(0).set(stays) });
  });
  code.get(stays);
}

/** Goes to `filed` where the entry's state is known; else it is now the last of the queue. */
function fileFast(
  code: Code, table: FastTable, of: { p: number; insert: number; filed: Label },
): void {
  code.get(of.p).memory(OP.i64Load, 8).set(table.x);
  enterFast(code, table, { insert: of.insert, known: of.filed });
  enqueue(code, of.p);
}

/** Enters the number in the table's local `x`; goes to `known` where it is there already. */
export function enterFast(
  code: Code, table: FastTable, of: { insert: number; known: Label },
): void {
  const { q, x, measures, to } = table;
  placeNumber(code, q, { x, measures, to });
  code.block('new', (isNew) => {
    code.block('stash', (stash) => probe(code, table, {
      found: () => code.br(of.known),
      empty: () => {
        storeSlot(code, q, { address: table.at, value: to.value });
        code.br(isNew);
      },
      stash,
    }));
    code.get(x).call(of.insert).op(OP.i32Eqz).brIf(of.known);
  });
}

/** A state in which one thread's step stands for all goes onto the stack, if there is room. */
function passThrough(
  code: Code, of: { nWords: number; p: number; calls: FlushCalls; filed: Label },
): void {
  const { nWords, p, calls, filed } = of;
  const words = (): void => {
    for (let k = 0; k < nWords; k++) code.get(p).memory(OP.i64Load, 8 * k);
  };
  words();
  code.call(calls.pick!).i32(-1).op(OP.i32Ne).if(() => {
    code.getGlobal(GLOBALS.stackEnd).i32(STACK.end - 8 * nWords).op(OP.i32LeU).if(() => {
      words();
      code.i32(0).call(calls.judge).op(OP.i32Eqz).if(() => {
        for (let k = 0; k < nWords; k++) {
          code.getGlobal(GLOBALS.stackEnd).get(p).memory(OP.i64Load, 8 * k);
          code.memory(OP.i64Store, 8 * k);
        }
        code.getGlobal(GLOBALS.stackEnd).i32(8 * nWords).op(OP.i32Add);
        code.setGlobal(GLOBALS.stackEnd).br(filed);
      });
    });
  });
}

function eachEntry(
  code: Code, of: { nWords: number; p: number }, body: () => void,
): void {
  const { nWords, p } = of;
  code.i32(BATCH.start).set(p);
  code.block('done', (done) => code.loop('entry', (next) => {
    code.get(p).getGlobal(GLOBALS.batchEnd).op(OP.i32GeU).brIf(done);
    body();
    code.get(p).i32(entryBytes(nWords)).op(OP.i32Add).set(p).br(next);
  }));
}
