// The steps of a walk that take and release locks, and those that may sleep.
import { unreachable } from '../text/unreachable.ts';
import type { Expr, Instr, LockIdx, LockRef } from '../../../simulator/src/program.ts';
import { markDropped, markTaken } from './marks.ts';
import { CUT, event, inAll, MAX_DEPTH, note } from './walk-core.ts';
import type { Event, Step, Walker } from './walk-core.ts';
import { adjusted, countOf, envAt, isHeld, locksOf, setLocal, setReg } from './walk-state.ts';
import type { WalkState } from './walk-state.ts';

type LockInstr = Extract<Instr, { op: 'acquire' | 'try' | 'release' | 'downgrade' }>;

/** What the step does wrong is certain only if it is so whichever lock is meant. */
export function lockStep(w: Walker, instr: LockInstr, state: WalkState): Step {
  const locks = locksOf(w.program, instr.lock, envAt(w.program, state));
  if (instr.op === 'acquire' && instr.mode === 'read') noteRecursion(w, instr, { state, locks });
  const steps = locks.map((lock) => {
    const at = { lock, state: meaning(state, instr.lock, lock) };
    switch (instr.op) {
      case 'acquire': return acquire(w, instr, at);
      case 'try': return tryAcquire(w, instr, at);
      case 'release': return release(w, instr, at);
      case 'downgrade': return downgrade(w, instr, at);
      default: return unreachable(instr);
    }
  });
  return {
    next: steps.flatMap((step) => step.next),
    events: inAll(steps.map((step) => step.events)),
  };
}

/** Locals that were not known, and are by which lock is meant: `i` in `l[i]`, `v` in `v.lock`. */
function meaning(
  state: WalkState, { base, count, ref, index }: LockRef, lock: LockIdx,
): WalkState {
  const known = (it: Expr | null, value: number, before: WalkState): WalkState => {
    const isOpen = it?.kind === 'local' && !state.locals.has(it.cell);
    return isOpen ? setLocal(before, it.cell, value) : before;
  };
  const place = lock - base;
  return known(ref, Math.floor(place / count) + 1, known(index, place % count, state));
}

interface At {
  readonly state: WalkState;
  readonly lock: LockIdx;
}

function acquire(
  w: Walker, instr: Extract<LockInstr, { op: 'acquire' }>, { state, lock }: At,
): Step {
  const kind = kindOf(w, lock);
  const events = kind === 'mutex' || kind === 'rwsem' ? sleeps(w, instr, state) : [];
  events.push(...againstOrder(w, instr, { state, lock }));
  noteNestings(w, instr, { state, lock });
  if (blocksItself(state, lock, instr.mode)) {
    return { next: CUT, events: [...events, event(state, instr, 'deadlock', nameOf(w, lock))] };
  }
  return { next: granted(instr, { state, lock }), events };
}

/** Only where the very same lock is meant for sure: two objects may be one, and hardly ever are. */
function noteRecursion(
  w: Walker, { lock: { ref, index }, site }: Extract<LockInstr, { op: 'acquire' }>,
  { state, locks }: { readonly state: WalkState; readonly locks: readonly LockIdx[] },
): void {
  const [lock] = locks;
  const again = locks.every((it) => kindOf(w, it) === 'rwsem'
    && countOf(state, it, 'read') > 0);
  if (lock === undefined || !again) return;
  const fixed = ref === null && (index === null || index.kind === 'const');
  note(w.recursive, `${state.pc}`, {
    what: { site, lock }, pc: state.pc, sure: fixed && !state.doubtful,
  });
}

function granted(
  instr: Extract<LockInstr, { op: 'acquire' | 'try' }>, { state, lock }: At,
): readonly WalkState[] {
  if (countOf(state, lock, instr.mode) >= MAX_DEPTH) return CUT;
  const taken = adjusted(state, { lock, mode: instr.mode, by: 1 });
  return [{ ...markTaken(taken, lock, instr.site), pc: instr.next }];
}

