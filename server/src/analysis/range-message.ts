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
  const { subject, thread, step, statement = step } = violation;
  const text = siteOf(lowered, statement).text;
  if (subject === null) return `${who} divides by zero in \`${text}\``.trimStart();
  const { program } = lowered;
  const steps = (program.threads[thread ?? -1]?.code ?? [])
    .filter((it) => it.site === statement);
  const env = state === null || thread === null ? null : envOf(program, state, thread);
  const outside = env === null ? null : outsideIndex({ lowered, subject, env }, steps);
  if (outside !== null) return outside;
  const instr = steps.find((it) => targetName(lowered, it) === subject);
  const bounds = instr === undefined ? null : boundsOf(lowered, instr);
  const value = instr === undefined || env === null ? null : valueOf(instr, env);
  if (bounds === null || (value !== null && inside(value, bounds))) {
    return `\`${text}\` leaves the range of \`${subject}\``;
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

interface Asked {
  readonly lowered: Lowered;
  readonly subject: string;
  readonly env: Env;
}

/** `index 2 is outside pte (0..1)`; null where no index of `subject` is. */
function outsideIndex(
  { lowered: { program }, subject, env }: Asked, steps: readonly Instr[],
): string | null {
  const accesses = steps.flatMap(touchesOf).map(({ access }) => ({
    name: program.places[access.place]?.name, index: access.ref === null ? access.index : null,
    count: program.places[access.place]?.count ?? 0,
  }));
  const locks = steps.flatMap((it) => ('lock' in it ? [it.lock] : [])).map((lock) => ({
    name: program.classes[program.locks[lock.base]?.cls ?? -1]?.name,
    index: lock.index, count: lock.count,
  }));
  for (const { name, index, count } of [...accesses, ...locks]) {
    const value = name === subject && index !== null ? evaluate(index, env) : null;
    if (value === null || (value >= 0 && value < count)) continue;
    return `index ${value} is outside \`${subject}\` (0..${count - 1})`;
  }
  return null;
}
