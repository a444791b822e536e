// How large a number can be: the interval of an expression, and by a fixed point that of each local
// without a type, "the smallest range that holds every value assigned to it in the thread, found
// without looking at conditions or loop bounds".
import type { BinaryExpr, Domain, Expr, LetStmt, Stmt } from '../syntax/ast.ts';
import { constantDomain, constantOf, evaluate, isNumber, typeOf } from './constants.ts';
import type { Consts } from './constants.ts';
import type { Entity, Owner } from './entity.ts';
import { MAX_CELL_VALUE } from './limits.ts';
import { walkStmts } from './walk.ts';

/** Empty where `lo > hi`; an end that grows without bound is infinite. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

export const NOTHING: Interval = { lo: Infinity, hi: -Infinity };
const EVERYTHING: Interval = { lo: -Infinity, hi: Infinity };

export interface IntervalCx {
  readonly consts: Consts;
  readonly locals: ReadonlyMap<LetStmt, Interval>;
  readonly memo: Map<Expr, Interval>;
}

/** Every value a numeric expression can have; booleans and the like are nothing. */
export function intervalOf(e: Expr, cx: IntervalCx): Interval {
  const known = cx.memo.get(e);
  if (known !== undefined) return known;
  const found = work(e, cx);
  cx.memo.set(e, found);
  return found;
}

function work(e: Expr, cx: IntervalCx): Interval {
  switch (e.kind) {
    case 'int':
      return point(e.value);
    case 'ident':
    case 'field':
    case 'index': {
      const entity = cx.consts.entities.get(e.kind === 'index' ? e.base : e);
      return entity === undefined ? NOTHING : ofEntity(entity, cx);
    }
    case 'unary':
      return e.op === '-' ? negate(intervalOf(e.operand, cx)) : NOTHING;
    case 'binary':
      return ofBinary(e, cx);
    case 'quantifier':
      return { lo: 0, hi: size(ofDomain(e.domain, cx)) };
    case 'read_once':
      return intervalOf(e.target, cx);
    case 'any':
      return ofDomain(e.domain, cx);
    case 'call': {
      const entity = cx.consts.entities.get(e);
      if (entity?.kind !== 'proc' || entity.decl.result === null) return NOTHING;
      const type = typeOf(entity.decl.result, cx.consts);
      return type.kind === 'int' ? type : NOTHING;
    }
    default:
      // No number.
      return NOTHING;
  }
}

function point(value: number): Interval {
  return { lo: value, hi: value };
}

export function isEmpty(a: Interval): boolean {
  return a.lo > a.hi;
}

export function hull(a: Interval, b: Interval): Interval {
  return { lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) };
}

function size(a: Interval): number {
  return isEmpty(a) ? 0 : a.hi - a.lo + 1;
}

function negate(a: Interval): Interval {
  return { lo: -a.hi, hi: -a.lo };
}

function ofEntity(entity: Entity, cx: IntervalCx): Interval {
  switch (entity.kind) {
    case 'const':
    case 'param': {
      const value = constantOf(entity.decl, cx.consts);
      return isNumber(value) ? point(value) : NOTHING;
    }
    case 'shared':
    case 'field': {
      const type = typeOf(entity.decl.type, cx.consts);
      const element = type.kind === 'array' ? type.element : type;
      return element.kind === 'int' ? element : NOTHING;
    }
    case 'parameter': {
      const type = typeOf(entity.param.type, cx.consts);
      return type.kind === 'int' ? type : NOTHING;
    }
    case 'local':
      if (entity.node.kind !== 'let') return ofDomain(entity.node.domain, cx);
      return ofLet(entity.node, cx);
    default:
      // Has no value, or none that is a number.
      return NOTHING;
  }
}

function ofLet(node: LetStmt, cx: IntervalCx): Interval {
  if (node.type === null) return cx.locals.get(node) ?? NOTHING;
  const type = typeOf(node.type, cx.consts);
  return type.kind === 'int' ? type : NOTHING;
}

