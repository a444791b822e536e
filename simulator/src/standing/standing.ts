// Verdicts that stand after an edit. Where a program differs from one that was searched to the end
// in what a few instructions compute, these are taken in lockstep in every state from which a step
// leads through them. If they always do the same, there is nothing to be searched: by induction
// over runs the states are the same ones, with the same steps between them (docs/simulator.md).
import { unpackFrame } from '../layout.ts';
import { compileInstr, type Op } from '../ops.ts';
import type { Pc, Program, ThreadIdx } from '../program.ts';
import { nextChoice } from '../search.ts';
import { enter, takeStep, type Engine } from '../step.ts';
import type { Limits, Verdict } from '../verdict.ts';
import { stepFlow } from '../wasm/flow.ts';
import { changesBetween, same, type ChangedInstr } from './difference.ts';
import { inLockstep, type Lockstep } from './lockstep.ts';

/** A search that came to its end: all states, and what was found. */
export interface Ended {
  readonly engine: Engine;
  readonly limits: Limits;
  /** State i is `arena[i * words ..]`, as the engine's layout says. */
  readonly arena: Int32Array;
  readonly count: number;
  readonly verdict: Verdict;
}

/**
 * More steps than a search of so few states takes time for: some thousand states are searched in
 * the time of that many, and then sixteen in the time of one.
 */
const stepsMost = (states: number): number => 2048 + states / 16;

/** The same for a program in its stead; null: its verdict may be another one. */
export function standsFor(ended: Ended, program: Program, limits: Limits): Ended | null {
  if (!same(ended.limits, limits)) return null;
  const changed = changesBetween(ended.engine.program, program);
  if (changed === null) return null;
  const places = steppingPlaces(ended, program, changed);
  const steps = stepsFrom(ended, places);
  if (steps.length > stepsMost(ended.count) || !sameSteps(ended, program, { changed, steps })) {
    return null;
  }
  return { ...ended, engine: engineOf(ended.engine, program, changed, (_, now) => now) };
}

/** By thread: 1 for each resting place whose step can go through an instruction that changed. */
function steppingPlaces(
  { engine: { machine: { layout } } }: Ended, { threads }: Program,
  changed: readonly ChangedInstr[],
): ReadonlyMap<ThreadIdx, Uint8Array> {
  const places = new Map<ThreadIdx, Uint8Array>();
  for (const t of new Set(changed.map(({ thread }) => thread))) {
    const pcs = new Set(changed.filter(({ thread }) => thread === t).map(({ pc }) => pc));
    const { code } = threads[t]!;
    const leads = layout.rests[t]!.map((first) =>
      (stepFlow(code, first).order.some((pc) => pcs.has(pc)) ? 1 : 0));
    places.set(t, Uint8Array.from([...leads, 0, 0])); // done, diverged
  }
  return places;
}

interface StepFrom {
  readonly state: number;
  readonly thread: ThreadIdx;
}

/** The steps to be compared; as soon as they are too many, no more. */
function stepsFrom(
  { engine: { machine: { layout } }, arena, count }: Ended,
  places: ReadonlyMap<ThreadIdx, Uint8Array>,
): StepFrom[] {
  const { words, word, shift, mask, lo } = layout;
  const most = stepsMost(count);
  const steps: StepFrom[] = [];
  for (const [thread, leads] of places) {
    const { pc } = layout.threads[thread]!;
    for (let state = 0; state < count && steps.length <= most; state++) {
      const packed = arena[state * words + word[pc]!]!;
      const rest = ((packed >>> shift[pc]!) & mask[pc]!) + lo[pc]!;
      if (leads[rest] === 1) steps.push({ state, thread });
    }
  }
  return steps;
}

/** With other instructions where the program has others. */
function engineOf(
  engine: Engine, program: Program, changed: readonly ChangedInstr[],
  op: (before: Op, now: Op) => Op,
): Engine {
  const ops = engine.ops.map((each) => [...each]);
  for (const { thread, pc } of changed) {
    ops[thread]![pc] = op(opAt(engine.program, thread, pc), opAt(program, thread, pc));
  }
  return { program, machine: { ...engine.machine, program }, ops };
}

const opAt = (program: Program, thread: ThreadIdx, pc: Pc): Op =>
  compileInstr(program, program.threads[thread]!.code[pc]!);

function sameSteps(
  { engine: before, arena }: Ended, program: Program,
  { changed, steps }: { changed: readonly ChangedInstr[]; steps: readonly StepFrom[] },
): boolean {
  const told: Lockstep = { apart: false };
  const engine = engineOf(before, program, changed, (was, now) =>
    inLockstep({ before: was, after: now }, before.machine, told));
  const { machine: m } = engine;
  m.found = [];
  enter(engine);
  const base = new Int32Array(m.layout.size);
  for (const { state, thread } of steps) {
    unpackFrame(m.layout, arena, state * m.layout.words, base);
    takeAll(engine, thread, base);
    if (told.apart) return false;
  }
  return !told.apart && m.overflow === null;
}

/** The thread's step with every choice it has. */
function takeAll(engine: Engine, thread: ThreadIdx, base: Int32Array): void {
  const { machine: m } = engine;
  m.choices.length = 0;
  do {
    m.frame.set(base);
    m.found = [];
    takeStep(engine, thread);
  } while (nextChoice(m));
}
