// The visited set of a lean search as WebAssembly: for each state a slot from which it could be
// told (quotient.ts), or, for wide states, whole states as in store.ts. Transitions are not kept.
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import { BATCH, entryBytes, GLOBALS, STACK, STASH, TOUCHED_AT } from './memory.ts';
import { displacementBits, mix, slotAddress, slotValue, type Quotient } from './quotient.ts';
import { attend } from './store.ts';

/**
 * Number in, 1 where it was not in the table (now it is), else 0. A number displaced farther than a
 * slot can say goes into the stash.
 */
export function emitInsert(q: Quotient): Code {
  const code = new Code([I64], [I32]);
  const slot = code.local(I32);
  const wide = q.slotBytes === 8;
  const [value, seen] = wide ? [code.local(I64), code.local(I64)]
    : [code.local(I32), code.local(I32)];
  const most = code.local(I32);
  code.get(0).op(OP.i32WrapI64).getGlobal(GLOBALS.slotsMask).op(OP.i32And).set(slot);
  slotValue(code, q, 0);
  code.set(value);
  if (!wide) {
    code.i32(1);
    displacementBits(code, q);
    code.op(OP.i32Shl).i32(1).op(OP.i32Sub).set(most);
  }
  code.block('stash', (stash) => code.loop('probe', (probe) => {
    slotAddress(code, q, slot);
    code.memory(wide ? OP.i64Load : OP.i32Load).tee(seen).op(wide ? OP.i64Eqz : OP.i32Eqz);
    code.if(() => {
      slotAddress(code, q, slot);
      code.get(value).memory(wide ? OP.i64Store : OP.i32Store).i32(1).op(OP.return);
    });
    code.get(seen).get(value).op(wide ? OP.i64Eq : OP.i32Eq).if(() => code.i32(0).op(OP.return));
    code.get(slot).i32(1).op(OP.i32Add).getGlobal(GLOBALS.slotsMask).op(OP.i32And).set(slot);
    if (!wide) displace(code, { value, most, stash });
    code.br(probe);
  }));
  emitStash(code);
  return code;
}

/** One place farther; where that cannot be said any more, the stash. */
function displace(code: Code, of: { value: number; most: number; stash: Label }): void {
  const { value, most, stash } = of;
  code.get(value).get(most).op(OP.i32And).get(most).op(OP.i32Eq).brIf(stash);
  code.get(value).i32(1).op(OP.i32Add).set(value);
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

/** How a lean store files states: the functions it calls. */
export interface LeanCalls {
  readonly quotient: Quotient | null;
  /** Of a quotient: number in, 1 where it is new. Else words in, the state's number out. */
  readonly insert: number;
}

/** Address of the words in, 1 where the state is new: then it is behind the last of the queue. */
export function emitFile(nWords: number, calls: LeanCalls): Code {
  const code = new Code([I32], [I32]);
  const { quotient, insert } = calls;
  if (quotient === null) {
    const before = code.local(I32);
    code.getGlobal(GLOBALS.count).set(before);
    for (let k = 0; k < nWords; k++) code.get(0).memory(OP.i64Load, 8 * k);
    return code.call(insert).get(before).op(OP.i32Eq);
  }
  const x = code.local(I64);
  code.get(0).memory(OP.i64Load);
  mix(code, quotient, x);
  code.call(insert).op(OP.i32Eqz).if(() => code.i32(0).op(OP.return));
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
}

/** Files the batch. All slots are touched first, so that the cache misses overlap. */
export function emitLeanFlush(nWords: number, calls: FlushCalls): Code {
  const code = new Code([], []);
  const { quotient, canonical } = calls;
  const p = code.local(I32);
  const fast = quotient === null ? null : fastTable(code, quotient);
  if (fast !== null || canonical !== null) {
    eachEntry(code, { nWords, p }, () => {
      if (canonical !== null) code.get(p).call(canonical);
      if (fast !== null) touch(code, fast, p);
    });
  }
  if (fast !== null) code.i32(0).get(fast.sink).memory(OP.i32Store, TOUCHED_AT);
  const number = code.local(I32);
  eachEntry(code, { nWords, p }, () => code.block('filed', (filed) => {
    if (calls.pick !== null) passThrough(code, { nWords, p, calls, filed });
    if (fast === null) code.get(p).call(calls.file).op(OP.i32Eqz).brIf(filed);
    else fileFast(code, fast, { p, insert: calls.insert, filed });
    for (let k = 0; k < nWords; k++) code.get(p).memory(OP.i64Load, 8 * k);
    code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Sub).tee(number).call(calls.judge);
    code.if(() => attend(code, number));
  }));
  code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start).op(OP.i32Sub);
  code.i32(entryBytes(nWords)).op(OP.i32DivU);
  code.getGlobal(GLOBALS.edges).op(OP.i32Add).setGlobal(GLOBALS.edges);
  return code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
}

