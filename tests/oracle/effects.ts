// What single instructions do to data, objects and readers; what they break is thrown.
import type { Instr, LockRef, Target } from '../../simulator/src/index.ts';
import { evaluate, Fault, locate, lockAt, type Context } from './eval.ts';
import { take } from './lock-rules.ts';
import {
  classNameOf, heldBy, lockIsGone, nth, type Mode, type State,
} from './state.ts';

/** Stores a value; outside the target's range it is a violation with the target's name. */
export function put(context: Context, target: Target, value: number): void {
  if (target.kind === 'reg') {
    context.regs[target.reg] = value;
    return;
  }
  let index: number;
  let name: string;
  if (target.kind === 'local') ({ cell: index, name } = target);
  else {
    const access = target.access;
    index = locate(context, access).cell;
    name = nth(context.program.places, access.place).name;
    context.touch({
      place: access.place, cell: index, write: true, marked: access.marked, site: access.site,
    });
  }
  const cell = nth(context.program.cells, index);
  if (value < cell.lo || value > cell.hi) throw new Fault('range', name);
  context.state.cells[index] = value;
}

/** The lock a statement works on; a lock in an object that is gone must not be touched. */
export function lockFor(context: Context, name: LockRef): number {
  const at = lockAt(context, name);
  if (at.pool !== null && lockIsGone(context.program, context.state, at.lock)) {
    throw new Fault('use_after_free', nth(context.program.pools, at.pool).name);
  }
  return at.lock;
}

export function release(context: Context, lock: number, thread: number, mode: Mode | null): void {
  const held = heldBy(context.state, lock, thread);
  if (held === null || (mode !== null && mode !== held)) {
    throw new Fault('lock_not_held', classNameOf(context.program, lock));
  }
  const now = nth(context.state.locks, lock);
  if (held === 'write') now.writer = null;
  else now.readers.splice(now.readers.indexOf(thread), 1);
}

export function downgrade(context: Context, lock: number, thread: number): void {
  release(context, lock, thread, 'write');
  take(context.state, lock, thread, 'read');
}

export const readersOf = (state: State): number[] =>
  state.threads.flatMap((thread, index) => (thread.rcu > 0 ? [index] : []));

export function leaveRcu(state: State, thread: number): void {
  const me = nth(state.threads, thread);
  if (me.rcu === 0) throw new Fault('lock_not_held', 'rcu');
  me.rcu -= 1;
  if (me.rcu > 0) return;
  for (const object of state.objects.flat()) {
    object.readers = object.readers.filter((reader) => reader !== thread);
    if (object.status === 'free_pending' && object.readers.length === 0) object.status = 'freed';
  }
  for (const other of state.threads) {
    if (other.sync !== null) other.sync = other.sync.filter((reader) => reader !== thread);
  }
}

export function free(context: Context, instr: Extract<Instr, { op: 'free' }>): void {
  const pool = nth(context.program.pools, instr.pool);
  const ref = evaluate(context, instr.value);
  if (ref === 0) throw new Fault('null_ref', pool.name);
  const object = nth(nth(context.state.objects, instr.pool), ref - 1);
  if (object.status !== 'live') throw new Fault('double_free', pool.name);
  const readers = instr.deferred ? readersOf(context.state) : [];
  object.status = readers.length > 0 ? 'free_pending' : 'freed';
  object.readers = readers;
}

/** Any freed slot of a typesafe pool, or the lowest that was never used. */
function slots(context: Context, pool: number): number[] {
  const objects = nth(context.state.objects, pool);
  const reusable = nth(context.program.pools, pool).typesafe
    ? objects.flatMap((object, i) => (object.status === 'freed' ? [i] : []))
    : [];
  const unused = objects.findIndex((object) => object.status === 'unused');
  const all = unused < 0 ? reusable : [...reusable, unused];
  if (all.length === 0) {
    throw new Fault('pool_exhausted', nth(context.program.pools, pool).name);
  }
  return all;
}

const initsOf = (context: Context, instr: Extract<Instr, { op: 'new' }>): number[] =>
  instr.inits.map((init) => evaluate(context, init.value));

export function allocate(
  context: Context, instr: Extract<Instr, { op: 'new' }>, slot: number,
): void {
  const values = initsOf(context, instr);
  nth(nth(context.state.objects, instr.pool), slot).status = 'live';
  const fill = (place: number, value: number): void => {
    const { base, name } = nth(context.program.places, place);
    const cell = nth(context.program.cells, base + slot);
    if (value < cell.lo || value > cell.hi) throw new Fault('range', name);
    context.state.cells[base + slot] = value;
  };
  for (const field of nth(context.program.pools, instr.pool).fields) {
    fill(field.place, field.init);
  }
  instr.inits.forEach((init, i) => fill(init.place, nth(values, i)));
  put(context, instr.target, slot + 1);
}

/** The values a choosing instruction may take, or null for all others. */
export function options(context: Context, instr: Instr): number[] | null {
  if (instr.op === 'choose') return [...instr.targets];
  if (instr.op === 'new') {
    initsOf(context, instr);
    return slots(context, instr.pool);
  }
  if (instr.op !== 'any') return null;
  const lo = evaluate(context, instr.lo);
  const hi = evaluate(context, instr.hi);
  return Array.from({ length: Math.max(0, hi - lo + 1) }, (_, i) => lo + i);
}

export function compareAndSet(context: Context, instr: Extract<Instr, { op: 'cmpxchg' }>): void {
  const { access } = instr;
  const old = evaluate(context, instr.old);
  const value = evaluate(context, instr.value);
  const same = evaluate(context, { kind: 'load', access }) === old;
  context.regs[instr.result] = same ? 1 : 0;
  if (same) put(context, { kind: 'store', access }, value);
}

export function check(context: Context, instr: Extract<Instr, { op: 'assert' }>): void {
  if (evaluate(context, instr.cond) === 0) throw new Fault('assert', instr.text);
}
