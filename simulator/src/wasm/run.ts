// The search loop as WebAssembly: takes states in the order of their numbers, lets every thread
// append its successors, files them in batches. And the choices of a step, made and gone through.
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import {
  BATCH, BATCH_FULL, CHOICES, entryBytes, GLOBALS, MAX_KEPT_CHOICES, RUN_FULL, STACK, TABLE,
  TURN_TYPE, TURNS_AT,
} from './memory.ts';
import {
  afterStep, beforeStep, createSleepers, wakeState, type Sleep, type Sleepers,
} from './sleep.ts';
import { SKIPPED_SHIFT, SLOW } from './step.ts';
import { attend } from './store.ts';

export interface RunCalls {
  readonly flush: number;
  /** Of a lean search; null: what is asked of each state is in the table. */
  readonly lean: LeanRunCalls | null;
  /** Transitions are counted, not kept. */
  readonly thin: boolean;
}

export interface LeanRunCalls {
  /** By thread. */
  readonly steps: readonly number[];
  readonly races: number | null;
  /** Whether a thread that must end has not. */
  readonly unfinished: number;
  /** Files the state at an address. */
  readonly file: number;
  /** The thread whose step may stand for all, or -1. */
  readonly pick: number | null;
  readonly sleep: Sleep | null;
}

/** The locals of the loop. */
interface Loop {
  readonly code: Code;
  readonly nWords: number;
  readonly calls: RunCalls;
  readonly q: number;
  readonly words: readonly number[];
  /** Where the state lies. */
  readonly at: number;
  /** Transitions at which the run is full. */
  readonly full: number;
  /** The batch's end and the transitions counted, before the state. */
  readonly mark: number;
  readonly edges: number;
  readonly answer: number;
  /** Whether any thread has a successor. */
  readonly moved: number;
  /** The state is from the stack. */
  readonly stacked: number;
  /** Which function of the table is next, and the one behind the last. */
  readonly turn: number;
  readonly turns: number;
  readonly sleepers: Sleepers | null;
}

/**
 * `(state, end) -> state`: expands the states from `state` on and returns the first not expanded:
 * `end`, or earlier where the run is full or (`slow` set) that state is for the interpreter. States
 * on the stack come first; where the run is full, some may be left there.
 */
export function emitRun(nWords: number, calls: RunCalls): Code {
  const code = new Code([I32, I32], [I32]);
  const l: Loop = {
    code, nWords, calls, q: 0, words: Array.from({ length: nWords }, () => code.local(I64)),
    at: code.local(I32), full: code.local(I32), mark: code.local(I32), edges: code.local(I32),
    answer: code.local(I32), moved: code.local(I32), stacked: code.local(I32),
    turn: code.local(I32), turns: code.local(I32),
    sleepers: calls.lean?.sleep == null ? null : createSleepers(code, calls.lean.sleep),
  };
  if (calls.lean === null) code.i32(0).memory(OP.i32Load, TURNS_AT).set(l.turns);
  code.getGlobal(GLOBALS.edges).i32(RUN_FULL).op(OP.i32Add).set(l.full);
  const state = (next: Label, stop: Label, slow: Label): void => {
    nextState(l, stop);
    code.getGlobal(GLOBALS.batchEnd).set(l.mark).getGlobal(GLOBALS.edges).set(l.edges);
    askAll(l, slow);
    if (calls.lean !== null) closeLean(l, calls.lean);
    else if (calls.thin) closeThin(l);
    else closeState(code, l.q, nWords);
    code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start + BATCH_FULL * entryBytes(nWords));
    code.op(OP.i32GeU).if(() => code.call(calls.flush));
    code.br(next);
  };
  code.block('full', (stop) => {
    const undo = (): void => {
      code.get(l.mark).setGlobal(GLOBALS.batchEnd).get(l.edges).setGlobal(GLOBALS.edges);
      code.i32(0).setGlobal(GLOBALS.fault);
    };
    code.loop('on', (on) => {
      code.block('slow', (slow) => code.loop('state', (next) => state(next, stop, slow)));
      undo();
      if (calls.lean?.pick != null) storeStacked(l, calls.lean, on);
    });
    code.i32(1).setGlobal(GLOBALS.slow);
  });
  return code.call(calls.flush).get(l.q);
}

/** The stack's last state, else the queue's next; leaves the loop where there is none. */
function nextState(l: Loop, stop: Label): void {
  const { code, nWords, calls } = l;
  code.getGlobal(GLOBALS.edges).get(l.full).op(OP.i32GeU).brIf(stop);
  const fromQueue = (): void => {
    code.get(l.q).get(1).op(OP.i32GeU).brIf(stop);
    code.get(l.q).i32(8 * nWords).op(OP.i32Mul);
    code.getGlobal(GLOBALS.arenaAt).op(OP.i32Add).set(l.at);
  };
  if (calls.lean?.pick == null) fromQueue();
  else {
    // what is still in the batch may go onto the stack
    code.get(l.q).get(1).op(OP.i32GeU).if(() => code.call(calls.flush));
    code.getGlobal(GLOBALS.stackEnd).i32(STACK.start).op(OP.i32GtU).tee(l.stacked).if(() => {
      code.getGlobal(GLOBALS.stackEnd).i32(8 * nWords).op(OP.i32Sub).tee(l.at);
      code.setGlobal(GLOBALS.stackEnd);
    }, fromQueue);
  }
  l.words.forEach((word, k) => code.get(l.at).memory(OP.i64Load, 8 * k).set(word));
  if (l.sleepers !== null) wakeState(code, l.sleepers, l.words[0]!);
}

