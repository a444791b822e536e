// Whether a step can change the value of a property at all, by what the step's code may write.
import type { Expr, Instr, Pc, Program, ThreadIdx } from '../program.ts';
import { operandsOf } from '../reduction/reads.ts';

/** What a property looks at. */
export interface Looks {
  readonly places: Set<number>;
  /** `held`: any lock step may matter. */
  locks: boolean;
  /** Threads whose place or outcome is asked about. */
  readonly threads: Set<ThreadIdx>;
}

/** False only where no step of the thread through these instructions can change the value. */
export function mayChange(
  program: Program, expr: Expr, by: { t: ThreadIdx; order: readonly Pc[] },
): boolean {
  const looks = looksOf(expr);
  const { code } = program.threads[by.t]!;
  return looks.threads.has(by.t) || by.order.some((pc) => writes(program, code[pc]!, looks));
}

/** The same of all of the thread's steps. */
export function mayEverChange(program: Program, looks: Looks, t: ThreadIdx): boolean {
  return looks.threads.has(t)
    || program.threads[t]!.code.some((instr) => writes(program, instr, looks));
}

export function looksOf(expr: Expr): Looks {
  const looks: Looks = { places: new Set(), locks: false, threads: new Set() };
  look(expr, looks);
  return looks;
}

function look(e: Expr, into: Looks): void {
  for (const inner of operandsOf(e)) look(inner, into);
  if (e.kind === 'load') into.places.add(e.access.place);
  if (e.kind === 'held' || e.kind === 'holds') into.locks = true;
  if (e.kind === 'done' || e.kind === 'at' || e.kind === 'outcome') into.threads.add(e.thread);
}

function writes(program: Program, instr: Instr, { places, locks }: Looks): boolean {
  switch (instr.op) {
    case 'set':
    case 'any': return instr.target.kind === 'store' && places.has(instr.target.access.place);
    case 'cmpxchg': return places.has(instr.access.place);
    case 'new':
      return program.pools[instr.pool]!.fields.some(({ place }) => places.has(place))
        || instr.inits.some(({ place }) => places.has(place))
        || (instr.target.kind === 'store' && places.has(instr.target.access.place));
    case 'acquire':
    case 'try':
    case 'release':
    case 'downgrade': return locks;
    default:
      // Control flow, lifetimes (a freed field reads as it last was) and RCU.
      return false;
  }
}