/** The table's measures in locals, for the first place that a number falls on. */
interface FastTable {
  readonly q: Quotient;
  readonly mask: number;
  readonly base: number;
  /** Binary logarithm of the slots, an i64. */
  readonly bits: number;
  /** Bits of a slot for displacement and one, an i32. */
  readonly spare: number;
  readonly x: number;
  readonly at: number;
  readonly value: number;
  readonly seen: number;
  readonly sink: number;
}

function fastTable(code: Code, q: Quotient): FastTable {
  const type = q.slotBytes === 8 ? I64 : I32;
  const table: FastTable = {
    q, mask: code.local(I32), base: code.local(I32), bits: code.local(I64),
    spare: code.local(I32), x: code.local(I64), at: code.local(I32), value: code.local(type),
    seen: code.local(type), sink: code.local(I32),
  };
  code.getGlobal(GLOBALS.slotsMask).set(table.mask).getGlobal(GLOBALS.slotsAt).set(table.base);
  code.getGlobal(GLOBALS.tableBits).op(OP.i64ExtendI32U).set(table.bits);
  displacementBits(code, q);
  code.set(table.spare);
  return table;
}

/** Leaves the address of the first slot for the number on the stack (an i64). */
function firstSlot(code: Code, { q, mask, base }: FastTable): void {
  code.op(OP.i32WrapI64).get(mask).op(OP.i32And).i32(q.slotBytes === 8 ? 3 : 2).op(OP.i32Shl);
  code.get(base).op(OP.i32Add);
}

/** Mixes the entry's state and fetches the slot on which it falls. */
function touch(code: Code, table: FastTable, p: number): void {
  code.get(p).get(p).memory(OP.i64Load);
  mix(code, table.q, table.x);
  code.tee(table.x).memory(OP.i64Store, 8).get(table.x);
  firstSlot(code, table);
  code.memory(OP.i32Load).get(table.sink).op(OP.i32Xor).set(table.sink);
}

/** Goes to `filed` where the entry's state is known; else it is now the last of the queue. */
function fileFast(
  code: Code, table: FastTable, of: { p: number; insert: number; filed: Label },
): void {
  const { q, x, at, value, seen } = table;
  const wide = q.slotBytes === 8;
  code.get(of.p).memory(OP.i64Load, 8).tee(x);
  firstSlot(code, table);
  code.tee(at).memory(wide ? OP.i64Load : OP.i32Load).set(seen);
  if (wide) code.get(x).i64(1).op(OP.i64Add).set(value);
  else {
    code.get(x).get(table.bits).op(OP.i64ShrU).op(OP.i32WrapI64).get(table.spare).op(OP.i32Shl);
    code.i32(1).op(OP.i32Or).set(value);
  }
  code.get(seen).get(value).op(wide ? OP.i64Eq : OP.i32Eq).brIf(of.filed);
  code.get(seen).op(wide ? OP.i64Eqz : OP.i32Eqz).if(() => {
    code.get(at).get(value).memory(wide ? OP.i64Store : OP.i32Store);
  }, () => code.get(x).call(of.insert).op(OP.i32Eqz).brIf(of.filed));
  enqueue(code, of.p);
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
