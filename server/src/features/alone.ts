// Each thread of a file as a program of its own: what can be said of it before any scenario is
// searched. Made when first asked for, once for each version.
import { lowerThread } from '../analysis/analyze.ts';
import type { Lowered } from '../analysis/lowered.ts';
import type { Model } from '../analysis/model.ts';
import type { Snapshot } from './snapshot.ts';

const known = new WeakMap<Model, readonly Lowered[]>();

/** Threads that an error touches are left out. */
export function threadsAlone({ model }: Snapshot): readonly Lowered[] {
  const before = known.get(model);
  if (before !== undefined) return before;
  const found = model.threads.flatMap((thread) => lowerThread(model, thread) ?? []);
  known.set(model, found);
  return found;
}
