// Walks one thread alone through every path of its code, while everything shared may have any value
// at any time: at least all that it can do in any scenario. A local with few values is followed
// value by value, so a lock mode kept in a local is understood.
import { unreachable } from '../text/unreachable.ts';
import type {
  CellIdx, Expr, Instr, Pc, Target, ThreadIdx,
} from '../../../simulator/src/program.ts';
import type { Held, Nesting } from '../../../simulator/src/verdict.ts';
import type { Lowered } from './lowered.ts';
import { touchesOf } from './accesses.ts';
import { evaluate } from './evaluate.ts';
import { livenessOf } from './liveness.ts';
import type { Live } from './liveness.ts';
import { markOwned, markRead, staleUses } from './marks.ts';
import { CUT, event, heldOf, inAll, MAX_DEPTH, note } from './walk-core.ts';
import type {
  Event, RecursiveRead, Seen, StaleUse, Step, Walker, WalkOptions,
} from './walk-core.ts';
import { brokenGuards } from './walk-guards.ts';
import { evaluateFor, onlyLoad } from './value-sets.ts';
import { atExit, lockStep, sleeps } from './walk-locks.ts';
import { envAt, keyOf, pruned, setLocal, setReg } from './walk-state.ts';
import type { WalkState } from './walk-state.ts';

/** More states than any protocol written by hand needs; beyond it nothing is said. */
const MAX_STATES = 3_000;
/** A local with at most so many values is followed value by value. */
const MAX_VALUES = 8;
/** Combinations of the parameters' values to begin with. */
const MAX_STARTS = 64;

export interface Walk {
  /** What happens in every state in which its step is reached. */
  readonly certain: readonly Event[];
  /** Every nesting on some path; `thread` is the walked one. */
  readonly nestings: readonly Nesting[];
  /** Those on paths that leave no doubt. */
  readonly sureNestings: readonly Nesting[];
  readonly stale: readonly StaleUse[];
  readonly recursiveReads: readonly RecursiveRead[];
  /** By pc, where reached: the locks held, path by path. */
  readonly held: ReadonlyMap<Pc, readonly (readonly Held[])[]>;
}

/** null where the thread has too many states to say anything. */
export function walkThread(
  lowered: Lowered, thread: ThreadIdx, options: WalkOptions,
): Walk | null {
  for (const maxValues of [MAX_VALUES, 1]) {
    const found = walkWith(lowered, thread, { ...options, maxValues });
    if (found !== null) return found;
  }
  return null;
}

function walkWith(
  lowered: Lowered, thread: ThreadIdx, options: WalkOptions & { maxValues: number },
): Walk | null {
  const { program } = lowered;
  const code = program.threads[thread]?.code ?? [];
  const w: Walker = {
    ...options, lowered, program, thread,
    nestings: new Map(), stale: new Map(), recursive: new Map(),
  };
  const seen = new Set<string>();
  const held = new Map<Pc, (readonly Held[])[]>();
  /** By pc; of a thread's end by the step that is its last. */
  const events = new Map<number, (readonly Event[])[]>();
  const sure = new Set<number>();
  /** Steps after which the thread may go on. */
  const goesOn = new Set<Pc>();
  const live = livenessOf(code);
  const todo = initialStates(w).map((state) => settled(code, live, state));
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    const key = keyOf(state);
    if (seen.has(key)) continue;
    if (seen.size >= MAX_STATES) return null;
    seen.add(key);
    const instr = code[state.pc];
    if (instr === undefined) continue;
    const step = stepFrom(w, instr, state);
    w.onStep?.(state, step.next);
    pushTo(held, state.pc, heldOf(state));
    // A thread ends with its last step: each such step is judged by itself.
    const place = instr.op === 'end' ? -1 - state.began : state.pc;
    pushTo(events, place, step.events);
    if (!state.doubtful) sure.add(place);
    for (const next of step.next) {
      if (code[next.pc]?.rest === true) goesOn.add(state.began);
      todo.push(settled(code, live, next));
    }
  }
  for (const pc of goesOn) sure.delete(-1 - pc);
  // Where all ways to a step are doubtful, it must be so on all of them.
  const sureOf = <T>(seen: Map<string, Seen<T>>): readonly T[] => [...seen.values()]
    .filter((it) => it.sure || it.count >= (held.get(it.pc)?.length ?? 0)).map((it) => it.what);
  return {
    certain: [...events].flatMap(([place, all]) => (sure.has(place) ? inAll(all) : [])),
    nestings: [...w.nestings.values()].map((it) => it.what),
    sureNestings: sureOf(w.nestings),
    stale: sureOf(w.stale),
    recursiveReads: sureOf(w.recursive),
    held,
  };
}

