// Where a thread rests first: what is silent before its first step is done here, not in the model.
// It is about locals, and about the thread's own locks, of which it holds none yet.
import type {
  BinaryOp, CellIdx, Expr, LockRef, Pc, Program, RegIdx, Target, ThreadIdx,
} from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';
import { isLeaf } from './step-graph.ts';

export interface Start {
  /** `code.length`: done; one more: it turns in a silent circle for ever. */
  readonly pc: Pc;
  /** The thread does not get to a first step: this is violated, and nothing runs at all. */
  readonly error: StartError | null;
}

export interface StartError {
  readonly code: 'range' | 'null_ref';
  readonly subject: string | null;
}

/** Before the first step; more is a circle in which values change, and no model can be made. */
const MAX_SILENT = 1_000_000;

class Wrong extends Error {
  readonly what: StartError;
  constructor(what: StartError) {
    super(what.code);
    this.what = what;
  }
}

interface Here {
  readonly program: Program;
  /** By cell; what the thread assigns is put here. */
  readonly values: Map<CellIdx, number>;
  readonly regs: Map<RegIdx, number>;
}

/** Follows the thread to its first step. */
export function enter(program: Program, t: ThreadIdx, values: Map<CellIdx, number>): Start {
  try {
    return { pc: firstStep({ program, values, regs: new Map() }, t), error: null };
  } catch (wrong) {
    if (!(wrong instanceof Wrong)) throw wrong;
    return { pc: 0, error: wrong.what };
  }
}

function firstStep(here: Here, t: ThreadIdx): Pc {
  const { code, entry, name } = here.program.threads[t]!;
  let pc = entry;
  for (let i = 0; i < MAX_SILENT; i++) {
    const instr = code[pc]!;
    if (instr.rest) return pc;
    if (instr.op === 'end') return code.length;
    if (isLeaf(code, pc)) return code.length + 1;
    if (instr.op === 'set') put(instr.target, valueOf(instr.value, here), here);
    else if (instr.op !== 'nop' && instr.op !== 'branch') break;
    pc = instr.op === 'branch' && valueOf(instr.cond, here) === 0 ? instr.otherwise : instr.next;
  }
  throw new Error(`thread ${name} does not get to a first step`);
}

function put(target: Target, value: number, { program, values, regs }: Here): void {
  switch (target.kind) {
    case 'reg': regs.set(target.reg, value); return;
    case 'local': {
      const { lo, hi } = program.cells[target.cell]!;
      if (value < lo || value > hi) throw new Wrong({ code: 'range', subject: target.name });
      values.set(target.cell, value);
      return;
    }
    case 'store': throw new Error('a silent step that stores to shared state');
    default: unreachable(target);
  }
}

function valueOf(expr: Expr, here: Here): number {
  const of = (e: Expr): number => valueOf(e, here);
  switch (expr.kind) {
    case 'const': return expr.value;
    case 'local': return here.values.get(expr.cell) ?? 0;
    case 'reg': return here.regs.get(expr.reg) ?? 0;
    case 'not': return of(expr.operand) === 0 ? 1 : 0;
    case 'neg': return 0 - of(expr.operand);
    case 'binary': return binary(expr.op, () => of(expr.left), () => of(expr.right));
    case 'one_of': return expr.items.some((item) => of(item) === of(expr.value)) ? 1 : 0;
    case 'between':
      return of(expr.lo) <= of(expr.value) && of(expr.value) <= of(expr.hi) ? 1 : 0;
    case 'quantifier': return quantified(expr, here);
    case 'held': case 'holds': return unheld(expr.lock, here);
    case 'outcome': return 0;
    case 'load': case 'done': case 'at': case 'self_ref': case 'self_index':
      throw new Error('a silent step that is not about the thread itself');
    default: return unreachable(expr);
  }
}

/** 0, after looking whether there is such a lock. */
function unheld(lock: LockRef, here: Here): number {
  const { program } = here;
  if (lock.ref !== null && lock.pool !== null && valueOf(lock.ref, here) === 0) {
    throw new Wrong({ code: 'null_ref', subject: program.pools[lock.pool]!.name });
  }
  const index = lock.index === null ? 0 : valueOf(lock.index, here);
  if (index >= 0 && index < lock.count) return 0;
  const { cls } = program.locks[lock.base]!;
  throw new Wrong({ code: 'range', subject: program.classes[cls]!.name });
}

function quantified(expr: Extract<Expr, { kind: 'quantifier' }>, here: Here): number {
  const last = valueOf(expr.hi, here);
  let count = 0;
  for (let i = valueOf(expr.lo, here); i <= last; i++) {
    here.regs.set(expr.reg, i);
    const holds = valueOf(expr.body, here) !== 0;
    if (expr.quantifier === 'forall' && !holds) return 0;
    if (expr.quantifier === 'exists' && holds) return 1;
    if (holds) count++;
  }
  if (expr.quantifier === 'count') return count;
  return expr.quantifier === 'forall' ? 1 : 0;
}

function binary(op: BinaryOp, left: () => number, right: () => number): number {
  const truth = (holds: boolean): number => (holds ? 1 : 0);
  const a = left();
  switch (op) {
    case '&&': return truth(a !== 0 && right() !== 0);
    case '||': return truth(a !== 0 || right() !== 0);
    case '=>': return truth(a === 0 || right() !== 0);
    case '==': return truth(a === right());
    case '!=': return truth(a !== right());
    case '<': return truth(a < right());
    case '<=': return truth(a <= right());
    case '>': return truth(a > right());
    case '>=': return truth(a >= right());
    case '+': return a + right();
    case '-': return a - right();
    case '*': return a * right();
    case '/': return Math.trunc(a / divisor(right()));
    case '%': return a % divisor(right());
    case '&': return a & right();
    case '|': return a | right();
    case '&~': return a & ~right();
    default: return unreachable(op);
  }
}

function divisor(value: number): number {
  if (value === 0) throw new Wrong({ code: 'range', subject: null });
  return value;
}
