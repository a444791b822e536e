// Expressions and accesses, compiled once into closures over the machine.
import { assert, unreachable } from './assert.ts';
import { doneRest } from './layout.ts';
import { heldBy, readersMask, writerOf } from './locks.ts';
import { cut, logAccess, report, type Machine } from './machine.ts';
import { checkAlive } from './objects.ts';
import type {
  Access, BinaryOp, Expr, Guard, LockIdx, LockRef, Program, SiteId, Target,
} from './program.ts';

export type Value = (m: Machine) => number;
export type Assign = (m: Machine, value: number) => void;

export function compileExpr(program: Program, expr: Expr): Value {
  const of = (e: Expr): Value => compileExpr(program, e);
  switch (expr.kind) {
    case 'const': return () => expr.value;
    case 'local': return (m) => m.frame[expr.cell]!;
    case 'reg': return (m) => m.regs[expr.reg]!;
    case 'load': return compileLoad(program, expr.access);
    case 'not': return negation(of(expr.operand));
    case 'neg': { const operand = of(expr.operand); return (m) => 0 - operand(m); }
    case 'binary': return binary(expr.op, of(expr.left), of(expr.right));
    case 'one_of': return oneOf(of(expr.value), expr.items.map(of));
    case 'between': return between(of(expr.value), of(expr.lo), of(expr.hi));
    case 'quantifier': return quantifier(program, expr);
    case 'held': return compileHeld(program, expr.lock, expr.mode);
    case 'holds': return compileHolds(program, expr.lock, expr.mode);
    case 'done': return compileDone(expr.thread);
    case 'at': return compileAt(expr.thread, new Set(expr.pcs));
    case 'outcome': return (m) => m.frame[m.layout.threads[expr.thread]!.outcome]!;
    case 'self_ref': return (m) => m.selfRef;
    case 'self_index': return (m) => m.selfIndex;
    default: return unreachable(expr);
  }
}

const negation = (operand: Value): Value => (m) => (operand(m) === 0 ? 1 : 0);

function binary(op: BinaryOp, a: Value, b: Value): Value {
  switch (op) {
    case '&&': return (m) => (a(m) !== 0 && b(m) !== 0 ? 1 : 0);
    case '||': return (m) => (a(m) !== 0 || b(m) !== 0 ? 1 : 0);
    case '=>': return (m) => (a(m) === 0 || b(m) !== 0 ? 1 : 0);
    case '==': return (m) => (a(m) === b(m) ? 1 : 0);
    case '!=': return (m) => (a(m) !== b(m) ? 1 : 0);
    case '<': return (m) => (a(m) < b(m) ? 1 : 0);
    case '<=': return (m) => (a(m) <= b(m) ? 1 : 0);
    case '>': return (m) => (a(m) > b(m) ? 1 : 0);
    case '>=': return (m) => (a(m) >= b(m) ? 1 : 0);
    case '+': return (m) => a(m) + b(m);
    case '-': return (m) => a(m) - b(m);
    case '*': return (m) => a(m) * b(m) + 0;
    case '/': return (m) => { const n = a(m); return Math.trunc(n / divisor(m, b)) + 0; };
    case '%': return (m) => { const n = a(m); return (n % divisor(m, b)) + 0; };
    case '&': return (m) => a(m) & b(m);
    case '|': return (m) => a(m) | b(m);
    case '&~': return (m) => a(m) & ~b(m);
    default: return unreachable(op);
  }
}

function divisor(m: Machine, of: Value): number {
  const value = of(m);
  if (value === 0) cut(m, 'range', null, m.step);
  return value;
}

function oneOf(value: Value, items: readonly Value[]): Value {
  return (m) => {
    const v = value(m);
    for (const item of items) if (item(m) === v) return 1;
    return 0;
  };
}

function between(value: Value, lo: Value, hi: Value): Value {
  return (m) => {
    const v = value(m);
    return lo(m) <= v && v <= hi(m) ? 1 : 0;
  };
}

function quantifier(program: Program, expr: Expr & { kind: 'quantifier' }): Value {
  const lo = compileExpr(program, expr.lo);
  const hi = compileExpr(program, expr.hi);
  const body = compileExpr(program, expr.body);
  const { reg, quantifier: which } = expr;
  return (m) => {
    const last = hi(m);
    let count = 0;
    for (let i = lo(m); i <= last; i++) {
      m.regs[reg] = i;
      const holds = body(m) !== 0;
      if (which === 'forall' && !holds) return 0;
      if (which === 'exists' && holds) return 1;
      if (holds) count++;
    }
    if (which === 'count') return count;
    return which === 'forall' ? 1 : 0;
  };
}

function compileDone(thread: number): Value {
  return (m) =>
    (m.frame[m.layout.threads[thread]!.pc] === doneRest(m.layout, thread) ? 1 : 0);
}

function compileAt(thread: number, pcs: ReadonlySet<number>): Value {
  return (m) => {
    const pc = m.layout.rests[thread]![m.frame[m.layout.threads[thread]!.pc]!];
    return pc !== undefined && pcs.has(pc) ? 1 : 0;
  };
}

type ModeOrAny = 'read' | 'write' | null;

