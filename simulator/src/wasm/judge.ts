// Properties as WebAssembly: invariants as functions of their own, and what is asked of every new
// state. Whatever is to be told or cannot be judged is left to the host, by the state's number.
import { doneRest } from '../layout.ts';
import type { Expr, Program, ThreadIdx } from '../program.ts';
import { Code, I32, I64, OP } from './assembler.ts';
import { emitCondition } from './expr.ts';
import { mayFail } from './judgeable.ts';
import { GLOBALS } from './memory.ts';
import { eventAt, nextEvent, toldAt } from './registry.ts';
import { besideAt } from './sightings.ts';
import {
  cases, EVENTS_AT, NO_LABEL, note, quietUnit, readRest, readSlot, slotIs, TOLD_AT, type Plan,
  type Unit,
} from './unit.ts';
import { restBase } from '../facts.ts';
import { nRests } from './sightings.ts';

/** Combinations of outcomes that are told apart by a byte each; with more the host looks at all. */
const MAX_COMBINATIONS = 4_096;

/** Words in; 0 false, 1 true, 2 cannot be judged. */
export function emitProperty(plan: Plan, expr: Expr): Code {
  const words = Array.from({ length: plan.nWords }, (_, k) => k);
  const code = new Code(words.map(() => I64), [I32]);
  code.block('unjudged', (cut) => {
    const u = unitOf(plan, { code, words, cut });
    emitCondition(u, expr);
    code.op(OP.return);
  });
  return code.i32(2);
}

function unitOf(plan: Plan, of: Pick<Unit, 'code' | 'words' | 'cut'>): Unit {
  const regs = Array.from({ length: plan.program.nRegs }, () => of.code.local(I64));
  return quietUnit(plan, { ...of, regs });
}

/** The functions of the properties, by their place in the program; of invariants where needed. */
export type Judges = ReadonlyMap<number, number>;

/**
 * Words and number in (and, where transitions are kept, whose step led here): all that is asked of
 * a new state; 1 where its host has to look at it.
 */
export function emitJudge(plan: Plan, judges: Judges, beside: boolean): Code {
  const words = Array.from({ length: plan.nWords }, (_, k) => k);
  const number = plan.nWords;
  const mover = plan.lean === null ? number + 1 : null;
  const code = new Code([...words.map(() => I64), I32, ...(mover === null ? [] : [I32])], [I32]);
  const attend = code.local(I32);
  const u = unitOf(plan, { code, words, cut: NO_LABEL });
  if (beside) emitBeside(u, mover);
  const answer = code.local(I32);
  const judge = (i: number): void => {
    for (const word of words) code.get(word);
    code.call(judges.get(i)!).set(answer);
  };
  const needsHost = (): void => { code.i32(1).set(attend); };
  let nReachables = 0;
  const eventuals: number[] = [];
  plan.program.properties.forEach(({ kind, expr }, i) => {
    if (kind === 'eventually') eventuals.push(i);
    if (kind === 'invariant' && judges.has(i) && mayFail(plan.program, expr)) {
      judge(i); // elsewhere the step that leads to the state has done so
      code.get(answer).i32(2).op(OP.i32Eq).if(needsHost);
    }
    if (kind !== 'reachable') return;
    const at = eventAt(plan.registry, { kind: 'reachable', index: nReachables++ });
    if (mayFail(plan.program, expr)) code.i32(1);
    else code.i32(0).memory(OP.i32Load8, EVENTS_AT + at).op(OP.i32Eqz);
    code.if(() => {
      judge(i);
      code.get(answer).i32(1).op(OP.i32Eq).if(() => note(u, at));
      code.get(answer).i32(2).op(OP.i32Eq).if(needsHost);
    });
  });
  emitEventuals(code, { eventuals, judge, answer, needsHost, number });
  emitOver(u, { judge, answer, needsHost });
  return code.get(attend);
}

/**
 * Who stands where at the same time, each pair once: the later thread's row. `mover`, a local:
 * whose step led here; those beside it stood so before. null: not known.
 */
function emitBeside(u: Unit, mover: number | null): void {
  const { code, plan } = u;
  const { layout } = plan;
  const places = layout.rests.map((_, t) => {
    const local = code.local(I32);
    readRest(u, t);
    code.set(local);
    return local;
  });
  const start = code.local(I32);
  const row = (t: ThreadIdx): void => {
    code.get(places[t]!).i32(restBase(layout, t)).op(OP.i32Add).i32(nRests(layout));
    code.op(OP.i32Mul).set(start);
  };
  const pair = (v: ThreadIdx): void => {
    code.get(start).get(places[v]!).op(OP.i32Add).i32(1);
    code.memory(OP.i32Store8, besideAt(plan) + restBase(layout, v));
  };
  const all = [...places.keys()];
  if (mover === null) {
    for (const t of all.slice(1)) {
      row(t);
      for (const v of all.slice(0, t)) pair(v);
    }
    return;
  }
  code.get(mover);
  cases(u, all.length, (moved) => {
    row(moved);
    for (const v of all.slice(0, moved)) pair(v);
    for (const t of all.slice(moved + 1)) {
      row(t);
      pair(moved);
    }
  });
}

