// The value of a property in one state.
import type { Program, Property } from '../../simulator/src/index.ts';
import { evaluate, Fault } from './eval.ts';
import { threadOf, type State } from './state.ts';
import type { Told } from './step.ts';

/** What breaks on the way (`null_ref`, `range`) is a violation at the property. */
export function judge(program: Program, state: State, property: Property): boolean | Fault {
  const regs = Array.from({ length: program.nRegs }, () => 0);
  try {
    return evaluate(
      { program, state, regs, thread: null, checksLife: false, touch: () => undefined },
      property.expr,
    ) !== 0;
  } catch (wrong) {
    if (wrong instanceof Fault) return wrong;
    throw wrong;
  }
}

export const allDone = (program: Program, state: State): boolean =>
  state.threads.every((thread, i) => thread.pc < 0 || threadOf(program, i).background);

/** A final is asked only where all but background threads are done. */
export const isAsked = (program: Program, state: State, property: Property): boolean =>
  property.kind !== 'final' || allDone(program, state);

export const brokenProperties = (program: Program, state: State): Told[] =>
  program.properties.flatMap((property): Told[] => {
    if (!isAsked(program, state, property)) return [];
    const value = judge(program, state, property);
    if (!(value instanceof Fault)) return [];
    return [{ code: value.code, subject: value.subject, step: property.site }];
  });
