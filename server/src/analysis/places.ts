// What can be assigned to or is read as a place: a variable, an array element, a field.
import type { Expr } from '../syntax/ast.ts';
import { report } from './context.ts';
import type { Role } from './context.ts';
import type { Entity } from './entity.ts';
import { checkField, checkIdent, checkIndex } from './name-exprs.ts';
import { checkExpr } from './expr.ts';
import { kindName } from './scope.ts';
import type { ExprCx } from './scope.ts';
import { UNKNOWN } from './types.ts';
import type { Type } from './model.ts';

interface PlaceUse {
  readonly role: Role;
  /** The construct that works on shared state only, as it is called in a message; else null. */
  readonly sharedOnly: string | null;
}

/** Checks a place and records it as read or written; an array as a whole is no place. */
export function checkPlace(x: ExprCx, e: Expr, use: PlaceUse): Type {
  const { c } = x;
  const type = placeType(x, e, use);
  c.types.set(e, type);
  if (type.kind === 'int') c.pendingInts.push(e);
  if (type.kind === 'array') {
    report(c, 'type', e.range, 'this is an array; say which element: `[i]`');
    return UNKNOWN;
  }
  const entity = c.entities.get(e.kind === 'index' ? e.base : e);
  if (type.kind === 'unknown' || entity === undefined) return type;
  return mayBePlace(x, e, { ...use, entity }) ? type : UNKNOWN;
}

function placeType(x: ExprCx, e: Expr, use: PlaceUse): Type {
  switch (e.kind) {
    case 'ident':
      return checkIdent(x, e, { expected: null, role: use.role });
    case 'index':
      return checkIndex(x, e, use.role);
    case 'field':
      return checkField(x, e, use.role);
    case 'hole':
      return UNKNOWN;
    default: {
      // Any other expression has a value and no place.
      const type = checkExpr(x, e, null);
      if (type.kind !== 'unknown') {
        report(x.c, 'type', e.range, 'this is a value; a variable, an array element or a field '
          + 'must stand here');
      }
      return UNKNOWN;
    }
  }
}

function mayBePlace(x: ExprCx, e: Expr, use: PlaceUse & { readonly entity: Entity }): boolean {
  const { c } = x;
  const { entity, sharedOnly } = use;
  if (entity.kind === 'shared' || entity.kind === 'field') return true;
  const name = entity.sym.name;
  if (sharedOnly !== null) {
    report(c, 'type', e.range, `${sharedOnly} works on shared state; \`${name}\` is `
      + `${kindName(entity)}, which no other thread sees`);
    return false;
  }
  if (entity.kind === 'parameter') return true;
  if (entity.kind === 'local' && entity.node.kind === 'let') return true;
  if (use.role !== 'write') return true;
  const why = entity.kind === 'local' ? 'runs over its range' : `is ${kindName(entity)}`;
  report(c, 'type', e.range, `\`${name}\` ${why} and cannot be assigned`);
  return false;
}
