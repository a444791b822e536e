// Expressions as WebAssembly: evaluated in the order in which expr.ts of the interpreter does it. A
// number is an i64, a condition an i32.
import { assert } from '../assert.ts';
import { doneRest } from '../layout.ts';
import type { BinaryOp, Expr, LockRef } from '../program.ts';
import { emitLoad, forLock, heldBySelf } from './access.ts';
import { I32, I64, OP } from './assembler.ts';
import { anySet, bitOf, cutOff, readRest, readSlot, slotIs, withLocal, type Unit } from './unit.ts';

const CONDITIONS: ReadonlySet<string> = new Set([
  '&&', '||', '=>', '==', '!=', '<', '<=', '>', '>=',
]);

function isCondition(e: Expr): boolean {
  switch (e.kind) {
    case 'not':
    case 'one_of':
    case 'between':
    case 'held':
    case 'holds':
    case 'done':
    case 'at': return true;
    case 'binary': return CONDITIONS.has(e.op);
    case 'quantifier': return e.quantifier !== 'count';
    default:
      // Numbers.
      return false;
  }
}

/** Leaves the expression's value, an i64. */
export function emitNumber(u: Unit, e: Expr): void {
  const { code } = u;
  if (isCondition(e)) {
    emitCondition(u, e);
    code.op(OP.i64ExtendI32U);
    return;
  }
  switch (e.kind) {
    case 'const': code.i64(e.value); return;
    case 'local': readSlot(u, e.cell); return;
    case 'reg': code.get(u.regs[e.reg]!); return;
    case 'load': emitLoad(u, e.access); return;
    case 'neg':
      code.i64(0);
      emitNumber(u, e.operand);
      code.op(OP.i64Sub);
      return;
    case 'binary': emitArithmetic(u, e); return;
    case 'quantifier': emitQuantifier(u, e); return;
    case 'outcome': readSlot(u, u.plan.layout.threads[e.thread]!.outcome); return;
    case 'self_ref': assert(u.selfRef !== null, 'in a guard'); code.get(u.selfRef); return;
    case 'self_index': assert(u.selfIndex !== null, 'in a guard'); code.get(u.selfIndex); return;
    default:
      // The conditions, which came first.
      throw new Error(`mmlock generator: ${e.kind} is no number`);
  }
}

/** Leaves an i32, 0 or 1. */
export function emitCondition(u: Unit, e: Expr): void {
  const { code } = u;
  switch (e.kind) {
    case 'const': code.i32(e.value === 0 ? 0 : 1); return;
    case 'not': emitCondition(u, e.operand); code.op(OP.i32Eqz); return;
    case 'binary':
      if (CONDITIONS.has(e.op)) emitLogic(u, e);
      else emitTruth(u, e);
      return;
    case 'one_of': emitOneOf(u, e); return;
    case 'between': emitBetween(u, e); return;
    case 'quantifier':
      emitQuantifier(u, e);
      if (e.quantifier === 'count') code.i64(0).op(OP.i64Ne);
      else code.op(OP.i32WrapI64);
      return;
    case 'held': emitHeld(u, e); return;
    case 'holds': emitHolds(u, e.lock, e.mode); return;
    case 'done': {
      const { layout } = u.plan;
      slotIs(u, layout.threads[e.thread]!.pc, doneRest(layout, e.thread));
      return;
    }
    case 'at': {
      const { restOf } = u.plan.layout;
      const rests = e.pcs.map((pc) => restOf[e.thread]![pc] ?? -1).filter((rest) => rest !== -1);
      readRest(u, e.thread);
      bitOf(u, new Set(rests));
      return;
    }
    default:
      // A number is true where it is not 0.
      emitTruth(u, e);
  }
}

function emitTruth(u: Unit, e: Expr): void {
  emitNumber(u, e);
  u.code.i64(0).op(OP.i64Ne);
}

const ARITHMETIC = { '+': OP.i64Add, '-': OP.i64Sub, '*': OP.i64Mul } as const;
const COMPARISONS = {
  '==': OP.i64Eq, '!=': OP.i64Ne, '<': OP.i64LtS, '<=': OP.i64LeS, '>': OP.i64GtS, '>=': OP.i64GeS,
} as const;

