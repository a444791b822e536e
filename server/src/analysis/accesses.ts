// Which shared state a lowered step touches, and how: by its site, for messages and for rules.
import { unreachable } from '../text/unreachable.ts';
import type {
  Access, Expr, Instr, LockRef, Program, SiteId, Target, ThreadIdx,
} from '../../../simulator/src/program.ts';

export interface Touch {
  readonly access: Access;
  readonly write: boolean;
  /** Not where the step may leave it out: behind `&&`, in a quantifier's body. */
  readonly certain: boolean;
}

/** In the order of evaluation: values before what they are stored to. */
export function touchesOf(instr: Instr): readonly Touch[] {
  const found = known.get(instr) ?? touchesIn(instr);
  known.set(instr, found);
  return found;
}

/** Programs are immutable, and walks ask again and again. */
const known = new WeakMap<Instr, readonly Touch[]>();

function touchesIn(instr: Instr): readonly Touch[] {
  switch (instr.op) {
    case 'set': return [...loads(instr.value, true), ...stores(instr.target)];
    case 'any':
      return [...loads(instr.lo, true), ...loads(instr.hi, true), ...stores(instr.target)];
    case 'branch':
    case 'await':
    case 'assert': return loads(instr.cond, true);
    case 'acquire':
    case 'try':
    case 'release':
    case 'downgrade': return lockLoads(instr.lock, true);
    case 'cmpxchg': return [
      ...loads(instr.old, true), ...loads(instr.value, true), ...inside(instr.access, true),
      { access: instr.access, write: false, certain: true },
      { access: instr.access, write: true, certain: false },
    ];
    case 'new':
      return [...instr.inits.flatMap((it) => loads(it.value, true)), ...stores(instr.target)];
    case 'free': return loads(instr.value, true);
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

/** Every access at this site in the thread's code, with whether it reads or writes. */
export function touchesAt(
  program: Program, thread: ThreadIdx, site: SiteId,
): readonly Touch[] {
  const code = program.threads[thread]?.code ?? [];
  return code.flatMap(touchesOf).filter((touch) => touch.access.site === site);
}

export function loads(expr: Expr, certain: boolean): readonly Touch[] {
  switch (expr.kind) {
    case 'load':
      return [
        ...inside(expr.access, certain), { access: expr.access, write: false, certain },
      ];
    case 'not':
    case 'neg': return loads(expr.operand, certain);
    case 'binary': {
      const skips = expr.op === '&&' || expr.op === '||' || expr.op === '=>';
      return [...loads(expr.left, certain), ...loads(expr.right, certain && !skips)];
    }
    case 'one_of':
      return [
        ...loads(expr.value, certain), ...expr.items.flatMap((item) => loads(item, false)),
      ];
    case 'between':
      return [
        ...loads(expr.value, certain), ...loads(expr.lo, certain), ...loads(expr.hi, false),
      ];
    case 'quantifier':
      return [
        ...loads(expr.lo, certain), ...loads(expr.hi, certain), ...loads(expr.body, false),
      ];
    case 'held':
    case 'holds': return lockLoads(expr.lock, certain);
    case 'const':
    case 'local':
    case 'reg':
    case 'done':
    case 'at':
    case 'outcome':
    case 'self_ref':
    case 'self_index': return [];
    default: return unreachable(expr);
  }
}

/** What working out the place reads: `mm_vma` in `mm_vma.flags`. */
function inside(access: Access, certain: boolean): readonly Touch[] {
  return [
    ...(access.ref === null ? [] : loads(access.ref, certain)),
    ...(access.index === null ? [] : loads(access.index, certain)),
  ];
}

function lockLoads(lock: LockRef, certain: boolean): readonly Touch[] {
  return [
    ...(lock.ref === null ? [] : loads(lock.ref, certain)),
    ...(lock.index === null ? [] : loads(lock.index, certain)),
  ];
}

function stores(target: Target): readonly Touch[] {
  if (target.kind !== 'store') return [];
  return [
    ...inside(target.access, true), { access: target.access, write: true, certain: true },
  ];
}
