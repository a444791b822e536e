// Declarations at file level, each checked once: constants, types, state, guards, orders, bodies.
import { unreachable } from '../text/unreachable.ts';
import type {
  Decl, EnumDecl, Expr, FieldDecl, FlagsDecl, Guard, GuardExpr, LockDecl, ParamDecl,
  ProcDecl, PropertyDecl, ScenarioDecl, SharedDecl, StructDecl, ThreadDecl, TypeExpr,
} from '../syntax/ast.ts';
import { finishBody, finishInts } from './bounds.ts';
import { checkConstant, valueOf } from './const-check.ts';
import { breakDecl, report } from './context.ts';
import type { Ctx } from './context.ts';
import { countOf, typeOf } from './constants.ts';
import type { Entity, FlatEntity, Owner } from './entity.ts';
import { need } from './expr.ts';
import { completes } from './jumps.ts';
import { MAX_CHAIN, MAX_FLAGS } from './limits.ts';
import { checkLock } from './lock-names.ts';
import { constType } from './name-exprs.ts';
import type { Type } from './model.ts';
import { declareUnique } from './names.ts';
import { checkOrder } from './orders.ts';
import { openScope } from './scope.ts';
import type { ExprCx, Scope } from './scope.ts';
import { checkInitial } from './initial-check.ts';
import { checkStmts } from './statements.ts';
import type { Late } from './statements.ts';
import { makeSym } from './symbols.ts';
import { checkLength, checkTypeExpr } from './type-exprs.ts';
import { BOOL, describe } from './types.ts';

/** Types, constants and lengths: what bodies and properties build on. */
export function checkSignature(c: Ctx, decl: Decl): void {
  switch (decl.kind) {
    case 'const':
      return checkConst(c, decl);
    case 'param':
      return checkParam(c, decl);
    case 'type':
      return checkType(c, decl);
    case 'enum':
    case 'flags':
      return checkMembers(c, decl);
    case 'struct':
      return checkStruct(c, decl);
    case 'lock':
      return checkLockDecl(c, decl);
    case 'shared':
      return checkTypeExpr(c, decl.type, { arrays: true });
    case 'proc':
    case 'thread':
      return checkHead(c, decl);
    case 'use': case 'order': case 'property': case 'scenario': case 'workload': case 'hole':
      return;
    default:
      return unreachable(decl);
  }
}

/** Initial values, guards, properties and bodies. */
export function checkContent(c: Ctx, decl: Decl, late: Late): void {
  switch (decl.kind) {
    case 'shared':
      return checkShared(c, decl);
    case 'struct':
      return decl.members.forEach((m) => m.kind === 'field' && checkField(c, m, decl));
    case 'order':
      return checkOrder(c, decl);
    case 'property':
      return checkProperty(c, decl, null);
    case 'proc':
    case 'thread':
      return checkBody(c, decl, late);
    default:
      // Checked with the signatures, or (scenarios, workloads) at the end.
      return;
  }
}

function checkConst(c: Ctx, decl: Extract<Decl, { kind: 'const' }>): void {
  const entity = c.entities.get(decl.name);
  if (entity?.kind !== 'const') return;
  const type = constType(c, entity);
  if (type.kind === 'int' || type.kind === 'bool' || type.kind === 'duration') {
    valueOf(c, decl.value);
  } else if (type.kind === 'unknown') {
    breakDecl(c);
  } else {
    report(c, 'type', decl.value.range,
      `a constant is a number, a size, a duration or a bool, not ${describe(type)}`);
  }
}

function checkParam(c: Ctx, decl: ParamDecl): void {
  const entity = c.entities.get(decl.name);
  if (entity?.kind !== 'param') return;
  const type = constType(c, entity);
  if (type.kind !== 'int' && type.kind !== 'duration') {
    if (type.kind === 'unknown') breakDecl(c);
    else report(c, 'type', decl.value.range, `a param is a number, not ${describe(type)}`);
    return;
  }
  const lo = checkConstant(c, decl.lo, type);
  const hi = checkConstant(c, decl.hi, type);
  const value = valueOf(c, decl.value);
  if (lo === null || hi === null || value === null) return;
  if (lo > hi) {
    const range = { start: decl.lo.range.start, end: decl.hi.range.end };
    report(c, 'type', range, `the range ${lo}..${hi} is empty`);
  } else if (value < lo || value > hi) {
    report(c, 'type', decl.value.range, `${value} is outside of ${lo}..${hi}`);
  }
}

function checkType(c: Ctx, decl: Extract<Decl, { kind: 'type' }>): void {
  const problem = chainProblem(c, decl);
  if (problem !== null) report(c, 'type', decl.name.range, `\`${decl.name.text}\` ${problem}`);
  else checkTypeExpr(c, decl.type, { arrays: true });
}

/** What is wrong with the way that a type is named through others, or null. */
function chainProblem(c: Ctx, decl: Extract<Decl, { kind: 'type' }>): string | null {
  const seen = new Set<Decl>();
  let at: Decl = decl;
  while (at.kind === 'type') {
    if (seen.has(at)) return 'is defined by itself';
    if (seen.size > MAX_CHAIN) {
      return `is defined through too many other types (${MAX_CHAIN} at most)`;
    }
    seen.add(at);
    const inner: TypeExpr = at.type.kind === 'array' ? at.type.element : at.type;
    const next: FlatEntity | undefined =
      inner.kind === 'named' ? c.scope.get(inner.name.text) : undefined;
    if (next === undefined) return null;
    at = next.decl;
  }
  return null;
}

