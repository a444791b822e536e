// How many successors a step has, where that can be said without them: of a thread that sleeps
// nothing else is asked.
import type { Instr, Pc, Program, ThreadIdx } from '../program.ts';

/** More successors than that are not counted. */
const COUNT_MAX = 1_024;

/**
 * By instruction of the step from `first`, an acyclic one: how many successors it has from there,
 * if that is the same whatever happens. null: that takes what is done, not only how it branches.
 */
export function countsIn(
  program: Program, t: ThreadIdx, first: Pc,
): ReadonlyMap<Pc, number> | null {
  const { code } = program.threads[t]!;
  const counts = new Map<Pc, number>();
  const seen = new Set<Pc>();
  let countable = true;
  const countFrom = (pc: Pc): number | null => (code[pc]!.rest ? 1 : countAt(pc));
  const countAt = (pc: Pc): number | null => {
    if (!seen.has(pc)) {
      seen.add(pc);
      const count = countOf(program, code[pc]!, countFrom);
      if (count === 'unknown') countable = false;
      else if (count !== null) counts.set(pc, count);
    }
    return counts.get(pc) ?? null;
  };
  countAt(first);
  return countable ? counts : null;
}

/** null: it depends on where the instruction leads. */
function countOf(
  program: Program, instr: Instr, countFrom: (pc: Pc) => number | null,
): number | null | 'unknown' {
  switch (instr.op) {
    case 'end': return 1;
    case 'any': case 'acquire': case 'await': case 'synchronize_rcu': return 'unknown';
    case 'new':
      return program.pools[instr.pool]!.typesafe ? 'unknown' : only(countFrom(instr.next));
    case 'choose': {
      const counts = instr.targets.map(countFrom);
      const sum = counts.reduce<number>((all, count) => all + (count ?? COUNT_MAX), 0);
      return sum < COUNT_MAX ? sum : 'unknown';
    }
    case 'branch': {
      const [one, other] = [countFrom(instr.next), countFrom(instr.otherwise)];
      return one === other ? only(one) : null;
    }
    case 'nop': return countFrom(instr.next);
    default:
      // The others go on, or end the run.
      return only(countFrom(instr.next));
  }
}

/** What may end the run instead has one successor then. */
const only = (count: number | null): number | null => (count === 1 ? 1 : null);
