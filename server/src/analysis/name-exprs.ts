// Names in expressions: variables, constants, enum members, array elements, fields.
import type { Domain, Expr, FieldExpr, IndexExpr, Name, NameExpr } from '../syntax/ast.ts';
import { breakDecl, explained, mayBeUnread, refer, report, within } from './context.ts';
import type { Ctx, Role } from './context.ts';
import { typeOf } from './constants.ts';
import type {
  ConstEntity, Entity, MemberEntity, ParamEntity, SharedEntity,
} from './entity.ts';
import { checkExpr, need } from './expr.ts';
import { MAX_CHAIN } from './limits.ts';
import { isValue, kindName, lookup, reportUnknown, visibleNames } from './scope.ts';
import type { ExprCx } from './scope.ts';
import { choices, didYouMean } from './suggest.ts';
import { checkThreadField, isThreadName } from './thread-names.ts';
import { INT, UNKNOWN, describe } from './types.ts';
import type { Type } from './model.ts';

interface IdentUse {
  readonly expected: Type | null;
  readonly role: Role;
}

export function checkIdent(x: ExprCx, e: NameExpr, use: IdentUse): Type {
  const { c } = x;
  const { name } = e;
  if (name.text === '') {
    breakDecl(c);
    return UNKNOWN;
  }
  const entity = lookup(x, name.text);
  if (entity !== null && isValue(c, entity)) {
    refer(c, name, entity, { role: use.role, node: e });
    return mayStand(x, e, entity) ? entityType(x, entity) : UNKNOWN;
  }
  return checkBareMember(x, e, { expected: use.expected, entity });
}

/** Whether an expression takes its type from the other side: a bare member, `null`, `{...}`. */
export function isBare(x: ExprCx, e: Expr): boolean {
  if (e.kind === 'null' || e.kind === 'set') return true;
  if (e.kind !== 'ident') return false;
  const entity = lookup(x, e.name.text);
  return entity === null || !isValue(x.c, entity);
}

/** Whether this kind of value may stand in this place; reports where not. */
function mayStand(x: ExprCx, e: NameExpr, entity: Entity): boolean {
  const { c, where } = x;
  if (entity.kind === 'const' || entity.kind === 'param') return true;
  if (where === 'const') {
    // Bound variables of a quantifier in a constant expression do not exist: all others are state.
    report(c, 'type', e.range, `\`${e.name.text}\` is ${kindName(entity)}, and this must be `
      + 'constant: only literals, consts and params may stand here');
    return false;
  }
  if (where === 'init' && entity.kind === 'shared') return declaredAbove(x, e, entity);
  return true;
}

function declaredAbove(x: ExprCx, e: NameExpr, entity: SharedEntity): boolean {
  if (x.rank === undefined || entity.rank < x.rank) return true;
  const message = `\`${e.name.text}\` is declared further down; an initial value may name only `
    + 'shared state declared above it';
  const { file, sym } = entity;
  const related = { file, range: sym.at.range, message: 'declared here' };
  report(x.c, 'name', e.range, explained(message, related));
  return false;
}

/** The type of what an entity's name stands for. */
export function entityType(x: ExprCx, entity: Entity): Type {
  const { c } = x;
  switch (entity.kind) {
    case 'const':
    case 'param':
      return constType(c, entity);
    case 'shared':
    case 'field':
      return typeOf(entity.decl.type, c.consts);
    case 'parameter':
      return typeOf(entity.param.type, c.consts);
    case 'local': {
      const { node } = entity;
      if (node.kind !== 'let') return turnType(c, node.domain);
      if (node.type !== null) return typeOf(node.type, c.consts);
      return c.localTypes.get(node) ?? UNKNOWN;
    }
    default:
      // Has no value.
      return UNKNOWN;
  }
}

/** What runs over a range is a number; over what is none, nobody knows. */
function turnType(c: Ctx, domain: Domain): Type {
  if (domain.kind === 'range') return INT;
  const entity = c.entities.get(domain);
  const type = entity?.kind === 'type' ? typeOf(entity.decl.type, c.consts) : UNKNOWN;
  return type.kind === 'int' ? INT : UNKNOWN;
}