/** A state from the stack that is for the interpreter is stored after all. */
function storeStacked(l: Loop, { file }: LeanRunCalls, on: Label): void {
  const { code } = l;
  code.get(l.stacked).if(() => {
    code.get(l.at).call(file).op(OP.drop).br(on);
  });
}

/** Every thread appends its successors, or one whose step stands for all. */
function askAll(l: Loop, slow: Label): void {
  const { code, calls: { lean } } = l;
  if (lean === null) {
    askInTurn(l, slow);
    return;
  }
  if (lean.races !== null) {
    pushWords(l);
    code.call(lean.races).brIf(slow);
  }
  const { pick } = lean;
  if (pick === null) {
    askLean(l, lean, slow);
    return;
  }
  code.block('expanded', (expanded) => {
    askPicked(l, lean, { pick, expanded, slow });
    askLean(l, lean, slow);
  });
}

/** The functions of the table one after the other, as far as there are any. */
function askInTurn(l: Loop, slow: Label): void {
  const { code } = l;
  if (l.calls.thin) wakeThin(l);
  else code.get(l.q).setGlobal(GLOBALS.current);
  code.i32(TABLE.turns).set(l.turn);
  code.block('asked', (asked) => code.loop('turn', (next) => {
    code.get(l.turn).get(l.turns).op(OP.i32GeU).brIf(asked);
    pushWords(l);
    code.get(l.turn).callIndirect(TURN_TYPE);
    if (l.calls.thin) countSkipped(l, slow);
    else code.brIf(slow);
    code.get(l.turn).i32(1).op(OP.i32Add).set(l.turn).br(next);
  }));
  code.getGlobal(GLOBALS.fault).brIf(slow);
}

/** Of a turn's answer, on the stack. */
function countSkipped({ code, answer }: Loop, slow: Label): void {
  code.tee(answer).i32(SLOW).op(OP.i32And).brIf(slow);
  code.get(answer).i32(SKIPPED_SHIFT).op(OP.i32ShrU).getGlobal(GLOBALS.edges).op(OP.i32Add);
  code.setGlobal(GLOBALS.edges);
}

function pushWords({ code, words }: Loop): void {
  for (const word of words) code.get(word);
}

function askLean(l: Loop, { steps }: LeanRunCalls, slow: Label): void {
  const { code, sleepers } = l;
  code.i32(0).set(l.moved);
  steps.forEach((step, t) => {
    pushWords(l);
    if (sleepers !== null) beforeStep(code, sleepers, t);
    code.call(step).tee(l.answer).i32(SLOW).op(OP.i32Eq).brIf(slow);
    code.get(l.answer).op(OP.i32Eqz).get(l.moved).op(OP.i32Or).set(l.moved);
    if (sleepers !== null) afterStep(code, sleepers, t);
  });
  code.getGlobal(GLOBALS.fault).brIf(slow);
}

/** The picked thread's step alone, if it moves and does not end the run; else falls through. */
function askPicked(
  l: Loop, { steps }: LeanRunCalls, to: { pick: number; expanded: Label; slow: Label },
): void {
  const { code } = l;
  pushWords(l);
  code.call(to.pick).set(l.moved);
  code.i32(0).setGlobal(GLOBALS.stopSeen);
  steps.forEach((step, t) => {
    code.get(l.moved).i32(t).op(OP.i32Eq).if(() => {
      pushWords(l);
      code.call(step).tee(l.answer).i32(SLOW).op(OP.i32Eq).brIf(to.slow);
      code.getGlobal(GLOBALS.fault).brIf(to.slow);
      code.get(l.answer).getGlobal(GLOBALS.stopSeen).op(OP.i32Or).op(OP.i32Eqz).if(() => {
        code.i32(1).set(l.moved).br(to.expanded);
      });
      code.get(l.stacked).brIf(to.slow); // it must be stored: rounds may pass through it
      code.get(l.mark).setGlobal(GLOBALS.batchEnd).get(l.edges).setGlobal(GLOBALS.edges);
    });
  });
}

/** A state without successors in which a thread should still go on is for the host. */
function closeLean(l: Loop, { unfinished, pick }: LeanRunCalls): void {
  const { code } = l;
  const tell = (): void => {
    pushWords(l);
    code.call(unfinished).if(() => {
      if (pick === null) attend(code, l.q);
      else code.get(l.stacked).if(() => code.op(OP.unreachable), () => attend(code, l.q));
    });
  };
  code.get(l.moved).op(OP.i32Eqz).if(tell);
  if (pick === null) code.get(l.q).i32(1).op(OP.i32Add).set(l.q);
  else code.get(l.q).get(l.stacked).op(OP.i32Eqz).op(OP.i32Add).set(l.q);
}

/** Says which step led to the state. */
function wakeThin({ code, q }: Loop): void {
  code.get(q).i32(2).op(OP.i32Shl).getGlobal(GLOBALS.firstAt).op(OP.i32Add);
  code.memory(OP.i32Load).setGlobal(GLOBALS.creator);
}

/** A state without successors in which a thread should still go on is for the host. */
function closeThin(l: Loop): void {
  const { code } = l;
  code.getGlobal(GLOBALS.batchEnd).get(l.mark).op(OP.i32Eq);
  code.getGlobal(GLOBALS.edges).get(l.edges).op(OP.i32Eq).op(OP.i32And).if(() => {
    pushWords(l);
    code.i32(TABLE.unfinished).callIndirect(TURN_TYPE).if(() => attend(code, l.q));
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
