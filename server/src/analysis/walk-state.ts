// One point of a walk through one thread alone: the locks it holds, what is known of its locals,
// and under which locks each was read. Immutable; the rest of the world may be anything.
import type {
  CellIdx, LockIdx, Pc, PlaceIdx, Program, RegIdx, SiteId,
} from '../../../simulator/src/program.ts';
import type { Env } from './evaluate.ts';
import { lockCandidates } from './evaluate.ts';
import type { Live } from './liveness.ts';

export interface WalkState {
  readonly pc: Pc;
  /** The step that the thread began and that goes on to here. */
  readonly began: Pc;
  /** By lock, in the program's order. */
  readonly held: readonly HeldCount[];
  readonly rcu: number;
  /** What is known; a missing one may have any value. */
  readonly locals: ReadonlyMap<CellIdx, number>;
  readonly regs: ReadonlyMap<RegIdx, number>;
  readonly marks: ReadonlyMap<CellIdx, Mark>;
  /** Places of shared state that it has read or written, as far as it may read them again. */
  readonly touched: readonly PlaceIdx[];
  /**
   * It got here by a decision on shared state that may have been settled by what it did or saw
   * before: perhaps no run gets here.
   */
  readonly doubtful: boolean;
}

export interface HeldCount {
  readonly lock: LockIdx;
  readonly mode: 'read' | 'write';
  readonly count: number;
}

/** Where a local's value comes from: shared state that was read under locks. */
export interface Mark {
  readonly under: readonly LockIdx[];
  /** The places it was read from. */
  readonly from: readonly PlaceIdx[];
  readonly readAt: SiteId;
  /** Those of `under` that have been dropped since, and where the last of them was. */
  readonly dropped: readonly LockIdx[];
  readonly droppedAt: SiteId;
  /** One of them taken again after all were dropped: the value may be stale. */
  readonly retaken: LockIdx | null;
  readonly retakenAt: SiteId;
}

/** Equal for states from which the walk goes on alike. */
export function keyOf(state: WalkState): string {
  const held = state.held.map((it) => `${it.lock}${it.mode}${it.count}`).join();
  const marks = sorted(state.marks).map(([cell, mark]) => `${cell}=${markKey(mark)}`).join();
  return `${state.pc} ${state.began} ${state.rcu} ${String(state.doubtful)} ${state.touched.join()}`
    + ` ${held} ${sorted(state.locals).join()} ${sorted(state.regs).join()} ${marks}`;
}

function markKey(mark: Mark): string {
  const { under, from, readAt, dropped, droppedAt, retaken, retakenAt } = mark;
  const path = [under, from, dropped].map((it) => it.join('+')).join();
  return `${path} ${readAt} ${droppedAt} ${retaken} ${retakenAt}`;
}

function sorted<V>(map: ReadonlyMap<number, V>): readonly (readonly [number, V])[] {
  return map.size < 2 ? [...map] : [...map].sort((a, b) => a[0] - b[0]);
}

/** Without what it can never read again. */
export function pruned(state: WalkState, live: Live): WalkState {
  const dead = (cell: CellIdx): boolean => !live.locals.has(cell);
  const touched = state.doubtful ? [] : state.touched.filter((place) => live.places.has(place));
  return {
    ...state,
    locals: kept(state.locals, dead),
    marks: kept(state.marks, dead),
    touched: touched.length === state.touched.length ? state.touched : touched,
  };
}

function kept<V>(
  map: ReadonlyMap<number, V>, drop: (key: number) => boolean,
): ReadonlyMap<number, V> {
  return [...map.keys()].some(drop) ? new Map([...map].filter(([key]) => !drop(key))) : map;
}

export function countOf(state: WalkState, lock: LockIdx, mode: 'read' | 'write'): number {
  return state.held.find((it) => it.lock === lock && it.mode === mode)?.count ?? 0;
}

export function isHeld(state: WalkState, lock: LockIdx): boolean {
  return state.held.some((it) => it.lock === lock);
}

/** Changes how often the lock is held in that mode. */
export function adjusted(
  state: WalkState, it: { lock: LockIdx; mode: 'read' | 'write'; by: number },
): WalkState {
  const count = countOf(state, it.lock, it.mode) + it.by;
  const others = state.held.filter((held) => held.lock !== it.lock || held.mode !== it.mode);
  const held = count > 0 ? [...others, { lock: it.lock, mode: it.mode, count }] : others;
  return { ...state, held: held.sort((a, b) => a.lock - b.lock || (a.mode < b.mode ? -1 : 1)) };
}

export function setLocal(state: WalkState, cell: CellIdx, value: number | null): WalkState {
  const locals = new Map(state.locals);
  if (value === null) locals.delete(cell);
  else locals.set(cell, value);
  return { ...state, locals };
}

export function setReg(state: WalkState, reg: RegIdx, value: number | null): WalkState {
  const regs = new Map(state.regs);
  if (value === null) regs.delete(reg);
  else regs.set(reg, value);
  return { ...state, regs };
}

const NO_SELF: Env['self'] = { ref: null, index: null };

/** Shared state may have any value at any time; held locks are known. */
export function envAt(program: Program, state: WalkState, self: Env['self'] = NO_SELF): Env {
  const env: Env = {
    self,
    local: (cell) => state.locals.get(cell) ?? null,
    reg: (reg) => state.regs.get(reg) ?? null,
    load: () => null,
    holds: (lock, mode) => {
      const answers = locksOf(program, lock, env).map((it) => (mode === null
        ? isHeld(state, it) : countOf(state, it, mode) > 0));
      if (answers.length === 0) return null;
      if (answers.every((held) => held)) return 1;
      return answers.some((held) => held) ? null : 0;
    },
  };
  return env;
}

/** Every lock that may be meant; empty where there is none (a null ref, an index outside). */
export function locksOf(
  program: Program, lock: Parameters<typeof lockCandidates>[0], env: Env,
): readonly LockIdx[] {
  return lockCandidates(lock, env, lock.pool === null ? 1 : program.pools[lock.pool]?.count ?? 0);
}
