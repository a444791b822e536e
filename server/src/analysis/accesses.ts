// Which shared state a lowered step touches, and how: by its site, for messages and for rules.
import { unreachable } from '../text/unreachable.ts';
import type {
  Access, Expr, Instr, Program, SiteId, ThreadIdx,
} from '../../../simulator/src/program.ts';
import { operandsIn, operandsOf, placing, type Operand } from './operands.ts';

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
  return operandsOf(instr).flatMap((operand) => touches(operand, true));
}

/** Every access at this site in the thread's code, with whether it reads or writes. */
export function touchesAt(
  program: Program, thread: ThreadIdx, site: SiteId,
): readonly Touch[] {
  const code = program.threads[thread]?.code ?? [];
  return code.flatMap(touchesOf).filter((touch) => touch.access.site === site);
}

export function loads(expr: Expr, certain: boolean): readonly Touch[] {
  return operandsIn(expr).flatMap((operand) => touches(operand, certain));
}

function touches(operand: Operand, certain: boolean): readonly Touch[] {
  switch (operand.kind) {
    case 'value': return loads(operand.expr, certain && operand.certain);
    case 'lock': return placing(operand.lock).flatMap((part) => loads(part, certain));
    case 'access': {
      const { access, does } = operand;
      const inside = placing(access).flatMap((part) => loads(part, certain));
      const read = { access, write: false, certain };
      if (does === 'read') return [...inside, read];
      if (does === 'write') return [...inside, { access, write: true, certain }];
      return [...inside, read, { access, write: true, certain: false }];
    }
    case 'local': return [];
    default: return unreachable(operand);
  }
}
