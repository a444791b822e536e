// How a step's successor is put into the batch: with its move where transitions are kept, only
// counted where they are not.
import { I32, OP } from './assembler.ts';
import { ENTRY_MOVE, entryBytes, GLOBALS } from './memory.ts';
import { rowOfStep, sleepsItself } from './rows.ts';
import { emitAsleep } from './sleep.ts';
import { withLocal, type Unit } from './unit.ts';

interface Successor {
  readonly u: Unit;
  /** The state from which the step started. */
  readonly base: readonly number[];
  /** Which of the step's successors it is, an i32. */
  readonly choice: number;
  /** Of a lean search: from which resting place, so that who sleeps behind it is known. */
  readonly rest: number | null;
  /** Else, i32 locals: the place from which the step started; successors that were left out. */
  readonly restAt: number;
  readonly skipped: number;
}

/** One more successor in the batch. */
export function append(f: Successor, cut: boolean): void {
  const { u: { code, plan }, choice } = f;
  if (plan.lean !== null) {
    appendLean(f, cut);
    return;
  }
  code.getGlobal(GLOBALS.thin).if(() => appendThin(f, cut), () => appendKept(f, cut));
  code.get(choice).i32(1).op(OP.i32Add).set(choice);
}

function appendKept({ u, base, choice }: Successor, cut: boolean): void {
  const { code, plan } = u;
  withLocal(u, I32, (at) => {
    code.getGlobal(GLOBALS.batchEnd).set(at);
    storeWords(u, at);
    code.get(at).get(choice).i32(u.self * 2 ** 20 + (cut ? ENTRY_MOVE.cut : 0)).op(OP.i32Add);
    if (!cut) {
      staysAt(u, base);
      code.i32(Math.log2(ENTRY_MOVE.stays)).op(OP.i32Shl).op(OP.i32Or);
    }
    code.memory(OP.i32Store, 8 * plan.nWords);
    code.get(at).getGlobal(GLOBALS.current).memory(OP.i32Store, 8 * plan.nWords + 4);
    code.get(at).i32(entryBytes(plan.nWords)).op(OP.i32Add).setGlobal(GLOBALS.batchEnd);
  });
}

function storeWords({ code, words }: Unit, at: number): void {
  words.forEach((word, k) => code.get(at).get(word).memory(OP.i64Store, 8 * k));
}

/** With the step's row; left out where it need not be looked up. */
function appendThin({ u, base, choice, restAt, skipped }: Successor, cut: boolean): void {
  const { code, plan: { nWords } } = u;
  const skip = (): void => { code.get(skipped).op(OP.i32Add).set(skipped); };
  if (cut) {
    code.i32(1);
    skip();
    return;
  }
  staysAt(u, base);
  code.if(() => {
    code.i32(1);
    skip();
  }, () => withLocal(u, I32, (at) => withLocal(u, I32, (one) => {
    code.getGlobal(GLOBALS.batchEnd).set(at);
    storeWords(u, at);
    code.get(at).get(choice).i32(u.self * 2 ** 20).op(OP.i32Add);
    code.memory(OP.i32Store, 8 * nWords).get(at);
    rowOfStep(u, restAt);
    code.memory(OP.i32Store, 8 * nWords + 4);
    sleepsItself(u, restAt);
    code.tee(one);
    skip();
    // without a branch, which would be mistaken every other time
    code.get(at).get(one).i32(1).op(OP.i32Sub).i32(entryBytes(nWords)).op(OP.i32And);
    code.op(OP.i32Add).setGlobal(GLOBALS.batchEnd);
  })));
}

/** Leaves an i32: 1 where the step has changed nothing. */
function staysAt({ code, words }: Unit, base: readonly number[]): void {
  base.forEach((from, k) => {
    code.get(from).get(words[k]!).op(OP.i64Eq);
    if (k > 0) code.op(OP.i32And);
  });
}

/** Transitions are only counted; one that leads nowhere new need not be looked up. */
function appendLean({ u, base, choice, rest }: Successor, cut: boolean): void {
  const { code, plan } = u;
  const sleep = plan.lean?.sleep ?? null;
  const count = (): void => {
    code.getGlobal(GLOBALS.edges).i32(1).op(OP.i32Add).setGlobal(GLOBALS.edges);
  };
  code.i32(1).set(choice);
  if (cut) {
    count();
    code.i32(1).setGlobal(GLOBALS.stopSeen).i32(1).setGlobal(GLOBALS.cutSeen);
    return;
  }
  staysAt(u, base);
  code.if(count, () => {
    u.words.forEach((word, k) => {
      code.getGlobal(GLOBALS.batchEnd).get(word);
      if (sleep !== null && rest !== null) {
        emitAsleep(u, sleep, rest);
        code.op(OP.i64Or);
      }
      code.memory(OP.i64Store, 8 * k);
    });
    code.getGlobal(GLOBALS.batchEnd).i32(entryBytes(plan.nWords)).op(OP.i32Add);
    code.setGlobal(GLOBALS.batchEnd);
  });
}
