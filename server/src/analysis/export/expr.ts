// Expressions as Promela: their value, and whether evaluating them goes wrong (null, freed, out of
// bounds, division by zero). Both are pure, so that guards and macros can use them.
import type {
  Access, BinaryOp, Expr, Guard, LockRef, PoolIdx, RegIdx, ThreadIdx,
} from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';
import { boundsOf } from './bounds.ts';
import { allOf, anyOf, not } from './lines.ts';
import { anyHolder, heldBy, readerHolds, writerOf } from './locks.ts';
import { cellLike, classOf, literal, type Model } from './model.ts';

/** Who evaluates, and where. */
export interface Scope {
  readonly model: Model;
  /** null: a property. */
  readonly thread: ThreadIdx | null;
  /** Freed objects may be read: properties, what names the lock of a guard. */
  readonly quiet: boolean;
  /** The values of quantified variables. */
  readonly regs: ReadonlyMap<RegIdx, number>;
  /** The object and the index that a guard is asked about. */
  readonly self: { readonly ref: string; readonly index: string } | null;
}

export const scopeOf = (model: Model, thread: ThreadIdx | null): Scope =>
  ({ model, thread, quiet: thread === null, regs: new Map(), self: null });

export function valueOf(expr: Expr, scope: Scope): string {
  const { model } = scope;
  const of = (e: Expr): string => valueOf(e, scope);
  switch (expr.kind) {
    case 'const': return literal(model, expr.value, null);
    case 'local': return model.names.locals.get(expr.cell)!;
    case 'reg': return registerValue(expr.reg, scope);
    case 'load': return elementOf(expr.access, scope);
    case 'not': return not(of(expr.operand));
    case 'neg': return `(0 - ${of(expr.operand)})`;
    case 'binary': return binary(expr.op, operands(expr.left, expr.right, scope));
    case 'one_of': return anyOf(expr.items.map((item) =>
      binary('==', operands(expr.value, item, scope))));
    case 'between': return `(${of(expr.lo)} <= ${of(expr.value)} `
      + `&& ${of(expr.value)} <= ${of(expr.hi)})`;
    case 'quantifier': return quantified(expr, scope);
    case 'held': return anyHolder(model, classOf(model, expr.lock),
      { lock: lockIndex(expr.lock, scope), mode: expr.mode });
    case 'holds': return holds(expr.lock, expr.mode, scope);
    case 'done': return model.names.threads[expr.thread]!.done;
    case 'at': {
      const { pc } = model.names.threads[expr.thread]!;
      return anyOf(expr.pcs.map((at) => `(${pc} == ${at})`));
    }
    case 'outcome': return model.names.threads[expr.thread]!.outcome;
    case 'self_ref': return scope.self?.ref ?? '0';
    case 'self_index': return scope.self?.index ?? '0';
    default: return unreachable(expr);
  }
}

function registerValue(reg: RegIdx, { model, regs }: Scope): string {
  const known = regs.get(reg);
  if (known !== undefined) return literal(model, known, null);
  model.scratch.add(`r${reg}`);
  return `r${reg}`;
}

/** Both sides; an enum's number by its name where the other side says which enum. */
function operands(left: Expr, right: Expr, scope: Scope): readonly [string, string] {
  const named = (e: Expr, other: Expr): string => (e.kind === 'const'
    ? literal(scope.model, e.value, cellLike(scope.model, other)) : valueOf(e, scope));
  return [named(left, right), named(right, left)];
}

function binary(op: BinaryOp, [a, b]: readonly [string, string]): string {
  switch (op) {
    case '=>': return `(${not(a)} || ${b})`;
    case '&~': return `(${a} & ~${b})`;
    case '*': case '/': case '%': case '+': case '-': case '<': case '<=': case '>': case '>=':
    case '==': case '!=': case '&&': case '||': case '&': case '|':
      return `(${a} ${op} ${b})`;
    default: return unreachable(op);
  }
}

type Quantifier = Extract<Expr, { kind: 'quantifier' }>;

export interface Turn {
  readonly scope: Scope;
  /** Where the bounds are not constants: whether there is such a turn. */
  readonly present: string | null;
}