/** The type of a const or param; its declaration is checked when it is first asked for. */
export function constType(c: Ctx, entity: ConstEntity | ParamEntity): Type {
  const { decl } = entity;
  const known = c.constTypes.get(decl);
  if (known !== undefined && known !== 'busy') return known;
  if (known === 'busy' || c.constDepth > MAX_CHAIN) {
    const message = known === 'busy' ? `\`${decl.name.text}\` is defined by itself`
      : `\`${decl.name.text}\` is defined through too many other constants (${MAX_CHAIN} at most)`;
    // A damaged one may have got a part of the next declaration for its value.
    if (!c.unread.damaged.has(decl)) {
      within(c, entity.file, decl, () => report(c, 'type', decl.name.range, message));
    }
    c.constTypes.set(decl, UNKNOWN);
    return UNKNOWN;
  }
  c.constTypes.set(decl, 'busy');
  c.constDepth++;
  let found: Type = UNKNOWN;
  within(c, entity.file, decl, () => {
    found = checkExpr({ c, where: 'const', scope: null, scenario: null }, decl.value, null);
  });
  c.constDepth--;
  const type = c.constTypes.get(decl) === 'busy' ? found : UNKNOWN;
  c.constTypes.set(decl, type);
  return type;
}

/** A name that is no variable: a member of the enum or flags type expected, or of only one. */
function checkBareMember(
  x: ExprCx, e: NameExpr, found: { readonly expected: Type | null; readonly entity: Entity | null },
): Type {
  const { c } = x;
  const { name } = e;
  const { expected, entity } = found;
  const wanted = expected?.kind === 'enum' || expected?.kind === 'flags' ? expected.name : null;
  const members = wanted === null ? null : membersOf(c, wanted);
  const member = members?.get(name.text);
  if (member !== undefined) return referMember(c, e, name, member);
  const candidates = c.membersByName.get(name.text) ?? [];
  const only = candidates[0];
  if (only !== undefined && candidates.length === 1 && wanted === null) {
    return referMember(c, e, name, only);
  }
  if (expected?.kind === 'unknown') {
    // What it should have been is not known because of another mistake.
    breakDecl(c);
  } else if (entity !== null) {
    refer(c, name, entity, { role: 'read', node: e });
    report(c, 'type', e.range, `\`${name.text}\` is ${kindName(entity)}, not a value`
      + valueHint(entity));
  } else if (wanted !== null && members !== null) {
    unknownMember(x, name, wanted, [...members.keys()]);
  } else if (candidates.length > 1) {
    const ways = candidates.map((m) => `\`${m.decl.name.text}.${name.text}\``).join(' or ');
    report(c, 'name', e.range,
      `\`${name.text}\` is a member of ${candidates.length} types; write ${ways}`);
  } else if (name.text === 'held' || name.text === 'holds') {
    report(c, 'name', e.range, `\`${name.text}\` asks about a lock: \`${name.text} L\``);
  } else {
    reportUnknown(c, name, valueNames(x), 'variable, constant or enum member');
  }
  return UNKNOWN;
}

function valueHint(entity: Entity): string {
  if (entity.kind === 'lock') return `; ask \`held ${entity.decl.name.text}\``;
  if (entity.kind === 'thread') return `; ask \`${entity.decl.name.text}.done\``;
  return '';
}

function* valueNames(x: ExprCx): Iterable<string> {
  yield* visibleNames(x, (entity) => isValue(x.c, entity));
  yield* x.c.membersByName.keys();
}

/** The members of an enum or flags type, by its name. */
export function membersOf(c: Ctx, type: string): ReadonlyMap<string, MemberEntity> | null {
  const entity = c.scope.get(type);
  if (entity?.kind !== 'enum' && entity?.kind !== 'flags') return null;
  return c.members.get(entity.decl) ?? null;
}

function referMember(c: Ctx, node: Expr, name: Name, member: MemberEntity): Type {
  refer(c, name, member, { role: 'read', node });
  return { kind: member.decl.kind, name: member.decl.name.text };
}

