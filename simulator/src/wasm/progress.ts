// After a lean search, which threads can still go on, from each state: as WebAssembly, a sweep over
// the table in which every state is expanded again. A state's mark has a bit for each of the
// threads asked for that is done, or has a step there or in some state reachable from there.
import { doneRest } from '../layout.ts';
import type { ThreadIdx } from '../program.ts';
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import { BATCH, entryBytes, GLOBALS, LATELY, STACK } from './memory.ts';
import { mix, type Quotient } from './quotient.ts';
import { stateAt } from './recall.ts';
import { maySleep } from './sleep.ts';
import { MOVED, SLOW } from './step.ts';
import { NO_LABEL, quietUnit, slotIs, type Plan, type Unit } from './unit.ts';

/** The threads asked for: bit i of a mark is for the i-th. */
export type Asked = readonly ThreadIdx[];

export const allOf = (asked: Asked): number => 2 ** asked.length - 1;
export const markBytes = (asked: Asked): 1 | 4 => (asked.length <= 8 ? 1 : 4);

export interface ProgressCalls {
  readonly quotient: Quotient | null;
  readonly asked: Asked;
  /** By thread. */
  readonly steps: readonly number[];
  /** See `emitPlace`, `emitRead`. */
  readonly place: number;
  readonly read: number;
  /** Of a reduced search: sorts the state at an address in place. */
  readonly canonical: number | null;
  /** And says which thread's step stands for all, or -1. */
  readonly pick: number | null;
}

/** Leaves the mark of the place whose index is in the local. */
function loadMark(code: Code, { asked }: ProgressCalls, index: number): void {
  markAddress(code, asked, index);
  code.memory(markBytes(asked) === 1 ? OP.i32Load8 : OP.i32Load);
}

function storeMark(
  code: Code, { asked }: ProgressCalls, of: { index: number; mark: number },
): void {
  markAddress(code, asked, of.index);
  code.get(of.mark).memory(markBytes(asked) === 1 ? OP.i32Store8 : OP.i32Store);
}

function markAddress(code: Code, asked: Asked, index: number): void {
  code.getGlobal(GLOBALS.marksAt).get(index);
  if (markBytes(asked) === 4) code.i32(2).op(OP.i32Shl);
  code.op(OP.i32Add);
}

/**
 * Address of the words in, the place of that state out; -1: it was not stored. `seek` takes the
 * number or, where whole states are kept, the words.
 */
export function emitPlace(
  nWords: number, of: { quotient: Quotient | null; seek: number },
): Code {
  const { quotient, seek } = of;
  const code = new Code([I32], [I32]);
  for (let k = 0; k < nWords; k++) code.get(0).memory(OP.i64Load, 8 * k);
  if (quotient !== null) mix(code, quotient, code.local(I64));
  return code.call(seek);
}

/** The locals of a sweep. */
interface Sweep {
  readonly u: Unit;
  readonly calls: ProgressCalls;
  /** What is known of the state in the words. */
  readonly mark: number;
  readonly answer: number;
  /** Into the batch. */
  readonly p: number;
  readonly found: number;
}

function sweepOf(plan: Plan, code: Code, calls: ProgressCalls): Sweep {
  const words = Array.from({ length: plan.nWords }, () => code.local(I64));
  const u = quietUnit(plan, { code, words, regs: [], cut: NO_LABEL });
  return {
    u, calls, mark: code.local(I32), answer: code.local(I32), p: code.local(I32),
    found: code.local(I32),
  };
}

/** Leaves nothing pending behind. */
function clear(code: Code): void {
  code.i32(0).setGlobal(GLOBALS.fault).i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
  code.i32(STACK.start).setGlobal(GLOBALS.stackEnd);
}

/** States of a walk at most; where they are, and their marks. */
const WALK = 64;
const WALK_AT = LATELY.start;

/** The locals of walks. */
interface Walk extends Sweep {
  /** Addresses of the walk's entry under way. */
  readonly at: number;
  readonly random: number;
  /** What is known by all of the walk. */
  readonly all: number;
}

