// Initial values where they are written: types, and what they may name.
import type { Expr, FieldDecl, SharedDecl } from '../syntax/ast.ts';
import { finishInts } from './bounds.ts';
import { report } from './context.ts';
import type { Ctx } from './context.ts';
import type { ExprCx } from './scope.ts';
import { describe } from './types.ts';
import type { Type } from './model.ts';
import { needValue } from './values.ts';

interface InitialUse {
  readonly init: Expr | null;
  readonly type: Type;
  readonly owner: SharedDecl | FieldDecl;
}

/** Of shared state, or of a field (which may name constants only). */
export function checkInitial(c: Ctx, use: InitialUse): void {
  const { init, type, owner } = use;
  if (init === null) return;
  const entity = c.entities.get(owner.name);
  const rank = entity?.kind === 'shared' ? entity.rank : 0;
  const where = owner.kind === 'shared' ? 'init' : 'const';
  const x: ExprCx = { c, where, scope: null, scenario: null, rank };
  if (init.kind === 'list') checkList(x, init.items, { init, type });
  else if (owner.kind === 'field' && init.kind === 'new') {
    report(c, 'type', init.range, 'a field\'s initial value is constant; give the object in '
      + '`new`, as `new s { field = ... }`');
  } else checkOne(x, init, type);
  finishInts(c, new Map());
}

function checkOne(x: ExprCx, e: Expr, type: Type): void {
  if (e.kind !== 'any' && e.kind !== 'cmpxchg' && e.kind !== 'call') {
    needValue(x, e, type.kind === 'array' ? type.element : type);
    return;
  }
  report(x.c, 'type', e.range, 'an initial value is constant, or `new`');
}

function checkList(
  x: ExprCx, items: readonly Expr[], use: { readonly init: Expr; readonly type: Type },
): void {
  const { c } = x;
  const { init, type } = use;
  if (type.kind === 'array') {
    c.types.set(init, type);
    for (const item of items) checkOne(x, item, type.element);
    return;
  }
  if (type.kind !== 'unknown') {
    report(c, 'type', init.range, `expected ${describe(type)}, found a list`);
  }
}