function unknownMember(x: ExprCx, name: Name, type: string, names: readonly string[]): void {
  const { c } = x;
  const elsewhere = c.membersByName.get(name.text)?.[0];
  const owner = c.scope.get(type)?.decl;
  if (elsewhere === undefined && mayBeUnread(c, name, owner)) {
    breakDecl(c);
    return;
  }
  const variables = visibleNames(x, (entity) => isValue(c, entity) && mayBeOf(c, entity, type));
  const other = elsewhere === undefined
    ? '' : ` (\`${name.text}\` is a member of \`${elsewhere.decl.name.text}\`)`;
  const hint = didYouMean(name.text, [...names, ...variables], choices('it has', names));
  report(c, 'name', name.range, `\`${type}\` has no member \`${name.text}\`${other}${hint}`);
}

/** Whether shared state or a parameter has this type; of anything else it is not known here. */
function mayBeOf(c: Ctx, entity: Entity, type: string): boolean {
  if (entity.kind !== 'shared' && entity.kind !== 'parameter') return true;
  const own = typeOf(entity.kind === 'shared' ? entity.decl.type : entity.param.type, c.consts);
  return (own.kind === 'enum' || own.kind === 'flags') && own.name === type;
}

export function checkIndex(x: ExprCx, e: IndexExpr, role: Role): Type {
  const { c } = x;
  const base = e.base.kind === 'ident'
    ? checkIdent(x, e.base, { expected: null, role })
    : checkExpr(x, e.base, null);
  c.types.set(e.base, base);
  need(x, e.index, INT);
  if (base.kind === 'array') return base.element;
  if (base.kind !== 'unknown') {
    report(c, 'type', e.base.range, `this is ${describe(base)}, not an array; it has no \`[...]\``);
  }
  return UNKNOWN;
}

export function checkField(x: ExprCx, e: FieldExpr, role: Role): Type {
  const { c } = x;
  if (e.base.kind === 'ident') {
    const entity = lookup(x, e.base.name.text);
    if (entity?.kind === 'enum' || entity?.kind === 'flags') return checkMember(x, e, entity);
    if (isThreadName(x, e.base.name)) return checkThreadField(x, e, e.base);
    if (entity?.kind === 'struct') {
      refer(c, e.base.name, entity, { role: 'type', node: e.base });
      const name = entity.decl.name.text;
      report(c, 'type', e.base.range, `\`${name}\` is a struct; name an object of it, `
        + `as a variable of type \`ref ${name}\``);
      return UNKNOWN;
    }
  }
  const base = checkExpr(x, e.base, null);
  if (base.kind === 'unknown' || e.field.text === '') {
    breakDecl(c);
    return UNKNOWN;
  }
  if (base.kind !== 'ref') {
    report(c, 'type', e.base.range, `this is ${describe(base)}; only a \`ref\` has fields`);
    return UNKNOWN;
  }
  return checkObjectField(x, e, { struct: base.struct, role });
}

function checkMember(
  x: ExprCx, e: FieldExpr, entity: Extract<Entity, { kind: 'enum' | 'flags' }>,
): Type {
  const { c } = x;
  if (e.base.kind === 'ident') refer(c, e.base.name, entity, { role: 'type', node: e.base });
  const members = c.members.get(entity.decl) ?? new Map<string, MemberEntity>();
  const member = members.get(e.field.text);
  if (member !== undefined) return referMember(c, e, e.field, member);
  unknownMember(x, e.field, entity.decl.name.text, [...members.keys()]);
  return UNKNOWN;
}

function checkObjectField(
  x: ExprCx, e: FieldExpr, use: { readonly struct: string; readonly role: Role },
): Type {
  const { c } = x;
  const struct = c.scope.get(use.struct);
  if (struct?.kind !== 'struct') return UNKNOWN;
  const fields = c.fields.get(struct.decl);
  const field = fields?.get(e.field.text);
  if (field === undefined) {
    const names = [...(fields?.keys() ?? [])];
    if (mayBeUnread(c, e.field, struct.decl)) breakDecl(c);
    else {
      report(c, 'name', e.field.range, `\`${use.struct}\` has no field \`${e.field.text}\``
        + didYouMean(e.field.text, names, choices('it has', names)));
    }
    return UNKNOWN;
  }
  refer(c, e.field, field, { role: use.role, node: e });
  if (field.kind === 'field') return typeOf(field.decl.type, c.consts);
  report(c, 'type', e.field.range, `\`${use.struct}.${e.field.text}\` is a lock, not a value`);
  return UNKNOWN;
}
