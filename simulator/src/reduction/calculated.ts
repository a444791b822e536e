// The value of an expression, as far as constants and known locals settle it.
import type { BinaryOp, CellIdx, Expr } from '../program.ts';

/** null: it is not settled, or there is none. `localAt`: a local's value, or null. */
export function calculated(
  expr: Expr, localAt: (cell: CellIdx) => number | null,
): number | null {
  switch (expr.kind) {
    case 'const': return expr.value;
    case 'local': return localAt(expr.cell);
    case 'not': return both(0, calculated(expr.operand, localAt), (_, b) => Number(b === 0));
    case 'neg': return both(0, calculated(expr.operand, localAt), (_, b) => 0 - b);
    case 'binary':
      return binary(expr.op, calculated(expr.left, localAt), calculated(expr.right, localAt));
    default:
      // Shared state, registers, and what is rare.
      return null;
  }
}

type Settled = number | null;

const both = (a: Settled, b: Settled, of: (a: number, b: number) => number): Settled =>
  (a === null || b === null ? null : of(a, b));

/** Where one operand of a logical one settles it, what the other is does not matter. */
function binary(op: BinaryOp, a: Settled, b: Settled): Settled {
  switch (op) {
    case '&&': return a === 0 || b === 0 ? 0 : both(a, b, () => 1);
    case '||': return isSet(a) || isSet(b) ? 1 : both(a, b, () => 0);
    case '=>': return a === 0 || isSet(b) ? 1 : both(a, b, () => 0);
    case '==': return both(a, b, (x, y) => Number(x === y));
    case '!=': return both(a, b, (x, y) => Number(x !== y));
    case '<': return both(a, b, (x, y) => Number(x < y));
    case '<=': return both(a, b, (x, y) => Number(x <= y));
    case '>': return both(a, b, (x, y) => Number(x > y));
    case '>=': return both(a, b, (x, y) => Number(x >= y));
    case '+': return both(a, b, (x, y) => x + y);
    case '-': return both(a, b, (x, y) => x - y);
    case '&': return both(a, b, (x, y) => x & y);
    case '|': return both(a, b, (x, y) => x | y);
    case '&~': return both(a, b, (x, y) => x & ~y);
    default:
      // Products and quotients tell branches little.
      return null;
  }
}

const isSet = (value: Settled): boolean => value !== null && value !== 0;
