// The value of a lowered expression where something is known of the state: a snapshot of a run, or
// what holds on one path through a thread. What depends on anything unknown is null.
import { unreachable } from '../text/unreachable.ts';
import type {
  Access, BinaryOp, CellIdx, Expr, LockIdx, LockRef, RegIdx,
} from '../../../simulator/src/program.ts';

/** What is known; every answer null where it is not. */
export interface Env {
  local(cell: CellIdx): number | null;
  reg(reg: RegIdx): number | null;
  load(access: Access): number | null;
  /** Whether the thread itself holds the lock so; mode null: in any mode. */
  holds(lock: LockRef, mode: 'read' | 'write' | null): number | null;
  /** In a guard: the object and the index of the access it is asked for. */
  readonly self: { readonly ref: number | null; readonly index: number | null };
}

export function evaluate(expr: Expr, env: Env): number | null {
  switch (expr.kind) {
    case 'const': return expr.value;
    case 'local': return env.local(expr.cell);
    case 'reg': return env.reg(expr.reg);
    case 'load': return env.load(expr.access);
    case 'not': return mapped(evaluate(expr.operand, env), (value) => (value === 0 ? 1 : 0));
    case 'neg': return mapped(evaluate(expr.operand, env), (value) => -value);
    case 'binary': return binary(expr.op, evaluate(expr.left, env), evaluate(expr.right, env));
    case 'one_of': return oneOf(evaluate(expr.value, env), expr.items, env);
    case 'between': {
      const value = evaluate(expr.value, env);
      const above = binary('<=', evaluate(expr.lo, env), value);
      return binary('&&', above, binary('<=', value, evaluate(expr.hi, env)));
    }
    case 'holds': return env.holds(expr.lock, expr.mode);
    case 'self_ref': return env.self.ref;
    case 'self_index': return env.self.index;
    case 'quantifier':
    case 'held':
    case 'done':
    case 'at':
    case 'outcome': return null;
    default: return unreachable(expr);
  }
}

function mapped(value: number | null, map: (value: number) => number): number | null {
  return value === null ? null : map(value);
}

function oneOf(value: number | null, items: readonly Expr[], env: Env): number | null {
  const values = items.map((item) => evaluate(item, env));
  if (value === null) return items.length === 0 ? 0 : null;
  if (values.includes(value)) return 1;
  return values.includes(null) ? null : 0;
}

/** As in C, but a side that decides alone need not know the other. */
function binary(op: BinaryOp, left: number | null, right: number | null): number | null {
  if (op === '&&' || op === '||' || op === '=>') return logical(op, left, right);
  if (left === null || right === null) return null;
  switch (op) {
    case '*': return left * right;
    case '/': return right === 0 ? null : Math.trunc(left / right);
    case '%': return right === 0 ? null : left % right;
    case '+': return left + right;
    case '-': return left - right;
    case '<': return left < right ? 1 : 0;
    case '<=': return left <= right ? 1 : 0;
    case '>': return left > right ? 1 : 0;
    case '>=': return left >= right ? 1 : 0;
    case '==': return left === right ? 1 : 0;
    case '!=': return left === right ? 0 : 1;
    case '&': return left & right;
    case '|': return left | right;
    case '&~': return left & ~right;
    default: return unreachable(op);
  }
}

function logical(
  op: '&&' | '||' | '=>', left: number | null, right: number | null,
): number | null {
  const first = op === '=>' ? mapped(left, (value) => (value === 0 ? 1 : 0)) : left;
  const decides = op === '&&' ? (value: number) => value === 0 : (value: number) => value !== 0;
  const decided = op === '&&' ? 0 : 1;
  if (first !== null && decides(first)) return decided;
  if (right !== null && decides(right)) return decided;
  return first === null || right === null ? null : 1 - decided;
}

/** The lock that is named; null where that is not known, or where it names none. */
export function lockOf(lock: LockRef, env: Env): LockIdx | null {
  const found = lockCandidates(lock, env, 0);
  return found.length === 1 ? found[0] ?? null : null;
}

/**
 * Every lock that may be meant. Without an object (null, or past `nObjects`) and outside the
 * array there is none, so the list may be empty: the step is cut off there.
 */
export function lockCandidates(lock: LockRef, env: Env, nObjects: number): readonly LockIdx[] {
  const refs = lock.ref === null ? [1] : candidates(evaluate(lock.ref, env), 1, nObjects);
  const indices = lock.index === null
    ? [0] : candidates(evaluate(lock.index, env), 0, lock.count - 1);
  return refs.flatMap((ref) => {
    if (ref === 0) return [];
    return indices
      .filter((index) => index >= 0 && index < lock.count)
      .map((index) => lock.base + (ref - 1) * lock.count + index);
  });
}

function candidates(value: number | null, lo: number, hi: number): readonly number[] {
  if (value !== null) return [value];
  return Array.from({ length: Math.max(0, hi - lo + 1) }, (_, i) => lo + i);
}
