// A thread's part from before an edit, as the base of the part after it: where few steps are other
// than they were, only these are emitted anew, and the base is called for the rest.
import type { Layout } from '../layout.ts';
import type { Instr, Pc, Program, ThreadIdx } from '../program.ts';
import { successors } from '../reduction/flow.ts';
import { stepFlow } from './flow.ts';

/** What a step's code is emitted from, beside what all steps of the thread have in common. */
export interface StepSources {
  /** By pc: the instruction, and what the thread can hold before it. */
  readonly at: readonly string[];
  /** By resting place: the pcs that its step is made of, and those where it comes to rest. */
  readonly pcs: readonly (readonly Pc[])[];
}

export function stepSources(program: Program, layout: Layout, t: ThreadIdx): StepSources {
  const { code } = program.threads[t]!;
  const { nLocks, threads } = layout.held;
  const { holdings, rcu } = threads[t]!;
  return {
    at: code.map((instr, pc) => JSON.stringify([
      instr, rcu[pc], holdings.subarray(pc * nLocks, (pc + 1) * nLocks).join(),
    ])),
    pcs: layout.rests[t]!.map((pc) => stepPcs(code, pc)),
  };
}

function stepPcs(code: readonly Instr[], first: Pc): readonly Pc[] {
  const { order } = stepFlow(code, first);
  return [...new Set(order.flatMap((pc) => [pc, ...successors(code[pc]!)]))];
}

/**
 * The resting places whose steps are other than in the base; null: so many that all are better made
 * anew, or more than the code can tell. Both have as many instructions, and rest at the same ones.
 */
export function changedSteps(base: StepSources, now: StepSources): readonly number[] | null {
  const changed = now.pcs.flatMap((pcs, rest) =>
    (pcs.every((pc) => now.at[pc] === base.at[pc]) ? [] : [rest]));
  return 2 * changed.length > now.pcs.length ? null : changed;
}
