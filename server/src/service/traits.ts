// What of a thread bears on how the whole program is numbered and called, as a text: what it works
// on in which order, where its steps stand, what it stores. What it asks and asserts of that is
// its own affair.
import { madeOnce } from '../../../simulator/src/kept.ts';
import type { Instr, Thread } from '../../../simulator/src/program.ts';
import { operandsIn, operandsOf, placing, type Operand } from '../analysis/operands.ts';
import { unreachable } from '../text/unreachable.ts';

export const traitsOf = madeOnce((thread: Thread): string => {
  let text = `${JSON.stringify(thread.decl)} ${thread.code.length}`;
  const add = (operand: Operand): void => {
    switch (operand.kind) {
      case 'value': return operandsIn(operand.expr).forEach(add);
      case 'lock':
        text += ` l${operand.lock.base},${operand.lock.pool}`;
        return placing(operand.lock).flatMap(operandsIn).forEach(add);
      case 'access': {
        const { access, does } = operand;
        text += ` ${does}${access.place},${access.site}`;
        return placing(access).flatMap(operandsIn).forEach(add);
      }
      case 'local':
        text += ` ${operand.does}${operand.cell}`;
        return;
      default: return unreachable(operand);
    }
  };
  for (const instr of thread.code) {
    text += ` ${instr.op} ${instr.site},${instr.within}`;
    operandsOf(instr).forEach(add);
    text += ownTraits(instr);
  }
  return text;
});

/** What is stored, and what no operand says. */
function ownTraits(instr: Instr): string {
  switch (instr.op) {
    case 'set': return JSON.stringify(instr.value);
    case 'any': return JSON.stringify([instr.lo, instr.hi]);
    case 'cmpxchg': return JSON.stringify(instr.value);
    case 'new': return JSON.stringify([instr.pool, instr.inits]);
    case 'free': return ` ${instr.pool}`;
    default: // The others store nothing.
      return '';
  }
}