/** What a domain runs over; of threads, some number that fits. */
export function ofDomain(domain: Domain, cx: IntervalCx): Interval {
  if (domain.kind === 'range') {
    return { lo: intervalOf(domain.lo, cx).lo, hi: intervalOf(domain.hi, cx).hi };
  }
  const over = cx.consts.entities.get(domain);
  if (over?.kind === 'thread' || over?.kind === 'alias') return { lo: 1, hi: 64 };
  return constantDomain(domain, cx.consts) ?? NOTHING;
}

function ofBinary(e: BinaryExpr, cx: IntervalCx): Interval {
  const a = intervalOf(e.left, cx);
  const b = intervalOf(e.right, cx);
  if (isEmpty(a) || isEmpty(b)) return durationRatio(e, cx);
  switch (e.op) {
    case '+':
      return { lo: a.lo + b.lo, hi: a.hi + b.hi };
    case '-':
      return { lo: a.lo - b.hi, hi: a.hi - b.lo };
    case '*':
      return ofCorners(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y));
    case '/':
      return quotient(a, b);
    case '%':
      return remainder(a, b);
    default:
      // Comparisons are no numbers.
      return NOTHING;
  }
}

/** A duration over a duration is a number, and constant. */
function durationRatio(e: BinaryExpr, cx: IntervalCx): Interval {
  if (e.op !== '/' || cx.consts.types.get(e.left)?.kind !== 'duration') return NOTHING;
  const value = evaluate(e, cx.consts);
  return isNumber(value) ? point(value) : NOTHING;
}

function ofCorners(a: Interval, b: Interval, op: (x: number, y: number) => number): Interval {
  const values = [op(a.lo, b.lo), op(a.lo, b.hi), op(a.hi, b.lo), op(a.hi, b.hi)];
  return { lo: Math.min(...values), hi: Math.max(...values) };
}

/** C's: towards zero. A divisor of zero gives no value. */
function quotient(a: Interval, b: Interval): Interval {
  const divide = (x: number, y: number): number =>
    Number.isFinite(y) ? Math.trunc(x / y) + 0 : Number.isFinite(x) ? 0 : Math.sign(x * y);
  let result = NOTHING;
  if (b.hi >= 1) result = hull(result, ofCorners(a, { lo: Math.max(1, b.lo), hi: b.hi }, divide));
  if (b.lo <= -1) result = hull(result, ofCorners(a, { lo: b.lo, hi: Math.min(-1, b.hi) }, divide));
  return result;
}

/** C's: with the sign of the dividend, smaller than the divisor. */
function remainder(a: Interval, b: Interval): Interval {
  const most = Math.max(Math.abs(b.lo), Math.abs(b.hi)) - 1;
  if (most < 0) return NOTHING;
  const least = b.lo > 0 ? b.lo : b.hi < 0 ? -b.hi : 0;
  if (a.lo > -least && a.hi < least) return a;
  if (a.lo === a.hi && b.lo === b.hi) return point((a.lo % b.lo) + 0);
  return { lo: a.lo < 0 ? Math.max(-most, a.lo) : 0, hi: a.hi > 0 ? Math.min(most, a.hi) : 0 };
}

interface Assignment {
  readonly to: LetStmt;
  readonly value: Expr;
  readonly op: '=' | '+=' | '-=';
}

export interface Inferred {
  readonly locals: ReadonlyMap<LetStmt, Interval>;
  /** Those whose range has no end, or none that fits a cell. */
  readonly unbounded: readonly LetStmt[];
}

/** After so many rounds an end that still grows is taken to grow for ever, then checked. */
const MAX_ROUNDS = 4096;
/** Rounds that narrow what was taken for infinite. */
const NARROWING_ROUNDS = 64;

/** The ranges of the numeric locals without a type in one body. */
export function inferLocals(owner: Owner, consts: Consts): Inferred {
  const { lets, assignments } = collect(owner, consts);
  let now = new Map<LetStmt, Interval>();
  for (const node of lets) now.set(node, NOTHING);
  let stable = lets.length === 0;
  for (let round = 0; !stable && round < MAX_ROUNDS; round++) {
    const next = assignAll({ assignments, consts, now });
    stable = lets.every((node) => same(next.get(node), now.get(node)));
    now = next;
  }
  if (!stable) now = widen({ assignments, consts, now });
  const unbounded = lets.filter((node) => !fitsCell(now.get(node) ?? NOTHING));
  return { locals: now, unbounded };
}

