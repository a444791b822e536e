// Locks where they are named: after `acquire`, in `held L`, in guards and orders.
import type { Expr, FieldExpr, HeldExpr, LockDecl, Mode, NameExpr } from '../syntax/ast.ts';
import type { Range } from '../text/range.ts';
import { breakDecl, mayBeUnread, refer, report } from './context.ts';
import type { Ctx, Role } from './context.ts';
import { countOf } from './constants.ts';
import type { Entity } from './entity.ts';
import { checkExpr, need } from './expr.ts';
import { kindName, lookup, lookupKind, reportUnknown, visibleNames } from './scope.ts';
import type { ExprCx } from './scope.ts';
import { LOCK_KINDS } from '../text/reserved.ts';
import { choices, didYouMean } from './suggest.ts';
import { BOOL, INT, describe } from './types.ts';
import type { Type } from './model.ts';

export interface LockUse {
  readonly role: Role;
  /** Whether an array of locks may be named as a whole. */
  readonly whole: boolean;
  /** Whether `struct.lock` (a class, not a lock) is meant. */
  readonly asClass?: boolean;
}

/** Resolves the name of a lock; null where it is none (which has been reported). */
export function checkLock(x: ExprCx, e: Expr, use: LockUse): LockDecl | null {
  const { c } = x;
  const decl = lockDeclOf(x, e, use);
  if (decl === null) {
    breakDecl(c);
    return null;
  }
  c.types.set(e, lockType(c, decl, e.kind === 'index'));
  if (e.kind !== 'index' && decl.count !== null && !use.whole) {
    report(c, 'type', e.range, `\`${decl.name.text}\` is an array of locks; say which: `
      + `\`${decl.name.text}[i]\``);
    return null;
  }
  return decl;
}

function lockType(c: Ctx, decl: LockDecl, element: boolean): Type {
  const length = decl.count === null || element ? null : countOf(decl.count, c.consts);
  return { kind: 'lock', lockKind: decl.lockKind ?? 'lock', length };
}

function lockDeclOf(x: ExprCx, e: Expr, use: LockUse): LockDecl | null {
  const { c } = x;
  switch (e.kind) {
    case 'ident':
      return lockByName(x, e, use);
    case 'field':
      return lockField(x, e, use);
    case 'index': {
      const decl = lockDeclOf(x, e.base, use);
      need(x, e.index, INT);
      if (decl === null) return null;
      c.types.set(e.base, lockType(c, decl, false));
      if (decl.count !== null) return decl;
      report(c, 'type', e.range, `\`${decl.name.text}\` is a single lock; it has no \`[...]\``);
      return null;
    }
    case 'hole':
      return null;
    default:
      // Anything else is an expression of its own, and no lock.
      checkExpr(x, e, null);
      report(c, 'type', e.range, 'the name of a lock must stand here');
      return null;
  }
}

function lockByName(x: ExprCx, e: NameExpr, use: LockUse): LockDecl | null {
  const { c } = x;
  const entity = lookupKind(x, e.name.text, ['lock']);
  if (entity === null) {
    reportUnknown(c, e.name, visibleNames(x, (other) => other.kind === 'lock'), 'lock');
    return null;
  }
  refer(c, e.name, entity, { role: use.role, node: e });
  if (entity.kind === 'lock') return entity.decl;
  if (wasMeantAsLock(entity)) return null;
  report(c, 'type', e.range, `\`${e.name.text}\` is ${kindName(entity)}, not a lock`);
  return null;
}

/** `shared m: mutex`: what is wrong is told there. */
function wasMeantAsLock(entity: Entity): boolean {
  if (entity.kind !== 'shared' && entity.kind !== 'field') return false;
  const { type } = entity.decl;
  const one = type.kind === 'array' ? type.element : type;
  return one.kind === 'named' && LOCK_KINDS.includes(one.name.text);
}

