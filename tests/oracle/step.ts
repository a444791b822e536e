// One step of one thread: every way it can go, what it tells, what it touches.
import type { Expr, Instr, Program } from '../../simulator/src/index.ts';
import { stepOf } from '../../simulator/src/program.ts';
import {
  allocate, check, compareAndSet, downgrade, free, leaveRcu, lockFor, options, put, readersOf,
  release,
} from './effects.ts';
import { evaluate, Fault, guardHolds, type Context, type Touch } from './eval.ts';
import { grantable, join, take, waitCycles, type WaitsFor } from './lock-rules.ts';
import {
  classNameOf, cloneState, heldBy, lockIsGone, lockOf, nth, threadOf, unreachable, type State,
} from './state.ts';

export interface Told {
  readonly code: string;
  readonly subject: string | null;
  readonly step: number;
}

export interface Move {
  readonly thread: number;
  readonly site: number;
  readonly kind: 'step' | 'wait' | 'granted';
  readonly to: State;
  /** The run is not followed past this move. */
  readonly cut: boolean;
  readonly told: readonly Told[];
  readonly touches: readonly (Touch & { readonly step: number })[];
  /** Threads that now wait in a circle, which ends the run. */
  readonly cycles: readonly (readonly WaitsFor[])[];
}

/** A step on its way: where it is (`pc` null: it has come to rest) and what it did so far. */
interface Way {
  state: State;
  regs: number[];
  pc: number | null;
  cut: boolean;
  waits: boolean;
  told: Told[];
  touches: (Touch & { step: number })[];
}

interface Scene {
  readonly program: Program;
  readonly thread: number;
  /** The site of the step under way: of the instruction the thread rested before. */
  readonly step: number;
}

const fork = (way: Way): Way => ({
  ...way, state: cloneState(way.state), regs: [...way.regs], told: [...way.told],
  touches: [...way.touches],
});

const instrAt = (scene: Scene, pc: number): Instr =>
  nth(threadOf(scene.program, scene.thread).code, pc);

function contextOf(scene: Scene, way: Way, step: number): Context {
  const { program, thread } = scene;
  const quiet = {
    program, state: way.state, regs: way.regs, thread, touch: () => undefined, checksLife: false,
  };
  const touch = (it: Touch): void => {
    way.touches.push({ ...it, step });
    const place = nth(program.places, it.place);
    const guard = it.write ? place.writeGuard : place.readGuard;
    const offset = it.cell - place.base;
    const self = { ref: offset + 1, index: offset };
    if (guard !== null && !guardHolds({ ...quiet, self }, guard, thread)) {
      way.told.push({ code: 'guard', subject: place.name, step });
    }
  };
  return { ...quiet, touch, checksLife: true };
}

function lockOrder(
  program: Program, state: State, wish: { thread: number; lock: number; step: number },
): Told[] {
  const taken = lockOf(program, wish.lock).cls;
  const against = program.locks.some((lock, index) =>
    heldBy(state, index, wish.thread) !== null
    && program.orders.some((order) => order.outer === taken && order.inner === lock.cls));
  const subject = nth(program.classes, taken).name;
  return against ? [{ code: 'lock_order', subject, step: wish.step }] : [];
}

function tryLock(
  scene: Scene, context: Context, instr: Extract<Instr, { op: 'try' }>,
): void {
  const { program, thread } = scene;
  const lock = lockFor(context, instr.lock);
  const taken = grantable(program, context.state, lock, { thread, mode: instr.mode });
  if (taken) take(context.state, lock, thread, instr.mode);
  context.regs[instr.result] = taken ? 1 : 0;
}

/** True where the thread has to wait, in a queue or for readers; else it has what it wants. */
function blocks(
  scene: Scene, context: Context, instr: Extract<Instr, { op: 'acquire' | 'synchronize_rcu' }>,
): boolean {
  const { program, thread } = scene;
  const { state } = context;
  const me = nth(state.threads, thread);
  if (instr.op === 'synchronize_rcu') {
    const readers = readersOf(state);
    if (readers.length > 0) me.sync = readers;
    return readers.length > 0;
  }
  const lock = lockFor(context, instr.lock);
  const wish = { thread, mode: instr.mode };
  if (grantable(program, state, lock, wish)) {
    take(state, lock, thread, instr.mode);
    return false;
  }
  join(program, state, lock, wish);
  me.lock = lock;
  return true;
}

