// The locks a thread holds before each of its steps, whatever others do: what a hover shows where
// no scenario has been searched.
import type { Pc, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Held } from '../../../simulator/src/verdict.ts';
import type { Lowered } from './lowered.ts';
import { walkThread } from './thread-walk.ts';

export interface LockStateAt {
  /** Held on every path that leads here, and on some but not all. */
  readonly always: readonly Held[];
  readonly sometimes: readonly Held[];
}

/** By pc, where a path leads there; empty where the thread is too large to say. */
export function lockStateOf(
  lowered: Lowered, thread: ThreadIdx,
): ReadonlyMap<Pc, LockStateAt> {
  const found = walkThread(lowered, thread, {
    mayChange: () => false, isWritten: () => true, valuesOf: () => null,
  });
  if (found === null) return new Map();
  return new Map([...found.held].map(([pc, paths]) => [pc, summary(paths)]));
}

function summary(paths: readonly (readonly Held[])[]): LockStateAt {
  const all = new Map(paths.flat().map((held) => [`${held.lock} ${held.mode}`, held]));
  const everywhere = ({ lock, mode }: Held): boolean => paths.every((path) =>
    path.some((held) => held.lock === lock && held.mode === mode));
  const sorted = [...all.values()].sort((a, b) => a.lock - b.lock);
  return {
    always: sorted.filter(everywhere),
    sometimes: sorted.filter((held) => !everywhere(held)),
  };
}
