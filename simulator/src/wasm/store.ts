// The visited set as WebAssembly: whole states in one arena, found through open addressing over
// their numbers; and the filing of a batch of successors, with the transitions that lead to them.
import { Code, I32, I64, OP } from './assembler.ts';
import {
  ATTENTION_AT, BATCH, ENTRY_MOVE, entryBytes, GLOBALS, JUDGE_TYPE, TABLE,
} from './memory.ts';

const MIX_1 = 0x9e3779b97f4a7c15n;
const MIX_2 = 0xd6e8feb86659fd93n;

/** Takes nothing, leaves an i32: the hash of the words (locals), through the i64 local `h`. */
function hash(code: Code, words: readonly number[], h: number): void {
  words.forEach((word, i) => {
    code.get(word);
    if (i > 0) code.get(h).op(OP.i64Xor);
    code.i64(MIX_1).op(OP.i64Mul).tee(h).get(h).i64(32).op(OP.i64ShrU).op(OP.i64Xor);
    code.i64(MIX_2).op(OP.i64Mul).tee(h).get(h).i64(29).op(OP.i64ShrU).op(OP.i64Xor).set(h);
  });
  code.get(h).op(OP.i32WrapI64);
}

/**
 * Words in, number out; equal to the count before means new. A new state is not yet judged. Or, if
 * it only `seeks`, is not filed: then -1.
 */
export function emitIntern(nWords: number, seeks = false): Code {
  const words = Array.from({ length: nWords }, (_, k) => k);
  const code = new Code(words.map(() => I64), [I32]);
  const h = code.local(I64);
  const [slot, index, at] = [code.local(I32), code.local(I32), code.local(I32)];
  hash(code, words, h);
  code.set(slot);
  code.loop('probe', (probe) => {
    code.get(slot).getGlobal(GLOBALS.slotsMask).op(OP.i32And).tee(slot).i32(2).op(OP.i32Shl);
    code.getGlobal(GLOBALS.slotsAt).op(OP.i32Add).memory(OP.i32Load).tee(index);
    code.op(OP.i32Eqz).if(() => {
      if (seeks) code.i32(-1);
      else fileNew(code, { words, slot, at });
      code.op(OP.return);
    });
    code.get(index).i32(1).op(OP.i32Sub).tee(index).i32(8 * nWords).op(OP.i32Mul);
    code.getGlobal(GLOBALS.arenaAt).op(OP.i32Add).set(at);
    words.forEach((word, k) => {
      code.get(at).memory(OP.i64Load, 8 * k).get(word).op(OP.i64Eq);
      if (k > 0) code.op(OP.i32And);
    });
    code.if(() => code.get(index).op(OP.return));
    code.get(slot).i32(1).op(OP.i32Add).set(slot).br(probe);
  });
  code.op(OP.unreachable);
  return code;
}

/** Leaves the new state's number. */
function fileNew(
  code: Code, of: { words: readonly number[]; slot: number; at: number },
): void {
  const { words, slot, at } = of;
  code.getGlobal(GLOBALS.count).i32(8 * words.length).op(OP.i32Mul);
  code.getGlobal(GLOBALS.arenaAt).op(OP.i32Add).set(at);
  words.forEach((word, k) => code.get(at).get(word).memory(OP.i64Store, 8 * k));
  code.get(slot).i32(2).op(OP.i32Shl).getGlobal(GLOBALS.slotsAt).op(OP.i32Add);
  code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Add).memory(OP.i32Store);
  code.getGlobal(GLOBALS.count);
  code.getGlobal(GLOBALS.count).i32(1).op(OP.i32Add).setGlobal(GLOBALS.count);
}

/** Files the state at an address: that in, its number out. */
export function emitPut(nWords: number, intern: number): Code {
  const code = new Code([I32], [I32]);
  for (let k = 0; k < nWords; k++) code.get(0).memory(OP.i64Load, 8 * k);
  return code.call(intern);
}

