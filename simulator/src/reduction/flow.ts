// A thread's code as a graph: which instruction can follow which.
import type { Instr, Pc } from '../program.ts';

/** Where the thread can go from an instruction, each place once. */
export function successors(instr: Instr): readonly Pc[] {
  switch (instr.op) {
    case 'end': return [];
    case 'branch': return instr.next === instr.otherwise ? [instr.next]
      : [instr.next, instr.otherwise];
    case 'choose': return [...new Set(instr.targets)];
    default:
      // Straight on.
      return [instr.next];
  }
}

/** By pc: the instructions that can come before it. */
export function predecessors(code: readonly Instr[]): readonly (readonly Pc[])[] {
  const before: Pc[][] = code.map(() => []);
  code.forEach((instr, pc) => {
    for (const to of successors(instr)) before[to]!.push(pc);
  });
  return before;
}

/**
 * By pc: where a silent branch does nothing but look at the answer of the `try` right before it,
 * that one's pc; elsewhere -1.
 */
export function triesAnswered(code: readonly Instr[]): Int32Array {
  const answered = new Int32Array(code.length).fill(-1);
  const before = predecessors(code);
  code.forEach((instr, pc) => {
    if (instr.op !== 'branch' || instr.rest) return;
    const [from, ...others] = before[pc]!;
    const first = from === undefined ? undefined : code[from]!;
    if (from === undefined || first?.op !== 'try' || others.length > 0) return;
    const asked = instr.cond.kind === 'not' ? instr.cond.operand : instr.cond;
    if (asked.kind === 'reg' && asked.reg === first.result) answered[pc] = from;
  });
  return answered;
}
