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

/** Whether there may be states in which one of these cannot be judged, as far as is plain to see. */
export function mayFail(program: Program, expr: Expr): boolean {
  return fails(program, expr, new Map());
}

function fails(program: Program, e: Expr, bound: Bound): boolean {
  switch (e.kind) {
    case 'load': {
      const { ref, index, place } = e.access;
      if (ref !== null || !isWithin(index, program.places[place]!.count, bound)) return true;
      break;
    }
    case 'held':
    case 'holds':
      if (e.lock.ref !== null || !isWithin(e.lock.index, e.lock.count, bound)) return true;
      break;
    case 'binary':
      if ((e.op === '/' || e.op === '%') && !(e.right.kind === 'const' && e.right.value !== 0)) {
        return true;
      }
      break;
    case 'quantifier': {
      if (fails(program, e.lo, bound) || fails(program, e.hi, bound)) return true;
      const [lo, hi] = [boundsOf(e.lo, bound), boundsOf(e.hi, bound)];
      const inside = new Map(bound);
      inside.delete(e.reg);
      if (lo !== null && hi !== null) inside.set(e.reg, { lo: lo.lo, hi: hi.hi });
      return fails(program, e.body, inside);
    }
    default:
      // The others have a value if their operands have.
  }
  return operandsOf(e).some((operand) => fails(program, operand, bound));
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