/** A quantifier's turns, one for each value that its variable may have. */
export function turnsOf(expr: Quantifier, scope: Scope): readonly Turn[] {
  const { model, regs } = scope;
  const lo = boundsOf(model.program, expr.lo, regs);
  const hi = boundsOf(model.program, expr.hi, regs);
  const fixed = lo.lo === lo.hi && hi.lo === hi.hi;
  const count = hi.hi - lo.lo + 1;
  if (!Number.isFinite(count)) throw new Error('a quantifier without bounds');
  return Array.from({ length: Math.max(0, count) }, (_, i): Turn => {
    const value = lo.lo + i;
    return {
      scope: { ...scope, regs: new Map([...regs, [expr.reg, value]]) },
      present: fixed ? null
        : `(${valueOf(expr.lo, scope)} <= ${value} && ${value} <= ${valueOf(expr.hi, scope)})`,
    };
  });
}

function quantified(expr: Quantifier, scope: Scope): string {
  const turns = turnsOf(expr, scope).map((turn) =>
    ({ body: valueOf(expr.body, turn.scope), present: turn.present }));
  switch (expr.quantifier) {
    case 'forall': return allOf(turns.map(({ body, present }) =>
      (present === null ? body : `(${not(present)} || ${body})`)));
    case 'exists': return anyOf(turns.map(({ body, present }) =>
      (present === null ? body : `(${present} && ${body})`)));
    case 'count': {
      const ones = turns.map(({ body, present }) =>
        `(${present === null ? body : `(${present} && ${body})`} -> 1 : 0)`);
      return ones.length === 0 ? '0' : `(${ones.join(' + ')})`;
    }
    default: return unreachable(expr.quantifier);
  }
}

function holds(ref: LockRef, mode: 'read' | 'write' | null, scope: Scope): string {
  const { model, thread } = scope;
  if (thread === null) return 'false';
  const cls = classOf(model, ref);
  const lock = lockIndex(ref, scope);
  switch (mode) {
    case null: return heldBy(model, cls, lock, thread);
    case 'write': return `(${writerOf(model, cls, lock)} == ${thread + 1})`;
    case 'read': return readerHolds(model, cls, lock, thread);
    default: return unreachable(mode);
  }
}

/** The lock's number within its class. */
export function lockIndex(ref: LockRef, scope: Scope): string {
  const { base } = scope.model.classes[classOf(scope.model, ref)]!;
  const offset = ref.base - base;
  const object = ref.ref === null ? [] : [ref.count === 1 ? `(${valueOf(ref.ref, scope)} - 1)`
    : `(${valueOf(ref.ref, scope)} - 1) * ${ref.count}`];
  const index = ref.index === null ? [] : [valueOf(ref.index, scope)];
  const parts = [...(offset === 0 ? [] : [`${offset}`]), ...object, ...index];
  return parts.length === 0 ? '0' : parts.join(' + ');
}

/** The variable, array element or field that the access reaches. */
export function elementOf(access: Access, scope: Scope): string {
  const { model } = scope;
  const { count } = model.program.places[access.place]!;
  const name = model.names.places[access.place]!;
  if (access.ref !== null) {
    return count === 1 ? name : `${name}[${valueOf(access.ref, scope)} - 1]`;
  }
  if (count === 1) return name;
  return `${name}[${access.index === null ? '0' : valueOf(access.index, scope)}]`;
}

/** Whether the index lies outside 0..count-1; null where it cannot. */
export function outside(index: Expr, count: number, scope: Scope): string | null {
  const { lo, hi } = boundsOf(scope.model.program, index, scope.regs);
  if (lo >= 0 && hi < count) return null;
  const value = valueOf(index, scope);
  return anyOf([...(lo < 0 ? [`(${value} < 0)`] : []),
    ...(hi >= count ? [`(${value} >= ${count})`] : [])]);
}

/** Whether the object is gone: freed, and not of a typesafe pool. null: it is never asked. */
export function gone(pool: PoolIdx, ref: string, scope: Scope): string | null {
  const { model, quiet } = scope;
  const { typesafe, count } = model.program.pools[pool]!;
  if (quiet || typesafe) return null;
  const { status } = model.names.pools[pool]!;
  return `(${count === 1 ? status : `${status}[${ref} - 1]`} == freed)`;
}

/** Whether evaluating goes wrong; null where it cannot. */
export function errorOf(expr: Expr, scope: Scope): string | null {
  const of = (e: Expr): string | null => errorOf(e, scope);
  switch (expr.kind) {
    case 'const': case 'local': case 'reg': case 'done': case 'at': case 'outcome':
    case 'self_ref': case 'self_index':
      return null;
    case 'load': return errorOfAccess(expr.access, scope);
    case 'not': case 'neg': return of(expr.operand);
    case 'binary': return errorOfBinary(expr, scope);
    case 'one_of': return errors([of(expr.value), ...expr.items.map((item, i) => {
      const before = expr.items.slice(0, i).map((earlier) =>
        binary('!=', operands(expr.value, earlier, scope)));
      return guarded(before, of(item));
    })]);
    case 'between': return errors([of(expr.value), of(expr.lo),
      guarded([`(${valueOf(expr.lo, scope)} <= ${valueOf(expr.value, scope)})`], of(expr.hi))]);
    case 'quantifier': return errorOfQuantifier(expr, scope);
    case 'held': case 'holds': return errorOfLock(expr.lock, scope);
    default: return unreachable(expr);
  }
}

