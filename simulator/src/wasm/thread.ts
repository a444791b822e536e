// A thread's steps as one WebAssembly function: the state in, every successor appended to a batch.
import { divergedRest, doneRest } from '../layout.ts';
import type { ThreadIdx } from '../program.ts';
import { append } from './append.ts';
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import {
  emitRest, MOVED, SKIPPED_SHIFT, SLOW, startStep, STOOD, type Calls, type Frame,
} from './step.ts';
import { maySleep } from './sleep.ts';
import { cases, createScratch, readRest, slotIs, type Plan, type Unit } from './unit.ts';

/** The index of a function that a module imports. */
const BASE = 0;

/** `only`, of code that is kept: for other places than these the thread's base is called. */
export function emitThread(
  plan: Plan, t: ThreadIdx, of: { calls: Calls; only: readonly number[] | null },
): Code {
  const { calls, only } = of;
  const base = Array.from({ length: plan.nWords }, (_, k) => k);
  const sleeps = maySleep(plan, t);
  const code = new Code([...base.map(() => I64), ...(sleeps ? [I32] : [])], [I32]);
  const words = base.map(() => code.local(I64));
  const regs = Array.from({ length: plan.program.nRegs }, () => code.local(I64));
  const locals = {
    choice: code.local(I32), tried: code.local(I32), turns: code.local(I32), at: code.local(I32),
    options: code.local(I32), restAt: code.local(I32), skipped: code.local(I32),
    asleep: sleeps ? base.length : null,
  };
  code.block('slow', (slow) => {
    code.block('over', (over) => {
      const u: Unit = {
        plan, code, words, regs, self: t, step: 0, within: 0, selfRef: null, selfIndex: null,
        quiet: false, cut: over, blocked: over, slow, scratch: createScratch(),
      };
      const f: Frame = { u, calls, base, rest: null, ...locals, ends: null };
      if (plan.lean !== null) emitRests(f);
      else withEnds(f, over, only);
    });
    emitAnswer(plan, code, locals);
  });
  code.i32(SLOW);
  return code;
}

function emitRests(f: Frame): void {
  const { u, base } = f;
  const { layout } = u.plan;
  const rests = layout.rests[u.self]!;
  readBaseRest(u, base, u.self);
  if (u.plan.lean === null) u.code.tee(f.restAt);
  cases(u, rests.length + 2, (rest) => {
    if (rest >= doneRest(layout, u.self)) emitSelfLoop(u.plan, f);
    else emitRest({ ...f, rest }, rests[rest]!);
  });
}

/** The ends of all steps are the same code: half of what there would be if each had its own. */
function withEnds(f: Frame, over: Label, only: readonly number[] | null): void {
  const { code } = f.u;
  code.block('cut', (cut) => {
    code.block('moved', (moved) => {
      const inner: Frame = { ...f, ends: { moved, cut } };
      if (only !== null) emitOnly(inner, over, only);
      else {
        startStep(f);
        emitRests(inner);
        code.br(over);
      }
    });
    append(f, false);
    code.br(over);
  });
  append(f, true);
}

function emitOnly(f: Frame, over: Label, only: readonly number[]): void {
  const { u, base } = f;
  const { code } = u;
  readBaseRest(u, base, u.self);
  code.set(f.restAt);
  for (const rest of only) {
    code.get(f.restAt).i32(rest).op(OP.i32Eq).if(() => {
      startStep(f);
      emitRest(f, u.plan.layout.rests[u.self]![rest]!);
      code.br(over);
    });
  }
  for (const word of base) code.get(word);
  code.call(BASE).op(OP.return);
}

/** Whether the thread had a successor at all is asked in a lean search only. */
function emitAnswer(plan: Plan, code: Code, of: { choice: number; skipped: number }): void {
  if (plan.lean === null) code.get(of.skipped).i32(SKIPPED_SHIFT).op(OP.i32Shl);
  else code.i32(MOVED).i32(STOOD).get(of.choice).op(OP.select);
  code.op(OP.return);
}

function readBaseRest(u: Unit, base: readonly number[], t: ThreadIdx): void {
  readRest({ ...u, words: base }, t);
}

/** A thread that has diverged goes round for ever; one that is done takes no step. */
function emitSelfLoop(plan: Plan, f: Frame): void {
  const { u } = f;
  const { pc } = plan.layout.threads[u.self]!;
  slotIs({ ...u, words: f.base }, pc, divergedRest(plan.layout, u.self));
  u.code.if(() => {
    startStep(f);
    u.code.i32(0).set(f.choice);
    append(f, false);
  });
}