interface Judging {
  readonly judge: (property: number) => void;
  /** The local with the last answer. */
  readonly answer: number;
  readonly needsHost: () => void;
}

/** By state a byte: bit i is set where eventually number i is true. */
function emitEventuals(
  code: Code, of: Judging & { eventuals: readonly number[]; number: number },
): void {
  if (of.eventuals.length === 0) return;
  const bits = code.local(I32);
  code.i32(0).set(bits);
  of.eventuals.forEach((property, i) => {
    of.judge(property);
    code.get(of.answer).i32(1).op(OP.i32Eq).i32(i).op(OP.i32Shl).get(bits).op(OP.i32Or).set(bits);
    code.get(of.answer).i32(2).op(OP.i32Eq).if(of.needsHost);
  });
  code.getGlobal(GLOBALS.eventualAt).get(of.number).op(OP.i32Add).get(bits);
  code.memory(OP.i32Store8);
}

/** All threads but background ones are done: finals and outcomes. */
function emitOver(u: Unit, of: Judging): void {
  const { code, plan } = u;
  const { program, layout } = plan;
  let first = true;
  program.threads.forEach((thread, t) => {
    if (thread.background) return;
    slotIs(u, layout.threads[t]!.pc, doneRest(layout, t));
    if (!first) code.op(OP.i32And);
    first = false;
  });
  if (first) code.i32(1);
  code.if(() => {
    program.properties.forEach((property, i) => {
      if (property.kind !== 'final') return;
      const told = toldAt(plan.registry, `final ${property.name} ${property.site}`);
      of.judge(i);
      code.get(of.answer).i32(2).op(OP.i32Eq).if(of.needsHost);
      code.get(of.answer).op(OP.i32Eqz).if(() => {
        code.i32(0).memory(OP.i32Load8, TOLD_AT + told).op(OP.i32Eqz).if(of.needsHost);
      });
    });
    emitOutcomes(u, of.needsHost);
  });
}

/** Words in; 1 where a thread that must end has not. */
export function emitUnfinished(plan: Plan): Code {
  const words = Array.from({ length: plan.nWords }, (_, k) => k);
  const code = new Code(words.map(() => I64), [I32]);
  const u = unitOf(plan, { code, words, cut: NO_LABEL });
  code.i32(0);
  plan.program.threads.forEach((thread, t) => {
    if (thread.background) return;
    slotIs(u, plan.layout.threads[t]!.pc, doneRest(plan.layout, t));
    code.op(OP.i32Eqz).op(OP.i32Or);
  });
  return code;
}

/** A combination's number: the outcomes as digits, the first thread's the lowest. */
function emitOutcomes(u: Unit, needsHost: () => void): void {
  const { code, plan } = u;
  const declaring = outcomeThreads(plan.program);
  const total = combinations(plan.program);
  if (total > MAX_COMBINATIONS) {
    needsHost();
    return;
  }
  const first = nextEvent(plan.registry);
  for (let n = 0; n < total; n++) {
    const at = eventAt(plan.registry, {
      kind: 'outcomes', combination: combinationOf(plan.program, n),
    });
    if (at !== first + n) throw new Error('mmlock generator: combinations lie in a row');
  }
  code.i64(0);
  let weight = 1;
  for (const t of declaring) {
    readSlot(u, plan.layout.threads[t]!.outcome);
    code.i64(weight).op(OP.i64Mul).op(OP.i64Add);
    weight *= plan.program.threads[t]!.outcomes.length + 1;
  }
  code.op(OP.i32WrapI64).i32(1).memory(OP.i32Store8, EVENTS_AT + first);
}

const outcomeThreads = (program: Program): number[] =>
  [...program.threads.keys()].filter((t) => program.threads[t]!.outcomes.length > 0);

const combinations = (program: Program): number =>
  program.threads.reduce((n, { outcomes }) => n * (outcomes.length + 1), 1);

function combinationOf(program: Program, n: number): (number | null)[] {
  let left = n;
  return outcomeThreads(program).map((t) => {
    const options = program.threads[t]!.outcomes.length + 1;
    const digit = left % options;
    left = Math.floor(left / options);
    return digit === 0 ? null : digit - 1;
  });
}
