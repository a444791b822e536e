// Guards that a step certainly breaks, in one state of a walk.
import type { Expr, Instr } from '../../../simulator/src/program.ts';
import { touchesOf } from './accesses.ts';
import { evaluate } from './evaluate.ts';
import { guardHolds } from './run-state.ts';
import { envAt } from './walk-state.ts';
import type { WalkState } from './walk-state.ts';
import { event } from './walk-core.ts';
import type { Event, Walker } from './walk-core.ts';

export function brokenGuards(w: Walker, instr: Instr, state: WalkState): readonly Event[] {
  const outer = envAt(w.program, state);
  const valueOf = (expr: Expr | null): number | null =>
    expr === null ? null : evaluate(expr, outer);
  return touchesOf(instr).flatMap(({ access, write, certain }): readonly Event[] => {
    const place = w.program.places[access.place];
    const guard = write ? place?.writeGuard : place?.readGuard;
    if (!certain || place === undefined || guard === undefined || guard === null) return [];
    const self = { ref: valueOf(access.ref), index: valueOf(access.index) };
    const kept = guardHolds(guard, envAt(w.program, state, self), state.rcu > 0);
    if (kept !== false) return [];
    return [{ ...event(state, instr, 'guard', place.name), site: access.site, write }];
  });
}
