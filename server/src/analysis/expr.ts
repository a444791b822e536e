// Expressions: every name resolved, every operator's types checked. One mistake is reported once:
// what could not be typed is `unknown` and fits everywhere.
import type { BinaryExpr, Expr, QuantifierExpr, UnaryExpr } from '../syntax/ast.ts';
import { refer, report } from './context.ts';
import { checkDomain } from './domains.ts';
import { checkHeld } from './lock-names.ts';
import { checkField, checkIdent, checkIndex, isBare } from './name-exprs.ts';
import { checkPlace } from './places.ts';
import { openScope } from './scope.ts';
import type { ExprCx } from './scope.ts';
import { makeSym } from './symbols.ts';
import { checkAt, checkOutcomeName, isThreadName, resolveThread } from './thread-names.ts';
import { BOOL, DURATION, INT, NULL, UNKNOWN, comparable, describe, fits } from './types.ts';
import type { Type } from './model.ts';

/** The type of an expression; a bare enum member is looked for in the type expected. */
export function checkExpr(x: ExprCx, e: Expr, expected: Type | null = null): Type {
  const type = typeOfExpr(x, e, expected);
  x.c.types.set(e, type);
  if (type.kind === 'int') x.c.pendingInts.push(e);
  return type;
}

/** Checks that an expression has a type, and says so where it has another. */
export function need(x: ExprCx, e: Expr, wanted: Type): Type {
  const found = checkExpr(x, e, wanted);
  if (!fits(found, wanted)) {
    report(x.c, 'type', e.range, mismatch(found, wanted));
    return UNKNOWN;
  }
  return found;
}

/** That a value has the wrong type, in words. */
export function mismatch(found: Type, wanted: Type): string {
  return `expected ${describe(wanted)}, found ${describe(found)}${mismatchHint(found, wanted)}`;
}

function mismatchHint(found: Type, wanted: Type): string {
  if (wanted.kind === 'bool' && found.kind === 'int') return '; compare it, as in `n != 0`';
  if (wanted.kind === 'bool' && found.kind === 'ref') return '; compare it, as in `v != null`';
  if (wanted.kind === 'bool' && found.kind === 'flags') return '; ask `f has FLAG`';
  if (found.kind === 'array') return '; say which element: `[i]`';
  return '';
}

function typeOfExpr(x: ExprCx, e: Expr, expected: Type | null): Type {
  switch (e.kind) {
    case 'int':
      return INT;
    case 'duration':
      return checkDuration(x, e);
    case 'bool':
      return BOOL;
    case 'null':
      return NULL;
    case 'ident':
      return checkIdent(x, e, { expected, role: 'read' });
    case 'index':
      return checkIndex(x, e, 'read');
    case 'field':
      return checkField(x, e, 'read');
    case 'unary':
      return checkUnary(x, e);
    case 'binary':
      return checkBinary(x, e);
    case 'has':
    case 'in_set':
    case 'in_range':
      return checkTest(x, e);
    case 'quantifier':
      return checkQuantifier(x, e);
    case 'set':
      return checkSet(x, e.items, e, expected);
    case 'held':
      return checkHeld(x, e);
    case 'at':
      return checkAt(x, e);
    default:
      // `Rare`: its type says what is left.
      return checkRare(x, e);
  }
}

type Rare = Exclude<Expr, {
  kind: 'int' | 'duration' | 'bool' | 'null' | 'ident' | 'index' | 'field' | 'unary' | 'binary'
    | 'has' | 'in_set' | 'in_range' | 'quantifier' | 'set' | 'held' | 'at';
}>;

/** Forms that stand only in certain places, and not in the middle of an expression. */
function checkRare(x: ExprCx, e: Rare): Type {
  switch (e.kind) {
    case 'read_once':
      return checkReadOnce(x, e.target);
    case 'hole':
      return UNKNOWN;
    case 'list':
      return misplaced(x, e, 'a list `[...]` may stand only as an array\'s initial value');
    case 'cmpxchg':
      return misplaced(x, e, '`cmpxchg` may only be the whole condition of `if` or `while` (also '
        + 'after `!`), or the whole right side of `let` or `=`');
    case 'call':
      return misplaced(x, e, `\`${e.proc.text}(...)\` may stand only as a statement, or as the `
        + 'whole right side of `let` or `=`');
    default:
      // `new` and `any`.
      return misplaced(x, e,
        `\`${e.kind}\` may only be the whole right side of \`let\` or \`=\``);
  }
}

