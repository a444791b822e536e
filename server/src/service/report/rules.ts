// Each code in one sentence, for formats that carry their rules along.
import type { Code } from '../../text/problem.ts';

export const RULES: Readonly<Record<Code, string>> = {
  syntax: 'The text cannot be read here.',
  name: 'A name is not declared, or is declared twice.',
  type: 'A value does not fit what is expected here.',
  use: 'A file or a module that is taken in cannot be read.',
  lock_not_held: 'A lock is released or downgraded that is not held so.',
  lock_held_at_exit: 'A thread ends with a lock held.',
  deadlock: 'Threads wait for each other, or a thread can never go on.',
  sleep_in_atomic: 'A step that sleeps under a spinning lock or in an RCU reader.',
  guard: 'Shared state is accessed without the locks that its guard demands.',
  data_race: 'Two threads access the same place at the same time, at least one writing.',
  use_after_free: 'An object is used after it was freed.',
  double_free: 'An object is freed a second time.',
  null_ref: 'A field is read or written through null.',
  range: 'A value outside its type, an index outside its array, or a division by zero.',
  pool_exhausted: 'More objects are allocated than there are.',
  assert: 'An assertion is false.',
  invariant: 'An invariant does not hold in a reachable state.',
  final: 'A final condition does not hold when all threads are done.',
  eventually: 'Something that must become true never does on a fair run.',
  reachable: 'Nothing gets to a state that must be reachable.',
  forbidden_outcome: 'A thread ends with an outcome that is declared never.',
  missing_outcome: 'A thread ends without an outcome.',
  refines: 'Outcomes are possible that the other scenario does not have.',
  lock_order: 'Lock classes are nested in both orders, or against a declared order.',
  stale_after_relock: 'A local read under a lock is used after the lock was dropped.',
  recursive_read: 'A thread takes an rwsem for reading that it holds for reading.',
  unreachable_step: 'No scenario ever gets to this step.',
  expectation: 'A scenario does not come out as its expect line says.',
  unknown: 'A limit was reached: nothing is claimed.',
};

export function isCode(name: string): name is Code {
  return Object.hasOwn(RULES, name);
}
