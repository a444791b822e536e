// Builds the simulator's expressions, working out what is constant.
import type { BinaryOp, Expr as Value } from '../../../simulator/src/program.ts';

export const FALSE: Value = { kind: 'const', value: 0 };
export const TRUE: Value = { kind: 'const', value: 1 };

export function constant(value: number): Value {
  // `-0` is no value of its own.
  return { kind: 'const', value: value + 0 };
}

export function truth(value: boolean): Value {
  return value ? TRUE : FALSE;
}

export function not(operand: Value): Value {
  if (operand.kind === 'const') return truth(operand.value === 0);
  return operand.kind === 'not' ? operand.operand : { kind: 'not', operand };
}

export function negative(operand: Value): Value {
  return operand.kind === 'const' ? constant(-operand.value) : { kind: 'neg', operand };
}

export function binary(op: BinaryOp, left: Value, right: Value): Value {
  if (left.kind === 'const') {
    if (op === '&&') return left.value === 0 ? FALSE : right;
    if (op === '||') return left.value === 0 ? right : TRUE;
    if (op === '=>') return left.value === 0 ? TRUE : right;
    if (right.kind === 'const') {
      const value = work(op, left.value, right.value);
      if (value !== null) return constant(value);
    }
  }
  return { kind: 'binary', op, left, right };
}

/** null: a division by zero, which is a violation of the step that does it. */
function work(op: BinaryOp, a: number, b: number): number | null {
  switch (op) {
    case '*': return a * b;
    case '/': return b === 0 ? null : Math.trunc(a / b);
    case '%': return b === 0 ? null : a % b;
    case '+': return a + b;
    case '-': return a - b;
    case '<': return Number(a < b);
    case '<=': return Number(a <= b);
    case '>': return Number(a > b);
    case '>=': return Number(a >= b);
    case '==': return Number(a === b);
    case '!=': return Number(a !== b);
    case '&': return a & b;
    case '|': return a | b;
    case '&~': return a & ~b;
    default:
      // `&&`, `||` and `=>` are folded before.
      return null;
  }
}

export function oneOf(value: Value, items: readonly Value[]): Value {
  if (items.length === 0) return FALSE;
  if (value.kind === 'const' && items.every((item) => item.kind === 'const')) {
    return truth(items.some((item) => item.kind === 'const' && item.value === value.value));
  }
  return { kind: 'one_of', value, items };
}

export function between(value: Value, lo: Value, hi: Value): Value {
  if (value.kind === 'const' && lo.kind === 'const' && hi.kind === 'const') {
    return truth(lo.value <= value.value && value.value <= hi.value);
  }
  return { kind: 'between', value, lo, hi };
}

/** A flags value with the bits of all of them. */
export function union(values: readonly Value[]): Value {
  return values.reduce((all, value) => {
    if (all.kind === 'const' && all.value === 0) return value;
    return binary('|', all, value);
  }, FALSE);
}

/** `&&` of all; true of none. */
export function all(values: readonly Value[]): Value {
  const [first, ...rest] = values;
  return first === undefined ? TRUE : rest.reduce((a, b) => binary('&&', a, b), first);
}

/** `||` of all; false of none. */
export function some(values: readonly Value[]): Value {
  const [first, ...rest] = values;
  return first === undefined ? FALSE : rest.reduce((a, b) => binary('||', a, b), first);
}

/** How many are true. */
export function howMany(values: readonly Value[]): Value {
  const [first, ...rest] = values;
  return first === undefined ? FALSE : rest.reduce((a, b) => binary('+', a, b), first);
}
