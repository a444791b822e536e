// Instructions, compiled once into closures: each does its work on the machine's frame and says
// where the thread goes next.
import { unreachable } from './assert.ts';
import { compileExpr, compileLock, compilePlace, compileTarget, put } from './expr.ts';
import {
  blockers, classNameOf, downgrade, drop, heldBy, heldLocks, joinQueue, kindOf, leaveQueue, maskOf,
  readsOf, take, waitsFor, type Mode,
} from './locks.ts';
import { cut, decide, noteTried, report, type Machine } from './machine.ts';
import { allocate, enterRcu, FREED, leaveRcu, markReaders, release, statusOf } from './objects.ts';
import { standAt, type Instr, type LockIdx, type Pc, type Program } from './program.ts';

/** Not enabled now: the step does not exist in this state. */
export const BLOCKED = -1;
/** The thread has joined a queue, or waits for a grace period: it stays where it is. */
export const WAITS = -2;
/** The thread is done. */
export const END = -3;

export type Op = (m: Machine) => Pc;
type Of<K extends Instr['op']> = Extract<Instr, { readonly op: K }>;

export function compileInstr(program: Program, instr: Instr): Op {
  const { next } = instr;
  switch (instr.op) {
    case 'nop': return () => next;
    case 'set': return compileSet(program, instr);
    case 'any': return compileAny(program, instr);
    case 'branch': return compileBranch(program, instr);
    case 'choose': return (m) => instr.targets[decide(m, instr.targets.length)]!;
    case 'acquire': return compileAcquire(program, instr);
    case 'try': return compileTry(program, instr);
    case 'release': return compileRelease(program, instr);
    case 'downgrade': return compileDowngrade(program, instr);
    case 'cmpxchg': return compileCmpxchg(program, instr);
    case 'await': return compileAwait(program, instr);
    case 'assert': return compileAssert(program, instr);
    case 'outcome': return compileOutcome(instr);
    case 'new': return compileNew(program, instr);
    case 'free': return compileFree(program, instr);
    case 'rcu_lock': return (m) => { enterRcu(m); return next; };
    case 'rcu_unlock': return (m) => { leaveRcu(m); return next; };
    case 'synchronize_rcu': return compileSynchronize(instr);
    case 'end': return endThread;
    default: return unreachable(instr);
  }
}

function compileSet(program: Program, instr: Of<'set'>): Op {
  const value = compileExpr(program, instr.value);
  const assign = compileTarget(program, instr.target);
  const { next } = instr;
  return (m) => { assign(m, value(m)); return next; };
}

function compileAny(program: Program, instr: Of<'any'>): Op {
  const lo = compileExpr(program, instr.lo);
  const hi = compileExpr(program, instr.hi);
  const assign = compileTarget(program, instr.target);
  const { next } = instr;
  return (m) => {
    const first = lo(m);
    const last = hi(m);
    if (last < first) return BLOCKED;
    assign(m, first + decide(m, last - first + 1));
    return next;
  };
}

function compileBranch(program: Program, instr: Of<'branch'>): Op {
  const cond = compileExpr(program, instr.cond);
  const { next, otherwise } = instr;
  return (m) => (cond(m) !== 0 ? next : otherwise);
}

function compileAcquire(program: Program, instr: Of<'acquire'>): Op {
  const lockOf = compileLock(program, instr.lock);
  const { mode, next } = instr;
  return (m) => {
    const waited = waitsFor(m, m.self);
    if (waited !== null) return granted(m, waited, mode, next);
    const lock = lockOf(m, m.step);
    noteRecursion(m, lock, mode);
    if (blockers(m, lock, m.self, mode) === 0) {
      take(m, lock, m.self, mode);
      return next;
    }
    joinQueue(m, lock, m.self);
    return WAITS;
  };
}

/** The step of a thread that has joined the queue: it gets the lock, or finds it freed. */
function granted(m: Machine, lock: LockIdx, mode: Mode, next: Pc): Pc {
  const { object } = m.program.locks[lock]!;
  if (object !== null) {
    const pool = m.program.pools[object.pool]!;
    const gone = !pool.typesafe && statusOf(m, object.pool, object.ref) === FREED;
    if (gone) cut(m, 'use_after_free', pool.name, m.step);
  }
  if (blockers(m, lock, m.self, mode) !== 0) return BLOCKED;
  leaveQueue(m, lock, m.self);
  take(m, lock, m.self, mode);
  return next;
}

function noteRecursion(m: Machine, lock: LockIdx, mode: Mode): void {
  if (mode !== 'read' || kindOf(m, lock) !== 'rwsem' || readsOf(m, lock, m.self) === 0) return;
  const { cls } = m.program.locks[lock]!;
  m.witness.recursiveReads.set(`${m.step} ${cls}`, { site: m.step, cls });
}

function compileTry(program: Program, instr: Of<'try'>): Op {
  const lockOf = compileLock(program, instr.lock);
  const { mode, next, result, nested } = instr;
  return (m) => {
    const lock = lockOf(m, m.step);
    const free = blockers(m, lock, m.self, mode) === 0;
    if (free) {
      const { cls } = m.program.locks[lock]!;
      noteNestings(m, { cls, mode, nested });
      take(m, lock, m.self, mode);
    }
    m.regs[result] = free ? 1 : 0;
    return next;
  };
}

