// A thread's part from before an edit, as the base of the part after it: where few steps are other
// than they were, only these are emitted anew, and the base is called for the rest.
import type { Layout } from '../layout.ts';
import type { Instr, Pc, Program, ThreadIdx } from '../program.ts';
import { successors } from '../reduction/flow.ts';
import type { ThreadHeld } from '../reduction/held.ts';
import { isSame } from '../same.ts';
import { stepFlow } from './flow.ts';

/** What a step's code is emitted from, beside what all steps of the thread have in common. */
export interface StepSources {
  readonly code: readonly Instr[];
  /** What the thread can hold before each instruction. */
  readonly held: ThreadHeld;
  readonly nLocks: number;
}

export function stepSources(program: Program, layout: Layout, t: ThreadIdx): StepSources {
  const { nLocks, threads } = layout.held;
  return { code: program.threads[t]!.code, held: threads[t]!, nLocks };
}

/** By resting place: the pcs that its step is made of, and those where it comes to rest. */
export function stepPcs(code: readonly Instr[], rests: readonly Pc[]): readonly (readonly Pc[])[] {
  return rests.map((first) => {
    const { order } = stepFlow(code, first);
    return [...new Set(order.flatMap((pc) => [pc, ...successors(code[pc]!)]))];
  });
}

/**
 * The resting places whose steps are other than in the base; null: so many that all are better made
 * anew, or more than the code can tell. Both have as many instructions, and rest at the same ones.
 * `pcs` are the base's: a step that leads elsewhere does so from an instruction of these.
 */
export function changedSteps(
  base: StepSources, pcs: readonly (readonly Pc[])[], now: StepSources,
): readonly number[] | null {
  const changed = now.code.map((_, pc) => !isSameAt(base, now, pc));
  const steps = pcs.flatMap((each, rest) => (each.some((pc) => changed[pc]!) ? [rest] : []));
  return 2 * steps.length > pcs.length ? null : steps;
}

function isSameAt(base: StepSources, now: StepSources, pc: Pc): boolean {
  if (!isSame(base.code[pc], now.code[pc])) return false;
  if (base.held === now.held) return true;
  if (base.held.rcu[pc] !== now.held.rcu[pc]) return false;
  const end = (pc + 1) * now.nLocks;
  for (let at = pc * now.nLocks; at < end; at++) {
    if (base.held.holdings[at] !== now.held.holdings[at]) return false;
  }
  return true;
}