function misplaced(x: ExprCx, e: Expr, message: string): Type {
  report(x.c, 'type', e.range, message);
  return UNKNOWN;
}

function checkReadOnce(x: ExprCx, target: Expr): Type {
  if (x.where === 'const' || x.where === 'init') {
    return misplaced(x, target, '`READ_ONCE` reads shared state; this must be constant');
  }
  return checkPlace(x, target, { role: 'read', sharedOnly: '`READ_ONCE`' });
}

function checkDuration(x: ExprCx, e: Expr): Type {
  if (x.where === 'const') return DURATION;
  return misplaced(x, e, 'a duration may stand only in constants, after `takes` and in workloads');
}

function checkUnary(x: ExprCx, e: UnaryExpr): Type {
  if (e.op === '!') return need(x, e.operand, BOOL);
  return number(x, e.operand, '`-`');
}

/** A number, or (in constants) a duration. */
function number(x: ExprCx, e: Expr, operator: string): Type {
  const type = checkExpr(x, e, null);
  return isNumeric(x, e, type, operator);
}

function isNumeric(x: ExprCx, e: Expr, type: Type, operator: string): Type {
  if (type.kind === 'int' || type.kind === 'duration' || type.kind === 'unknown') return type;
  const hint = type.kind === 'flags' ? '; change flags with `f += FLAG` and `f -= FLAG`' : '';
  report(x.c, 'type', e.range, `${operator} works on numbers, not on ${describe(type)}${hint}`);
  return UNKNOWN;
}

function checkBinary(x: ExprCx, e: BinaryExpr): Type {
  switch (e.op) {
    case '&&':
    case '||':
    case '=>':
      need(x, e.left, BOOL);
      need(x, e.right, BOOL);
      return BOOL;
    case '==':
    case '!=':
      checkEquality(x, e);
      return BOOL;
    case '<':
    case '<=':
    case '>':
    case '>=':
      checkSameNumbers(x, e);
      return BOOL;
    case '+':
    case '-':
      return checkSameNumbers(x, e);
    default:
      // `*`, `/` and `%`.
      return checkProduct(x, e);
  }
}

/** Both sides; where the left one is wrong, nothing is said about the right one. */
function operands(x: ExprCx, e: BinaryExpr): readonly [Type, Type] {
  const left = number(x, e.left, `\`${e.op}\``);
  if (left.kind === 'unknown') return [left, checkExpr(x, e.right, UNKNOWN)];
  return [left, number(x, e.right, `\`${e.op}\``)];
}

function checkSameNumbers(x: ExprCx, e: BinaryExpr): Type {
  const [left, right] = operands(x, e);
  if (left.kind === 'unknown' || right.kind === 'unknown') return UNKNOWN;
  if (left.kind === right.kind) return left.kind === 'int' ? INT : DURATION;
  return misplaced(x, e, `\`${e.op}\` between ${describe(left)} and ${describe(right)}`);
}

function checkProduct(x: ExprCx, e: BinaryExpr): Type {
  const [left, right] = operands(x, e);
  if (left.kind === 'unknown' || right.kind === 'unknown') return UNKNOWN;
  if (left.kind === 'int' && right.kind === 'int') return INT;
  if (e.op === '*' && left.kind !== right.kind) return DURATION;
  if (e.op === '/' && left.kind === 'duration') return right.kind === 'int' ? DURATION : INT;
  return misplaced(x, e, `\`${e.op}\` between ${describe(left)} and ${describe(right)}`);
}

function checkEquality(x: ExprCx, e: BinaryExpr): void {
  // The side that does not say its type by itself takes the other's.
  const swap = isOutcome(x, e.right) || (isBare(x, e.left) && !isOutcome(x, e.left));
  const [first, second] = swap ? [e.right, e.left] : [e.left, e.right];
  const type = checkExpr(x, first, null);
  checkAgainst(x, second, type, e);
}

function isOutcome(x: ExprCx, e: Expr): boolean {
  return e.kind === 'field' && e.field.text === 'outcome' && e.base.kind === 'ident'
    && isThreadName(x, e.base.name);
}