function errors(parts: readonly (string | null)[]): string | null {
  const real = parts.filter((part) => part !== null);
  return real.length === 0 ? null : anyOf(real);
}

const guarded = (guards: readonly string[], error: string | null): string | null =>
  (error === null ? null : allOf([...guards, error]));

function errorOfBinary(
  { op, left, right }: Extract<Expr, { kind: 'binary' }>, scope: Scope,
): string | null {
  const [a, b] = [errorOf(left, scope), errorOf(right, scope)];
  switch (op) {
    case '&&': case '=>': return errors([a, guarded([valueOf(left, scope)], b)]);
    case '||': return errors([a, guarded([not(valueOf(left, scope))], b)]);
    case '/': case '%': return errors([a, b, zero(right, scope)]);
    case '*': case '+': case '-': case '<': case '<=': case '>': case '>=': case '==':
    case '!=': case '&': case '|': case '&~':
      return errors([a, b]);
    default: return unreachable(op);
  }
}

/** Whether a divisor is 0; null where it cannot be. */
export function zero(divisor: Expr, scope: Scope): string | null {
  const { lo, hi } = boundsOf(scope.model.program, divisor, scope.regs);
  return lo > 0 || hi < 0 ? null : `(${valueOf(divisor, scope)} == 0)`;
}

function errorOfQuantifier(expr: Quantifier, scope: Scope): string | null {
  const turns = turnsOf(expr, scope);
  const goesOn = (turn: Turn): string[] => {
    const body = valueOf(expr.body, turn.scope);
    if (expr.quantifier === 'count') return [];
    const on = expr.quantifier === 'forall' ? body : not(body);
    return [turn.present === null ? on : `(${not(turn.present)} || ${on})`];
  };
  return errors([errorOf(expr.hi, scope), errorOf(expr.lo, scope),
    ...turns.map((turn, i) => guarded(
      [...turns.slice(0, i).flatMap(goesOn), ...(turn.present === null ? [] : [turn.present])],
      errorOf(expr.body, turn.scope)))]);
}

function errorOfRef(ref: Expr, pool: PoolIdx, scope: Scope): string | null {
  const value = valueOf(ref, scope);
  const isGone = gone(pool, value, scope);
  const isNull = boundsOf(scope.model.program, ref, scope.regs).lo > 0 ? null
    : `(${value} == 0)`;
  return errors([errorOf(ref, scope), isNull, isGone]);
}

function errorOfAccess(access: Access, scope: Scope): string | null {
  const { pool, count } = scope.model.program.places[access.place]!;
  if (access.ref !== null && pool !== null) return errorOfRef(access.ref, pool, scope);
  if (access.index === null) return null;
  return errors([errorOf(access.index, scope), outside(access.index, count, scope)]);
}

export function errorOfLock(ref: LockRef, scope: Scope): string | null {
  const object = ref.ref !== null && ref.pool !== null
    ? errorOfRef(ref.ref, ref.pool, scope) : null;
  const index = ref.index === null ? null
    : errors([errorOf(ref.index, scope), outside(ref.index, ref.count, scope)]);
  return errors([object, index]);
}

/** Whether a guard is kept by the thread, for the object and index in `scope.self`. */
export function guardValue(guard: Guard, scope: Scope): string {
  switch (guard.kind) {
    case 'and': return `(${guardValue(guard.left, scope)} && ${guardValue(guard.right, scope)})`;
    case 'or': return `(${guardValue(guard.left, scope)} || ${guardValue(guard.right, scope)})`;
    case 'lock':
      return holds(guard.lock, guard.write ? 'write' : null, { ...scope, quiet: true });
    case 'rcu': return `(${scope.model.names.threads[scope.thread ?? 0]!.rcu} > 0)`;
    default: return unreachable(guard);
  }
}

/** States in which a property cannot be judged: the run is not followed further there. */
export function propertyErrors(model: Model): readonly string[] {
  return model.program.properties.flatMap(({ kind, expr }): string[] => {
    const error = errorOf(expr, scopeOf(model, null));
    if (error === null) return [];
    return [kind === 'final' ? `(over && ${error})` : error];
  });
}
