// Whether a property has a value in every state: none where it meets a null or freed reference, an
// index out of bounds, a division by zero. Such a state ends its runs.
import type { Expr, Program, RegIdx } from '../program.ts';
import { operandsOf } from '../reduction/reads.ts';

interface Bounds {
  readonly lo: number;
  readonly hi: number;
}
/** Of the quantifiers around. */
type Bound = ReadonlyMap<RegIdx, Bounds>;

/** Whether there may be states in which it cannot be judged, as far as is plain to see. */
export function mayFail(program: Program, expr: Expr): boolean {
  return fails(program, expr, new Map());
}

function fails(program: Program, e: Expr, bound: Bound): boolean {
  if (e.kind === 'load') {
    const { ref, index, place } = e.access;
    if (ref !== null || !isWithin(index, program.places[place]!.count, bound)) return true;
  }
  if (e.kind === 'held' || e.kind === 'holds') {
    if (e.lock.ref !== null || !isWithin(e.lock.index, e.lock.count, bound)) return true;
  }
  if (e.kind === 'binary' && (e.op === '/' || e.op === '%')) {
    if (e.right.kind !== 'const' || e.right.value === 0) return true;
  }
  if (e.kind === 'quantifier') {
    return [e.lo, e.hi].some((end) => fails(program, end, bound))
      || fails(program, e.body, within(bound, e));
  }
  return operandsOf(e).some((operand) => fails(program, operand, bound));
}

/** Inside the quantifier. */
function within(bound: Bound, { reg, lo, hi }: Expr & { kind: 'quantifier' }): Bound {
  const inside = new Map(bound);
  const [from, to] = [boundsOf(lo, bound), boundsOf(hi, bound)];
  if (from === null || to === null) inside.delete(reg);
  else inside.set(reg, { lo: from.lo, hi: to.hi });
  return inside;
}

function isWithin(index: Expr | null, count: number, bound: Bound): boolean {
  if (index === null) return true;
  const bounds = boundsOf(index, bound);
  return bounds !== null && bounds.lo >= 0 && bounds.hi < count;
}

function boundsOf(e: Expr, bound: Bound): Bounds | null {
  if (e.kind === 'const') return { lo: e.value, hi: e.value };
  return e.kind === 'reg' ? bound.get(e.reg) ?? null : null;
}
