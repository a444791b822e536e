// What a lowered step or expression works on, one level down, in the order of evaluation: values
// before what they are stored to. Whoever walks programs recurses from here.
import { unreachable } from '../text/unreachable.ts';
import type {
  Access, CellIdx, Expr, Guard, Instr, LockRef, Target,
} from '../../../simulator/src/program.ts';

export type Operand =
  /** `certain`: not where it may be left out (behind `&&`, in a quantifier's body). */
  | { readonly kind: 'value'; readonly expr: Expr; readonly certain: boolean }
  /** `exchange`: read, and written where it was as expected. */
  | {
      readonly kind: 'access';
      readonly access: Access;
      readonly does: 'read' | 'write' | 'exchange';
    }
  | { readonly kind: 'lock'; readonly lock: LockRef }
  | { readonly kind: 'local'; readonly cell: CellIdx; readonly does: 'read' | 'write' };

export function operandsOf(instr: Instr): readonly Operand[] {
  switch (instr.op) {
    case 'set': return [value(instr.value), ...stored(instr.target)];
    case 'any': return [value(instr.lo), value(instr.hi), ...stored(instr.target)];
    case 'branch':
    case 'await':
    case 'assert': return [value(instr.cond)];
    case 'acquire':
    case 'try':
    case 'release':
    case 'downgrade': return [{ kind: 'lock', lock: instr.lock }];
    case 'cmpxchg': return [
      value(instr.old), value(instr.value),
      { kind: 'access', access: instr.access, does: 'exchange' },
    ];
    case 'new': return [...instr.inits.map((init) => value(init.value)), ...stored(instr.target)];
    case 'free': return [value(instr.value)];
    case 'nop':
    case 'choose':
    case 'outcome':
    case 'rcu_lock':
    case 'rcu_unlock':
    case 'synchronize_rcu':
    case 'end': return [];
    default: return unreachable(instr);
  }
}

export function operandsIn(expr: Expr): readonly Operand[] {
  switch (expr.kind) {
    case 'local': return [{ kind: 'local', cell: expr.cell, does: 'read' }];
    case 'load': return [{ kind: 'access', access: expr.access, does: 'read' }];
    case 'not':
    case 'neg': return [value(expr.operand)];
    case 'binary': {
      const skips = expr.op === '&&' || expr.op === '||' || expr.op === '=>';
      return [value(expr.left), value(expr.right, !skips)];
    }
    case 'one_of': return [value(expr.value), ...expr.items.map((item) => value(item, false))];
    case 'between': return [value(expr.value), value(expr.lo), value(expr.hi, false)];
    case 'quantifier': return [value(expr.lo), value(expr.hi), value(expr.body, false)];
    case 'held':
    case 'holds': return [{ kind: 'lock', lock: expr.lock }];
    case 'const':
    case 'reg':
    case 'done':
    case 'at':
    case 'outcome':
    case 'self_ref':
    case 'self_index': return [];
    default: return unreachable(expr);
  }
}

/** The locks that a guard names. */
export function locksIn(guard: Guard | null): readonly LockRef[] {
  if (guard === null || guard.kind === 'rcu') return [];
  return guard.kind === 'lock' ? [guard.lock] : [...locksIn(guard.left), ...locksIn(guard.right)];
}

/** What says which object and which element is meant: `mm_vma` in `mm_vma.flags`. */
export function placing({ ref, index }: Pick<Access | LockRef, 'ref' | 'index'>): readonly Expr[] {
  return [...(ref === null ? [] : [ref]), ...(index === null ? [] : [index])];
}

function value(expr: Expr, certain = true): Operand {
  return { kind: 'value', expr, certain };
}

function stored(target: Target): readonly Operand[] {
  switch (target.kind) {
    case 'store': return [{ kind: 'access', access: target.access, does: 'write' }];
    case 'local': return [{ kind: 'local', cell: target.cell, does: 'write' }];
    case 'reg': return [];
    default: return unreachable(target);
  }
}
