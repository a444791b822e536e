// Pools of which there is always another object to be had, while which one it is makes no
// difference: who allocates first does not matter then.
import type { Instr, Pc, PoolIdx, Program } from '../program.ts';
import { successors } from './flow.ts';
import { areAlike } from './heap.ts';
import { refsOf } from './refs.ts';

/** By pool. */
export function plentyOf(program: Program): readonly boolean[] {
  const { pools } = program;
  if (pools.length === 0) return [];
  const refs = refsOf(program);
  return pools.map(({ count, nLive, typesafe }, pool) =>
    !typesafe && areAlike(program, refs, pool) && nLive + mostAllocated(program, pool) <= count);
}

/** How many objects the threads can allocate at most, in all. */
function mostAllocated({ threads }: Program, pool: PoolIdx): number {
  return threads.reduce((sum, { code }) => {
    const pcs = code.flatMap((instr, pc) =>
      (instr.op === 'new' && instr.pool === pool ? [pc] : []));
    return pcs.some((pc) => comesAgain(code, pc)) ? Infinity : sum + pcs.length;
  }, 0);
}

function comesAgain(code: readonly Instr[], pc: Pc): boolean {
  const seen = new Set(successors(code[pc]!));
  for (const at of seen) for (const to of successors(code[at]!)) seen.add(to);
  return seen.has(pc);
}
