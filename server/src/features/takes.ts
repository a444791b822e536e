// What a step costs on average: the mean of its `takes`, in nanoseconds.
import { unreachable } from '../text/unreachable.ts';
import type { Model } from '../analysis/model.ts';
import type { Stmt } from './nodes.ts';

type Takes = NonNullable<Stmt['takes']>;
type Expr = Extract<Takes, { kind: 'fixed' }>['value'];

export function expectedCost(model: Model, takes: Takes): number | null {
  switch (takes.kind) {
    case 'fixed': return valueOf(model, takes.value);
    case 'exp': return valueOf(model, takes.mean);
    case 'uniform': {
      const lo = valueOf(model, takes.lo);
      const hi = valueOf(model, takes.hi);
      return lo === null || hi === null ? null : (lo + hi) / 2;
    }
    default: return unreachable(takes);
  }
}

/** Of a constant expression, with the params' default values; null where it is none. */
function valueOf(model: Model, expr: Expr, depth = 0): number | null {
  if (depth > DEPTH_MAX) return null;
  switch (expr.kind) {
    case 'int': return expr.value;
    case 'duration': return expr.ns;
    case 'ident': {
      const type = model.types.get(expr);
      if (type?.kind === 'int' && type.lo === type.hi) return type.lo;
      return named(model, expr.name.text, depth);
    }
    case 'unary': {
      const value = valueOf(model, expr.operand, depth + 1);
      return value === null || expr.op === '!' ? null : -value;
    }
    case 'binary': {
      const left = valueOf(model, expr.left, depth + 1);
      const right = valueOf(model, expr.right, depth + 1);
      return left === null || right === null ? null : arithmetic(expr.op, left, right);
    }
    default: // Nothing else is a number that is known here.
      return null;
  }
}

/** Constants may name constants; a circle of them is an error reported elsewhere. */
const DEPTH_MAX = 50;

function named(model: Model, name: string, depth: number): number | null {
  for (const { decl } of model.decls) {
    if (decl.kind !== 'const' && decl.kind !== 'param') continue;
    if (decl.name.text === name) return valueOf(model, decl.value, depth + 1);
  }
  return null;
}

function arithmetic(op: string, left: number, right: number): number | null {
  switch (op) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return right === 0 ? null : left / right;
    case '%': return right === 0 ? null : left % right;
    default: // Comparisons and logic are no durations.
      return null;
  }
}
