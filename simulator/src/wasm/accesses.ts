// The accesses that a step can make, read off its code, and which pairs of them can race at all.
import {
  stepOf, type Access, type Expr, type Instr, type Pc, type Program, type SiteId, type Target,
  type ThreadIdx,
} from '../program.ts';
import { operandsOf } from '../reduction/reads.ts';
import { stepFlow } from './flow.ts';

export interface StepAccess {
  readonly access: Access;
  readonly write: boolean;
  /** The step it belongs to. */
  readonly step: SiteId;
}

/** Every access of the step that begins at `pc`; those of `shared atomic` are left out. */
export function accessesOf(program: Program, t: ThreadIdx, pc: Pc): readonly StepAccess[] {
  const { code } = program.threads[t]!;
  const found: StepAccess[] = [];
  for (const at of stepFlow(code, pc).order) {
    const instr = code[at]!;
    const add = (access: Access, write: boolean): void => {
      if (!program.places[access.place]!.atomic) found.push({ access, write, step: stepOf(instr) });
      for (const operand of [access.ref, access.index]) if (operand !== null) loads(operand, add);
    };
    ofInstr(instr, add);
  }
  return found;
}

type Add = (access: Access, write: boolean) => void;

function ofInstr(instr: Instr, add: Add): void {
  const target = (to: Target): void => { if (to.kind === 'store') add(to.access, true); };
  switch (instr.op) {
    case 'set': loads(instr.value, add); target(instr.target); return;
    case 'any': loads(instr.lo, add); loads(instr.hi, add); target(instr.target); return;
    case 'branch':
    case 'await':
    case 'assert': loads(instr.cond, add); return;
    case 'cmpxchg':
      loads(instr.old, add);
      loads(instr.value, add);
      add(instr.access, false);
      add(instr.access, true);
      return;
    case 'new':
      for (const init of instr.inits) loads(init.value, add);
      target(instr.target);
      return;
    case 'free': loads(instr.value, add); return;
    case 'acquire':
    case 'try':
    case 'release':
    case 'downgrade':
      for (const operand of [instr.lock.ref, instr.lock.index]) {
        if (operand !== null) loads(operand, add);
      }
      return;
    default:
      // No operands.
      return;
  }
}

/** Every load in an expression. */
function loads(e: Expr, add: Add): void {
  if (e.kind === 'load') add(e.access, false);
  else for (const inner of operandsOf(e)) loads(inner, add);
}

/** The expression's value stays what it is from the step's beginning to any access in it. */
export function isSteady(program: Program, at: { t: ThreadIdx; pc: Pc }, e: Expr): boolean {
  const { code } = program.threads[at.t]!;
  const written = new Set(stepFlow(code, at.pc).order.flatMap((pc) => {
    const instr = code[pc]!;
    if (instr.op !== 'set' && instr.op !== 'any' && instr.op !== 'new') return [];
    return instr.target.kind === 'local' ? [instr.target.cell] : [];
  }));
  const steady = (inner: Expr): boolean => {
    if (inner.kind === 'load' || inner.kind === 'reg' || inner.kind === 'quantifier') return false;
    if (inner.kind === 'held' || inner.kind === 'holds') return false;
    if (inner.kind === 'binary' && (inner.op === '/' || inner.op === '%')) return false;
    if (inner.kind === 'local') return !written.has(inner.cell);
    return operandsOf(inner).every(steady);
  };
  return steady(e);
}
