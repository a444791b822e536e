// The visited set as WebAssembly: whole states in one arena, found through open addressing over
// their numbers; and the filing of a batch of successors, with the transitions that lead to them.
import { MOVE_BITS } from '../graph.ts';
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

/** What a table's measures are read from: globals, or locals that hold them for a while. */
interface Tables {
  readonly arenaAt: () => Code;
  readonly slotsAt: () => Code;
  readonly slotsMask: () => Code;
  readonly count: () => Code;
  readonly setCount: () => Code;
}

const globalTables = (code: Code): Tables => ({
  arenaAt: () => code.getGlobal(GLOBALS.arenaAt),
  slotsAt: () => code.getGlobal(GLOBALS.slotsAt),
  slotsMask: () => code.getGlobal(GLOBALS.slotsMask),
  count: () => code.getGlobal(GLOBALS.count),
  setCount: () => code.setGlobal(GLOBALS.count),
});

/** A state that is looked for: its words, from which slot on; `index` and `at` are for use here. */
interface Sought {
  readonly words: readonly number[];
  readonly slot: number;
  readonly index: number;
  readonly at: number;
}

/**
 * Words in, number out; equal to the count before means new. A new state is not yet judged. Or, if
 * it only `seeks`, is not filed: then -1.
 */
export function emitIntern(nWords: number, seeks = false): Code {
  const words = Array.from({ length: nWords }, (_, k) => k);
  const code = new Code(words.map(() => I64), [I32]);
  const h = code.local(I64);
  const sought = { words, slot: code.local(I32), index: code.local(I32), at: code.local(I32) };
  const tables = globalTables(code);
  hash(code, words, h);
  code.set(sought.slot);
  probe(code, tables, sought, {
    empty: () => {
      if (seeks) code.i32(-1);
      else fileNew(code, tables, sought);
      code.op(OP.return);
    },
    found: () => code.get(sought.index).op(OP.return),
  });
  code.op(OP.unreachable);
  return code;
}

/** Either of what it does when it has come to an end must leave the loop. */
function probe(
  code: Code, tables: Tables, sought: Sought, then: { empty: () => void; found: () => void },
): void {
  const { slot, index } = sought;
  code.loop('probe', (again) => {
    code.get(slot);
    tables.slotsMask().op(OP.i32And).tee(slot).i32(2).op(OP.i32Shl);
    tables.slotsAt().op(OP.i32Add).memory(OP.i32Load).tee(index);
    code.op(OP.i32Eqz).if(then.empty);
    code.get(index).i32(1).op(OP.i32Sub).set(index);
    isState(code, tables, sought);
    code.if(then.found);
    code.get(slot).i32(1).op(OP.i32Add).set(slot).br(again);
  });
}

/** Leaves an i32: 1 where state `index` has these words. */
function isState(code: Code, { arenaAt }: Tables, { words, index, at }: Sought): void {
  code.get(index).i32(8 * words.length).op(OP.i32Mul);
  arenaAt().op(OP.i32Add).set(at);
  words.forEach((word, k) => {
    code.get(at).memory(OP.i64Load, 8 * k).get(word).op(OP.i64Eq);
    if (k > 0) code.op(OP.i32And);
  });
}

