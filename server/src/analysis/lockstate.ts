// The locks a thread holds before each of its instructions and what each changes, whatever others
// do: what a hover and the hints show where no scenario has been searched.
import type { LockIdx, Pc, Program, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Held } from '../../../simulator/src/verdict.ts';
import type { Lowered } from './lowered.ts';
import { walkThread } from './thread-walk.ts';
import { countOf } from './walk-state.ts';
import type { WalkState } from './walk-state.ts';

export interface LockStateAt {
  /** Held on every path that leads here, and on some but not all. */
  readonly always: readonly Held[];
  readonly sometimes: readonly Held[];
  /** Held on every path, though not for the same on each. */
  readonly mixed: readonly LockIdx[];
  /** Inside rcu_read_lock: on every path, on some, on none. */
  readonly rcu: 'always' | 'sometimes' | 'never';
  /** What the instruction here does to a lock, on some path each. */
  readonly changes: readonly LockChange[];
}

export interface LockChange {
  /** null: RCU, which is held for reading. */
  readonly lock: LockIdx | null;
  readonly before: LockMode;
  readonly after: LockMode;
}
/** null: not held. */
export type LockMode = Held['mode'] | null;

interface Gathered {
  readonly paths: (readonly Held[])[];
  readonly rcu: Set<boolean>;
  readonly changes: Map<string, LockChange>;
}

type LockStates = ReadonlyMap<Pc, LockStateAt>;

/** Programs are immutable, and outlive the version of the file that they were made for. */
const known = new WeakMap<Program, Map<ThreadIdx, LockStates>>();

/** By pc, where a path leads there; empty where the thread is too large to say. */
export function lockStateOf(lowered: Lowered, thread: ThreadIdx): LockStates {
  const { program } = lowered;
  const byThread = known.get(program) ?? new Map<ThreadIdx, LockStates>();
  known.set(program, byThread);
  const states = byThread.get(thread) ?? findStates(lowered, thread);
  byThread.set(thread, states);
  return states;
}

function findStates(lowered: Lowered, thread: ThreadIdx): LockStates {
  const seen = new Map<Pc, Gathered>();
  const found = walkThread(lowered, thread, {
    mayChange: () => false, isWritten: () => true, valuesOf: () => null,
    onStep: (before, after) => gather(seen, before, after),
  });
  if (found === null) return new Map();
  return new Map([...seen].map(([pc, { paths, rcu, changes }]) => [pc, {
    ...summary(paths), changes: [...changes.values()],
    rcu: rcu.size === 2 ? 'sometimes' : rcu.has(true) ? 'always' : 'never',
  }]));
}

function gather(
  seen: Map<Pc, Gathered>, before: WalkState, after: readonly WalkState[],
): void {
  const at: Gathered = seen.get(before.pc)
    ?? { paths: [], rcu: new Set(), changes: new Map() };
  seen.set(before.pc, at);
  at.paths.push(locksOf(before).map((lock) => ({ lock, mode: modeOf(before, lock) ?? 'read' })));
  at.rcu.add(before.rcu > 0);
  for (const next of after) {
    for (const lock of new Set([...locksOf(before), ...locksOf(next)])) {
      note(at, { lock, before: modeOf(before, lock), after: modeOf(next, lock) });
    }
    const rcuMode = ({ rcu }: WalkState): LockMode => (rcu > 0 ? 'read' : null);
    note(at, { lock: null, before: rcuMode(before), after: rcuMode(next) });
  }
}

function note({ changes }: Gathered, change: LockChange): void {
  const { lock, before, after } = change;
  if (before !== after) changes.set(`${lock} ${before} ${after}`, change);
}

function locksOf(state: WalkState): readonly LockIdx[] {
  return [...new Set(state.held.map(({ lock }) => lock))];
}

function modeOf(state: WalkState, lock: LockIdx): LockMode {
  if (countOf(state, lock, 'write') > 0) return 'write';
  return countOf(state, lock, 'read') > 0 ? 'read' : null;
}

function summary(
  paths: readonly (readonly Held[])[],
): Pick<LockStateAt, 'always' | 'sometimes' | 'mixed'> {
  const all = new Map(paths.flat().map((held) => [`${held.lock} ${held.mode}`, held]));
  const everywhere = ({ lock, mode }: Held): boolean => paths.every((path) =>
    path.some((held) => held.lock === lock && held.mode === mode));
  const sorted = [...all.values()].sort((a, b) => a.lock - b.lock);
  const always = sorted.filter(everywhere);
  const sometimes = sorted.filter((held) => !everywhere(held));
  const mixed = new Set(sometimes.map(({ lock }) => lock).filter((lock) =>
    always.every((held) => held.lock !== lock)
    && paths.every((path) => path.some((held) => held.lock === lock))));
  return { always, sometimes, mixed: [...mixed] };
}
