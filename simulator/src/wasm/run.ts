// The search loop as WebAssembly: takes states in the order of their numbers, lets every thread
// append its successors, files them in batches. And the choices of a step, made and gone through.
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import {
  BATCH, BATCH_FULL, CHOICES, entryBytes, GLOBALS, MAX_KEPT_CHOICES, RUN_FULL,
} from './memory.ts';

export interface RunCalls {
  /** By thread. */
  readonly steps: readonly number[];
  readonly races: number | null;
  readonly flush: number;
}

/**
 * `(state, end) -> state`: expands the states from `state` on and returns the first not expanded:
 * `end`, or earlier where the run is full or (`slow` set) that state is for the interpreter.
 */
export function emitRun(nWords: number, calls: RunCalls): Code {
  const code = new Code([I32, I32], [I32]);
  const [q, end] = [0, 1];
  const words = Array.from({ length: nWords }, () => code.local(I64));
  const [at, mark, full] = [code.local(I32), code.local(I32), code.local(I32)];
  code.getGlobal(GLOBALS.edges).i32(RUN_FULL).op(OP.i32Add).set(full);
  const state = (next: Label, stop: Label, slow: Label): void => {
    code.get(q).get(end).op(OP.i32GeU).brIf(stop);
    code.getGlobal(GLOBALS.edges).get(full).op(OP.i32GeU).brIf(stop);
    code.get(q).i32(8 * nWords).op(OP.i32Mul).getGlobal(GLOBALS.arenaAt).op(OP.i32Add).set(at);
    words.forEach((word, k) => code.get(at).memory(OP.i64Load, 8 * k).set(word));
    code.getGlobal(GLOBALS.batchEnd).set(mark);
    const ask = (index: number): void => {
      for (const word of words) code.get(word);
      code.call(index).brIf(slow);
    };
    if (calls.races !== null) ask(calls.races);
    calls.steps.forEach(ask);
    code.getGlobal(GLOBALS.fault).brIf(slow);
    closeState(code, q, nWords);
    code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start + BATCH_FULL * entryBytes(nWords));
    code.op(OP.i32GeU).if(() => code.call(calls.flush));
    code.br(next);
  };
  code.block('full', (stop) => {
    code.block('slow', (slow) => code.loop('state', (next) => state(next, stop, slow)));
    code.get(mark).setGlobal(GLOBALS.batchEnd);
    code.i32(0).setGlobal(GLOBALS.fault).i32(1).setGlobal(GLOBALS.slow);
  });
  return code.call(calls.flush).get(q);
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
