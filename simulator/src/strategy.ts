// How a scenario is decided. Plainly, as long as it is small: then everything is known exactly. If
// it grows, a reduced search decides what can be decided by it, and only the traces it owes are
// looked for plainly.
import { REDUCE_STATES, STRETCH_STATES, TRACE_STATES } from './bounds.ts';
import { conclude, concludeReduced } from './conclude.ts';
import { letGo } from './generated.ts';
import { canBeLean } from './lean.ts';
import { unknownTo } from './ledger.ts';
import type { Program } from './program.ts';
import {
  reductionName, reductionOf, type Reduction, type ReductionSwitches,
} from './reduction/reduction.ts';
import {
  advance, searchBytes, startSearch, type EngineOptions, type SearchState,
} from './search.ts';
import type { Limits, Verdict } from './verdict.ts';

export interface StrategyOptions extends Pick<EngineOptions, 'codeAt' | 'leanAt' | 'tableBits'> {
  /** Which reductions may be used; false: none. */
  readonly reduction?: boolean | ReductionSwitches | undefined;
  /** States of the plain search from which on a reduced one is made. */
  readonly reduceAt?: number | undefined;
  /** States to which the plain one then goes on for traces; 0: none is looked for. */
  readonly traceStates?: number | undefined;
}

export interface Strategy {
  readonly plain: SearchState;
  readonly options: StrategyOptions;
  /** Set once the plain search has become too large. */
  reduced: SearchState | null;
  /** Whether that has been considered. */
  considered: boolean;
  /** The verdict, once there is nothing left to explore. */
  last: Verdict | null;
}

export function startStrategy(
  program: Program, limits: Limits, options: StrategyOptions,
): Strategy {
  const reduces = options.reduction !== false;
  const plain = startSearch(program, limits, {
    codeAt: options.codeAt, leanAt: options.leanAt, tableBits: options.tableBits,
  });
  return { plain, options, reduced: null, considered: !reduces, last: null };
}

/** Explores at most `budget` states more. Returns true where there is nothing left to explore. */
export function advanceStrategy(s: Strategy, budget: number): boolean {
  const { plain } = s;
  if (!s.considered && plain.table.count >= (s.options.reduceAt ?? REDUCE_STATES)) consider(s);
  if (s.reduced !== null && !isOver(s.reduced)) {
    if (!advance(s.reduced, budget)) return false;
    letGo(s.reduced); // its memory is needed for the traces
    return owesNoTrace(s);
  }
  if (isOver(plain) || (s.reduced !== null && owesNoTrace(s))) return true;
  return advance(plain, s.considered ? budget : Math.min(budget, STRETCH_STATES));
}

const isOver = (search: SearchState): boolean => search.complete || search.bound !== null;

/** Begins a reduced search, if there is anything to be reduced; else the plain one becomes lean. */
function consider(s: Strategy): void {
  const { plain, options } = s;
  s.considered = true;
  if (isOver(plain)) return;
  if (!plain.graph.lean) plain.leanAt = options.leanAt ?? plain.table.count;
  const { program, machine } = plain.engine;
  const switches = typeof options.reduction === 'object' ? options.reduction : {};
  const reduction = canBeLean(plain) ? reductionOf(program, machine.layout, switches) : null;
  if (reduction === null) return;
  const limits = { ...plain.limits, maxMemory: plain.limits.maxMemory - searchBytes(plain) };
  const reduced = startSearch(program, limits, {
    codeAt: Infinity, leanAt: 0, reduction, tableBits: options.tableBits,
  });
  advance(reduced, 1);
  if (reduced.instance !== null || isOver(reduced)) s.reduced = reduced;
}

/** What the reduced search found has traces in the plain one, or will not get them in time. */
function owesNoTrace({ plain, reduced, options }: Strategy): boolean {
  if (reduced === null || reduced.bound !== null) return true;
  const owed = unknownTo(plain.ledger, reduced.ledger);
  const most = options.traceStates ?? TRACE_STATES;
  return owed.length === 0 || isOver(plain) || plain.table.count >= most;
}

/** The verdict as far as the search got. The last one lets go of what the search has needed. */
export function verdictOf(s: Strategy): Verdict {
  if (s.last !== null) return s.last;
  const { plain, reduced } = s;
  const verdict = reduced === null || plain.complete ? conclude(plain)
    : concludeReduced(plain, reduced, nameOf(reduced.reduction));
  if (!isOver(plain) && (reduced === null || !isOver(reduced) || !owesNoTrace(s))) return verdict;
  s.last = verdict;
  letGo(plain);
  if (reduced !== null) letGo(reduced);
  return verdict;
}

const nameOf = (reduction: Reduction | null): string =>
  (reduction === null ? 'none' : reductionName(reduction));
