// Types where they are written: names resolved, bounds worked out and checked.
import type { Expr, TypeExpr } from '../syntax/ast.ts';
import { breakDecl, refer, report } from './context.ts';
import type { Ctx } from './context.ts';
import { checkConstant } from './const-check.ts';
import { MAX_CELL_VALUE, MAX_CHAIN, MAX_LENGTH } from './limits.ts';
import { kindName, reportUnknown } from './scope.ts';
import { INT } from './types.ts';

/** Checks a type; `arrays`: whether an array may stand here (shared state only). */
export function checkTypeExpr(c: Ctx, t: TypeExpr, use: { readonly arrays: boolean }): void {
  switch (t.kind) {
    case 'bool':
      return;
    case 'hole':
      return breakDecl(c);
    case 'range': {
      const lo = checkConstant(c, t.lo, INT);
      const hi = checkConstant(c, t.hi, INT);
      if (lo !== null && hi !== null) checkBounds(c, t, { lo, hi });
      return;
    }
    case 'ref':
      return checkRef(c, t);
    case 'named':
      return checkNamedType(c, t, use);
    default:
      // `array`.
      return checkArrayType(c, t, use);
  }
}

/** What is wrong with the bounds of a range, or null. */
export function boundsProblem(lo: number, hi: number): string | null {
  if (lo > hi) return `the range ${lo}..${hi} is empty`;
  const fits = lo >= -MAX_CELL_VALUE && hi <= MAX_CELL_VALUE && hi - lo <= MAX_CELL_VALUE;
  return fits ? null : `the range ${lo}..${hi} is too large; its values and their distance must `
    + `fit 32 bits (${MAX_CELL_VALUE} at most)`;
}

function checkBounds(c: Ctx, t: TypeExpr, bounds: { lo: number; hi: number }): void {
  const problem = boundsProblem(bounds.lo, bounds.hi);
  if (problem !== null) report(c, 'type', t.range, problem);
}

function checkRef(c: Ctx, t: Extract<TypeExpr, { kind: 'ref' }>): void {
  const { struct } = t;
  const entity = c.scope.get(struct.text);
  if (entity === undefined) {
    const structs = [...c.scope].filter(([, e]) => e.kind === 'struct').map(([name]) => name);
    return reportUnknown(c, struct, structs, 'struct');
  }
  refer(c, struct, entity, { role: 'type' });
  if (entity.kind === 'struct') return;
  report(c, 'type', struct.range, `\`${struct.text}\` is ${kindName(entity)}, not a struct`);
}

function checkNamedType(
  c: Ctx, t: Extract<TypeExpr, { kind: 'named' }>, use: { readonly arrays: boolean },
): void {
  const { name } = t;
  const entity = c.scope.get(name.text);
  if (entity === undefined) {
    const names = [...c.scope].filter(([, e]) => isType(e.kind)).map(([n]) => n);
    return reportUnknown(c, name, names, 'type');
  }
  refer(c, name, entity, { role: 'type' });
  if (isType(entity.kind)) {
    if (entity.kind === 'type' && !use.arrays && isArray(c, entity.decl.type)) noArrays(c, t);
    return;
  }
  const hint = entity.kind === 'struct' ? `; write \`ref ${name.text}\`` : '';
  report(c, 'type', name.range, `\`${name.text}\` is ${kindName(entity)}, not a type${hint}`);
}

function isType(kind: string): boolean {
  return kind === 'type' || kind === 'enum' || kind === 'flags';
}

function isArray(c: Ctx, t: TypeExpr, depth = 0): boolean {
  if (t.kind === 'array') return true;
  if (t.kind !== 'named' || depth > MAX_CHAIN) return false;
  const entity = c.scope.get(t.name.text);
  return entity?.kind === 'type' && isArray(c, entity.decl.type, depth + 1);
}

function noArrays(c: Ctx, t: TypeExpr): void {
  report(c, 'type', t.range, 'only shared state can be an array');
}

function checkArrayType(
  c: Ctx, t: Extract<TypeExpr, { kind: 'array' }>, use: { readonly arrays: boolean },
): void {
  if (!use.arrays) noArrays(c, t);
  if (t.element.kind === 'range') {
    report(c, 'type', t.element.range, 'an array of a range needs a name for it: '
      + '`type page = a..b`, then `page[N]`');
  } else {
    checkTypeExpr(c, t.element, { arrays: true });
    if (isArray(c, t.element)) {
      report(c, 'type', t.element.range, 'an array of arrays is not possible; use one array');
    }
  }
  checkLength(c, t.length, 'an array');
}

/** The length of an array or the number of objects: constant and at least 1. */
export function checkLength(c: Ctx, e: Expr, what: string): number | null {
  const length = checkConstant(c, e, INT);
  if (length === null) return null;
  const problem = lengthProblem(length, what);
  if (problem !== null) report(c, 'type', e.range, problem);
  return problem === null ? length : null;
}

/** What is wrong with a length, or null. */
export function lengthProblem(length: number, what: string): string | null {
  if (length < 1) return `${what} has at least one element, not ${length}`;
  return length <= MAX_LENGTH ? null : `${what} has at most ${MAX_LENGTH} elements, not ${length}`;
}
