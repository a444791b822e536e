// Verdicts that stand after an edit. Where a program differs from one that was searched to the end
// in what a few instructions compute, these are taken in lockstep in every state from which a step
// leads through them. If they always do the same, there is nothing to be searched: by induction
// over runs the states are the same ones, with the same steps between them (docs/simulator.md).
import { compileExpr } from '../expr.ts';
import { doneRest, unpackFrame, type Slot } from '../layout.ts';
import { beginChoices } from '../machine.ts';
import { compileInstr, type Op } from '../ops.ts';
import type { Pc, Program, ThreadIdx } from '../program.ts';
import { valueOf } from '../properties.ts';
import { isSame } from '../same.ts';
import { nextChoice } from '../search.ts';
import { enter, takeStep, type Engine } from '../step.ts';
import type { Limits, Verdict } from '../verdict.ts';
import type { Difference } from './difference.ts';
import { inLockstep, type Lockstep } from './lockstep.ts';
import { leadingTo, looksOfInstrs, looksOfProperty } from './looks.ts';
import { someOfEach, type States } from './some-of-each.ts';

/** A search that came to its end: all states, and what was found. */
export interface Ended {
  readonly engine: Engine;
  readonly limits: Limits;
  readonly states: States;
  readonly verdict: Verdict;
}

/** Something that may have become another thing. */
interface Compared {
  /** The states in which it matters: where these slots have these values. */
  readonly where: ReadonlyMap<Slot, number>;
  /** What decides what it does; null: it may be anything. */
  readonly looks: ReadonlySet<Slot> | null;
  /** Whether it does the same in this state. */
  readonly agrees: (frame: Int32Array) => boolean;
}

/** More states than a search of so few takes time for. */
const comparedMost = (states: number): number => 2048 + states / 16;

/** The same for a program in its stead, by their difference; null: it may be another verdict. */
export function standsFor(ended: Ended, program: Program, difference: Difference): Ended | null {
  const told: Lockstep = { apart: false };
  const both = engineOf(ended.engine, program, difference, (before, now) =>
    inLockstep({ before, after: now }, ended.engine.machine, told));
  const { machine: m } = both;
  m.found = [];
  enter(both);
  if (told.apart || m.overflow !== null) return null;
  const compared = [
    ...comparedSteps(ended, both, { difference, told }),
    ...difference.properties.map((i) => comparedProperty(ended, both, i)),
  ];
  return areSame(ended, compared)
    ? { ...ended, engine: engineOf(ended.engine, program, difference, (_, now) => now) } : null;
}

function areSame(
  { engine: { machine: { layout } }, states }: Ended, all: readonly Compared[],
): boolean {
  let left = comparedMost(states.count);
  const frame = new Int32Array(layout.size);
  for (const { where, looks, agrees } of all) {
    const some = someOfEach(layout, states, { where, looks, most: left });
    left -= some.length;
    if (left < 0) return false;
    for (const state of some) {
      unpackFrame(layout, states.arena, state * layout.words, frame);
      if (!agrees(frame)) return false;
    }
  }
  return true;
}

/** With other instructions where the program has others. */
function engineOf(
  engine: Engine, program: Program, { instrs }: Difference, op: (before: Op, now: Op) => Op,
): Engine {
  const ops = engine.ops.map((each, t) => (instrs.has(t) ? [...each] : each));
  for (const [thread, pcs] of instrs) {
    for (const pc of pcs) {
      ops[thread]![pc] = op(opAt(engine.program, thread, pc), opAt(program, thread, pc));
    }
  }
  return { program, machine: { ...engine.machine, program }, ops };
}

const opAt = (program: Program, thread: ThreadIdx, pc: Pc): Op =>
  compileInstr(program, program.threads[thread]!.code[pc]!);

/** Each step that can go through an instruction that changed. */
function comparedSteps(
  { engine: before }: Ended, both: Engine,
  { difference: { instrs }, told }: { difference: Difference; told: Lockstep },
): Compared[] {
  const { machine: { layout }, program } = both;
  const programs = [before.program, program];
  return [...instrs].flatMap(([t, changed]) => layout.rests[t]!.flatMap((first, rest) => {
    const { code } = program.threads[t]!;
    const leading = leadingTo(code, { first, changed });
    if (leading.size === 0) return [];
    return [{
      where: new Map([[layout.threads[t]!.pc, rest]]),
      looks: looksOfInstrs({ programs, layout }, t, leading),
      agrees(frame: Int32Array) {
        takeAll(both, t, frame);
        return !told.apart && both.machine.overflow === null;
      },
    }];
  }));
}

/** The thread's step with every choice it has. */
function takeAll(engine: Engine, thread: ThreadIdx, base: Int32Array): void {
  const { machine: m } = engine;
  beginChoices(m);
  do {
    m.frame.set(base);
    m.found = [];
    takeStep(engine, thread);
  } while (nextChoice(m));
}

/** A final is asked where all but background threads are done, the others everywhere. */
function comparedProperty({ engine: before }: Ended, both: Engine, i: number): Compared {
  const { machine: m, program } = both;
  const { layout } = m;
  const programs = [before.program, program];
  const [first, second] = programs.map((each) => {
    const property = each.properties[i]!;
    return { property, value: compileExpr(each, property.expr) };
  });
  const ends = program.threads.flatMap(({ background }, t) =>
    (background ? [] : [[layout.threads[t]!.pc, doneRest(layout, t)] as const]));
  return {
    where: new Map(program.properties[i]!.kind === 'final' ? ends : []),
    looks: looksOfProperty({ programs, layout }, i),
    agrees(frame) {
      const judged = [first!, second!].map((each) => {
        m.frame.set(frame);
        m.found = [];
        return { value: valueOf(m, each), found: m.found };
      });
      return isSame(judged[0], judged[1]);
    },
  };
}