/** Leaves the new state's number. */
function fileNew(code: Code, tables: Tables, { words, slot, at }: Omit<Sought, 'index'>): void {
  tables.count().i32(8 * words.length).op(OP.i32Mul);
  tables.arenaAt().op(OP.i32Add).set(at);
  words.forEach((word, k) => code.get(at).get(word).memory(OP.i64Store, 8 * k));
  code.get(slot).i32(2).op(OP.i32Shl);
  tables.slotsAt().op(OP.i32Add);
  tables.count().i32(1).op(OP.i32Add).memory(OP.i32Store);
  tables.count();
  tables.count().i32(1).op(OP.i32Add);
  tables.setCount();
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

/** The locals of the filing of a batch; some stand for globals as long as it lasts. */
interface Filing extends Sought {
  readonly code: Code;
  readonly tables: Tables;
  /** The entry. */
  readonly p: number;
  readonly move: number;
  readonly target: number;
  readonly h: number;
  readonly edges: number;
  readonly firstAt: number;
  readonly targetAt: number;
  readonly moveAt: number;
}

/**
 * Files the batch: every successor once, every transition; empties it. Or, if that is `thin`, the
 * successors, each new one with the row of the step that led there, while transitions are counted.
 */
export function emitFlush(nWords: number, thin: boolean): Code {
  const code = new Code([], []);
  const { filing: f, putBack } = filingIn(code, nWords);
  const end = code.local(I32);
  code.getGlobal(GLOBALS.batchEnd).set(end).i32(BATCH.start).set(f.p);
  code.block('done', (done) => code.loop('entry', (next) => {
    code.get(f.p).get(end).op(OP.i32GeU).brIf(done);
    if (thin) countEdge(f);
    else {
      findTarget(f);
      fileEdge(f);
    }
    code.get(f.p).i32(entryBytes(nWords)).op(OP.i32Add).set(f.p).br(next);
  }));
  putBack();
  return code;
}

function filingIn(code: Code, nWords: number): { filing: Filing; putBack: () => void } {
  const taken = (global: number): number => {
    const local = code.local(I32);
    code.getGlobal(global).set(local);
    return local;
  };
  const [count, arenaAt] = [taken(GLOBALS.count), taken(GLOBALS.arenaAt)];
  const [slotsAt, slotsMask] = [taken(GLOBALS.slotsAt), taken(GLOBALS.slotsMask)];
  const filing: Filing = {
    code, words: Array.from({ length: nWords }, () => code.local(I64)),
    slot: code.local(I32), index: code.local(I32), at: code.local(I32), p: code.local(I32),
    move: code.local(I32), target: code.local(I32), h: code.local(I64),
    edges: taken(GLOBALS.edges), firstAt: taken(GLOBALS.firstAt),
    targetAt: taken(GLOBALS.targetAt), moveAt: taken(GLOBALS.moveAt),
    tables: {
      arenaAt: () => code.get(arenaAt), slotsAt: () => code.get(slotsAt),
      slotsMask: () => code.get(slotsMask), count: () => code.get(count),
      setCount: () => code.set(count),
    },
  };
  const putBack = (): void => {
    code.get(count).setGlobal(GLOBALS.count).get(filing.edges).setGlobal(GLOBALS.edges);
    code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
  };
  return { filing, putBack };
}

/** An entry of a thin search is always looked up. */
function countEdge(f: Filing): void {
  const { code, words, p, move, edges } = f;
  code.get(p).memory(OP.i32Load, 8 * words.length).set(move);
  lookUp(f, () => {
    code.get(f.target).i32(2).op(OP.i32Shl).get(f.firstAt).op(OP.i32Add);
    code.get(p).memory(OP.i32Load, 8 * words.length + 4).memory(OP.i32Store);
  });
  code.get(edges).i32(1).op(OP.i32Add).set(edges);
}

/** Sets the number of the state that the entry leads to. */
function findTarget(f: Filing): void {
  const { code, words, p, move, target } = f;
  const moveAt = 8 * words.length;
  code.get(p).memory(OP.i32Load, moveAt).tee(move);
  code.i32(ENTRY_MOVE.stays).op(OP.i32LtU).if(() => lookUp(f, null), () => {
    code.get(move).i32(ENTRY_MOVE.cut).op(OP.i32GeU).if(() => {
      code.get(move).i32(ENTRY_MOVE.cut).op(OP.i32Sub).set(move).i32(-1).set(target);
    }, () => {
      code.get(move).i32(ENTRY_MOVE.stays).op(OP.i32Sub).set(move);
      code.get(p).memory(OP.i32Load, moveAt + 4).set(target);
    });
  });
}

/** In the table; a new state is filed, and judged; `note`: its number is `target`. */
function lookUp(f: Filing, note: (() => void) | null): void {
  const { code, words, p, target, move } = f;
  words.forEach((word, k) => code.get(p).memory(OP.i64Load, 8 * k).set(word));
  hash(code, words, f.h);
  code.set(f.slot);
  code.block('found', (found) => probe(code, f.tables, f, {
    empty: () => {
      fileNew(code, f.tables, f);
      code.set(target);
      note?.();
      for (const word of words) code.get(word);
      code.get(target).get(move).i32(MOVE_BITS).op(OP.i32ShrU);
      code.i32(TABLE.judge).callIndirect(JUDGE_TYPE);
      code.if(() => attend(code, target)).br(found);
    },
    found: () => code.get(f.index).set(target).br(found),
  }));
}

/** The host has to look at the state whose number is in the local. */
export function attend(code: Code, state: number): void {
  code.getGlobal(GLOBALS.attention).i32(2).op(OP.i32Shl).get(state);
  code.memory(OP.i32Store, ATTENTION_AT);
  code.getGlobal(GLOBALS.attention).i32(1).op(OP.i32Add).setGlobal(GLOBALS.attention);
}

function fileEdge({ code, edges, targetAt, moveAt, target, move }: Filing): void {
  for (const [at, value] of [[targetAt, target], [moveAt, move]] as const) {
    code.get(edges).i32(2).op(OP.i32Shl).get(at).op(OP.i32Add);
    code.get(value).memory(OP.i32Store);
  }
  code.get(edges).i32(1).op(OP.i32Add).set(edges);
}