/** Records every class held while one is taken by try; what is held at waits, rests tell. */
function noteNestings(m: Machine, inner: { cls: number; mode: Mode; nested: boolean }): void {
  const { program, witness, self: thread } = m;
  for (const [lock, outerMode] of heldLocks(m, thread)) {
    const nesting = {
      outer: program.locks[lock]!.cls, outerMode, inner: inner.cls, innerMode: inner.mode,
      site: m.step, thread, byTry: true, nested: inner.nested,
    };
    noteTried(witness, nesting);
  }
}

function compileRelease(program: Program, instr: Of<'release'>): Op {
  const lockOf = compileLock(program, instr.lock);
  const { mode, next } = instr;
  return (m) => {
    const lock = lockOf(m, m.step);
    const held = heldBy(m, lock, m.self);
    if (held === null || (mode !== null && held !== mode)) {
      cut(m, 'lock_not_held', classNameOf(m, lock), m.step);
    }
    drop(m, lock, m.self, held);
    return next;
  };
}

function compileDowngrade(program: Program, instr: Of<'downgrade'>): Op {
  const lockOf = compileLock(program, instr.lock);
  const { next } = instr;
  return (m) => {
    const lock = lockOf(m, m.step);
    if (heldBy(m, lock, m.self) !== 'write') {
      cut(m, 'lock_not_held', classNameOf(m, lock), m.step);
    }
    downgrade(m, lock, m.self);
    return next;
  };
}

function compileCmpxchg(program: Program, instr: Of<'cmpxchg'>): Op {
  const old = compileExpr(program, instr.old);
  const value = compileExpr(program, instr.value);
  const { address, note } = compilePlace(program, instr.access);
  const told = { name: program.places[instr.access.place]!.name, site: instr.access.site };
  const { next, result } = instr;
  return (m) => {
    const expected = old(m);
    const replacement = value(m);
    const cell = address(m);
    note(m, cell, false);
    const matches = m.frame[cell] === expected;
    if (matches) {
      note(m, cell, true);
      put(m, cell, replacement, told);
    }
    m.regs[result] = matches ? 1 : 0;
    return next;
  };
}

/** A false `await` is no step: what it looked at was no access. */
function compileAwait(program: Program, instr: Of<'await'>): Op {
  const cond = compileExpr(program, instr.cond);
  const { next } = instr;
  return (m) => {
    const logged = m.log.count;
    const found = m.found.length;
    if (cond(m) !== 0) return next;
    m.log.count = logged;
    m.found.length = found;
    return BLOCKED;
  };
}

function compileAssert(program: Program, instr: Of<'assert'>): Op {
  const cond = compileExpr(program, instr.cond);
  const { next, text } = instr;
  return (m) => {
    if (cond(m) === 0) cut(m, 'assert', text, m.step);
    return next;
  };
}

function compileOutcome(instr: Of<'outcome'>): Op {
  const { next, outcome } = instr;
  return (m) => {
    const declared = m.program.threads[m.self]!.outcomes[outcome]!;
    m.frame[m.layout.threads[m.self]!.outcome] = outcome + 1;
    if (declared.never) report(m, 'forbidden_outcome', declared.name, m.step);
    return next;
  };
}

function compileNew(program: Program, instr: Of<'new'>): Op {
  const assign = compileTarget(program, instr.target);
  const inits = instr.inits.map(({ place, value }) => {
    const { name, base } = program.places[place]!;
    return { name, base, value: compileExpr(program, value) };
  });
  const { next, pool } = instr;
  return (m) => {
    const values = inits.map((init) => init.value(m));
    const ref = allocate(m, pool);
    inits.forEach((init, i) => put(m, init.base + ref - 1, values[i]!, init));
    assign(m, ref);
    return next;
  };
}

function compileFree(program: Program, instr: Of<'free'>): Op {
  const value = compileExpr(program, instr.value);
  const { next, pool, deferred } = instr;
  return (m) => { release(m, pool, value(m), deferred); return next; };
}

function compileSynchronize(instr: Of<'synchronize_rcu'>): Op {
  const { next } = instr;
  return (m) => {
    const { begun, grace } = m.layout.threads[m.self]!;
    if (m.frame[begun] !== 0) {
      if (maskOf(m, grace) !== 0) return BLOCKED;
      m.frame[begun] = 0;
      return next;
    }
    if (!markReaders(m, grace)) return next;
    m.frame[begun] = 1;
    return WAITS;
  };
}

function endThread(m: Machine): Pc {
  const { program, self } = m;
  const reported = new Set<string>();
  for (const [lock] of heldLocks(m, self)) {
    const name = classNameOf(m, lock);
    if (!reported.has(name)) reportExit(m, 'lock_held_at_exit', name);
    reported.add(name);
  }
  const slots = m.layout.threads[self]!;
  if (m.frame[slots.rcu]! > 0) reportExit(m, 'lock_held_at_exit', 'rcu');
  const { outcomes, decl } = program.threads[self]!;
  if (outcomes.length > 0 && m.frame[slots.outcome] === 0) {
    reportExit(m, 'missing_outcome', decl);
  }
  return END;
}

/** Found at the end of the thread's last step: reported there. */
function reportExit(
  m: Machine, code: 'lock_held_at_exit' | 'missing_outcome', subject: string,
): void {
  standAt(m, { site: m.began });
  report(m, code, subject, m.began);
}
