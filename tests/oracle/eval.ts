// Expressions, evaluated from left to right as C does, noting what they read on the way.
import type {
  Access, BinaryOp, Expr, Guard, LockRef, Program,
} from '../../simulator/src/index.ts';
import { heldBy, lockIsGone, nth, unreachable, type State } from './state.ts';

/** What ends a run in the middle of a step. */
export class Fault extends Error {
  readonly code: string;
  readonly subject: string | null;
  constructor(code: string, subject: string | null) {
    super(code);
    this.code = code;
    this.subject = subject;
  }
}

export interface Touch {
  readonly place: number;
  readonly cell: number;
  readonly write: boolean;
  readonly marked: boolean;
  readonly site: number;
}

export interface Context {
  readonly program: Program;
  readonly state: State;
  readonly regs: number[];
  /** Who evaluates; null: a property. */
  readonly thread: number | null;
  /** False where a field of a freed object reads as it last was. */
  readonly checksLife: boolean;
  readonly touch: (touch: Touch) => void;
  /** In a guard: the access's own. */
  readonly self?: { readonly ref: number; readonly index: number };
}

interface Where { cell: number; ref: number; index: number }

/** The cell an access names; checks the ref, the object's life, the bounds. */
export function locate(context: Context, access: Access): Where {
  const place = nth(context.program.places, access.place);
  if (place.pool !== null) {
    const ref = access.ref === null ? 0 : evaluate(context, access.ref);
    const pool = nth(context.program.pools, place.pool);
    if (ref === 0) throw new Fault('null_ref', pool.name);
    const object = nth(nth(context.state.objects, place.pool), ref - 1);
    if (object.status === 'freed' && !pool.typesafe && context.checksLife) {
      throw new Fault('use_after_free', pool.name);
    }
    return { cell: place.base + ref - 1, ref, index: 0 };
  }
  const index = access.index === null ? 0 : evaluate(context, access.index);
  if (index < 0 || index >= place.count) throw new Fault('range', place.name);
  return { cell: place.base + index, ref: 0, index };
}

export interface LockAt { lock: number; pool: number | null; ref: number }

/** The lock a ref names; the life of its object is the caller's business. */
export function lockAt(context: Context, name: LockRef): LockAt {
  const ref = name.ref === null ? 1 : evaluate(context, name.ref);
  if (ref === 0) {
    throw new Fault('null_ref', nth(context.program.pools, name.pool ?? -1).name);
  }
  const index = name.index === null ? 0 : evaluate(context, name.index);
  if (index < 0 || index >= name.count) {
    const cls = nth(context.program.locks, name.base).cls;
    throw new Fault('range', nth(context.program.classes, cls).name);
  }
  return { lock: name.base + (ref - 1) * name.count + index, pool: name.pool, ref };
}

export function guardHolds(context: Context, guard: Guard, thread: number): boolean {
  if (guard.kind === 'rcu') return nth(context.state.threads, thread).rcu > 0;
  if (guard.kind === 'lock') {
    const mode = heldBy(context.state, lockAt(context, guard.lock).lock, thread);
    return guard.write ? mode === 'write' : mode !== null;
  }
  const left = guardHolds(context, guard.left, thread);
  const right = guardHolds(context, guard.right, thread);
  return guard.kind === 'and' ? left && right : left || right;
}

const logic = (value: boolean): number => (value ? 1 : 0);

function divide(op: '/' | '%', a: number, b: number): number {
  if (b === 0) throw new Fault('range', null);
  return op === '/' ? Math.trunc(a / b) + 0 : (a % b) + 0;
}

function combine(op: BinaryOp, a: number, b: number): number {
  switch (op) {
    case '*': return a * b;
    case '/': case '%': return divide(op, a, b);
    case '+': return a + b;
    case '-': return a - b;
    case '<': return logic(a < b);
    case '<=': return logic(a <= b);
    case '>': return logic(a > b);
    case '>=': return logic(a >= b);
    case '==': return logic(a === b);
    case '!=': return logic(a !== b);
    case '&&': return logic(a !== 0 && b !== 0);
    case '||': return logic(a !== 0 || b !== 0);
    case '=>': return logic(a === 0 || b !== 0);
    case '&': return a & b;
    case '|': return a | b;
    case '&~': return a & ~b;
    default: return unreachable(op);
  }
}