function checkMembers(c: Ctx, decl: EnumDecl | FlagsDecl): void {
  const extra = decl.members[MAX_FLAGS];
  if (decl.kind === 'flags' && extra !== undefined) {
    report(c, 'type', extra.range, `a flags type has at most ${MAX_FLAGS} members`);
  }
  if (decl.members.length === 0) {
    report(c, 'type', decl.name.range, `\`${decl.name.text}\` has no members`);
  }
}

function checkStruct(c: Ctx, decl: StructDecl): void {
  checkLength(c, decl.count, 'a struct');
  for (const member of decl.members) {
    if (member.kind === 'lock') checkLockDecl(c, member);
    else checkTypeExpr(c, member.type, { arrays: false });
  }
}

function checkLockDecl(c: Ctx, decl: LockDecl): void {
  if (decl.lockKind === null) breakDecl(c);
  if (decl.count !== null) checkLength(c, decl.count, 'an array of locks');
}

function checkHead(c: Ctx, decl: Owner): void {
  for (const param of decl.params) checkTypeExpr(c, param.type, { arrays: false });
  if (decl.kind === 'proc' && decl.result !== null) {
    checkTypeExpr(c, decl.result, { arrays: false });
  }
}

function checkShared(c: Ctx, decl: SharedDecl): void {
  const type = typeOf(decl.type, c.consts);
  checkInitial(c, { init: decl.init, type, owner: decl });
  if (decl.guard === null) return;
  checkGuard(c, decl.guard, { scope: null, guarded: type });
}

function checkField(c: Ctx, decl: FieldDecl, struct: StructDecl): void {
  const type = typeOf(decl.type, c.consts);
  checkInitial(c, { init: decl.init, type, owner: decl });
  if (decl.guard === null) return;
  const scope = openScope(null);
  for (const [name, member] of c.fields.get(struct) ?? []) scope.names.set(name, member);
  checkGuard(c, decl.guard, { scope, guarded: type });
}

interface GuardUse {
  /** The names of the struct's own members. */
  readonly scope: Scope | null;
  readonly guarded: Type;
}

function checkGuard(c: Ctx, guard: Guard, use: GuardUse): void {
  if (guard.kind === 'by') {
    checkGuardLock(c, guard.lock, use);
    return;
  }
  if (guard.read !== null) checkGuardExpr(c, guard.read, use);
  if (guard.write !== null) checkGuardExpr(c, guard.write, use);
}

function checkGuardExpr(c: Ctx, guard: GuardExpr, use: GuardUse): void {
  switch (guard.kind) {
    case 'and':
    case 'or':
      checkGuardExpr(c, guard.left, use);
      return checkGuardExpr(c, guard.right, use);
    case 'lock':
      return checkGuardLock(c, guard.lock, use);
    case 'rcu':
      return;
    default:
      // A hole.
      return breakDecl(c);
  }
}

function checkGuardLock(c: Ctx, e: Expr, use: GuardUse): void {
  const x: ExprCx = { c, where: 'property', scope: use.scope, scenario: null };
  const decl = checkLock(x, e, { role: 'read', whole: true });
  if (decl === null || decl.count === null || e.kind === 'index') return;
  const length = countOf(decl.count, c.consts);
  const name = decl.name.text;
  const { guarded } = use;
  if (guarded.kind === 'unknown') return;
  if (guarded.kind !== 'array') {
    report(c, 'type', e.range, `\`${name}\` is an array of locks; say which: \`${name}[0]\``);
  } else if (length !== null && length !== guarded.length) {
    report(c, 'type', e.range, `\`${name}\` has ${length} locks and what it guards has `
      + `${guarded.length} elements; only arrays of one length go together`);
  }
}

/** A property of the file, or of a scenario. */
export function checkProperty(c: Ctx, decl: PropertyDecl, scenario: ScenarioDecl | null): void {
  need({ c, where: 'property', scope: null, scenario }, decl.expr, BOOL);
  finishInts(c, new Map());
}

function checkBody(c: Ctx, owner: ThreadDecl | ProcDecl, late: Late): void {
  const scope = openScope(null);
  const space = new Map<string, Entity>();
  for (const param of owner.params) {
    const sym = makeSym({
      kind: 'parameter', file: c.file, name: param.name, full: param.range,
      container: owner.name.text, detail: textOf(c, param.range),
    });
    const entity = { kind: 'parameter', file: c.file, sym, owner, param } as const;
    declareUnique(c, space, param.name, entity);
    if (param.name.text !== '') scope.names.set(param.name.text, entity);
  }
  const labels = c.owners.get(owner)?.labels ?? new Map();
  const body = { c, late, owner, scope, labels, step: null, loop: 'none', fors: [] } as const;
  checkStmts(body, owner.body);
  finishBody(c, owner);
  if (c.unread.damaged.has(owner)) return;
  if (owner.kind === 'proc' && owner.result !== null && completes(owner.body)) {
    report(c, 'type', owner.name.range, `not every path of \`${owner.name.text}\` ends in `
      + '`return e`');
  }
}

function textOf(c: Ctx, range: { readonly start: number; readonly end: number }): string {
  return (c.texts.get(c.file) ?? '').slice(range.start, range.end).replace(/\s+/g, ' ');
}