/** As little as what follows depends on: registers live within a step only. */
function settled(code: readonly Instr[], live: readonly Live[], state: WalkState): WalkState {
  const instr = code[state.pc];
  const alive = live[state.pc];
  if (instr === undefined || alive === undefined) return state;
  const it = pruned(state, alive);
  return instr.rest ? { ...it, began: state.pc, regs: NO_REGS } : it;
}

const NO_REGS: ReadonlyMap<number, number> = new Map();

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** A parameter may have any value; those with few are tried one by one. */
function initialStates(w: Walker): readonly WalkState[] {
  const code = w.program.threads[w.thread]?.code ?? [];
  const start: WalkState = {
    pc: w.program.threads[w.thread]?.entry ?? 0, began: w.program.threads[w.thread]?.entry ?? 0,
    held: [], rcu: 0, locals: new Map(), regs: new Map(), marks: new Map(),
    touched: [], doubtful: false,
  };
  const assigned = new Set(code.flatMap(assignedIn));
  let states: readonly WalkState[] = [start];
  for (const [cell, info] of w.lowered.cells.entries()) {
    if (info.thread !== w.thread || assigned.has(cell)) continue;
    const { lo, hi } = w.program.cells[cell] ?? { lo: 0, hi: 0 };
    const tried = between(w, lo, hi);
    if (states.length * tried.length > MAX_STARTS) continue;
    states = states.flatMap((state) => tried.map((value) => setLocal(state, cell, value)));
  }
  return states;
}

function assignedIn(instr: Instr): readonly CellIdx[] {
  const assigns = instr.op === 'set' || instr.op === 'any' || instr.op === 'new';
  return assigns && instr.target.kind === 'local' ? [instr.target.cell] : [];
}

function stepFrom(w: Walker, instr: Instr, before: WalkState): Step {
  const { state, stale } = staleUses(w, instr, before);
  for (const use of stale) {
    const key = `${state.pc} ${use.cell} ${use.site}`;
    note(w.stale, key, { what: use, pc: state.pc, sure: !state.doubtful });
  }
  if (throughNull(w, instr, state)) return { next: CUT, events: [] };
  const done = apply(w, instr, markOwned(w, instr, state));
  // An `await` that stays false is no access.
  const waits = instr.op === 'await' && done.next.length === 0;
  const guards = waits ? [] : brokenGuards(w, instr, state);
  const next = done.next.map((it) => looked(w, instr, { before: state, after: it, done }));
  return { next, events: [...guards, ...done.events] };
}

interface Taken {
  readonly before: WalkState;
  readonly after: WalkState;
  readonly done: Step;
}

/**
 * Notes what the step read and wrote. Where it led to several states, or might have stopped there,
 * shared state has decided: that is free only the first time, and where somebody changes it.
 */
function looked(w: Walker, instr: Instr, { before, after, done }: Taken): WalkState {
  if (after.doubtful) return after;
  const touches = touchesOf(instr);
  const decided = done.next.length > 1 || instr.op === 'await' || instr.op === 'assert';
  const read = touches.filter((touch) => !touch.write).map((touch) => touch.access.place);
  const settledBefore = read.some((place) =>
    before.touched.includes(place) || !w.isWritten(place));
  // A local with too many values to follow has been decided on before, for all that is known.
  const vague = instr.op === 'branch' && read.length === 0 && done.next.length > 1;
  if (decided && (settledBefore || vague)) return { ...after, doubtful: true };
  const places = touches.map((touch) => touch.access.place);
  if (places.every((place) => before.touched.includes(place))) return after;
  return { ...after, touched: [...new Set([...before.touched, ...places])].sort((a, b) => a - b) };
}

/** Reading through a ref that is null ends the run; it is the simulation's to report. */
function throughNull(w: Walker, instr: Instr, state: WalkState): boolean {
  const env = envAt(w.program, state);
  return touchesOf(instr).some(({ access, certain }) =>
    certain && access.ref !== null && evaluate(access.ref, env) === 0);
}

