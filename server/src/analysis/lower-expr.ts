// Expressions of the text as expressions of the simulator; constants are folded on the way.
import { unreachable } from '../text/unreachable.ts';
import type {
  BinaryExpr, Expr, FieldExpr, IndexExpr, NameExpr, QuantifierExpr,
} from '../syntax/ast.ts';
import type { Access, BinaryOp, Expr as Value, LockRef } from '../../../simulator/src/program.ts';
import { constantDomain, constantOf, isNumber, memberValue } from './constants.ts';
import type { Entity } from './entity.ts';
import { FALSE, binary, constant, negative, not, oneOf, between, union } from './fold.ts';
import { lowerAt, lowerThreadField, lowerThreadQuantifier, vacuous } from './lower-threads.ts';
import { namesAbsentThread, threadTest } from './lower-threads.ts';
import type { SiteOwner } from './sites.ts';
import type { Binding, World } from './world.ts';

export interface ExprFrame {
  readonly world: World;
  readonly owner: SiteOwner;
  readonly bindings: ReadonlyMap<object, Binding>;
  /** Quantifiers around. */
  readonly depth: number;
  /**
   * Whether making this part true makes the whole more or less true; null: neither. A part that
   * asks about a thread which is not run must not make the whole false.
   */
  readonly positive: boolean | null;
}

export function lowerExpr(f: ExprFrame, e: Expr): Value {
  switch (e.kind) {
    case 'int':
      return constant(e.value);
    case 'duration':
      return constant(e.ns);
    case 'bool':
      return constant(e.value ? 1 : 0);
    case 'ident':
      return lowerName(f, e);
    case 'index':
    case 'field':
      return lowerPath(f, e);
    case 'unary':
      if (e.op === '-') return negative(lowerExpr(f, e.operand));
      return not(lowerExpr({ ...f, positive: opposite(f.positive) }, e.operand));
    case 'binary':
      return lowerBinary(f, e);
    case 'has': case 'in_set': case 'in_range':
      return lowerTest(f, e);
    case 'quantifier':
      return lowerQuantifier(f, e);
    case 'set':
      return union(e.items.map((item) => lowerExpr(f, item)));
    case 'read_once':
      return { kind: 'load', access: lowerAccess(f, e.target, true) };
    case 'held': {
      const kind = e.who === 'self' ? 'holds' : 'held';
      return { kind, lock: lowerLock(f, e.lock), mode: e.mode };
    }
    case 'at':
      return lowerAt(f, e);
    case 'null': case 'list': case 'new': case 'any': case 'cmpxchg': case 'call': case 'hole':
      return FALSE;
    default:
      return unreachable(e);
  }
}

function opposite(positive: boolean | null): boolean | null {
  return positive === null ? null : !positive;
}

function entityOf(f: ExprFrame, node: object): Entity | undefined {
  return f.world.meaning.entities.get(node);
}

function lowerName(f: ExprFrame, e: NameExpr): Value {
  const entity = entityOf(f, e);
  switch (entity?.kind) {
    case 'const':
    case 'param': {
      const value = constantOf(entity.decl, f.world.consts);
      return constant(isNumber(value) ? value : 0);
    }
    case 'member':
      return constant(memberValue(entity));
    case 'shared':
    case 'field':
      return { kind: 'load', access: lowerAccess(f, e, false) };
    case 'parameter':
      return bound(f.bindings.get(entity.param));
    case 'local':
      return bound(f.bindings.get(entity.node));
    default:
      // No value: it is broken and not lowered.
      return FALSE;
  }
}

function bound(binding: Binding | undefined): Value {
  if (binding?.kind === 'cell') return { kind: 'local', cell: binding.cell };
  return binding?.kind === 'value' ? binding.value : FALSE;
}

function lowerPath(f: ExprFrame, e: IndexExpr | FieldExpr): Value {
  const entity = entityOf(f, e);
  if (entity?.kind === 'member') return constant(memberValue(entity));
  if (e.kind === 'field' && threadTest(f, e)) return lowerThreadField(f, e);
  return { kind: 'load', access: lowerAccess(f, e, false) };
}

/** The access of a place of shared state: a variable, an array's element, an object's field. */
export function lowerAccess(f: ExprFrame, e: Expr, marked: boolean): Access {
  const { world } = f;
  const entity = entityOf(f, e.kind === 'index' ? e.base : e);
  const site = world.sites.ofExpr(e, f.owner);
  const known = entity?.kind === 'shared' || entity?.kind === 'field'
    ? world.placeOf.get(entity.decl) : undefined;
  const place = known ?? 0;
  if (e.kind === 'index') {
    return { place, ref: null, index: lowerExpr(f, e.index), marked, site };
  }
  if (e.kind === 'field') {
    return { place, ref: lowerExpr(f, e.base), index: null, marked, site };
  }
  // A bare field stands only in a guard: of the object that is accessed.
  const ref: Value | null = entity?.kind === 'field' ? { kind: 'self_ref' } : null;
  return { place, ref, index: null, marked, site };
}