function setOutcome(
  scene: Scene, context: Context, instr: Extract<Instr, { op: 'outcome' }>,
): Told[] {
  nth(context.state.threads, scene.thread).outcome = instr.outcome + 1;
  const outcome = nth(threadOf(scene.program, scene.thread).outcomes, instr.outcome);
  if (!outcome.never) return [];
  return [{ code: 'forbidden_outcome', subject: outcome.name, step: stepOf(instr) }];
}

/** Executes one instruction; `option` is what a choosing one chose. Gives the next pc. */
function execute(
  scene: Scene, way: Way, context: Context, what: { instr: Instr; option: number },
): number | null {
  const { instr } = what;
  const me = nth(way.state.threads, scene.thread);
  switch (instr.op) {
    case 'nop': case 'end': break;
    case 'choose': return what.option;
    case 'any': put(context, instr.target, what.option); break;
    case 'new': allocate(context, instr, what.option); break;
    case 'set': put(context, instr.target, evaluate(context, instr.value)); break;
    case 'branch': return evaluate(context, instr.cond) !== 0 ? instr.next : instr.otherwise;
    case 'acquire': case 'synchronize_rcu':
      way.waits = blocks(scene, context, instr);
      if (way.waits) return null;
      break;
    case 'try': tryLock(scene, context, instr); break;
    case 'release':
      release(context, lockFor(context, instr.lock), scene.thread, instr.mode); break;
    case 'downgrade': downgrade(context, lockFor(context, instr.lock), scene.thread); break;
    case 'cmpxchg': compareAndSet(context, instr); break;
    case 'await': evaluate(context, instr.cond); break;
    case 'assert': check(context, instr); break;
    case 'outcome': way.told.push(...setOutcome(scene, context, instr)); break;
    case 'free': free(context, instr); break;
    case 'rcu_lock': me.rcu += 1; break;
    case 'rcu_unlock': leaveRcu(way.state, scene.thread); break;
    default: unreachable(instr);
  }
  return instr.next;
}

/** What the act breaks becomes a violation that cuts the way. */
function attempt(way: Way, step: number, act: () => void): void {
  try {
    act();
  } catch (wrong) {
    if (!(wrong instanceof Fault)) throw wrong;
    way.told.push({ code: wrong.code, subject: wrong.subject, step });
    way.cut = true;
    way.pc = null;
  }
}

/** All ways on from the instruction at the way's pc, that one included. */
function oneInstruction(scene: Scene, way: Way): Way[] {
  const instr = instrAt(scene, way.pc ?? -1);
  let chosen: number[] | null = null;
  attempt(way, stepOf(instr), () => {
    chosen = options(contextOf(scene, way, stepOf(instr)), instr);
  });
  if (way.cut) return [way];
  const picks: number[] = chosen ?? [0];
  return picks.map((option) => {
    const one = fork(way);
    attempt(one, stepOf(instr), () => {
      one.pc = execute(scene, one, contextOf(scene, one, stepOf(instr)), { instr, option });
    });
    return one;
  });
}

/** What is wrong with the way a thread ends. */
function atExit(scene: Scene, state: State): Told[] {
  const { program, thread, step } = scene;
  const told: Told[] = [];
  program.locks.forEach((_, lock) => {
    if (heldBy(state, lock, thread) === null) return;
    told.push({ code: 'lock_held_at_exit', subject: classNameOf(program, lock), step });
  });
  const me = nth(state.threads, thread);
  if (me.rcu > 0) told.push({ code: 'lock_held_at_exit', subject: 'rcu', step });
  const { outcomes, decl } = threadOf(program, thread);
  if (outcomes.length > 0 && me.outcome === 0) {
    told.push({ code: 'missing_outcome', subject: decl, step });
  }
  return told;
}

/** Goes on until each way rests, has ended or is cut. */
function onwards(scene: Scene, way: Way): Way[] {
  if (way.pc === null) return [way];
  const instr = instrAt(scene, way.pc);
  const me = nth(way.state.threads, scene.thread);
  if (instr.op === 'end') {
    me.pc = -1;
    way.told.push(...atExit(scene, way.state));
    return [way];
  }
  if (instr.rest) {
    me.pc = way.pc;
    return [way];
  }
  return oneInstruction(scene, way).flatMap((one) => onwards(scene, one));
}

const newWay = (state: State, nRegs: number, pc: number): Way => ({
  state: cloneState(state), regs: Array.from({ length: nRegs }, () => 0), pc, cut: false,
  waits: false, told: [], touches: [],
});

/**
 * Whether a false `await` (which is no access) keeps the thread. One that breaks does not: it
 * cannot be told false where what it reads is gone.
 */
