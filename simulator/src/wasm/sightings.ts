// Byte tables of what was seen at resting places: locks held (1 not, 2 for reading, 4 for writing),
// RCU (1 outside, 2 inside), and who stands beside whom. The interpreter keeps the same tables.
import type { Layout } from '../layout.ts';
import type { LockIdx, Pc, Program, ThreadIdx } from '../program.ts';
import { restBase } from '../facts.ts';
import { SIGHTINGS_AT } from './memory.ts';

interface Place {
  readonly program: Program;
  readonly layout: Layout;
}

const restNumber = ({ layout }: Place, t: ThreadIdx, pc: Pc): number =>
  restBase(layout, t) + layout.restOf[t]![pc]!;

export const nRests = (layout: Layout): number => restBase(layout, layout.rests.length);

export function factAddress(
  place: Place, at: { t: ThreadIdx; pc: Pc; lock: LockIdx },
): number {
  const rest = restNumber(place, at.t, at.pc);
  return SIGHTINGS_AT + rest * place.program.locks.length + at.lock;
}

export const rcuAt = ({ program, layout }: Place): number =>
  SIGHTINGS_AT + nRests(layout) * program.locks.length;

export const rcuAddress = (place: Place, at: { t: ThreadIdx; pc: Pc }): number =>
  rcuAt(place) + restNumber(place, at.t, at.pc);

export const besideAt = (place: Place): number => rcuAt(place) + nRests(place.layout);

/** Address behind the tables, a multiple of 16. */
export function sightingsEnd(place: Place, withBeside: boolean): number {
  const n = nRests(place.layout);
  return Math.ceil((besideAt(place) + (withBeside ? n * n : 0)) / 16) * 16;
}