/** The lock that an expression names. A bare array in a guard: the lock of the accessed index. */
export function lowerLock(f: ExprFrame, e: Expr): LockRef {
  const { world } = f;
  if (e.kind === 'index') {
    return { ...lowerLock(f, e.base), index: lowerExpr(f, e.index) };
  }
  const entity = entityOf(f, e);
  const place = entity?.kind === 'lock' ? world.lockOf.get(entity.decl) : undefined;
  if (entity?.kind !== 'lock' || place === undefined) {
    return { base: 0, pool: null, ref: null, index: null, count: 1 };
  }
  const pool = place.struct === null ? null : world.poolOf.get(place.struct) ?? null;
  const ref: Value | null = place.struct === null ? null
    : e.kind === 'field' ? lowerExpr(f, e.base) : { kind: 'self_ref' };
  const index: Value | null = entity.decl.count === null ? null : { kind: 'self_index' };
  return { base: place.base, pool, ref, index, count: place.count };
}

function lowerBinary(f: ExprFrame, e: BinaryExpr): Value {
  switch (e.op) {
    case '&&':
    case '||':
      return binary(e.op, lowerExpr(f, e.left), lowerExpr(f, e.right));
    case '=>': {
      const left = lowerExpr({ ...f, positive: opposite(f.positive) }, e.left);
      return binary(e.op, left, lowerExpr(f, e.right));
    }
    default:
      // Comparisons and arithmetic.
      return lowerComparison(f, e, e.op);
  }
}

function lowerComparison(f: ExprFrame, e: BinaryExpr, op: BinaryOp): Value {
  if (namesAbsentThread(f, e)) return vacuous(f);
  const inner: ExprFrame = { ...f, positive: null };
  if (e.left.kind === 'field' && threadTest(f, e.left)) {
    return lowerOutcomeTest(inner, e.left, { names: [e.right], negated: op === '!=' });
  }
  if (e.right.kind === 'field' && threadTest(f, e.right)) {
    return lowerOutcomeTest(inner, e.right, { names: [e.left], negated: op === '!=' });
  }
  return binary(op, lowerExpr(inner, e.left), lowerExpr(inner, e.right));
}

/** `T.outcome == a` holds of all instances; so does `!=`. `T.done == b` is a plain comparison. */
function lowerOutcomeTest(
  f: ExprFrame, thread: FieldExpr,
  test: { readonly names: readonly Expr[]; readonly negated: boolean },
): Value {
  if (thread.field.text === 'outcome') {
    const names = test.names.flatMap((e) => (e.kind === 'ident' ? [e.name.text] : []));
    return lowerThreadField(f, thread, { names, negated: test.negated });
  }
  const [other] = test.names;
  const right = other === undefined ? FALSE : lowerExpr(f, other);
  return binary(test.negated ? '!=' : '==', lowerThreadField(f, thread), right);
}

function lowerTest(
  f: ExprFrame, e: Extract<Expr, { kind: 'has' | 'in_set' | 'in_range' }>,
): Value {
  if (namesAbsentThread(f, e)) return vacuous(f);
  const inner: ExprFrame = { ...f, positive: null };
  if (e.kind === 'has') return lowerHas(inner, e);
  if (e.kind === 'in_range') {
    return between(lowerExpr(inner, e.value), lowerExpr(inner, e.lo), lowerExpr(inner, e.hi));
  }
  if (e.value.kind === 'field' && threadTest(f, e.value) && e.value.field.text === 'outcome') {
    return lowerOutcomeTest(inner, e.value, { names: e.items, negated: false });
  }
  return oneOf(lowerExpr(inner, e.value), e.items.map((item) => lowerExpr(inner, item)));
}

function lowerHas(f: ExprFrame, e: Extract<Expr, { kind: 'has' }>): Value {
  const bits = lowerExpr(f, e.flag);
  const both = binary('&', lowerExpr(f, e.base), bits);
  const single = bits.kind === 'const' && Number.isInteger(Math.log2(bits.value));
  return single ? binary('!=', both, FALSE) : binary('==', both, bits);
}

function lowerQuantifier(f: ExprFrame, e: QuantifierExpr): Value {
  const over = entityOf(f, e.domain);
  if (over?.kind === 'thread' || over?.kind === 'alias') return lowerThreadQuantifier(f, e, over);
  const { world } = f;
  const reg = 1 + f.depth;
  world.nRegs = Math.max(world.nRegs, reg + 1);
  const bindings = new Map(f.bindings);
  bindings.set(e, { kind: 'value', value: { kind: 'reg', reg } });
  const { domain } = e;
  const fixed = constantDomain(domain, world.consts);
  const [lo, hi] = domain.kind === 'range'
    ? [lowerExpr(f, domain.lo), lowerExpr(f, domain.hi)]
    : [constant(fixed?.lo ?? 0), constant(fixed?.hi ?? -1)];
  const positive = e.quantifier === 'count' ? null : f.positive;
  const body = lowerExpr({ ...f, bindings, depth: f.depth + 1, positive }, e.body);
  return { kind: 'quantifier', quantifier: e.quantifier, reg, lo, hi, body };
}
