// Constant expressions where they are declared: typed, worked out, and what is wrong with them
// said.
import type { Expr } from '../syntax/ast.ts';
import type { Ctx } from './context.ts';
import { breakDecl, report } from './context.ts';
import { evaluate, isNumber } from './constants.ts';
import { need } from './expr.ts';
import type { ExprCx } from './scope.ts';
import type { Type } from './model.ts';

/** The value of a constant expression with the params' defaults; null where it has none. */
export function checkConstant(c: Ctx, e: Expr, wanted: Type): number | null {
  const x: ExprCx = { c, where: 'const', scope: null, scenario: null };
  const found = need(x, e, wanted);
  if (found.kind === 'unknown') {
    breakDecl(c);
    return null;
  }
  return valueOf(c, e);
}

/** Works out an expression that has been checked; reports why it has no value. */
export function valueOf(c: Ctx, e: Expr): number | null {
  const value = evaluate(e, c.consts);
  if (isNumber(value)) return value;
  if (value.why === null) breakDecl(c);
  else report(c, 'type', value.at, value.why);
  return null;
}
