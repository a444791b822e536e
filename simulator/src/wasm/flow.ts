// The instructions of one step, from where the thread rests to where it rests next, in an order in
// which WebAssembly's structured control can reach them.
import type { Instr, Pc } from '../program.ts';
import { successors } from '../reduction/flow.ts';

export interface StepFlow {
  /** The step's instructions, the resting one first; each after all that lead to it, if acyclic. */
  readonly order: readonly Pc[];
  /** Some instruction leads back to one before it. */
  readonly cyclic: boolean;
}

/** Depth first, in reverse postorder; a resting instruction other than the first ends the walk. */
export function stepFlow(code: readonly Instr[], first: Pc): StepFlow {
  const postorder: Pc[] = [];
  const state = new Map<Pc, 'open' | 'done'>();
  let cyclic = false;
  const stack: { pc: Pc; targets: readonly Pc[]; at: number }[] = [];
  const open = (pc: Pc): void => {
    state.set(pc, 'open');
    stack.push({ pc, targets: successors(code[pc]!), at: 0 });
  };
  open(first);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const target = top.targets[top.at++];
    if (target === undefined) {
      state.set(top.pc, 'done');
      postorder.push(top.pc);
      stack.pop();
      continue;
    }
    if (code[target]!.rest) continue;
    if (state.get(target) === 'open') cyclic = true;
    if (!state.has(target)) open(target);
  }
  return { order: postorder.reverse(), cyclic };
}
