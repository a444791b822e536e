// `takes DURATION`: what a step costs in a workload.
import type { Expr, Takes } from '../syntax/ast.ts';
import { report } from './context.ts';
import type { Ctx } from './context.ts';
import { checkConstant } from './const-check.ts';
import { DURATION } from './types.ts';

export function checkTakes(c: Ctx, takes: Takes): void {
  switch (takes.kind) {
    case 'fixed':
      checkDuration(c, takes.value);
      return;
    case 'exp':
      checkDuration(c, takes.mean);
      return;
    default: {
      // `uniform`.
      const lo = checkDuration(c, takes.lo);
      const hi = checkDuration(c, takes.hi);
      if (lo === null || hi === null || lo <= hi) return;
      report(c, 'type', takes.range, 'the first duration is longer than the second');
    }
  }
}

/** A constant duration of zero or more; its ns, or null where it is none. */
export function checkDuration(c: Ctx, e: Expr): number | null {
  const ns = checkConstant(c, e, DURATION);
  if (ns !== null && ns < 0) report(c, 'type', e.range, 'a duration cannot be negative');
  return ns;
}
