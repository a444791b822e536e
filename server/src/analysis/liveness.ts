// What a thread may still read from each point of its code on: its locals, and places of shared
// state. What is not read again makes no difference between two states of a walk.
import type { CellIdx, Instr, Pc, PlaceIdx } from '../../../simulator/src/program.ts';
import { unreachable } from '../text/unreachable.ts';
import { touchesOf } from './accesses.ts';
import { operandsIn, operandsOf, placing, type Operand } from './operands.ts';

export interface Live {
  readonly locals: ReadonlySet<CellIdx>;
  readonly places: ReadonlySet<PlaceIdx>;
}

interface Flow {
  readonly uses: readonly CellIdx[];
  readonly reads: readonly PlaceIdx[];
  readonly sets: CellIdx | null;
  readonly next: readonly Pc[];
}

/** By pc: just before the instruction. */
export function livenessOf(code: readonly Instr[]): readonly Live[] {
  const flows = code.map(flowOf);
  const live = code.map(() => ({ locals: new Set<CellIdx>(), places: new Set<PlaceIdx>() }));
  for (let changed = true; changed;) {
    changed = false;
    for (let pc = code.length - 1; pc >= 0; pc--) {
      const flow = flows[pc];
      const at = live[pc];
      if (flow === undefined || at === undefined) continue;
      const before = at.locals.size + at.places.size;
      for (const next of flow.next) {
        for (const cell of live[next]?.locals ?? []) if (cell !== flow.sets) at.locals.add(cell);
        for (const place of live[next]?.places ?? []) at.places.add(place);
      }
      for (const cell of flow.uses) at.locals.add(cell);
      for (const place of flow.reads) at.places.add(place);
      changed ||= at.locals.size + at.places.size !== before;
    }
  }
  return live;
}

function flowOf(instr: Instr): Flow {
  const assigns = instr.op === 'set' || instr.op === 'any' || instr.op === 'new';
  return {
    uses: operandsOf(instr).flatMap(localsIn),
    reads: touchesOf(instr).filter((touch) => !touch.write).map((touch) => touch.access.place),
    sets: assigns && instr.target.kind === 'local' ? instr.target.cell : null,
    next: successors(instr),
  };
}

function localsIn(operand: Operand): readonly CellIdx[] {
  switch (operand.kind) {
    case 'local': return operand.does === 'read' ? [operand.cell] : [];
    case 'value': return operandsIn(operand.expr).flatMap(localsIn);
    case 'access': return placing(operand.access).flatMap((it) => operandsIn(it).flatMap(localsIn));
    case 'lock': return placing(operand.lock).flatMap((it) => operandsIn(it).flatMap(localsIn));
    default: return unreachable(operand);
  }
}

function successors(instr: Instr): readonly Pc[] {
  if (instr.op === 'end') return [];
  if (instr.op === 'choose') return instr.targets;
  return instr.op === 'branch' ? [instr.next, instr.otherwise] : [instr.next];
}