function apply(w: Walker, instr: Instr, state: WalkState): Step {
  const go = (next: WalkState, pc = instr.next): WalkState => ({ ...next, pc });
  const on = (...next: readonly WalkState[]): Step => ({ next, events: [] });
  switch (instr.op) {
    case 'nop':
    case 'free':
    case 'outcome': return on(go(state));
    case 'set':
    case 'any':
    case 'new': return on(...assign(w, instr, state).map((next) => go(next)));
    case 'branch': {
      const possible = resultsOf(w, instr.cond, state) ?? new Set([0, 1]);
      return on(
        ...([...possible].some((value) => value !== 0) ? [go(state)] : []),
        ...(possible.has(0) ? [go(state, instr.otherwise)] : []),
      );
    }
    case 'choose': return on(...instr.targets.map((pc) => go(state, pc)));
    case 'acquire':
    case 'try':
    case 'release':
    case 'downgrade': return lockStep(w, instr, state);
    case 'cmpxchg':
      return on(go(setReg(state, instr.result, 0)), go(setReg(state, instr.result, 1)));
    case 'assert':
    case 'await': {
      const events = instr.op === 'await' ? sleeps(w, instr, state) : [];
      const possible = resultsOf(w, instr.cond, state);
      const never = possible !== null && [...possible].every((value) => value === 0);
      return { next: never ? CUT : [go(state)], events };
    }
    case 'rcu_lock':
    case 'rcu_unlock':
    case 'synchronize_rcu': return rcuStep(w, instr, state);
    case 'end': return { next: CUT, events: atExit(w, instr, state) };
    default: return unreachable(instr);
  }
}

/** What an expression can come to here; null where that is not known. */
function resultsOf(w: Walker, expr: Expr, state: WalkState): ReadonlySet<number> | null {
  const env = envAt(w.program, state);
  const value = evaluate(expr, env);
  if (value !== null) return new Set([value]);
  const load = onlyLoad(expr);
  const values = load === null ? null : w.valuesOf(load.place);
  return values === null ? null : evaluateFor(expr, env, values);
}

function rcuStep(
  w: Walker, instr: Extract<Instr, { op: 'rcu_lock' | 'rcu_unlock' | 'synchronize_rcu' }>,
  state: WalkState,
): Step {
  const to = (rcu: number): readonly WalkState[] => [{ ...state, rcu, pc: instr.next }];
  switch (instr.op) {
    case 'rcu_lock': return { next: state.rcu < MAX_DEPTH ? to(state.rcu + 1) : CUT, events: [] };
    case 'rcu_unlock':
      if (state.rcu > 0) return { next: to(state.rcu - 1), events: [] };
      return { next: CUT, events: [event(state, instr, 'lock_not_held', 'rcu')] };
    case 'synchronize_rcu': {
      const events = sleeps(w, instr, state);
      if (state.rcu === 0) return { next: to(0), events };
      return { next: CUT, events: [...events, event(state, instr, 'deadlock', null)] };
    }
    default: return unreachable(instr);
  }
}

type Assigning = Extract<Instr, { op: 'set' | 'any' | 'new' }>;

/** Every value that may come to a local with few values; a value outside ends the run. */
function assign(w: Walker, instr: Assigning, state: WalkState): readonly WalkState[] {
  const { target } = instr;
  if (target.kind === 'store') return [state];
  const found = valuesOf(w, instr, state);
  if (target.kind === 'reg') return found.map((value) => setReg(state, target.reg, value));
  const marked = markRead(w, instr, state, target.cell);
  return found.map((value) => setLocal(marked, target.cell, value));
}

function valuesOf(w: Walker, instr: Assigning, state: WalkState): readonly (number | null)[] {
  const env = envAt(w.program, state);
  const [lo, hi] = boundsOf(w, instr.target);
  if (instr.op === 'set') {
    const possible = resultsOf(w, instr.value, state);
    if (possible === null || possible.size > w.maxValues) return between(w, lo, hi);
    return [...possible].filter((value) => value >= lo && value <= hi);
  }
  if (instr.op === 'new') return between(w, 1, w.program.pools[instr.pool]?.count ?? 1);
  const first = evaluate(instr.lo, env);
  const last = evaluate(instr.hi, env);
  return between(w, Math.max(first ?? lo, lo), Math.min(last ?? hi, hi));
}

function boundsOf(w: Walker, target: Target): readonly [number, number] {
  const cell = target.kind === 'local' ? w.program.cells[target.cell] : undefined;
  return [cell?.lo ?? -Infinity, cell?.hi ?? Infinity];
}

function between(w: Walker, lo: number, hi: number): readonly (number | null)[] {
  const count = hi - lo + 1;
  if (count > w.maxValues) return [null];
  return Array.from({ length: Math.max(0, count) }, (_, i) => lo + i);
}
