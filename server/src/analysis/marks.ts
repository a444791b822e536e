// Locals read under a lock that is dropped and taken again: `stale_after_relock`. Quiet where in
// doubt: a comparison with a fresh read revalidates, a lock inside the object keeps
// it, what nobody writes cannot change.
import type {
  Access, CellIdx, Guard, Instr, LockIdx, SiteId, Thread,
} from '../../../simulator/src/program.ts';
import { touchesOf } from './accesses.ts';
import { fresh, scanUses } from './local-uses.ts';
import type { StaleUse, Walker } from './walk-core.ts';
import { envAt, locksOf } from './walk-state.ts';
import type { Mark, WalkState } from './walk-state.ts';

/** The stale locals that this step uses; after it none of them is told again. */
export function staleUses(
  w: Walker, instr: Instr, state: WalkState,
): { readonly state: WalkState; readonly stale: readonly StaleUse[] } {
  const isStale = (cell: CellIdx): boolean => {
    const mark = state.marks.get(cell);
    return mark !== undefined && mark.retaken !== null;
  };
  if (![...state.marks.keys()].some(isStale)) return { state, stale: [] };
  const uses = scanUses(instr, { isStale, isRef: (cell) => isRef(w, cell) });
  if (uses.revalidates) return { state: without(state, isStale), stale: [] };
  const used = new Map(uses.used.filter(({ cell }) => isStale(cell))
    .map(({ cell, site }) => [cell, site]));
  const stale = [...used].flatMap(([cell, site]): StaleUse[] => {
    const mark = state.marks.get(cell);
    return mark === undefined ? [] : [{ cell, site, mark }];
  });
  return { state: without(state, (cell) => used.has(cell)), stale };
}

function without(state: WalkState, drop: (cell: CellIdx) => boolean): WalkState {
  return { ...state, marks: new Map([...state.marks].filter(([cell]) => !drop(cell))) };
}

function isRef(w: Walker, cell: CellIdx): boolean {
  return w.lowered.cells[cell]?.print.kind === 'ref';
}

const marked = new WeakMap<Thread, boolean>();

/** Whether a local gets its value from shared state somewhere; without that none is stale. */
export function hasMarks(thread: Thread): boolean {
  const known = marked.get(thread) ?? thread.code.some(mayMark);
  marked.set(thread, known);
  return known;
}

function mayMark(instr: Instr): boolean {
  const assigns = instr.op === 'set' || instr.op === 'any' || instr.op === 'new';
  return assigns && instr.target.kind === 'local'
    && touchesOf(instr).some(({ write }) => !write);
}

/** The local gets a new value: marked if that comes from shared state read under a lock. */
export function markRead(
  w: Walker, instr: Instr, state: WalkState, cell: CellIdx,
): WalkState {
  const marks = new Map(state.marks);
  marks.delete(cell);
  const sources = [...sharedSources(w, instr, state), ...localSources(instr, state)];
  const mark = sources.reduce<Mark | null>(joined, null);
  if (mark !== null) marks.set(cell, mark);
  return { ...state, marks };
}

function sharedSources(w: Walker, instr: Instr, state: WalkState): readonly Mark[] {
  return touchesOf(instr).flatMap(({ access, write }): Mark[] => {
    const place = w.program.places[access.place];
    if (write || place === undefined || !w.mayChange(access.place)) return [];
    const held = state.held.map((it) => it.lock);
    const guards = place.readGuard ?? place.writeGuard;
    const under = guards === null ? held : guardLocks(w, guards, state).filter((lock) =>
      held.includes(lock));
    if (under.length === 0) return [];
    return [fresh(under, access.place, instr.site)];
  });
}

/** Every lock that the guard may mean. */
function guardLocks(w: Walker, guard: Guard, state: WalkState): readonly LockIdx[] {
  if (guard.kind === 'rcu') return [];
  if (guard.kind === 'lock') return locksOf(w.program, guard.lock, envAt(w.program, state));
  return [...guardLocks(w, guard.left, state), ...guardLocks(w, guard.right, state)];
}

function localSources(instr: Instr, state: WalkState): readonly Mark[] {
  const uses = scanUses(instr, { isStale: () => false, isRef: () => false });
  return uses.copied.flatMap((cell) => state.marks.get(cell) ?? []);
}

/** Two sources keep each other fresh: it takes the loss of all their locks. */
function joined(a: Mark | null, b: Mark): Mark {
  if (a === null) return b;
  const union = (x: readonly number[], y: readonly number[]): readonly number[] =>
    [...new Set([...x, ...y])].sort((p, q) => p - q);
  return {
    ...a, under: union(a.under, b.under), from: union(a.from, b.from),
    dropped: union(a.dropped, b.dropped),
  };
}

/**
 * Refs that stay good though the lock goes, if the step makes them so while it is held: the thread
 * has taken the object out of where it read it (`head = null`), or counts as one of its users
 * (`v.refs += 1`).
 */
export function markOwned(w: Walker, instr: Instr, state: WalkState): WalkState {
  const owned = (cell: CellIdx): boolean => {
    const mark = state.marks.get(cell);
    if (mark === undefined || mark.dropped.length > 0 || !isRef(w, cell)) return false;
    return touchesOf(instr).some(({ access, write }) => write && mark.from.includes(access.place))
      || countsUp(instr, cell);
  };
  return [...state.marks.keys()].some(owned) ? without(state, owned) : state;
}

function countsUp(instr: Instr, cell: CellIdx): boolean {
  if (instr.op !== 'set' || instr.target.kind !== 'store') return false;
  const { access } = instr.target;
  const of = ({ ref }: Access): boolean => ref?.kind === 'local' && ref.cell === cell;
  const { value } = instr;
  return of(access) && value.kind === 'binary' && value.op === '+'
    && value.left.kind === 'load' && value.left.access.place === access.place
    && of(value.left.access);
}

/** The lock is not held any more. */
export function markDropped(
  w: Walker, state: WalkState, lock: LockIdx, site: SiteId,
): WalkState {
  return mapMarks(state, (mark, cell) => {
    if (!mark.under.includes(lock) || mark.dropped.includes(lock)) return mark;
    if (ownLockHeld(w, state, cell)) return mark;
    return { ...mark, dropped: [...mark.dropped, lock].sort((a, b) => a - b), droppedAt: site };
  });
}

/** A ref whose object's own lock is held stays good. */
function ownLockHeld(w: Walker, state: WalkState, cell: CellIdx): boolean {
  const ref = state.locals.get(cell);
  const info = w.lowered.cells[cell];
  if (info === undefined || info.print.kind !== 'ref') return false;
  const { struct } = info.print;
  return state.held.some(({ lock }) => {
    const object = w.program.locks[lock]?.object ?? null;
    return object !== null && w.program.pools[object.pool]?.name === struct
      && (ref === undefined || ref === object.ref);
  });
}

/** Taken again: stale where every lock it was read under had been dropped. */
export function markTaken(state: WalkState, lock: LockIdx, site: SiteId): WalkState {
  return mapMarks(state, (mark) => {
    if (!mark.dropped.includes(lock) || mark.retaken !== null) return mark;
    const all = mark.under.every((it) => mark.dropped.includes(it));
    if (all) return { ...mark, retaken: lock, retakenAt: site };
    return { ...mark, dropped: mark.dropped.filter((it) => it !== lock) };
  });
}

function mapMarks(
  state: WalkState, change: (mark: Mark, cell: CellIdx) => Mark,
): WalkState {
  return {
    ...state,
    marks: new Map([...state.marks].map(([cell, mark]) => [cell, change(mark, cell)])),
  };
}