/**
 * `(index, end)`: from each of these places a walk, one successor of each state at random, until
 * all threads asked for are seen to go on; what is seen is known of all its states. It seldom takes
 * many steps: where others have walked before, all is known.
 */
export function emitWalk(plan: Plan, calls: ProgressCalls): Code {
  const code = new Code([I32, I32], []);
  const w: Walk = {
    ...sweepOf(plan, code, calls), at: code.local(I32), random: code.local(I32),
    all: code.local(I32),
  };
  const everyone = allOf(calls.asked);
  const { u: { words } } = w;
  const read = stateAt(plan, { code, words, quotient: calls.quotient });
  code.get(0).i32(1).op(OP.i32Or).set(w.random);
  code.block('end', (end) => code.loop('place', (again) => {
    code.get(0).get(1).op(OP.i32GeU).brIf(end);
    code.block('next', (next) => {
      loadMark(code, calls, 0);
      code.tee(w.mark).i32(everyone).op(OP.i32Eq).brIf(next);
      read(() => {
        code.i32(everyone).set(w.mark);
        storeMark(code, calls, { index: 0, mark: w.mark });
        code.br(next);
      });
      code.i32(WALK_AT).set(w.at).get(0).set(w.found).i32(0).set(w.all);
      code.block('over', (over) => code.loop('step', (step) => {
        walkStep(w, over);
        code.br(step);
      }));
      clear(code);
      tellWalk(w);
    });
    code.get(0).i32(1).op(OP.i32Add).set(0).br(again);
  }));
  return code;
}

/** The state in the words, at place `found`, with what `mark` says; then one of its successors. */
function walkStep(w: Walk, over: Label): void {
  const { u: { code, words }, calls, at, random, all, mark, p, found } = w;
  const everyone = allOf(calls.asked);
  code.get(at).get(found).memory(OP.i32Store);
  const note = (): void => {
    code.get(at).get(mark).memory(OP.i32Store, 4);
    code.get(all).get(mark).op(OP.i32Or).tee(all).i32(everyone).op(OP.i32Eq).brIf(over);
  };
  note();
  code.get(at).i32(WALK_AT + 8 * (WALK - 1)).op(OP.i32GeU).brIf(over);
  code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
  expand(w, over);
  note();
  code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start).op(OP.i32Eq).brIf(over);
  for (const [op, by] of [
    [OP.i32Shl, 13], [OP.i32ShrU, 17], [OP.i32Shl, 5],
  ] as const) code.get(random).get(random).i32(by).op(op).op(OP.i32Xor).set(random);
  code.getGlobal(GLOBALS.batchEnd).i32(BATCH.start).op(OP.i32Sub);
  code.i32(entryBytes(words.length)).op(OP.i32DivU).set(p);
  code.get(random).get(p).op(OP.i32RemU).i32(entryBytes(words.length)).op(OP.i32Mul);
  code.i32(BATCH.start).op(OP.i32Add).set(p);
  if (calls.canonical !== null) code.get(p).call(calls.canonical);
  words.forEach((word, k) => code.get(p).memory(OP.i64Load, 8 * k).set(word));
  code.i32(0).set(mark);
  code.get(p).call(calls.place).tee(found).i32(-1).op(OP.i32Ne);
  code.if(() => {
    loadMark(code, calls, found);
    code.set(mark);
  });
  code.get(at).i32(8).op(OP.i32Add).set(at);
}

/** From the walk's end to its beginning: each state knows what those after it know. */
function tellWalk(w: Walk): void {
  const { u: { code }, calls, at, all, mark, found } = w;
  code.i32(0).set(all);
  code.loop('state', (next) => {
    code.get(at).memory(OP.i32Load, 4).get(all).op(OP.i32Or).set(all);
    code.get(at).memory(OP.i32Load).tee(found).i32(-1).op(OP.i32Ne).if(() => {
      loadMark(code, calls, found);
      code.get(all).op(OP.i32Or).set(mark);
      storeMark(code, calls, { index: found, mark });
    });
    code.get(at).i32(8).op(OP.i32Sub).tee(at).i32(WALK_AT).op(OP.i32GeU).brIf(next);
  });
}

