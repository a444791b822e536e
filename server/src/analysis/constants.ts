// Constant expressions and what hangs on them: the bounds of types, the lengths of arrays. Worked
// out anew for each scenario, since `with` sets the params they are made of.
import type { Range } from '../text/range.ts';
import type {
  BinaryExpr, ConstDecl, Domain, Expr, NameExpr, ParamDecl, TypeExpr,
} from '../syntax/ast.ts';
import type { Entity } from './entity.ts';
import { MAX_CHAIN } from './limits.ts';
import type { Type } from './model.ts';
import { BOOL, UNKNOWN } from './types.ts';

/** An environment: names as resolved, params as set. */
export interface Consts {
  readonly entities: ReadonlyMap<object, Entity>;
  readonly types: ReadonlyMap<Expr, Type>;
  /** What `with` sets; the others have their default. */
  readonly params: ReadonlyMap<ParamDecl, number>;
  readonly memo: Map<ConstDecl | ParamDecl, Result | 'busy'>;
  /** In initial values: what a place of shared state holds at the start. */
  readonly shared?: (place: Expr) => Result;
}

/** Durations are in ns, booleans 0 and 1, enum members by number, flags by bit. */
export type Result = number | Failure;

/** Not constant; `why` null: something inside is wrong and has been reported where it stands. */
export interface Failure {
  readonly at: Range;
  readonly why: string | null;
}

export function isNumber(result: Result): result is number {
  return typeof result === 'number';
}

export function evaluate(e: Expr, cx: Consts): Result {
  switch (e.kind) {
    case 'int':
      return e.value;
    case 'duration':
      return e.ns;
    case 'bool':
      return e.value ? 1 : 0;
    case 'null':
      return 0;
    case 'ident':
      return evaluateName(e, cx);
    case 'field':
      return evaluateField(e, cx);
    case 'index':
      return cx.shared === undefined ? notConstant(e) : cx.shared(e);
    case 'unary': {
      const operand = evaluate(e.operand, cx);
      if (!isNumber(operand)) return operand;
      return e.op === '!' ? flag(operand === 0) : -operand;
    }
    case 'binary':
      return evaluateBinary(e, cx);
    case 'set':
      return evaluateSet(e.items, cx);
    case 'has':
    case 'in_set':
    case 'in_range':
      return evaluateTest(e, cx);
    case 'hole':
      return { at: e.range, why: null };
    default:
      // Reads, questions about threads and locks, and what stands only in statements.
      return notConstant(e);
  }
}

function notConstant(e: Expr): Failure {
  return { at: e.range, why: 'this is not constant; only literals, consts and params are' };
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}

function evaluateName(e: NameExpr, cx: Consts): Result {
  const entity = cx.entities.get(e);
  if (entity === undefined) return { at: e.range, why: null };
  if (entity.kind === 'const' || entity.kind === 'param') return constantOf(entity.decl, cx);
  if (entity.kind === 'member') return memberValue(entity);
  if (entity.kind === 'shared' && cx.shared !== undefined) return cx.shared(e);
  return notConstant(e);
}

function evaluateField(e: Expr, cx: Consts): Result {
  const entity = cx.entities.get(e);
  if (entity === undefined) return { at: e.range, why: null };
  if (entity.kind === 'member') return memberValue(entity);
  return cx.shared === undefined ? notConstant(e) : cx.shared(e);
}

/** An enum member's number; a flag's bit. */
export function memberValue(member: { decl: { kind: 'enum' | 'flags' }; index: number }): number {
  return member.decl.kind === 'enum' ? member.index : 2 ** member.index;
}

/** The value of a const or param in this environment. */
export function constantOf(decl: ConstDecl | ParamDecl, cx: Consts): Result {
  const set = decl.kind === 'param' ? cx.params.get(decl) : undefined;
  if (set !== undefined) return set;
  // What could not be typed has no value; that has been reported.
  if (cx.types.get(decl.value)?.kind === 'unknown') return { at: decl.name.range, why: null };
  const known = cx.memo.get(decl);
  if (known === 'busy') return { at: decl.name.range, why: null };
  if (known !== undefined) return known;
  cx.memo.set(decl, 'busy');
  const value = evaluate(decl.value, cx);
  // A failure is reported at the declaration; who uses it has nothing to add.
  const result = isNumber(value) ? value : { at: decl.name.range, why: null };
  cx.memo.set(decl, result);
  return result;
}

function evaluateSet(items: readonly Expr[], cx: Consts): Result {
  let bits = 0;
  for (const item of items) {
    const value = evaluate(item, cx);
    if (!isNumber(value)) return value;
    bits = union(bits, value);
  }
  return bits;
}

/** `|` on numbers of up to 31 bits. */
function union(a: number, b: number): number {
  return (a | b) >>> 0;
}

