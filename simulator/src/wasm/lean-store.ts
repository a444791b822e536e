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
  const [p, slot, sink] = [code.local(I32), code.local(I32), code.local(I32)];
  const { quotient, canonical } = calls;
  if (quotient !== null || canonical !== null) {
    const x = code.local(I64);
    eachEntry(code, { nWords, p }, () => {
      if (canonical !== null) code.get(p).call(canonical);
      if (quotient === null) return;
      code.get(p).get(p).memory(OP.i64Load);
      mix(code, quotient, x);
      code.tee(x).memory(OP.i64Store, 8);
      code.get(x).op(OP.i32WrapI64).getGlobal(GLOBALS.slotsMask).op(OP.i32And).set(slot);
      slotAddress(code, quotient, slot);
      code.memory(OP.i32Load).get(sink).op(OP.i32Xor).set(sink);
    });
    code.i32(0).get(sink).memory(OP.i32Store, TOUCHED_AT);
  }
  eachEntry(code, { nWords, p }, () => code.block('filed', (filed) => {
    if (calls.pick !== null) passThrough(code, { nWords, p, calls, filed });
    fileEntry(code, p, calls);
    code.op(OP.i32Eqz).brIf(filed);
    for (let k = 0; k < nWords; k++) code.get(p).memory(OP.i64Load, 8 * k);
    code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Sub).call(calls.judge);
    code.op(OP.i32Eqz).brIf(filed);
    code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Sub).set(slot);
    attend(code, slot);
  }));
  code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start).op(OP.i32Sub);
  code.i32(entryBytes(nWords)).op(OP.i32DivU);
  code.getGlobal(GLOBALS.edges).op(OP.i32Add).setGlobal(GLOBALS.edges);
  return code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
}

/** Leaves 1 where the entry's state is new: then it is in the queue. */
function fileEntry(code: Code, p: number, calls: FlushCalls): void {
  if (calls.quotient === null) {
    code.get(p).call(calls.file);
    return;
  }
  code.get(p).memory(OP.i64Load, 8).call(calls.insert).ifElse(I32, () => {
    enqueue(code, p);
    code.i32(1);
  }, () => code.i32(0));
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