function tryAcquire(w: Walker, instr: Extract<LockInstr, { op: 'try' }>, at: At): Step {
  const failed = { ...setReg(at.state, instr.result, 0), pc: instr.next };
  if (blocksItself(at.state, at.lock, instr.mode)) return { next: [failed], events: [] };
  noteNestings(w, instr, at);
  const taken = { state: setReg(at.state, instr.result, 1), lock: at.lock };
  return { next: [failed, ...granted(instr, taken)], events: [] };
}

function release(
  w: Walker, instr: Extract<LockInstr, { op: 'release' }>, { state, lock }: At,
): Step {
  const mode = instr.mode ?? (countOf(state, lock, 'write') > 0 ? 'write' : 'read');
  if (countOf(state, lock, mode) === 0) {
    return { next: CUT, events: [event(state, instr, 'lock_not_held', nameOf(w, lock))] };
  }
  const dropped = adjusted(state, { lock, mode, by: -1 });
  const marked = isHeld(dropped, lock) ? dropped : markDropped(w, dropped, lock, instr.site);
  return { next: [{ ...marked, pc: instr.next }], events: [] };
}

function downgrade(w: Walker, instr: LockInstr, { state, lock }: At): Step {
  if (countOf(state, lock, 'write') === 0) {
    return { next: CUT, events: [event(state, instr, 'lock_not_held', nameOf(w, lock))] };
  }
  const read = adjusted(adjusted(state, { lock, mode: 'write', by: -1 }),
    { lock, mode: 'read', by: 1 });
  return { next: [{ ...read, pc: instr.next }], events: [] };
}

function blocksItself(state: WalkState, lock: LockIdx, mode: 'read' | 'write'): boolean {
  return mode === 'write' ? isHeld(state, lock) : countOf(state, lock, 'write') > 0;
}

export function sleeps(w: Walker, instr: Instr, state: WalkState): Event[] {
  const spinning = state.held.filter(({ lock }) => {
    const kind = kindOf(w, lock);
    return kind === 'spinlock' || kind === 'rwlock';
  });
  const subjects = [...new Set(spinning.map(({ lock }) => nameOf(w, lock)))];
  if (state.rcu > 0) subjects.push('rcu');
  return subjects.map((subject) => event(state, instr, 'sleep_in_atomic', subject));
}

function againstOrder(w: Walker, instr: Instr, { state, lock }: At): Event[] {
  const inner = w.program.locks[lock]?.cls;
  const against = state.held.some((it) => w.program.orders.some((order) =>
    order.outer === inner && order.inner === w.program.locks[it.lock]?.cls));
  return against ? [event(state, instr, 'lock_order', nameOf(w, lock))] : [];
}

function noteNestings(
  w: Walker, instr: Extract<LockInstr, { op: 'acquire' | 'try' }>, { state, lock }: At,
): void {
  const inner = w.program.locks[lock]?.cls ?? 0;
  for (const it of state.held) {
    if (it.lock === lock) continue;
    const outer = w.program.locks[it.lock]?.cls ?? 0;
    const key = `${outer} ${it.mode} ${inner} ${instr.mode} ${state.pc}`;
    const what = {
      outer, outerMode: it.mode, inner, innerMode: instr.mode, site: instr.site,
      thread: w.thread, byTry: instr.op === 'try', nested: instr.nested,
    };
    note(w.nestings, key, { what, pc: state.pc, sure: !state.doubtful });
  }
}

export function atExit(w: Walker, instr: Instr, state: WalkState): readonly Event[] {
  const subjects = new Set(state.held.map(({ lock }) => nameOf(w, lock)));
  if (state.rcu > 0) subjects.add('rcu');
  return [...subjects].map((subject) => ({
    ...event(state, instr, 'lock_held_at_exit', subject),
    site: w.program.threads[w.thread]?.code[state.began]?.site ?? instr.site,
  }));
}

function kindOf(w: Walker, lock: LockIdx): string | undefined {
  return w.program.classes[w.program.locks[lock]?.cls ?? -1]?.kind;
}

/** Of the class, as subjects are. */
function nameOf(w: Walker, lock: LockIdx): string {
  return w.program.classes[w.program.locks[lock]?.cls ?? -1]?.name ?? '';
}
