// Which locks and fields a program's threads and properties name at all: a module's struct has
// more of them than one spec has a use for, and what nobody names never changes.
import { unreachable } from '../text/unreachable.ts';
import type { CellIdx, ClassIdx, PlaceIdx, Program } from '../../../simulator/src/program.ts';
import { operandsIn, operandsOf, placing, type Operand } from './operands.ts';

export interface Named {
  /** Not those that only guards and orders name. */
  readonly classes: ReadonlySet<ClassIdx>;
  /** Cells of fields that are neither read nor written. */
  readonly idle: ReadonlySet<CellIdx>;
}

/** Programs are immutable, and every state of a run asks. */
const known = new WeakMap<Program, Named>();

export function namedIn(program: Program): Named {
  const found = known.get(program) ?? namesOf(program);
  known.set(program, found);
  return found;
}

function namesOf(program: Program): Named {
  const classes = new Set<ClassIdx>();
  const places = new Set<PlaceIdx>();
  const visit = (operand: Operand): void => {
    switch (operand.kind) {
      case 'value': return operandsIn(operand.expr).forEach(visit);
      case 'lock':
        classes.add(program.locks[operand.lock.base]?.cls ?? -1);
        return placing(operand.lock).flatMap(operandsIn).forEach(visit);
      case 'access':
        places.add(operand.access.place);
        return placing(operand.access).flatMap(operandsIn).forEach(visit);
      case 'local': return;
      default: return unreachable(operand);
    }
  };
  for (const instr of program.threads.flatMap(({ code }) => code)) {
    operandsOf(instr).forEach(visit);
    if (instr.op === 'new') for (const { place } of instr.inits) places.add(place);
  }
  for (const { expr } of program.properties) operandsIn(expr).forEach(visit);
  const idle = program.places.flatMap(({ pool, base, count }, place) =>
    (pool === null || places.has(place) ? []
      : Array.from({ length: Math.max(count, program.pools[pool]?.count ?? 0) }, (_, i) =>
        base + i)));
  return { classes, idle: new Set(idle) };
}