function lockField(x: ExprCx, e: FieldExpr, use: LockUse): LockDecl | null {
  const { c } = x;
  const struct = structOf(x, e, use.asClass === true);
  if (struct === null) return null;
  const entity = c.scope.get(struct);
  if (entity?.kind !== 'struct' || e.field.text === '') return null;
  const fields = c.fields.get(entity.decl);
  const field = fields?.get(e.field.text);
  if (field === undefined) {
    const locks = [...(fields ?? [])].filter(([, f]) => f.kind === 'lock').map(([name]) => name);
    if (mayBeUnread(c, e.field, entity.decl)) return null;
    report(c, 'name', e.field.range, `\`${struct}\` has no lock \`${e.field.text}\``
      + didYouMean(e.field.text, locks, choices('it has', locks)));
    return null;
  }
  refer(c, e.field, field, { role: use.role, node: e });
  if (field.kind === 'lock') return field.decl;
  if (wasMeantAsLock(field)) return null;
  report(c, 'type', e.field.range, `\`${struct}.${e.field.text}\` is a field, not a lock`);
  return null;
}

/** The struct whose lock is named: by an object, or (as a class) by the struct's own name. */
function structOf(x: ExprCx, e: FieldExpr, asClass: boolean): string | null {
  const { c } = x;
  if (e.base.kind === 'ident') {
    const entity = lookup(x, e.base.name.text);
    if (entity?.kind === 'struct') {
      refer(c, e.base.name, entity, { role: 'type', node: e.base });
      if (asClass) return e.base.name.text;
      const name = e.base.name.text;
      report(c, 'type', e.base.range, `\`${name}\` is a struct; name an object of it, as a `
        + `variable of type \`ref ${name}\``);
      return null;
    }
  }
  const base = checkExpr(x, e.base, null);
  if (base.kind === 'ref') return base.struct;
  if (base.kind !== 'unknown') {
    report(c, 'type', e.base.range, `this is ${describe(base)}; only an object has locks`);
  }
  return null;
}

/** `held read L`, `holds L`. */
export function checkHeld(x: ExprCx, e: HeldExpr): Type {
  const { c, where } = x;
  const self = e.who === 'self';
  const inThread = where === 'thread' || where === 'condition';
  if (self && !inThread) {
    report(c, 'type', e.range, '`holds` asks about the thread itself; write `held` here');
  } else if (!self && where !== 'condition' && where !== 'property') {
    report(c, 'type', e.range, '`held` may stand only in properties, `await` and `assert`'
      + (inThread ? '; `holds` asks about the thread itself' : ''));
  }
  const decl = checkLock(x, e.lock, { role: 'read', whole: false });
  if (decl !== null && e.mode === 'read') checkHasRead(c, decl, e.range);
  return BOOL;
}

/** Reports `read` on a lock that has no such mode. */
export function checkHasRead(c: Ctx, decl: LockDecl, range: Range): void {
  const kind = decl.lockKind;
  if (kind !== 'mutex' && kind !== 'spinlock') return;
  report(c, 'type', range, `\`${decl.name.text}\` is a ${kind}, which has no \`read\` mode`);
}

/** Checks the mode of `acquire`, `try acquire` and `release` (where null is any). */
export function checkMode(
  c: Ctx, decl: LockDecl, use: { word: 'acquire' | 'release'; mode: Mode | null; range: Range },
): void {
  const { lockKind, name } = decl;
  if (lockKind === null) return;
  const single = lockKind === 'mutex' || lockKind === 'spinlock';
  if (single && use.mode !== null) {
    report(c, 'type', use.range, `\`${name.text}\` is a ${lockKind}, which has no modes; write `
      + `\`${use.word} ${name.text}\``);
  } else if (!single && use.mode === null && use.word === 'acquire') {
    report(c, 'type', use.range, `\`${name.text}\` is an ${lockKind}; say which mode: `
      + `\`acquire read ${name.text}\` or \`acquire write ${name.text}\``);
  }
}
