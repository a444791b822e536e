// The simulator's whole output: what holds, what does not, with a run for each violation, and what
// was seen on the way. Plain data; sites are the program's.
import type { ClassIdx, LockIdx, Pc, SiteId, ThreadIdx } from './program.ts';

/** Limits on a search. Reaching one is said in `Verdict.bound`, never passed over in silence. */
export interface Limits {
  readonly maxStates: number;
  /** For states, table, edges; in bytes. */
  readonly maxMemory: number;
}

export type Bound =
  | { readonly kind: 'states'; readonly limit: number }
  | { readonly kind: 'memory'; readonly limit: number }
  /** The host stopped calling `advance`. */
  | { readonly kind: 'stopped' }
  /** A lock or rcu_read_lock nested deeper than the engine counts, a step that is too long. */
  | { readonly kind: 'nesting' | 'step_length'; readonly limit: number };

export interface Verdict {
  /** `safe` only where the search was complete and nothing is violated. */
  readonly result: 'safe' | 'violated' | 'unknown';
  /** Set whenever the search was not complete, whatever the result. */
  readonly bound: Bound | null;
  /** What the states were reduced by (`por+symmetry`); not set: nothing was left out. */
  readonly reduction?: string;
  readonly states: number;
  readonly transitions: number;
  /** Steps to the state farthest from the start. */
  readonly depth: number;
  /** Shorter traces first, among equals in the order of steps. */
  readonly violations: readonly Violation[];
  /**
   * Each combination once, in order: for every thread with outcomes (in program order)
   * the outcome's index, or null where unset. Taken where all but background threads are done.
   */
  readonly outcomes: readonly (readonly (number | null)[])[];
  readonly facts: Facts;
}

export type ViolationCode =
  | 'lock_not_held' | 'lock_held_at_exit' | 'deadlock' | 'sleep_in_atomic' | 'guard' | 'data_race'
  | 'use_after_free' | 'double_free' | 'null_ref' | 'range' | 'pool_exhausted' | 'assert'
  | 'invariant' | 'final' | 'eventually' | 'reachable' | 'forbidden_outcome' | 'missing_outcome'
  | 'lock_order';

export interface Violation {
  readonly code: ViolationCode;
  /** As in the table of `language.md`. */
  readonly subject: string | null;
  /** Whose step it is; null for a property judged on a state or on the whole. */
  readonly thread: ThreadIdx | null;
  /** The step (with code and subject: the identity of the violation); of a property, its own. */
  readonly step: SiteId;
  /** Which statement in it, where the step has several. */
  readonly statement?: SiteId;
  /** The exact place: the access in the step, else `step`. */
  readonly site: SiteId;
  /**
   * The step is about to be taken in the trace's last state (a race, a step that must not be
   * reached so, an `await` for ever); false where it is the trace's last step, or a wait in it.
   */
  readonly pending: boolean;
  /**
   * The threads that are in it besides: the other access of a race, the others of a deadlock
   * cycle, each with the step it is about to take or waits in.
   */
  readonly others: readonly Party[];
  /** Of a deadlock: the threads wait for each other, `others` in order; else they are holders. */
  readonly cycle?: true;
  /**
   * A shortest run to it, fewest context switches; null where there is none (`reachable`), or a
   * reduced search met it farther on than a plain one could be made.
   */
  readonly trace: Trace | null;
}

export interface Party {
  readonly thread: ThreadIdx;
  /** -1 where the thread is done (it holds what is waited for). */
  readonly step: SiteId;
  readonly site: SiteId;
  /** The lock waited for (deadlock), else null. */
  readonly lock: LockIdx | null;
  /** Of a data race: what the access does; null elsewhere. */
  readonly access: 'read' | 'write' | null;
}

export interface Trace {
  readonly initial: Snapshot;
  readonly steps: readonly TraceStep[];
  /**
   * Of a lasso (`eventually`): after the last step the run goes on with step `loop` again; equal
   * to `steps.length` where it just ends or stays. null for other violations.
   */
  readonly loop: number | null;
}

export interface TraceStep {
  readonly thread: ThreadIdx;
  /** Which of the thread's successors this is (0 unless it chose): replays the step exactly. */
  readonly choice: number;
  readonly site: SiteId;
  /** What kind of move: a lock step may join the queue first and be granted later. */
  readonly move: 'step' | 'wait' | 'granted';
  readonly after: Snapshot;
}

/** One state, unpacked. */
export interface Snapshot {
  readonly cells: readonly number[];
  readonly locks: readonly LockState[];
  /** By pool, by object: */
  readonly objects: readonly (readonly ObjectState[])[];
  readonly threads: readonly ThreadState[];
}
export interface LockState {
  readonly writer: ThreadIdx | null;
  /** A thread stands here once for each time it holds the lock for reading. */
  readonly readers: readonly ThreadIdx[];
  /** In queue order for rwsem; by thread for the others. */
  readonly waiters: readonly { readonly thread: ThreadIdx; readonly mode: 'read' | 'write' }[];
}
export type ObjectState = 'unused' | 'live' | 'free_pending' | 'freed';
export interface ThreadState {
  /** -1: done. */
  readonly pc: Pc;
  readonly waiting: boolean;
  readonly rcuDepth: number;
  /** As in the `outcome` expression. */
  readonly outcome: number;
}

/** What exploration saw, for warnings and for what the editor shows at a line. */
export interface Facts {
  /** Steps that were reached (a thread rests before them, or they ran inside another step). */
  readonly reached: readonly SiteId[];
  readonly nestings: readonly Nesting[];
  /** Read acquisitions of an rwsem already held for reading by the same thread. */
  readonly recursiveReads: readonly { readonly site: SiteId; readonly cls: ClassIdx }[];
  /** For each thread, for each resting pc that was reached. */
  readonly rests: readonly (readonly Rest[])[];
}

/** A lock of class `inner` is taken while one of `outer` is held. */
export interface Nesting {
  readonly outer: ClassIdx;
  readonly outerMode: 'read' | 'write';
  readonly inner: ClassIdx;
  readonly innerMode: 'read' | 'write';
  readonly site: SiteId;
  readonly thread: ThreadIdx;
  /** Taken by try: waits for nobody, so it ends no cycle. */
  readonly byTry: boolean;
  /** Said to be `nested`. */
  readonly nested: boolean;
}

export interface Rest {
  readonly pc: Pc;
  readonly site: SiteId;
  /** Locks this thread holds in every state in which it rests here, and in some but not all. */
  readonly always: readonly Held[];
  readonly sometimes: readonly Held[];
  /** Inside rcu_read_lock: in every state, in some, in none. */
  readonly rcu: 'always' | 'sometimes' | 'never';
  /** For every other thread, the pcs at which it rests in some state beside this (-1: done). */
  readonly beside: readonly { readonly thread: ThreadIdx; readonly pcs: readonly Pc[] }[];
}
export interface Held {
  readonly lock: LockIdx;
  readonly mode: 'read' | 'write';
}

/** One run, chosen by seed or given as a schedule. */
export interface Run {
  readonly trace: Trace;
  /** Violations that this run meets, at the step number after which (0: at the start). */
  readonly violations: readonly (Omit<Violation, 'trace'> & { readonly at: number })[];
  /** Why it ended. */
  readonly end: 'done' | 'stuck' | 'cut' | 'steps' | 'schedule_diverged';
}