function isKept(scene: Scene, state: State, cond: Expr): boolean {
  const way = newWay(state, scene.program.nRegs, 0);
  try {
    return evaluate({ ...contextOf(scene, way, 0), touch: () => undefined }, cond) === 0;
  } catch (wrong) {
    if (wrong instanceof Fault) return false;
    throw wrong;
  }
}

function finish(scene: Scene, ways: Way[], kind: Move['kind']): Move[] {
  const { program, thread } = scene;
  return ways.map((way): Move => {
    const cycles = way.waits ? waitCycles(program, way.state) : [];
    return {
      thread, site: -1, kind: way.waits ? 'wait' : kind, to: way.state,
      cut: way.cut || cycles.length > 0, told: way.told,
      touches: way.touches, cycles,
    };
  });
}

/** Goes on after a wait that is over. */
function granted(scene: Scene, state: State, instr: Instr): Move[] {
  const way = newWay(state, scene.program.nRegs, instr.next);
  const me = nth(way.state.threads, scene.thread);
  if (me.lock !== null && lockIsGone(scene.program, state, me.lock)) {
    const pool = lockOf(scene.program, me.lock).object?.pool ?? -1;
    const subject = nth(scene.program.pools, pool).name;
    attempt(way, instr.site, () => { throw new Fault('use_after_free', subject); });
    return finish(scene, [way], 'step');
  }
  if (me.lock !== null && instr.op === 'acquire') {
    take(way.state, me.lock, scene.thread, instr.mode);
  }
  me.lock = null;
  me.sync = null;
  return finish(scene, onwards(scene, way), 'granted');
}

/** All the thread can do next; nothing where it is done or has to wait. */
export function movesOf(program: Program, state: State, thread: number): Move[] {
  const me = nth(state.threads, thread);
  if (me.pc < 0) return [];
  const instr = nth(threadOf(program, thread).code, me.pc);
  const scene = { program, thread, step: instr.site };
  let moves: Move[];
  if (me.lock !== null && instr.op === 'acquire') {
    const wish = { thread, mode: instr.mode };
    const gone = lockIsGone(program, state, me.lock);
    if (!gone && !grantable(program, state, me.lock, wish)) return [];
    moves = granted(scene, state, instr);
  } else if (me.sync !== null) {
    if (me.sync.length > 0) return [];
    moves = granted(scene, state, instr);
  } else {
    if (instr.op === 'await' && isKept(scene, state, instr.cond)) return [];
    const ways = oneInstruction(scene, newWay(state, program.nRegs, me.pc));
    moves = finish(
      scene, ways.flatMap((way) => onwards(scene, way)), 'step',
    );
  }
  return moves.map((move) => ({ ...move, site: instr.site }));
}

/**
 * Silent instructions before the first step of each thread, from the very start. The state is
 * null where one of them ends the run at once.
 */
export function settle(program: Program, start: State): { state: State | null; told: Told[] } {
  const told: Told[] = [];
  let state = start;
  for (const thread of program.threads.keys()) {
    const pc = nth(state.threads, thread).pc;
    const { site } = nth(threadOf(program, thread).code, pc);
    const ways = onwards({ program, thread, step: site }, newWay(state, program.nRegs, pc));
    const way = nth(ways, 0);
    if (ways.length !== 1) throw new Error('oracle: a choice before the first step');
    told.push(...way.told);
    if (way.cut) return { state: null, told };
    state = way.state;
  }
  return { state, told };
}

/** What is wrong with a step as soon as a thread stands before it. */
export function toldOnReaching(program: Program, state: State, thread: number): Told[] {
  const me = nth(state.threads, thread);
  if (me.pc < 0 || me.lock !== null || me.sync !== null) return [];
  const instr = nth(threadOf(program, thread).code, me.pc);
  const step = instr.site;
  const told: Told[] = [];
  if (instr.op === 'acquire') {
    told.push(...lockOrder(program, state, { thread, lock: instr.lock.base, step }));
  }
  const kind = instr.op === 'acquire'
    ? nth(program.classes, lockOf(program, instr.lock.base).cls).kind : null;
  const sleeps = kind === 'mutex' || kind === 'rwsem' || instr.op === 'await'
    || instr.op === 'synchronize_rcu';
  if (!sleeps) return told;
  program.locks.forEach((_, lock) => {
    const spins = ['spinlock', 'rwlock'].includes(nth(program.classes,
      lockOf(program, lock).cls).kind);
    if (!spins || heldBy(state, lock, thread) === null) return;
    told.push({ code: 'sleep_in_atomic', subject: classNameOf(program, lock), step });
  });
  if (me.rcu > 0) told.push({ code: 'sleep_in_atomic', subject: 'rcu', step });
  return told;
}
