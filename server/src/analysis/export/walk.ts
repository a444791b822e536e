// What evaluating an expression does besides giving a value: accesses in their order, and the
// places where it goes wrong. A sink says what becomes of them.
import type {
  Access, Expr, LockRef, PoolIdx,
} from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';
import { boundsOf } from './bounds.ts';
import {
  elementOf, gone, outside, turnsOf, valueOf, zero, type Scope, type Turn,
} from './expr.ts';
import { choice, not, when, type Lines } from './lines.ts';
import { classOf } from './model.ts';

export interface Sink {
  /** The run ends here. */
  cut(code: string, subject: string | null): Lines;
  /** An access is made to `element`. */
  access(access: Access, write: boolean, scope: Scope): Lines;
}

export function walk(expr: Expr, scope: Scope, sink: Sink): Lines {
  const of = (e: Expr): Lines => walk(e, scope, sink);
  switch (expr.kind) {
    case 'const': case 'local': case 'reg': case 'done': case 'at': case 'outcome':
    case 'self_ref': case 'self_index':
      return [];
    case 'load': return [...walkAddress(expr.access, scope, sink),
      ...sink.access(expr.access, false, scope)];
    case 'not': case 'neg': return of(expr.operand);
    case 'binary': return walkBinary(expr, scope, sink);
    case 'one_of': return [...of(expr.value), ...walkItems(expr, scope, sink)];
    case 'between': return [...of(expr.value), ...of(expr.lo), ...when(
      `(${valueOf(expr.lo, scope)} <= ${valueOf(expr.value, scope)})`, of(expr.hi))];
    case 'quantifier': return [...of(expr.hi), ...of(expr.lo),
      ...walkTurns(expr, turnsOf(expr, scope), sink)];
    case 'held': case 'holds': return walkLock(expr.lock, scope, sink);
    default: return unreachable(expr);
  }
}

function walkBinary(
  expr: Extract<Expr, { kind: 'binary' }>, scope: Scope, sink: Sink,
): Lines {
  const { op, left, right } = expr;
  const [a, b] = [walk(left, scope, sink), walk(right, scope, sink)];
  switch (op) {
    case '&&': case '=>': return [...a, ...when(`(${valueOf(left, scope)})`, b)];
    case '||': return [...a, ...when(`!(${valueOf(left, scope)})`, b)];
    case '/': case '%': {
      const isZero = zero(right, scope);
      return [...a, ...b, ...(isZero === null ? [] : when(isZero, sink.cut('range', null)))];
    }
    case '*': case '+': case '-': case '<': case '<=': case '>': case '>=': case '==':
    case '!=': case '&': case '|': case '&~':
      return [...a, ...b];
    default: return unreachable(op);
  }
}

function walkItems(
  expr: Extract<Expr, { kind: 'one_of' }>, scope: Scope, sink: Sink,
): Lines {
  return expr.items.reduceRight<Lines>((rest, item) => [
    ...walk(item, scope, sink),
    ...when(`(${valueOf(expr.value, scope)} != ${valueOf(item, scope)})`, rest),
  ], []);
}

/** A turn is made where the ones before it have not decided. */
function walkTurns(
  expr: Extract<Expr, { kind: 'quantifier' }>, turns: readonly Turn[], sink: Sink,
): Lines {
  const [turn, ...more] = turns;
  if (turn === undefined) return [];
  const own = walk(expr.body, turn.scope, sink);
  const first = turn.present === null ? own : when(turn.present, own);
  const rest = walkTurns(expr, more, sink);
  if (expr.quantifier === 'count') return [...first, ...rest];
  const body = valueOf(expr.body, turn.scope);
  const on = expr.quantifier === 'forall' ? `(${body})` : `!(${body})`;
  return [...first, ...when(turn.present === null ? on : `(${not(turn.present)} || ${on})`, rest)];
}

/** Null, freed, out of bounds. */
export function walkAddress(access: Access, scope: Scope, sink: Sink): Lines {
  const { pool, count, name } = scope.model.program.places[access.place]!;
  if (access.ref !== null && pool !== null) return walkRef(access.ref, pool, scope, sink);
  if (access.index === null) return [];
  const isOutside = outside(access.index, count, scope);
  return [...walk(access.index, scope, sink),
    ...(isOutside === null ? [] : when(isOutside, sink.cut('range', name)))];
}

function walkRef(ref: Expr, pool: PoolIdx, scope: Scope, sink: Sink): Lines {
  const { name } = scope.model.program.pools[pool]!;
  const value = valueOf(ref, scope);
  const isGone = gone(pool, value, scope);
  const isNever = boundsOf(scope.model.program, ref, scope.regs).lo > 0;
  return [...walk(ref, scope, sink),
    ...(isNever ? [] : when(`(${value} == 0)`, sink.cut('null_ref', name))),
    ...(isGone === null ? [] : when(isGone, sink.cut('use_after_free', name)))];
}

export function walkLock(ref: LockRef, scope: Scope, sink: Sink): Lines {
  const { model } = scope;
  const object = ref.ref === null || ref.pool === null ? []
    : walkRef(ref.ref, ref.pool, scope, sink);
  if (ref.index === null) return object;
  const isOutside = outside(ref.index, ref.count, scope);
  const { name } = model.classes[classOf(model, ref)]!;
  return [...object, ...walk(ref.index, scope, sink),
    ...(isOutside === null ? [] : when(isOutside, sink.cut('range', name)))];
}

/** What a guard may name is this very object and index. */
export function atItself(access: Access, scope: Scope): Scope {
  return {
    ...scope,
    self: {
      ref: access.ref === null ? '0' : valueOf(access.ref, scope),
      index: access.index === null ? '0' : valueOf(access.index, scope),
    },
  };
}

/** Stores the value, or ends the run where it is out of the cell's range. */
export function assign(
  at: { access: Access; value: string; needsCheck: boolean }, scope: Scope, sink: Sink,
): Lines {
  const { base, name } = scope.model.program.places[at.access.place]!;
  const { lo, hi } = scope.model.program.cells[base]!;
  const check = at.needsCheck
    ? choice([{
      guard: `(${at.value} < ${lo} || ${at.value} > ${hi})`, body: sink.cut('range', name),
    }, { guard: 'else', body: [] }]) : [];
  return [...check, `${elementOf(at.access, scope)} = ${at.value};`];
}
