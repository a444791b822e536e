// The visited set of a lean search as WebAssembly: no state is kept, but for each a slot of 4 or 8
// bytes from which it could be told. A state is mixed by an invertible function; where it falls in
// the table says part of it, the slot the rest (Knuth's quotienting; Cleary 1984). So two states are
// never taken for one. What is still to be expanded waits in a queue.
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import { BATCH, GLOBALS, STASH, TOUCHED_AT } from './memory.ts';

/** How a state of one 64-bit word is made a number of `bits` bits, and lies in the table. */
export interface Quotient {
  /** Bits used of the word's low half; the others follow in the number. */
  readonly low: number;
  readonly bits: number;
  /** Bytes of a slot: 4 (quotient and displacement) or 8 (the whole number). */
  readonly slotBytes: 4 | 8;
}

/** Bytes of a successor in the batch: the state, and its number. */
export const LEAN_ENTRY = 16;
const MIX_1 = 0x9e3779b97f4a7c15n;
const MIX_2 = 0xd6e8feb86659fd93n;

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** Takes the state, leaves its number: invertible, so nothing is lost. */
function mix(code: Code, q: Quotient, x: number): void {
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

/** Leaves the address of the slot whose number is in the local. */
function slotAddress(code: Code, q: Quotient, slot: number): void {
  code.get(slot).i32(q.slotBytes === 4 ? 2 : 3).op(OP.i32Shl);
  code.getGlobal(GLOBALS.slotsAt).op(OP.i32Add);
}

/** Bits of a 4-byte slot that hold the displacement and one: an i32, at most 31. */
function displacementBits(code: Code, q: Quotient): void {
  code.getGlobal(GLOBALS.tableBits).i32(32 - q.bits).op(OP.i32Add);
}

/** Leaves what an undisplaced slot holds for the number in `x`: i32, or i64 in wide slots. */
function slotValue(code: Code, q: Quotient, x: number): void {
  if (q.slotBytes === 8) {
    code.get(x).i64(1).op(OP.i64Add);
    return;
  }
  code.get(x).getGlobal(GLOBALS.tableBits).op(OP.i64ExtendI32U).op(OP.i64ShrU).op(OP.i32WrapI64);
  displacementBits(code, q);
  code.op(OP.i32Shl).i32(1).op(OP.i32Or);
}

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

/** Appends the state in the local to the queue. */
function enqueue(code: Code, word: number): void {
  code.getGlobal(GLOBALS.count).i32(3).op(OP.i32Shl).getGlobal(GLOBALS.arenaAt).op(OP.i32Add);
  code.get(word).memory(OP.i64Store);
  code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Add).setGlobal(GLOBALS.count);
}

/** Files the state at an address: its number where it is new, else -1. Does not judge it. */
export function emitLeanPut(q: Quotient, insert: number): Code {
  const code = new Code([I32], [I32]);
  const [word, x] = [code.local(I64), code.local(I64)];
  code.get(0).memory(OP.i64Load).tee(word);
  mix(code, q, x);
  code.call(insert).op(OP.i32Eqz).if(() => code.i32(-1).op(OP.return));
  enqueue(code, word);
  return code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Sub);
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

/** Files the batch. All slots are touched first, so that the cache misses overlap. */
export function emitLeanFlush(q: Quotient, calls: { insert: number; judge: number }): Code {
  const code = new Code([], []);
  const [word, x] = [code.local(I64), code.local(I64)];
  const [p, slot, sink] = [code.local(I32), code.local(I32), code.local(I32)];
  eachEntry(code, p, () => {
    code.get(p);
    code.get(p).memory(OP.i64Load);
    mix(code, q, x);
    code.tee(x).memory(OP.i64Store, 8);
    code.get(x).op(OP.i32WrapI64).getGlobal(GLOBALS.slotsMask).op(OP.i32And).set(slot);
    slotAddress(code, q, slot);
    code.memory(OP.i32Load).get(sink).op(OP.i32Xor).set(sink);
  });
  code.i32(0).get(sink).memory(OP.i32Store, TOUCHED_AT);
  eachEntry(code, p, () => {
    code.get(p).memory(OP.i64Load, 8).call(calls.insert).if(() => {
      code.get(p).memory(OP.i64Load).set(word);
      enqueue(code, word);
      code.get(word).getGlobal(GLOBALS.count).i32(1).op(OP.i32Sub).call(calls.judge);
    });
  });
  code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start).op(OP.i32Sub).i32(4).op(OP.i32ShrU);
  code.getGlobal(GLOBALS.edges).op(OP.i32Add).setGlobal(GLOBALS.edges);
  return code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
}

function eachEntry(code: Code, p: number, body: () => void): void {
  code.i32(BATCH.start).set(p);
  code.block('done', (done) => code.loop('entry', (next) => {
    code.get(p).getGlobal(GLOBALS.batchEnd).op(OP.i32GeU).brIf(done);
    body();
    code.get(p).i32(LEAN_ENTRY).op(OP.i32Add).set(p).br(next);
  }));
}
