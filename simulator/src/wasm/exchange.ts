// A search that several threads share, as WebAssembly: every state belongs to one share, by its
// number (or hash). What belongs to another is put into the outbox for it; what comes from others
// is filed from the inbox. The host carries from one to the other.
import type { Layout } from '../layout.ts';
import { Code, I32, I64, OP } from './assembler.ts';
import { BATCH, BATCH_FULL, entryBytes, GLOBALS, RUN_ROOM } from './memory.ts';
import { fieldOf } from './unit.ts';

/** States that are taken in at once. */
export const INBOX_STATES = 2_048;

/** Where the boxes lie. */
export interface Exchange {
  readonly shares: number;
  readonly nWords: number;
  /** By word: the bits that decide whose a state is. */
  readonly masks: readonly bigint[];
  /** By share an i32: bytes in the outbox for it. */
  readonly filledAt: number;
  /** The outboxes, one behind the other; each has room for what two runs can find. */
  readonly outAt: number;
  readonly outBytes: number;
  readonly inAt: number;
  readonly end: number;
}

/** The boxes from the address on. */
export function exchangeOf(of: { shares: number; layout: Layout; at: number }): Exchange {
  const { shares, layout, at } = of;
  const nWords = layout.words / 2;
  const outBytes = 2 * 8 * nWords * RUN_ROOM;
  const outAt = at + Math.ceil((4 * shares) / 16) * 16;
  const inAt = outAt + shares * outBytes;
  const end = inAt + 8 * nWords * INBOX_STATES;
  return { shares, nWords, masks: masksOf(layout), filledAt: at, outAt, outBytes, inAt, end };
}

/** Places of threads, together, that are spread evenly enough over the shares. */
const PLACES_MIN = 256;

/**
 * Where the first few threads stand: the steps of all others then lead to states of the same share
 * (Lerda and Sisto 1999, with one thread).
 */
function masksOf(layout: Layout): bigint[] {
  const masks = Array.from({ length: layout.words / 2 }, () => 0n);
  let places = 1;
  layout.threads.forEach(({ pc }, t) => {
    if (places >= PLACES_MIN) return;
    const { word, shift, mask } = fieldOf(layout, pc);
    masks[word]! |= mask << BigInt(shift);
    places *= layout.rests[t]!.length + 1;
  });
  return masks;
}

const MIX = 0x9e3779b97f4a7c15n;

/** Leaves whose the state at the address in the local `p` is, an i32. */
function owner(code: Code, { shares, masks }: Exchange, p: number): void {
  const h = code.local(I64);
  code.i64(0).set(h);
  masks.forEach((mask, k) => {
    if (mask === 0n) return;
    code.get(p).memory(OP.i64Load, 8 * k).i64(mask).op(OP.i64And).get(h).op(OP.i64Xor);
    code.i64(MIX).op(OP.i64Mul).set(h);
  });
  code.get(h).i64(48).op(OP.i64ShrU).op(OP.i32WrapI64).i32(shares).op(OP.i32Mul);
  code.i32(16).op(OP.i32ShrU);
}

/**
 * A state of another share, at the address in the local `p`, is put into the outbox for it; then
 * comes `then`.
 */
export function ifForeign(
  code: Code, exchange: Exchange, of: { p: number; then: () => void },
): void {
  const { nWords, filledAt, outAt, outBytes } = exchange;
  const [to, filled] = [code.local(I32), code.local(I32)];
  owner(code, exchange, of.p);
  code.tee(to).getGlobal(GLOBALS.self).op(OP.i32Ne).if(() => {
    code.get(to).i32(2).op(OP.i32Shl).memory(OP.i32Load, filledAt).set(filled);
    for (let k = 0; k < nWords; k++) {
      code.get(to).i32(outBytes).op(OP.i32Mul).get(filled).op(OP.i32Add);
      code.get(of.p).memory(OP.i64Load, 8 * k).memory(OP.i64Store, outAt + 8 * k);
    }
    code.get(to).i32(2).op(OP.i32Shl).get(filled).i32(8 * nWords).op(OP.i32Add);
    code.memory(OP.i32Store, filledAt);
    of.then();
  });
}

/** Number of states in the inbox in: files them. The host does not count them as transitions. */
export function emitReceive({ nWords, inAt }: Exchange, flush: number): Code {
  const code = new Code([I32], []);
  const [p, end] = [code.local(I32), code.local(I32)];
  code.i32(inAt).tee(p).get(0).i32(8 * nWords).op(OP.i32Mul).op(OP.i32Add).set(end);
  code.block('done', (done) => code.loop('state', (next) => {
    code.get(p).get(end).op(OP.i32GeU).brIf(done);
    for (let k = 0; k < nWords; k++) {
      code.getGlobal(GLOBALS.batchEnd).get(p).memory(OP.i64Load, 8 * k);
      code.memory(OP.i64Store, 8 * k);
    }
    code.getGlobal(GLOBALS.batchEnd).i32(entryBytes(nWords)).op(OP.i32Add);
    code.setGlobal(GLOBALS.batchEnd);
    code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start + BATCH_FULL * entryBytes(nWords));
    code.op(OP.i32GeU).if(() => code.call(flush));
    code.get(p).i32(8 * nWords).op(OP.i32Add).set(p).br(next);
  }));
  return code.call(flush);
}
