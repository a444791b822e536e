// The values an expression can have, roughly: generated code calculates in 64 bits, the interpreter
// in doubles. Where the two could differ, the program is left to the interpreter.
import { unreachable } from '../assert.ts';
import type { Expr, Instr, Program, RegIdx, Thread } from '../program.ts';

interface Range {
  readonly lo: number;
  readonly hi: number;
}

const ALL: Range = { lo: -(2 ** 31), hi: 2 ** 31 };
const BOOL: Range = { lo: 0, hi: 1 };

/** Both ways of calculating are exact within this. */
const EXACT = 2 ** 53;

type Shape = Pick<Program, 'cells' | 'places' | 'pools' | 'nRegs'>;

/** Whether no calculation of the program can leave the numbers that both have exactly. */
export function staysExact(program: Program): boolean {
  return propertiesStayExact(program)
    && program.threads.every((thread) => threadStaysExact(program, thread));
}

export function propertiesStayExact(program: Program): boolean {
  return isExact(program, ({ visit }) => {
    for (const property of program.properties) visit(property.expr);
  });
}

export function threadStaysExact(program: Shape, { code }: Thread): boolean {
  return isExact(program, ({ visit, widen }) => {
    for (const instr of code) {
      for (const [reg, range] of assigned(program, instr, visit)) widen(reg, range);
    }
  });
}

interface Look {
  readonly visit: (e: Expr) => Range;
  /** A register can have these values. */
  readonly widen: (reg: RegIdx, by: Range) => void;
}

/** Whether all that `look` goes through stays exact: each expression, and each register. */
function isExact(program: Shape, look: (by: Look) => void): boolean {
  let exact = true;
  const widen = (_: RegIdx, { lo, hi }: Range): void => {
    if (lo < ALL.lo || hi > ALL.hi) exact = false;
  };
  const visit = (e: Expr): Range => {
    const range = rangeOf(program, e, visit);
    if (Math.abs(range.lo) > EXACT || Math.abs(range.hi) > EXACT) exact = false;
    if (e.kind === 'quantifier') widen(e.reg, { lo: visit(e.lo).lo, hi: visit(e.hi).hi });
    return range;
  };
  look({ visit, widen });
  return exact;
}

/** The registers that an instruction sets; looks at all of its expressions. */
function assigned(
  program: Shape, instr: Instr, visit: (e: Expr) => Range,
): [RegIdx, Range][] {
  switch (instr.op) {
    case 'set':
    case 'any': {
      const range = instr.op === 'set' ? visit(instr.value)
        : { lo: visit(instr.lo).lo, hi: visit(instr.hi).hi };
      return instr.target.kind === 'reg' ? [[instr.target.reg, range]] : [];
    }
    case 'new': {
      for (const init of instr.inits) visit(init.value);
      const refs = { lo: 0, hi: program.pools[instr.pool]!.count };
      return instr.target.kind === 'reg' ? [[instr.target.reg, refs]] : [];
    }
    case 'branch':
    case 'await':
    case 'assert': visit(instr.cond); return [];
    case 'cmpxchg': visit(instr.old); visit(instr.value); return [];
    case 'free': visit(instr.value); return [];
    default:
      // No expression but what names a lock, and an index is small.
      return [];
  }
}

function rangeOf(program: Shape, e: Expr, of: (e: Expr) => Range): Range {
  switch (e.kind) {
    case 'const': return { lo: e.value, hi: e.value };
    case 'local': return program.cells[e.cell]!;
    case 'reg': return ALL;
    case 'load': {
      const { base, count } = program.places[e.access.place]!;
      const cells = program.cells.slice(base, base + count);
      return {
        lo: Math.min(...cells.map((cell) => cell.lo)), hi: Math.max(...cells.map((c) => c.hi)),
      };
    }
    case 'neg': { const { lo, hi } = of(e.operand); return { lo: -hi, hi: -lo }; }
    case 'binary': return binary(e.op, of(e.left), of(e.right));
    case 'quantifier': of(e.body); return e.quantifier === 'count' ? ALL : BOOL;
    case 'outcome': return { lo: 0, hi: 2 ** 16 };
    case 'self_ref':
    case 'self_index': return ALL;
    case 'not': of(e.operand); return BOOL;
    case 'one_of': of(e.value); e.items.forEach(of); return BOOL;
    case 'between': of(e.value); of(e.lo); of(e.hi); return BOOL;
    case 'held':
    case 'holds':
    case 'done':
    case 'at': return BOOL;
    default: return unreachable(e);
  }
}

function binary(op: string, a: Range, b: Range): Range {
  switch (op) {
    case '+': return { lo: a.lo + b.lo, hi: a.hi + b.hi };
    case '-': return { lo: a.lo - b.hi, hi: a.hi - b.lo };
    case '*': {
      const all = [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi];
      return { lo: Math.min(...all), hi: Math.max(...all) };
    }
    case '/':
    case '%': {
      const most = Math.max(Math.abs(a.lo), Math.abs(a.hi));
      return { lo: -most, hi: most };
    }
    case '&':
    case '|':
    case '&~': return ALL;
    default:
      // The comparisons and the logical ones.
      return BOOL;
  }
}
