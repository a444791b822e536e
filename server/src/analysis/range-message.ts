// `range` in words: a value outside its variable, an index outside its array, a division by zero.
import type { Instr, Target } from '../../../simulator/src/program.ts';
import type { Lowered } from './lowered.ts';

import { evaluate } from './evaluate.ts';
import type { Env } from './evaluate.ts';
import { touchesOf } from './accesses.ts';
import { envOf } from './run-state.ts';
import type { Case } from './run-state.ts';
import { siteOf } from './trace.ts';

export function rangeMessage({ lowered, violation, state, who }: Case): string {
  const { subject, thread } = violation;
  const text = siteOf(lowered, violation.step).text;
  if (subject === null) {
    return `division by zero, or an index outside its array, in \`${text}\``;
  }
  const { program } = lowered;
  const instr = program.threads[thread ?? -1]?.code
    .find((it) => it.site === violation.step && targetName(lowered, it) === subject);
  const env = state === null || thread === null ? null : envOf(program, state, thread);
  const outside = instr === undefined || env === null ? null : outsideIndex(lowered, instr, env);
  if (outside !== null) return outside;
  const value = instr === undefined || env === null ? null : valueOf(instr, env);
  const bounds = instr === undefined ? null : boundsOf(lowered, instr);
  if (bounds === null || (value !== null && inside(value, bounds))) {
    return `${who} leaves the range of \`${subject}\` in \`${text}\``;
  }
  const what = value === null ? 'a value outside' : `${value}, outside`;
  return `${who} assigns \`${subject}\` ${what} ${bounds.lo}..${bounds.hi}`;
}

interface Bounds {
  readonly lo: number;
  readonly hi: number;
}

function inside(value: number, { lo, hi }: Bounds): boolean {
  return lo <= value && value <= hi;
}

function targetOf(instr: Instr): Target | null {
  return instr.op === 'set' || instr.op === 'any' || instr.op === 'new' ? instr.target : null;
}

function targetName(lowered: Lowered, instr: Instr): string | null {
  if (instr.op === 'cmpxchg') return placeOf(lowered, instr.access.place);
  const target = targetOf(instr);
  if (target === null || target.kind === 'reg') return null;
  return target.kind === 'local' ? target.name : placeOf(lowered, target.access.place);
}

function placeOf(lowered: Lowered, place: number): string | null {
  return lowered.program.places[place]?.name ?? null;
}

function boundsOf(lowered: Lowered, instr: Instr): Bounds | null {
  const { cells, places } = lowered.program;
  if (instr.op === 'cmpxchg') return cells[places[instr.access.place]?.base ?? -1] ?? null;
  const target = targetOf(instr);
  if (target === null || target.kind === 'reg') return null;
  if (target.kind === 'local') return cells[target.cell] ?? null;
  return cells[places[target.access.place]?.base ?? -1] ?? null;
}

function valueOf(instr: Instr, env: Env): number | null {
  if (instr.op === 'set' || instr.op === 'cmpxchg') return evaluate(instr.value, env);
  return null;
}

/** `index 2 is outside pte (0..1)`. */
function outsideIndex(lowered: Lowered, instr: Instr, env: Env): string | null {
  for (const { access } of touchesOf(instr)) {
    const place = lowered.program.places[access.place];
    if (access.index === null || place === undefined || access.ref !== null) continue;
    const index = evaluate(access.index, env);
    if (index === null || (index >= 0 && index < place.count)) continue;
    return `index ${index} is outside \`${place.name}\` (0..${place.count - 1})`;
  }
  return null;
}
