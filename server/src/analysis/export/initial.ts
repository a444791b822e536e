// Where a thread rests first: what is silent before its first step is done here, not in the model.
import type { CellIdx, Expr, Pc, Program, ThreadIdx } from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';

export interface Start {
  /** `code.length`: done. */
  readonly pc: Pc;
  /** A local that is given a value it cannot have: nothing runs at all. */
  readonly outOfRange: string | null;
}

/** More than this before the first step is taken for a circle. */
const MAX_SILENT = 1_000_000;

/** Follows the thread to its first step; `values` (by cell) gets what it assigns. */
export function enter(program: Program, t: ThreadIdx, values: Map<CellIdx, number>): Start {
  const { code, entry } = program.threads[t]!;
  const regs = new Map<number, number>();
  const of = (expr: Expr): number => valueOf(expr, values, regs);
  let pc = entry;
  for (let i = 0; i < MAX_SILENT; i++) {
    const instr = code[pc]!;
    if (instr.rest) return { pc, outOfRange: null };
    if (instr.op === 'end') return { pc: code.length, outOfRange: null };
    if (instr.op === 'set' && instr.target.kind !== 'store') {
      const value = of(instr.value);
      if (instr.target.kind === 'reg') regs.set(instr.target.reg, value);
      else {
        const { lo, hi } = program.cells[instr.target.cell]!;
        if (value < lo || value > hi) return { pc, outOfRange: instr.target.name };
        values.set(instr.target.cell, value);
      }
    } else if (instr.op !== 'nop' && instr.op !== 'branch') break;
    pc = instr.op === 'branch' && of(instr.cond) === 0 ? instr.otherwise : instr.next;
  }
  throw new Error(`thread ${program.threads[t]!.name} does not get to a first step`);
}

function valueOf(
  expr: Expr, values: ReadonlyMap<CellIdx, number>, regs: ReadonlyMap<number, number>,
): number {
  const of = (e: Expr): number => valueOf(e, values, regs);
  switch (expr.kind) {
    case 'const': return expr.value;
    case 'local': return values.get(expr.cell) ?? 0;
    case 'reg': return regs.get(expr.reg) ?? 0;
    case 'not': return of(expr.operand) === 0 ? 1 : 0;
    case 'neg': return 0 - of(expr.operand);
    case 'binary': return binary(expr, of);
    case 'one_of': return expr.items.some((item) => of(item) === of(expr.value)) ? 1 : 0;
    case 'between':
      return of(expr.lo) <= of(expr.value) && of(expr.value) <= of(expr.hi) ? 1 : 0;
    case 'load': case 'quantifier': case 'held': case 'holds': case 'done': case 'at':
    case 'outcome': case 'self_ref': case 'self_index':
      throw new Error('a silent step that is not about locals');
    default: return unreachable(expr);
  }
}

function binary(
  { op, left, right }: Extract<Expr, { kind: 'binary' }>, of: (expr: Expr) => number,
): number {
  const [a, b] = [of(left), of(right)];
  const truth = (holds: boolean): number => (holds ? 1 : 0);
  switch (op) {
    case '&&': return truth(a !== 0 && b !== 0);
    case '||': return truth(a !== 0 || b !== 0);
    case '=>': return truth(a === 0 || b !== 0);
    case '==': return truth(a === b);
    case '!=': return truth(a !== b);
    case '<': return truth(a < b);
    case '<=': return truth(a <= b);
    case '>': return truth(a > b);
    case '>=': return truth(a >= b);
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return Math.trunc(a / b);
    case '%': return a % b;
    case '&': return a & b;
    case '|': return a | b;
    case '&~': return a & ~b;
    default: return unreachable(op);
  }
}
