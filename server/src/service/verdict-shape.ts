// Whether data from outside is a verdict of this program, whole and complete: every part of it is
// looked at, so that nothing that reads verdicts need be careful.
import type { Program } from '../../../simulator/src/program.ts';
import type {
  Facts, Held, LockState, Nesting, ObjectState, Party, Rest, Snapshot, ThreadState, Trace,
  TraceStep, Verdict, Violation, ViolationCode,
} from '../../../simulator/src/verdict.ts';

type Guard<T> = (value: unknown) => value is T;

const CODES: readonly ViolationCode[] = [
  'lock_not_held', 'lock_held_at_exit', 'deadlock', 'sleep_in_atomic', 'guard', 'data_race',
  'use_after_free', 'double_free', 'null_ref', 'range', 'pool_exhausted', 'assert', 'invariant',
  'final', 'eventually', 'reachable', 'forbidden_outcome', 'missing_outcome', 'lock_order',
];
const OBJECT_STATES: readonly ObjectState[] = ['unused', 'live', 'free_pending', 'freed'];

/** `nSites`: one more than the largest site of the program. */
export function isVerdictOf(program: Program, nSites: number, value: unknown): value is Verdict {
  const is = verdictOf(program, nSites);
  return is(value) && (value.result === 'safe') === (value.violations.length === 0);
}

function verdictOf(program: Program, nSites: number): Guard<Verdict> {
  const nOutcomes = Math.max(0, ...program.threads.map(({ outcomes }) => outcomes.length));
  const declaring = program.threads.filter(({ outcomes }) => outcomes.length > 0).length;
  const violations = listOf(violationOf(program, nSites));
  return record<Verdict, 'reduction'>({
    result: among(['safe', 'violated']), bound: among([null]),
    states: count, transitions: count, depth: whole(-1, Infinity),
    violations, facts: factsOf(program, nSites),
    outcomes: listOf(listOf(nullOr(whole(0, nOutcomes)), declaring)),
  }, { reduction: string });
}

function violationOf(program: Program, nSites: number): Guard<Violation> {
  const thread = whole(0, program.threads.length);
  const site = whole(-1, nSites);
  const party = record<Party>({
    thread, step: site, site, lock: nullOr(whole(0, program.locks.length)),
    access: among(['read', 'write', null]),
  });
  const trace = traceOf(program, nSites);
  return record<Violation, 'cycle' | 'statement'>({
    code: among(CODES), subject: nullOr(string), thread: nullOr(thread), step: site, site,
    pending: boolean, others: listOf(party), trace: nullOr(trace),
  }, { cycle: among([true]), statement: site });
}

function traceOf(program: Program, nSites: number): Guard<Trace> {
  const thread = whole(0, program.threads.length);
  const after = snapshotOf(program);
  const step = record<TraceStep>({
    thread, choice: count, site: whole(0, nSites), move: among(['step', 'wait', 'granted']), after,
  });
  const trace = record<Trace>({ initial: after, steps: listOf(step), loop: nullOr(count) });
  return (value): value is Trace =>
    trace(value) && (value.loop === null || value.loop <= value.steps.length);
}

function snapshotOf({ cells, locks, pools, threads }: Program): Guard<Snapshot> {
  const thread = whole(0, threads.length);
  const lock = record<LockState>({
    writer: nullOr(thread), readers: listOf(thread),
    waiters: listOf(record<LockState['waiters'][number]>({
      thread, mode: among(['read', 'write']),
    })),
  });
  const state = record<ThreadState>({
    pc: pcOf(threads), waiting: boolean, rcuDepth: count, outcome: count,
  });
  const objects = pools.map((pool) => listOf(among(OBJECT_STATES), pool.count));
  const pool = listOf(listOf(among(OBJECT_STATES)), pools.length);
  return record<Snapshot>({
    cells: listOf(whole(-Infinity, Infinity), cells.length), locks: listOf(lock, locks.length),
    threads: listOf(state, threads.length),
    objects: (value): value is Snapshot['objects'] =>
      pool(value) && value.every((each, i) => objects[i]?.(each) === true),
  });
}

function factsOf({ threads, locks, classes }: Program, nSites: number): Guard<Facts> {
  const thread = whole(0, threads.length);
  const site = whole(0, nSites);
  const cls = whole(0, classes.length);
  const mode = among(['read', 'write']);
  const held = listOf(record<Held>({ lock: whole(0, locks.length), mode }));
  const pc = pcOf(threads);
  const rest = record<Rest>({
    pc, site, always: held, sometimes: held, rcu: among(['always', 'sometimes', 'never']),
    beside: listOf(record<Rest['beside'][number]>({ thread, pcs: listOf(pc) })),
  });
  return record<Facts>({
    reached: listOf(site),
    nestings: listOf(record<Nesting>({
      outer: cls, outerMode: mode, inner: cls, innerMode: mode, site, thread,
      byTry: boolean, nested: boolean,
    })),
    recursiveReads: listOf(record<Facts['recursiveReads'][number]>({ site, cls })),
    rests: listOf(listOf(rest), threads.length),
  });
}

/** -1: done. */
function pcOf(threads: Program['threads']): Guard<number> {
  return whole(-1, Math.max(0, ...threads.map(({ code }) => code.length)));
}

const string: Guard<string> = (value) => typeof value === 'string';
const boolean: Guard<boolean> = (value) => typeof value === 'boolean';
const count: Guard<number> = whole(0, Infinity);

/** A whole number, `from` included, `end` not. */
function whole(from: number, end: number): Guard<number> {
  return (value): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && from <= value && value < end;
}

function among<const T>(all: readonly T[]): Guard<T> {
  return (value): value is T => all.some((each) => each === value);
}

function nullOr<T>(is: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || is(value);
}

function listOf<T>(is: Guard<T>, length?: number): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value)
    && (length === undefined || value.length === length) && value.every((each) => is(each));
}

/** `O`: the members that may be missing. */
function record<T extends object, O extends keyof T = never>(
  members: { readonly [K in Exclude<keyof T, O>]: Guard<T[K]> },
  ...optional: [O] extends [never] ? [] : [{ readonly [K in O]: Guard<NonNullable<T[K]>> }]
): Guard<T> {
  const required = Object.entries<Guard<unknown>>(members);
  const others = optional.flatMap((each) => Object.entries<Guard<unknown>>(each));
  return (value): value is T => typeof value === 'object' && value !== null
    && required.every(([key, is]) => is(Reflect.get(value, key)))
    && others.every(([key, is]) => !(key in value) || is(Reflect.get(value, key)));
}