function emitArithmetic(u: Unit, e: Expr & { kind: 'binary' }): void {
  const { code } = u;
  emitNumber(u, e.left);
  switch (e.op) {
    case '+':
    case '-':
    case '*':
      emitNumber(u, e.right);
      code.op(ARITHMETIC[e.op]);
      return;
    case '/':
    case '%':
      withLocal(u, I64, (divisor) => {
        emitNumber(u, e.right);
        code.tee(divisor).op(OP.i64Eqz).if(() => cutOff(u, 'range', null));
        code.get(divisor).op(e.op === '/' ? OP.i64DivS : OP.i64RemS);
      });
      return;
    case '&':
    case '|':
      emitNumber(u, e.right);
      code.op(e.op === '&' ? OP.i64And : OP.i64Or);
      return;
    case '&~':
      emitNumber(u, e.right);
      code.i64(-1).op(OP.i64Xor).op(OP.i64And);
      return;
    default:
      // The conditions, which went another way.
      throw new Error(`mmlock generator: ${e.op} is no arithmetic`);
  }
}

function emitLogic(u: Unit, e: Expr & { kind: 'binary' }): void {
  const { code } = u;
  const op: BinaryOp = e.op;
  switch (op) {
    case '&&':
      emitCondition(u, e.left);
      code.ifElse(I32, () => emitCondition(u, e.right), () => code.i32(0));
      return;
    case '||':
      emitCondition(u, e.left);
      code.ifElse(I32, () => code.i32(1), () => emitCondition(u, e.right));
      return;
    case '=>':
      emitCondition(u, e.left);
      code.ifElse(I32, () => emitCondition(u, e.right), () => code.i32(1));
      return;
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      emitNumber(u, e.left);
      emitNumber(u, e.right);
      code.op(COMPARISONS[op]);
      return;
    default:
      // The arithmetic ones, which went another way.
      throw new Error(`mmlock generator: ${op} is no condition`);
  }
}

function emitOneOf(u: Unit, e: Expr & { kind: 'one_of' }): void {
  const { code } = u;
  withLocal(u, I64, (value) => {
    emitNumber(u, e.value);
    code.set(value);
    const from = (i: number): void => {
      const item = e.items[i];
      if (item === undefined) {
        code.i32(0);
        return;
      }
      emitNumber(u, item);
      code.get(value).op(OP.i64Eq).ifElse(I32, () => code.i32(1), () => from(i + 1));
    };
    from(0);
  });
}

function emitBetween(u: Unit, e: Expr & { kind: 'between' }): void {
  const { code } = u;
  withLocal(u, I64, (value) => {
    emitNumber(u, e.value);
    code.set(value);
    emitNumber(u, e.lo);
    code.get(value).op(OP.i64LeS).ifElse(I32, () => {
      code.get(value);
      emitNumber(u, e.hi);
      code.op(OP.i64LeS);
    }, () => code.i32(0));
  });
}

/** Leaves an i64: 0 or 1, or the count. */
function emitQuantifier(u: Unit, e: Expr & { kind: 'quantifier' }): void {
  const { code } = u;
  const reg = u.regs[e.reg]!;
  withLocal(u, I64, (last) => withLocal(u, I64, (result) => withLocal(u, I64, (turn) => {
    emitNumber(u, e.hi);
    code.set(last);
    emitNumber(u, e.lo);
    code.set(turn).i64(e.quantifier === 'forall' ? 1 : 0).set(result);
    code.block('quantifier', (end) => code.loop('turn', (again) => {
      code.get(turn).get(last).op(OP.i64GtS).brIf(end);
      code.get(turn).set(reg);
      emitCondition(u, e.body);
      if (e.quantifier === 'forall') code.op(OP.i32Eqz);
      code.if(() => {
        if (e.quantifier === 'count') code.get(result).i64(1).op(OP.i64Add).set(result);
        else code.i64(e.quantifier === 'exists' ? 1 : 0).set(result).br(end);
      });
      code.get(turn).i64(1).op(OP.i64Add).set(turn).br(again);
    }));
    code.get(result);
  })));
}

function emitHeld(u: Unit, e: Expr & { kind: 'held' }): void {
  const { code, plan } = u;
  withLocal(u, I32, (answer) => {
    forLock(u, e.lock, (lock) => {
      const { writer, readers } = plan.layout.locks[lock]!;
      anySet(u, [...(e.mode === 'read' ? [] : writer), ...(e.mode === 'write' ? [] : readers)]);
      code.set(answer);
    });
    code.get(answer);
  });
}

function emitHolds(u: Unit, ref: LockRef, mode: 'read' | 'write' | null): void {
  withLocal(u, I32, (answer) => {
    forLock(u, ref, (lock) => {
      heldBySelf(u, lock, mode);
      u.code.set(answer);
    });
    u.code.get(answer);
  });
}
