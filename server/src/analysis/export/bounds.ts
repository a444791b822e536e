// The least and the greatest value an expression can have, from the ranges of what it reads.
import type { BinaryOp, Expr, Program, RegIdx } from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';

export interface Bounds {
  readonly lo: number;
  readonly hi: number;
}

const ANY: Bounds = { lo: -Infinity, hi: Infinity };
const TRUTH: Bounds = { lo: 0, hi: 1 };

/** `regs`: the registers whose value is known. */
export function boundsOf(
  program: Program, expr: Expr, regs: ReadonlyMap<RegIdx, number> = new Map(),
): Bounds {
  const of = (e: Expr): Bounds => boundsOf(program, e, regs);
  switch (expr.kind) {
    case 'const': return { lo: expr.value, hi: expr.value };
    case 'local': return program.cells[expr.cell]!;
    case 'load': return program.cells[program.places[expr.access.place]!.base]!;
    case 'neg': {
      const { lo, hi } = of(expr.operand);
      return { lo: 0 - hi, hi: 0 - lo };
    }
    case 'binary': return ofBinary(expr.op, of(expr.left), of(expr.right));
    case 'quantifier': {
      if (expr.quantifier !== 'count') return TRUTH;
      return { lo: 0, hi: Math.max(0, of(expr.hi).hi - of(expr.lo).lo + 1) };
    }
    case 'outcome': return { lo: 0, hi: program.threads[expr.thread]!.outcomes.length };
    case 'reg': {
      const value = regs.get(expr.reg);
      return value === undefined ? ANY : { lo: value, hi: value };
    }
    case 'self_ref': case 'self_index': return ANY;
    case 'not': case 'one_of': case 'between': case 'held': case 'holds': case 'done': case 'at':
      return TRUTH;
    default: return unreachable(expr);
  }
}

function ofBinary(op: BinaryOp, a: Bounds, b: Bounds): Bounds {
  switch (op) {
    case '+': return { lo: a.lo + b.lo, hi: a.hi + b.hi };
    case '-': return { lo: a.lo - b.hi, hi: a.hi - b.lo };
    case '*': return spanned([a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi]);
    case '&': return a.lo >= 0 && b.lo >= 0 ? { lo: 0, hi: Math.min(a.hi, b.hi) } : ANY;
    case '&~': return a.lo >= 0 && b.lo >= 0 ? { lo: 0, hi: a.hi } : ANY;
    case '|': {
      const most = Math.max(a.hi, b.hi);
      if (a.lo < 0 || b.lo < 0 || !Number.isFinite(most)) return ANY;
      return { lo: 0, hi: 2 ** (32 - Math.clz32(most)) - 1 };
    }
    case '/': case '%': {
      const most = Math.max(Math.abs(a.lo), Math.abs(a.hi));
      return { lo: a.lo < 0 || b.lo < 0 ? -most : 0, hi: most };
    }
    case '<': case '<=': case '>': case '>=': case '==': case '!=': case '&&': case '||':
    case '=>':
      return TRUTH;
    default: return unreachable(op);
  }
}

function spanned(values: readonly number[]): Bounds {
  if (values.some((value) => Number.isNaN(value))) return ANY;
  return { lo: Math.min(...values), hi: Math.max(...values) };
}