/**
 * `(index, end, by) -> index`: goes over the places from `index` on, `by` (1 or -1) each time, and
 * adds to their marks. Returns `end`, or earlier where (`slow` set) a state is for the interpreter:
 * then its words are at the batch's start. `marksChanged` is set where a mark has been added to.
 */
export function emitProgress(plan: Plan, calls: ProgressCalls): Code {
  const code = new Code([I32, I32, I32], [I32]);
  const s = sweepOf(plan, code, calls);
  const { u: { words } } = s;
  const read = stateAt(plan, { code, words, quotient: calls.quotient });
  code.block('end', (end) => code.loop('place', (again) => {
    code.get(0).get(1).op(OP.i32Eq).brIf(end);
    code.block('next', (next) => {
      loadMark(code, calls, 0);
      code.tee(s.mark).i32(allOf(calls.asked)).op(OP.i32Eq).brIf(next);
      read(() => {
        code.i32(allOf(calls.asked)).set(s.mark);
        storeMark(code, calls, { index: 0, mark: s.mark });
        code.br(next);
      });
      code.block('slow', (slow) => {
        addToMark(s, slow);
        code.br(next);
      });
      clear(code);
      code.get(0).call(calls.read);
      code.i32(1).setGlobal(GLOBALS.slow).br(end);
    });
    code.get(0).get(2).op(OP.i32Add).set(0).br(again);
  }));
  return code.get(0);
}

/** The place of a stored state in: puts its words at the batch's start. */
export function emitRead(plan: Plan, quotient: Quotient | null): Code {
  const code = new Code([I32], []);
  const words = Array.from({ length: plan.nWords }, () => code.local(I64));
  const read = stateAt(plan, { code, words, quotient });
  code.block('none', (none) => {
    read(() => code.br(none));
    words.forEach((word, k) => code.i32(BATCH.start).get(word).memory(OP.i64Store, 8 * k));
  });
  return code;
}

/** Expands the state in the words, and those that were passed through from there. */
function addToMark(s: Sweep, slow: Label): void {
  const { u: { code, words }, calls } = s;
  code.block('known', (known) => {
    code.loop('state', (state) => {
      expand(s, slow);
      code.get(s.mark).i32(allOf(calls.asked)).op(OP.i32Eq).brIf(known);
      fromSuccessors(s, { known, slow });
      code.i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
      if (calls.pick === null) return;
      code.getGlobal(GLOBALS.stackEnd).i32(STACK.start).op(OP.i32GtU).if(() => {
        code.getGlobal(GLOBALS.stackEnd).i32(8 * words.length).op(OP.i32Sub);
        code.setGlobal(GLOBALS.stackEnd);
        words.forEach((word, k) => {
          code.getGlobal(GLOBALS.stackEnd).memory(OP.i64Load, 8 * k).set(word);
        });
        code.br(state);
      });
    });
  });
  clear(code);
  loadMark(code, calls, 0);
  code.get(s.mark).op(OP.i32Ne).if(() => {
    storeMark(code, calls, { index: 0, mark: s.mark });
    code.i32(1).setGlobal(GLOBALS.marksChanged);
  });
}

/** Puts the successors of the state into the batch; adds to its mark who moves or is done. */
function expand(s: Sweep, slow: Label): void {
  const { u: { code }, calls, mark } = s;
  doneBits(s);
  code.i32(0).setGlobal(GLOBALS.cutSeen);
  code.block('expanded', (expanded) => {
    if (calls.pick !== null) askPicked(s, calls.pick, { expanded, slow });
    askAll(s, slow);
  });
  code.getGlobal(GLOBALS.cutSeen).if(() => code.i32(allOf(calls.asked)).set(mark));
}