/** Fills the (empty) slots anew from the states `0..count-1`. */
export function emitRehash(nWords: number): Code {
  const code = new Code([], []);
  const words = Array.from({ length: nWords }, () => code.local(I64));
  const h = code.local(I64);
  const [i, at, slot] = [code.local(I32), code.local(I32), code.local(I32)];
  code.getGlobal(GLOBALS.arenaAt).set(at);
  code.block('done', (done) => code.loop('state', (next) => {
    code.get(i).getGlobal(GLOBALS.count).op(OP.i32GeU).brIf(done);
    words.forEach((word, k) => code.get(at).memory(OP.i64Load, 8 * k).set(word));
    hash(code, words, h);
    code.set(slot);
    code.block('placed', (placed) => code.loop('probe', (probe) => {
      code.get(slot).getGlobal(GLOBALS.slotsMask).op(OP.i32And).set(slot);
      slotAddress(code, slot);
      code.memory(OP.i32Load).op(OP.i32Eqz).brIf(placed);
      code.get(slot).i32(1).op(OP.i32Add).set(slot).br(probe);
    }));
    slotAddress(code, slot);
    code.get(i).i32(1).op(OP.i32Add).tee(i).memory(OP.i32Store);
    code.get(at).i32(8 * nWords).op(OP.i32Add).set(at).br(next);
  }));
  return code;
}

function slotAddress(code: Code, slot: number): void {
  code.get(slot).i32(2).op(OP.i32Shl).getGlobal(GLOBALS.slotsAt).op(OP.i32Add);
}

/** Files the batch: every successor once, every transition; empties it. */
export function emitFlush(nWords: number, intern: number): Code {
  const code = new Code([], []);
  const words = Array.from({ length: nWords }, () => code.local(I64));
  const [p, move, target, before] = [
    code.local(I32), code.local(I32), code.local(I32), code.local(I32)];
  code.i32(BATCH.start).set(p);
  code.block('done', (done) => code.loop('entry', (next) => {
    code.get(p).getGlobal(GLOBALS.batchEnd).op(OP.i32GeU).brIf(done);
    code.get(p).memory(OP.i32Load, 8 * nWords).set(move);
    const flagged = (flag: number, then: () => void, otherwise: () => void): void => {
      code.get(move).i32(flag).op(OP.i32GeU).if(() => {
        code.get(move).i32(flag).op(OP.i32Sub).set(move);
        then();
      }, otherwise);
    };
    flagged(ENTRY_MOVE.cut, () => code.i32(-1).set(target), () => flagged(ENTRY_MOVE.stays, () => {
      code.get(p).memory(OP.i32Load, 8 * nWords + 4).set(target);
    }, () => {
      code.getGlobal(GLOBALS.count).set(before);
      words.forEach((word, k) => code.get(p).memory(OP.i64Load, 8 * k).tee(word));
      code.call(intern).tee(target).get(before).op(OP.i32Eq).if(() => {
        for (const word of words) code.get(word);
        code.get(target).i32(TABLE.judge).callIndirect(JUDGE_TYPE);
        code.if(() => attend(code, target));
      });
    }));
    fileEdge(code, { target, move });
    code.get(p).i32(entryBytes(nWords)).op(OP.i32Add).set(p).br(next);
  }));
  code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
  return code;
}

/** The host has to look at the state whose number is in the local. */
export function attend(code: Code, state: number): void {
  code.getGlobal(GLOBALS.attention).i32(2).op(OP.i32Shl).get(state);
  code.memory(OP.i32Store, ATTENTION_AT);
  code.getGlobal(GLOBALS.attention).i32(1).op(OP.i32Add).setGlobal(GLOBALS.attention);
}

function fileEdge(code: Code, edge: { target: number; move: number }): void {
  for (const [at, value] of [
    [GLOBALS.targetAt, edge.target], [GLOBALS.moveAt, edge.move],
  ] as const) {
    code.getGlobal(GLOBALS.edges).i32(2).op(OP.i32Shl).getGlobal(at).op(OP.i32Add);
    code.get(value).memory(OP.i32Store);
  }
  code.getGlobal(GLOBALS.edges).i32(1).op(OP.i32Add).setGlobal(GLOBALS.edges);
}