function compileHeld(program: Program, ref: LockRef, mode: ModeOrAny): Value {
  const lockOf = compileLock(program, ref);
  return (m) => {
    const lock = lockOf(m, m.step);
    const written = writerOf(m, lock) !== null;
    const read = readersMask(m, lock) !== 0;
    if (mode === null) return written || read ? 1 : 0;
    return (mode === 'write' ? written : read) ? 1 : 0;
  };
}

function compileHolds(program: Program, ref: LockRef, mode: ModeOrAny): Value {
  const lockOf = compileLock(program, ref);
  return (m) => {
    const held = heldBy(m, lockOf(m, m.step), m.self);
    return held !== null && (mode === null || held === mode) ? 1 : 0;
  };
}

/** Works out which lock is meant; ends the run at null, a freed object, an index out of bounds. */
export function compileLock(
  program: Program, ref: LockRef,
): (m: Machine, site: SiteId) => LockIdx {
  const cls = program.locks[ref.base]!.cls;
  const name = program.classes[cls]!.name;
  const object = ref.ref === null ? null : compileExpr(program, ref.ref);
  const index = ref.index === null ? null : compileExpr(program, ref.index);
  const { pool } = ref;
  return (m, site) => {
    let lock = ref.base;
    if (object !== null) {
      assert(pool !== null, 'a lock in an object has a pool');
      const r = object(m);
      checkAlive(m, pool, r, site);
      lock += (r - 1) * ref.count;
    }
    if (index === null) return lock;
    const i = index(m);
    if (i < 0 || i >= ref.count) cut(m, 'range', name, site);
    return lock + i;
  };
}

/** The cell an access reaches; leaves the place's own object and index in the machine. */
function compileAddress(program: Program, access: Access): Value {
  const place = program.places[access.place]!;
  const { base, count, pool, name } = place;
  if (access.ref !== null) {
    assert(pool !== null, 'a field has a pool');
    const ref = compileExpr(program, access.ref);
    return (m) => {
      const r = ref(m);
      checkAlive(m, pool, r, access.site);
      m.selfRef = r;
      return base + r - 1;
    };
  }
  if (access.index === null) return () => base;
  const index = compileExpr(program, access.index);
  return (m) => {
    const i = index(m);
    if (i < 0 || i >= count) cut(m, 'range', name, access.site);
    m.selfIndex = i;
    return base + i;
  };
}

type Note = (m: Machine, cell: number, write: boolean) => void;

/** Logs an access and holds it against its guard. */
export function compileNote(program: Program, access: Access): Note {
  const place = program.places[access.place]!;
  const readGuard = place.readGuard === null ? null : compileGuard(program, place.readGuard);
  const writeGuard = place.writeGuard === null ? null : compileGuard(program, place.writeGuard);
  return (m, cell, write) => {
    if (m.quiet) return;
    const guard = write ? writeGuard : readGuard;
    if (guard !== null && !guard(m)) report(m, 'guard', place.name, access.site);
    if (place.atomic) return;
    logAccess(m, {
      cell, write, place: access.place, marked: access.marked, site: access.site,
    });
  };
}

function compileGuard(program: Program, guard: Guard): (m: Machine) => boolean {
  switch (guard.kind) {
    case 'and': {
      const [a, b] = [compileGuard(program, guard.left), compileGuard(program, guard.right)];
      return (m) => a(m) && b(m);
    }
    case 'or': {
      const [a, b] = [compileGuard(program, guard.left), compileGuard(program, guard.right)];
      return (m) => a(m) || b(m);
    }
    case 'lock': {
      const lockOf = compileLock(program, guard.lock);
      return (m) => {
        m.quiet = true; // what names the lock is looked at, not accessed
        const held = heldBy(m, lockOf(m, m.step), m.self);
        m.quiet = false;
        return held !== null && (!guard.write || held === 'write');
      };
    }
    case 'rcu': return (m) => m.frame[m.layout.threads[m.self]!.rcu]! > 0;
    default: return unreachable(guard);
  }
}

function compileLoad(program: Program, access: Access): Value {
  const address = compileAddress(program, access);
  const note = compileNote(program, access);
  return (m) => {
    const cell = address(m);
    note(m, cell, false);
    return m.frame[cell]!;
  };
}

/** Both halves of a compare-and-exchange: where, and what to note. */
export function compilePlace(program: Program, access: Access): { address: Value; note: Note } {
  return { address: compileAddress(program, access), note: compileNote(program, access) };
}

export function compileTarget(program: Program, target: Target): Assign {
  switch (target.kind) {
    case 'reg': return (m, value) => { m.regs[target.reg] = value; };
    case 'local': return (m, value) => put(m, target.cell, value, target);
    case 'store': {
      const { address, note } = compilePlace(program, target.access);
      const { name } = program.places[target.access.place]!;
      const told = { name, site: target.access.site };
      return (m, value) => {
        const cell = address(m);
        note(m, cell, true);
        put(m, cell, value, told);
      };
    }
    default: return unreachable(target);
  }
}

/** Stores a value, or ends the run where the cell's range does not have it. */
export function put(
  m: Machine, cell: number, value: number, target: { name: string; site?: SiteId },
): void {
  const { lo, hi } = m.program.cells[cell]!;
  if (value < lo || value > hi) cut(m, 'range', target.name, target.site ?? m.step);
  m.frame[cell] = value;
}