function binary(context: Context, expr: Extract<Expr, { kind: 'binary' }>): number {
  const left = evaluate(context, expr.left);
  if (expr.op === '&&' && left === 0) return 0;
  if (expr.op === '||' && left !== 0) return 1;
  if (expr.op === '=>' && left === 0) return 1;
  return combine(expr.op, left, evaluate(context, expr.right));
}

function quantify(context: Context, expr: Extract<Expr, { kind: 'quantifier' }>): number {
  const lo = evaluate(context, expr.lo);
  const hi = evaluate(context, expr.hi);
  let count = 0;
  for (let i = lo; i <= hi; i++) {
    context.regs[expr.reg] = i;
    const holds = evaluate(context, expr.body) !== 0;
    if (expr.quantifier === 'forall' && !holds) return 0;
    if (expr.quantifier === 'exists' && holds) return 1;
    if (holds) count++;
  }
  if (expr.quantifier === 'count') return count;
  return logic(expr.quantifier === 'forall');
}

function lockQuestion(
  context: Context, expr: Extract<Expr, { kind: 'held' | 'holds' }>,
): number {
  const { lock, pool } = lockAt(context, expr.lock);
  if (context.checksLife && pool !== null && lockIsGone(context.program, context.state, lock)) {
    throw new Fault('use_after_free', nth(context.program.pools, pool).name);
  }
  if (expr.kind === 'holds') {
    const mode = heldBy(context.state, lock, context.thread ?? -1);
    return logic(expr.mode === null ? mode !== null : mode === expr.mode);
  }
  const now = nth(context.state.locks, lock);
  if (expr.mode === 'write') return logic(now.writer !== null);
  if (expr.mode === 'read') return logic(now.readers.length > 0);
  return logic(now.writer !== null || now.readers.length > 0);
}

function memberOf(context: Context, expr: Extract<Expr, { kind: 'one_of' }>): number {
  const value = evaluate(context, expr.value);
  for (const item of expr.items) if (evaluate(context, item) === value) return 1;
  return 0;
}

function between(context: Context, expr: Extract<Expr, { kind: 'between' }>): number {
  const value = evaluate(context, expr.value);
  if (value < evaluate(context, expr.lo)) return 0;
  return logic(value <= evaluate(context, expr.hi));
}

function load(context: Context, access: Access): number {
  const where = locate(context, access);
  context.touch({
    place: access.place, cell: where.cell, write: false, marked: access.marked,
    site: access.site,
  });
  return nth(context.state.cells, where.cell);
}

export function evaluate(context: Context, expr: Expr): number {
  const { state, regs } = context;
  switch (expr.kind) {
    case 'const': return expr.value;
    case 'local': return nth(state.cells, expr.cell);
    case 'reg': return nth(regs, expr.reg);
    case 'load': return load(context, expr.access);
    case 'not': return logic(evaluate(context, expr.operand) === 0);
    case 'neg': return 0 - evaluate(context, expr.operand);
    case 'binary': return binary(context, expr);
    case 'one_of': return memberOf(context, expr);
    case 'between': return between(context, expr);
    case 'quantifier': return quantify(context, expr);
    case 'held': case 'holds': return lockQuestion(context, expr);
    case 'done': return logic(nth(state.threads, expr.thread).pc < 0);
    case 'at': return logic(expr.pcs.includes(nth(state.threads, expr.thread).pc));
    case 'outcome': return nth(state.threads, expr.thread).outcome;
    case 'self_ref': return context.self?.ref ?? 0;
    case 'self_index': return context.self?.index ?? 0;
    default: return unreachable(expr);
  }
}