/** Who has come to an end needs no step. */
function doneBits({ u, calls, mark }: Sweep): void {
  const { code, plan: { layout } } = u;
  calls.asked.forEach((t, i) => {
    slotIs(u, layout.threads[t]!.pc, doneRest(layout, t));
    if (i > 0) code.i32(i).op(OP.i32Shl);
    code.get(mark).op(OP.i32Or).set(mark);
  });
}

/** Adds the thread's bit where `answer` says that it moves. */
function moveBit({ u: { code }, calls, mark, answer }: Sweep, t: ThreadIdx): void {
  const i = calls.asked.indexOf(t);
  if (i === -1) return;
  code.get(answer).i32(MOVED).op(OP.i32Eq);
  if (i > 0) code.i32(i).op(OP.i32Shl);
  code.get(mark).op(OP.i32Or).set(mark);
}

function pushWords({ u: { code, words } }: Sweep): void {
  for (const word of words) code.get(word);
}

function askAll(s: Sweep, slow: Label): void {
  const { u: { code, plan }, calls } = s;
  calls.steps.forEach((step, t) => {
    pushWords(s);
    if (maySleep(plan, t)) code.i32(0);
    code.call(step).tee(s.answer).i32(SLOW).op(OP.i32Eq).brIf(slow);
    moveBit(s, t);
  });
  code.getGlobal(GLOBALS.fault).brIf(slow);
}

/** As in the search: the picked thread's step alone, if it moves and does not end the run. */
function askPicked(s: Sweep, pick: number, to: { expanded: Label; slow: Label }): void {
  const { u: { code }, calls, found: picked } = s;
  pushWords(s);
  code.call(pick).set(picked);
  code.i32(0).setGlobal(GLOBALS.stopSeen);
  calls.steps.forEach((step, t) => {
    code.get(picked).i32(t).op(OP.i32Eq).if(() => {
      pushWords(s);
      code.call(step).tee(s.answer).i32(SLOW).op(OP.i32Eq).brIf(to.slow);
      code.getGlobal(GLOBALS.fault).brIf(to.slow);
      code.get(s.answer).getGlobal(GLOBALS.stopSeen).op(OP.i32Or).op(OP.i32Eqz).if(() => {
        moveBit(s, t);
        code.br(to.expanded);
      });
      code.i32(0).setGlobal(GLOBALS.cutSeen).i32(BATCH.start).setGlobal(GLOBALS.batchEnd);
    });
  });
}

/** Adds the marks of the successors in the batch; those not stored go onto the stack. */
function fromSuccessors(s: Sweep, to: { known: Label; slow: Label }): void {
  const { u: { code, words }, calls, p, found, mark } = s;
  const { known, slow } = to;
  code.i32(BATCH.start).set(p);
  code.block('done', (done) => code.loop('entry', (next) => {
    code.get(p).getGlobal(GLOBALS.batchEnd).op(OP.i32GeU).brIf(done);
    if (calls.canonical !== null) code.get(p).call(calls.canonical);
    code.get(p).call(calls.place).tee(found).i32(-1).op(OP.i32Eq).if(() => {
      if (calls.pick === null) {
        code.op(OP.unreachable);
        return;
      }
      code.getGlobal(GLOBALS.stackEnd).i32(STACK.end - 8 * words.length).op(OP.i32GtU).brIf(slow);
      words.forEach((_, k) => {
        code.getGlobal(GLOBALS.stackEnd).get(p).memory(OP.i64Load, 8 * k);
        code.memory(OP.i64Store, 8 * k);
      });
      code.getGlobal(GLOBALS.stackEnd).i32(8 * words.length).op(OP.i32Add);
      code.setGlobal(GLOBALS.stackEnd);
    }, () => {
      loadMark(code, calls, found);
      code.get(mark).op(OP.i32Or).tee(mark).i32(allOf(calls.asked)).op(OP.i32Eq).brIf(known);
    });
    code.get(p).i32(entryBytes(words.length)).op(OP.i32Add).set(p).br(next);
  }));
}
