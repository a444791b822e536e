// The search loop as WebAssembly: takes states in the order of their numbers, lets every thread
// append its successors, files them in batches. And the choices of a step, made and gone through.
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import { LEAN_ENTRY } from './lean-store.ts';
import {
  ATTENTION_AT, BATCH, BATCH_FULL, CHOICES, entryBytes, GLOBALS, MAX_KEPT_CHOICES, RUN_FULL,
} from './memory.ts';
import { SLOW } from './step.ts';

export interface RunCalls {
  /** By thread. */
  readonly steps: readonly number[];
  readonly races: number | null;
  readonly flush: number;
  /** Of a lean search: whether a thread that must end has not. */
  readonly unfinished: number | null;
}

/** The locals of the loop. */
interface Loop {
  readonly code: Code;
  readonly nWords: number;
  readonly calls: RunCalls;
  readonly q: number;
  readonly words: readonly number[];
  /** The batch's end and the transitions counted, before the state. */
  readonly mark: number;
  readonly edges: number;
  readonly answer: number;
  /** Whether any thread has a successor. */
  readonly moved: number;
}

/**
 * `(state, end) -> state`: expands the states from `state` on and returns the first not expanded:
 * `end`, or earlier where the run is full or (`slow` set) that state is for the interpreter.
 */
export function emitRun(nWords: number, calls: RunCalls): Code {
  const code = new Code([I32, I32], [I32]);
  const l: Loop = {
    code, nWords, calls, q: 0, words: Array.from({ length: nWords }, () => code.local(I64)),
    mark: code.local(I32), edges: code.local(I32), answer: code.local(I32),
    moved: code.local(I32),
  };
  const [at, full] = [code.local(I32), code.local(I32)];
  const entry = calls.unfinished === null ? entryBytes(nWords) : LEAN_ENTRY;
  code.getGlobal(GLOBALS.edges).i32(RUN_FULL).op(OP.i32Add).set(full);
  const state = (next: Label, stop: Label, slow: Label): void => {
    code.get(l.q).get(1).op(OP.i32GeU).brIf(stop);
    code.getGlobal(GLOBALS.edges).get(full).op(OP.i32GeU).brIf(stop);
    code.get(l.q).i32(8 * nWords).op(OP.i32Mul).getGlobal(GLOBALS.arenaAt).op(OP.i32Add).set(at);
    l.words.forEach((word, k) => code.get(at).memory(OP.i64Load, 8 * k).set(word));
    code.getGlobal(GLOBALS.batchEnd).set(l.mark).getGlobal(GLOBALS.edges).set(l.edges);
    askAll(l, slow);
    if (calls.unfinished === null) closeState(code, l.q, nWords);
    else closeLean(l, calls.unfinished);
    code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start + BATCH_FULL * entry);
    code.op(OP.i32GeU).if(() => code.call(calls.flush));
    code.br(next);
  };
  code.block('full', (stop) => {
    code.block('slow', (slow) => code.loop('state', (next) => state(next, stop, slow)));
    code.get(l.mark).setGlobal(GLOBALS.batchEnd).get(l.edges).setGlobal(GLOBALS.edges);
    code.i32(0).setGlobal(GLOBALS.fault).i32(1).setGlobal(GLOBALS.slow);
  });
  return code.call(calls.flush).get(l.q);
}

/** Every thread appends its successors. */
function askAll(l: Loop, slow: Label): void {
  const { code, calls } = l;
  const lean = calls.unfinished !== null;
  const words = (): void => { for (const word of l.words) code.get(word); };
  if (calls.races !== null) {
    words();
    code.call(calls.races).brIf(slow);
  }
  if (lean) code.i32(0).set(l.moved);
  for (const step of calls.steps) {
    words();
    code.call(step);
    if (!lean) {
      code.brIf(slow);
      continue;
    }
    code.tee(l.answer).i32(SLOW).op(OP.i32Eq).brIf(slow);
    code.get(l.answer).op(OP.i32Eqz).get(l.moved).op(OP.i32Or).set(l.moved);
  }
  code.getGlobal(GLOBALS.fault).brIf(slow);
}