function collect(
  owner: Owner, consts: Consts,
): { readonly lets: LetStmt[]; readonly assignments: Assignment[] } {
  const lets: LetStmt[] = [];
  const assignments: Assignment[] = [];
  walkStmts(owner.body, (s: Stmt) => {
    if (s.kind === 'let' && s.type === null && consts.types.get(s.value)?.kind === 'int') {
      lets.push(s);
      assignments.push({ to: s, value: s.value, op: '=' });
    } else if (s.kind === 'assign' && s.target.kind === 'ident') {
      const entity = consts.entities.get(s.target);
      if (entity?.kind !== 'local' || entity.node.kind !== 'let') return;
      assignments.push({ to: entity.node, value: s.value, op: s.op });
    }
  });
  const numbers = new Set(lets);
  return { lets, assignments: assignments.filter(({ to }) => numbers.has(to)) };
}

interface Round {
  readonly assignments: readonly Assignment[];
  readonly consts: Consts;
  readonly now: ReadonlyMap<LetStmt, Interval>;
}

function assignAll(round: Round): Map<LetStmt, Interval> {
  const { assignments, consts, now } = round;
  const cx: IntervalCx = { consts, locals: now, memo: new Map() };
  const next = new Map(now);
  for (const { to, value, op } of assignments) {
    const old = now.get(to) ?? NOTHING;
    const right = intervalOf(value, cx);
    const assigned = op === '=' ? right : isEmpty(old) || isEmpty(right) ? NOTHING
      : op === '+=' ? { lo: old.lo + right.lo, hi: old.hi + right.hi }
      : { lo: old.lo - right.hi, hi: old.hi - right.lo };
    next.set(to, clamp(hull(next.get(to) ?? NOTHING, assigned)));
  }
  return next;
}

/** What no cell can hold counts as infinite. */
function clamp(a: Interval): Interval {
  return {
    lo: a.lo < -MAX_CELL_VALUE ? -Infinity : a.lo,
    hi: a.hi > MAX_CELL_VALUE ? Infinity : a.hi,
  };
}

/** Ends that still grow become infinite; then values that cannot come about are taken away. */
function widen(round: Round): Map<LetStmt, Interval> {
  let now = new Map(round.now);
  let grew = true;
  while (grew) {
    const next = assignAll({ ...round, now });
    grew = false;
    for (const [node, old] of now) {
      const new_ = next.get(node) ?? old;
      if (same(old, new_)) continue;
      grew = true;
      now.set(node, {
        lo: new_.lo < old.lo ? -Infinity : old.lo, hi: new_.hi > old.hi ? Infinity : old.hi,
      });
    }
  }
  for (let i = 0; i < NARROWING_ROUNDS; i++) now = narrow({ ...round, now });
  return now;
}

function narrow(round: Round): Map<LetStmt, Interval> {
  const { assignments, consts, now } = round;
  const cx: IntervalCx = { consts, locals: now, memo: new Map() };
  const next = new Map<LetStmt, Interval>();
  for (const { to, value, op } of assignments) {
    const old = now.get(to) ?? NOTHING;
    const right = op === '=' ? intervalOf(value, cx) : EVERYTHING;
    const assigned = op === '=' ? right : old;
    next.set(to, clamp(hull(next.get(to) ?? NOTHING, assigned)));
  }
  return next;
}

function same(a: Interval | undefined, b: Interval | undefined): boolean {
  return a?.lo === b?.lo && a?.hi === b?.hi;
}

function fitsCell(a: Interval): boolean {
  if (isEmpty(a)) return true;
  return a.lo >= -MAX_CELL_VALUE && a.hi <= MAX_CELL_VALUE && a.hi - a.lo <= MAX_CELL_VALUE;
}