/** Checks what is compared with a value of `type`; mistakes are reported at `whole`. */
function checkAgainst(x: ExprCx, e: Expr, type: Type, whole: Expr): void {
  const { c } = x;
  if (type.kind !== 'outcome') {
    checkComparable(x, whole, checkExpr(x, e, type), type);
    return;
  }
  const thread = c.scope.get(type.thread);
  if (e.kind === 'ident' && thread?.kind === 'thread') {
    c.types.set(e, type);
    checkOutcomeName(c, e, thread.decl);
  } else if (e.kind !== 'hole') {
    report(c, 'type', e.range,
      `an outcome is compared with a name that \`${type.thread}\` declares`);
  }
}

function checkComparable(x: ExprCx, e: Expr, a: Type, b: Type): void {
  if (a.kind === 'array' || b.kind === 'array') {
    report(x.c, 'type', e.range, 'arrays cannot be compared; compare elements, as in '
      + '`forall i in page: a[i] == b[i]`');
  } else if (!comparable(a, b)) {
    report(x.c, 'type', e.range, `${describe(a)} and ${describe(b)} cannot be compared`);
  }
}

function checkTest(x: ExprCx, e: Extract<Expr, { kind: 'has' | 'in_set' | 'in_range' }>): Type {
  if (e.kind === 'has' && e.base.kind === 'unary' && e.base.op === '!') {
    checkExpr(x, e.base.operand, null);
    report(x.c, 'type', e.base.range, '`!` binds first; write `!(f has FLAG)`');
  } else if (e.kind === 'has') {
    const base = checkExpr(x, e.base, null);
    if (base.kind !== 'flags' && base.kind !== 'unknown') {
      report(x.c, 'type', e.base.range, `\`has\` asks a flags value, not ${describe(base)}`);
      return BOOL;
    }
    if (base.kind === 'flags') need(x, e.flag, base);
  } else if (e.kind === 'in_range') {
    const isSaid = number(x, e.value, '`in a..b`').kind === 'unknown';
    for (const bound of [e.lo, e.hi]) {
      if (isSaid) checkExpr(x, bound, UNKNOWN);
      else number(x, bound, '`in a..b`');
    }
  } else {
    const value = checkExpr(x, e.value, null);
    for (const item of e.items) checkAgainst(x, item, value, item);
  }
  return BOOL;
}

function checkQuantifier(x: ExprCx, e: QuantifierExpr): Type {
  const { c } = x;
  const overThreads = checkQuantifierDomain(x, e);
  const detail = overThreads
    ? `${e.name.text} in ${e.domain.kind === 'named' ? e.domain.name.text : ''}`
    : e.name.text;
  const sym = makeSym({
    kind: 'local', file: c.file, name: e.name, full: e.range, detail,
  });
  const entity = { kind: 'local', file: c.file, sym, node: e } as const;
  refer(c, e.name, entity, { role: 'declaration' });
  const scope = openScope(x.scope);
  scope.names.set(e.name.text, entity);
  need({ ...x, scope }, e.body, BOOL);
  return e.quantifier === 'count' ? INT : BOOL;
}

function checkQuantifierDomain(x: ExprCx, e: QuantifierExpr): boolean {
  const { domain } = e;
  if (domain.kind === 'named' && isThreadName(x, domain.name)) {
    const thread = resolveThread(x, domain.name);
    if (thread !== null) x.c.entities.set(domain, thread.entity);
    return true;
  }
  checkDomain(x, domain);
  return false;
}

function checkSet(x: ExprCx, items: readonly Expr[], e: Expr, expected: Type | null): Type {
  let type: Type = expected?.kind === 'flags' ? expected : UNKNOWN;
  for (const item of items) {
    const found = checkExpr(x, item, type.kind === 'flags' ? type : null);
    if (found.kind === 'unknown') continue;
    if (found.kind !== 'flags') {
      report(x.c, 'type', item.range, `\`{...}\` holds flags, not ${describe(found)}`);
    } else if (type.kind === 'unknown') {
      type = found;
    } else if (!fits(found, type)) {
      report(x.c, 'type', item.range, `expected ${describe(type)}, found ${describe(found)}`);
    }
  }
  if (type.kind === 'unknown' && items.length === 0 && expected?.kind !== 'unknown') {
    report(x.c, 'type', e.range, expected === null
      ? 'it is not clear which flags type this `{}` is of'
      : `expected ${describe(expected)}, found a set of flags`);
  }
  return type;
}
