// Each thread of a file as a program of its own: what can be said of it before any scenario is
// searched. Made when first asked for, and kept while nothing of it changes.
import { keptThread } from '../analysis/analyze.ts';
import { lockStateOf, type LockStateAt } from '../analysis/lockstate.ts';
import type { Lowered } from '../analysis/lowered.ts';
import type { Model } from '../analysis/model.ts';
import type { Pc, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Snapshot } from './snapshot.ts';

export interface ThreadAlone {
  readonly lowered: Lowered;
  /** Of `lowered.program`. */
  readonly thread: ThreadIdx;
  /** By pc, where a path leads there; empty where the thread is too large to say. */
  readonly states: ReadonlyMap<Pc, LockStateAt>;
}

const known = new WeakMap<Model, readonly ThreadAlone[]>();

/** Threads that an error touches are left out. */
export function threadsAlone({ model }: Snapshot): readonly ThreadAlone[] {
  const before = known.get(model);
  if (before !== undefined) return before;
  const found = model.threads.flatMap((decl) => {
    const { lowered } = keptThread(model, decl) ?? { lowered: null };
    return lowered === null ? [] : lowered.program.threads.map((_, thread) =>
      ({ lowered, thread, states: lockStateOf(lowered, thread) }));
  });
  known.set(model, found);
  return found;
}