/** A state without successors in which a thread should still go on is for the host. */
function closeLean(l: Loop, unfinished: number): void {
  const { code } = l;
  code.get(l.moved).op(OP.i32Eqz).if(() => {
    for (const word of l.words) code.get(word);
    code.call(unfinished).if(() => {
      code.getGlobal(GLOBALS.attention).i32(2).op(OP.i32Shl).get(l.q);
      code.memory(OP.i32Store, ATTENTION_AT);
      code.getGlobal(GLOBALS.attention).i32(1).op(OP.i32Add).setGlobal(GLOBALS.attention);
    });
  });
  code.get(l.q).i32(1).op(OP.i32Add).set(l.q);
}

/** The state's transitions are all in the batch or filed. */
function closeState(code: Code, q: number, nWords: number): void {
  code.get(q).i32(1).op(OP.i32Add).tee(q).i32(2).op(OP.i32Shl);
  code.getGlobal(GLOBALS.firstAt).op(OP.i32Add);
  code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start).op(OP.i32Sub);
  code.i32(entryBytes(nWords)).op(OP.i32DivU).getGlobal(GLOBALS.edges).op(OP.i32Add);
  code.memory(OP.i32Store);
}

/** Takes the number of options, leaves the one to take: the given one, else the first. */
export function emitDecide(): Code {
  const code = new Code([I32], [I32]);
  const at = code.local(I32);
  code.get(0).i32(1).op(OP.i32Eq).if(() => code.i32(0).op(OP.return));
  code.i32(0).memory(OP.i32Load, CHOICES.chosen).tee(at).i32(MAX_KEPT_CHOICES).op(OP.i32GeU);
  code.if(() => code.i32(1).setGlobal(GLOBALS.fault).i32(0).op(OP.return));
  code.i32(0).get(at).i32(1).op(OP.i32Add).memory(OP.i32Store, CHOICES.chosen);
  code.get(at).i32(0).memory(OP.i32Load, CHOICES.length).op(OP.i32GeU).if(() => {
    code.i32(0).get(at).i32(1).op(OP.i32Add).memory(OP.i32Store, CHOICES.length);
    code.get(at).i32(2).op(OP.i32Shl).i32(0).memory(OP.i32Store, CHOICES.list);
  });
  code.get(at).i32(2).op(OP.i32Shl).get(0).memory(OP.i32Store, CHOICES.options);
  return code.get(at).i32(2).op(OP.i32Shl).memory(OP.i32Load, CHOICES.list);
}

/** Moves on to the next combination of choices of the same step; 0 after the last. */
export function emitNextChoice(): Code {
  const code = new Code([], [I32]);
  const [at, offset] = [code.local(I32), code.local(I32)];
  code.i32(0).memory(OP.i32Load, CHOICES.chosen).set(at);
  code.block('none', (none) => code.loop('place', (next) => {
    code.get(at).op(OP.i32Eqz).brIf(none);
    code.get(at).i32(1).op(OP.i32Sub).tee(at).i32(2).op(OP.i32Shl).set(offset);
    code.get(offset).memory(OP.i32Load, CHOICES.list).i32(1).op(OP.i32Add);
    code.get(offset).memory(OP.i32Load, CHOICES.options).op(OP.i32LtU).if(() => {
      code.get(offset).get(offset).memory(OP.i32Load, CHOICES.list).i32(1).op(OP.i32Add);
      code.memory(OP.i32Store, CHOICES.list);
      code.i32(0).get(at).i32(1).op(OP.i32Add).memory(OP.i32Store, CHOICES.length);
      code.i32(1).op(OP.return);
    });
    code.br(next);
  }));
  return code.i32(0);
}
