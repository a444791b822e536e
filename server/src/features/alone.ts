// Each thread of a file as a program of its own: what can be said of it before any scenario is
// searched. Made when first asked for, and kept while nothing of it changes.
import { lowerThread } from '../analysis/analyze.ts';
import { lockStateOf, type LockStateAt } from '../analysis/lockstate.ts';
import { constantsOf } from '../analysis/lower.ts';
import type { Lowered } from '../analysis/lowered.ts';
import type { Model } from '../analysis/model.ts';
import { programKey } from '../analysis/program-key.ts';
import type { Pc, Program, ThreadIdx } from '../../../simulator/src/program.ts';
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
  const { kept } = model.meaning;
  const found = model.threads.flatMap((decl) => {
    const key = programKey(model, [decl], constantsOf(model, []));
    const lowered = key && kept.at(key, () => lowerThread(model, decl))?.lowered;
    return lowered == null ? [] : lowered.program.threads.map((_, thread) =>
      ({ lowered, thread, states: statesOf(lowered, thread) }));
  });
  known.set(model, found);
  return found;
}

type States = ThreadAlone['states'];
const statesIn = new WeakMap<Program, Map<ThreadIdx, States>>();

/** By pc, so the same wherever the thread has moved to. */
function statesOf(lowered: Lowered, thread: ThreadIdx): States {
  const { program } = lowered;
  const before = statesIn.get(program) ?? new Map<ThreadIdx, States>();
  const states = before.get(thread) ?? lockStateOf(lowered, thread);
  statesIn.set(program, before.set(thread, states));
  return states;
}