function evaluateBinary(e: BinaryExpr, cx: Consts): Result {
  const left = evaluate(e.left, cx);
  if (!isNumber(left)) return left;
  if (e.op === '&&' && left === 0) return 0;
  if (e.op === '||' && left !== 0) return 1;
  if (e.op === '=>' && left === 0) return 1;
  const right = evaluate(e.right, cx);
  if (!isNumber(right)) return right;
  if ((e.op === '/' || e.op === '%') && right === 0) {
    return { at: e.right.range, why: 'division by zero in a constant' };
  }
  const value = arithmetic(e, left, right);
  // Durations keep their fractions; `/` on numbers is C's.
  return e.op === '/' && cx.types.get(e)?.kind !== 'duration' ? Math.trunc(value) + 0 : value;
}

function arithmetic(e: BinaryExpr, left: number, right: number): number {
  switch (e.op) {
    case '*': return left * right;
    case '/': return left / right;
    case '%': return (left % right) + 0;
    case '+': return left + right;
    case '-': return left - right;
    case '<': return flag(left < right);
    case '<=': return flag(left <= right);
    case '>': return flag(left > right);
    case '>=': return flag(left >= right);
    case '==': return flag(left === right);
    case '!=': return flag(left !== right);
    default:
      // `&&`, `||` and `=>`: what the left side decides was decided before.
      return flag(right !== 0);
  }
}

function evaluateTest(e: Expr, cx: Consts): Result {
  if (e.kind === 'has') {
    const base = evaluate(e.base, cx);
    const bits = evaluate(e.flag, cx);
    if (!isNumber(base)) return base;
    return isNumber(bits) ? flag((base & bits) === bits) : bits;
  }
  if (e.kind === 'in_range') {
    const value = evaluate(e.value, cx);
    const lo = evaluate(e.lo, cx);
    const hi = evaluate(e.hi, cx);
    if (!isNumber(value)) return value;
    if (!isNumber(lo)) return lo;
    return isNumber(hi) ? flag(lo <= value && value <= hi) : hi;
  }
  if (e.kind !== 'in_set') return notConstant(e);
  const value = evaluate(e.value, cx);
  if (!isNumber(value)) return value;
  for (const item of e.items) {
    const other = evaluate(item, cx);
    if (!isNumber(other)) return other;
    if (other === value) return 1;
  }
  return 0;
}

/** What a type means in this environment; unknown where something in it is wrong. */
export function typeOf(t: TypeExpr, cx: Consts, depth = 0): Type {
  // Longer chains, and types that name themselves, have been reported.
  if (depth > MAX_CHAIN + 1) return UNKNOWN;
  switch (t.kind) {
    case 'bool':
      return BOOL;
    case 'range': {
      const lo = evaluate(t.lo, cx);
      const hi = evaluate(t.hi, cx);
      return isNumber(lo) && isNumber(hi) ? { kind: 'int', lo, hi } : UNKNOWN;
    }
    case 'ref': {
      const entity = cx.entities.get(t.struct);
      return entity?.kind === 'struct' ? { kind: 'ref', struct: entity.decl.name.text } : UNKNOWN;
    }
    case 'array': {
      const element = typeOf(t.element, cx, depth + 1);
      const length = evaluate(t.length, cx);
      if (element.kind === 'unknown' || !isNumber(length)) return UNKNOWN;
      return { kind: 'array', element, length };
    }
    case 'named': {
      const entity = cx.entities.get(t.name);
      if (entity?.kind === 'type') return typeOf(entity.decl.type, cx, depth + 1);
      if (entity?.kind === 'enum') return { kind: 'enum', name: entity.decl.name.text };
      if (entity?.kind === 'flags') return { kind: 'flags', name: entity.decl.name.text };
      return UNKNOWN;
    }
    default:
      // A hole.
      return UNKNOWN;
  }
}

/** The first and last value of a constant domain, or null (a thread's instances, a mistake). */
export function constantDomain(
  domain: Domain, cx: Consts,
): { readonly lo: number; readonly hi: number } | null {
  if (domain.kind === 'range') {
    const lo = evaluate(domain.lo, cx);
    const hi = evaluate(domain.hi, cx);
    return isNumber(lo) && isNumber(hi) ? { lo, hi } : null;
  }
  const entity = cx.entities.get(domain);
  if (entity?.kind !== 'type') return null;
  const type = typeOf(entity.decl.type, cx);
  return type.kind === 'int' ? type : null;
}

/** The number of objects of a struct, of locks in an array; 1 for a single lock. */
export function countOf(count: Expr | null, cx: Consts): number | null {
  if (count === null) return 1;
  const value = evaluate(count, cx);
  return isNumber(value) ? value : null;
}
