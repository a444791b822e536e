// How a scenario is decided. Plainly, as long as it is small: then everything is known exactly. If
// it grows, a reduced search decides what can be decided by it, and only the traces it owes are
// looked for plainly.
import { REDUCE_STATES, SHARE_STATES, STRETCH_STATES, TRACE_STATES } from './bounds.ts';
import { conclude, concludeReduced } from './conclude.ts';
import { letGo } from './generated.ts';
import { canBeLean } from './lean.ts';
import { unknownTo } from './ledger.ts';
import { statesOf } from './parallel/link.ts';
import {
  advanceParallel, collect, giveUp, readiness, startParallel, type Parallel, type Threads,
} from './parallel/parallel.ts';
import { deepestUnknown, takeReports, type ShareReport } from './parallel/report.ts';
import { askedThreads } from './progress.ts';
import type { Program } from './program.ts';
import {
  reductionName, reductionOf, type Reduction, type ReductionSwitches,
} from './reduction/reduction.ts';
import {
  advance, searchBytes, startSearch, type EngineOptions, type SearchState,
} from './search.ts';
import type { KeptSearches } from './standing/kept-searches.ts';
import { codeStatesFor, noteSearch, thinStatesFor } from './sizes.ts';
import type { Limits, Verdict } from './verdict.ts';

type Engines = Pick<EngineOptions, 'codeAt' | 'thinAt' | 'leanAt' | 'tableBits' | 'sleep'>;

export interface StrategyOptions extends Engines {
  /** Which reductions may be used; false: none. */
  readonly reduction?: boolean | ReductionSwitches | undefined;
  /** States of the plain search from which on a reduced one is made. */
  readonly reduceAt?: number | undefined;
  /** States to which the plain one then goes on for traces; 0: none is looked for. */
  readonly traceStates?: number | undefined;
  /** Threads that may share a plain search; not set: there are none. */
  readonly threads?: Threads | undefined;
  /** States of the plain search from which on they do. */
  readonly shareAt?: number | undefined;
  /** Where it is kept when it has come to its end. */
  readonly kept?: KeptSearches | undefined;
}

export interface Strategy {
  readonly plain: SearchState;
  readonly options: StrategyOptions;
  /** Set once the plain search has become too large. */
  reduced: SearchState | null;
  /** Whether that has been considered. */
  considered: boolean;
  /** Set while several threads search what the plain search, which stands still, would. */
  parallel: Parallel | null;
  /** States of the plain one from which on that is tried; Infinity: no more. */
  shareAt: number;
  /** What they have found, and how deep the plain one has to go for what it has not met. */
  shared: { readonly reports: readonly ShareReport[]; readonly depth: number } | null;
  /** The verdict, once there is nothing left to explore. */
  last: Verdict | null;
}

export function startStrategy(
  program: Program, limits: Limits, options: StrategyOptions,
): Strategy {
  const reduces = options.reduction !== false;
  const plain = startSearch(program, limits, {
    codeAt: options.codeAt ?? codeStatesFor(program),
    thinAt: options.thinAt ?? thinStatesFor(program), leanAt: options.leanAt,
    tableBits: options.tableBits, sleep: options.sleep,
  });
  return {
    plain, options, reduced: null, considered: !reduces, parallel: null, shared: null,
    last: null,
    shareAt: options.threads === undefined ? Infinity : options.shareAt ?? SHARE_STATES,
  };
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
  if (s.shared !== null) return advanceToFound(s, s.shared);
  if (plain.table.count >= s.shareAt) share(s);
  if (s.parallel !== null) return advanceShared(s, s.parallel, budget);
  const grows = s.considered && s.shareAt === Infinity;
  return advance(plain, grows ? budget : Math.min(budget, STRETCH_STATES));
}

const isLean = ({ instance }: SearchState): boolean => instance?.lean === true;

const isOver = (search: SearchState): boolean => search.complete || search.bound !== null;

/** Begins a reduced search, if there is anything to be reduced; else the plain one becomes lean. */
function consider(s: Strategy): void {
  const { plain, options } = s;
  s.considered = true;
  if (isOver(plain)) return;
  if (!isLean(plain)) plain.leanAt = options.leanAt ?? plain.table.count;
  const { program, machine } = plain.engine;
  const wanted = typeof options.reduction === 'object' ? options.reduction : {};
  // who is stuck is asked by thread, and threads that change places would have to be followed
  const switches = askedThreads(program).length > 0 ? { ...wanted, symmetry: false } : wanted;
  const reduction = canBeLean(plain) ? reductionOf(program, machine.layout, switches) : null;
  if (reduction === null) return;
  const limits = { ...plain.limits, maxMemory: plain.limits.maxMemory - searchBytes(plain) };
  const reduced = startSearch(program, limits, {
    codeAt: Infinity, leanAt: 0, reduction, tableBits: options.tableBits,
  });
  advance(reduced, 1);
  if (reduced.instance !== null || isOver(reduced)) s.reduced = reduced;
}

/** Begins to share the search, if it is lean, and not reduced. */
function share(s: Strategy): void {
  const { plain, options, considered } = s;
  if (!considered || (!isLean(plain) && plain.leanAt !== Infinity)) return; // not yet
  s.shareAt = Infinity;
  if (!isLean(plain) || s.reduced !== null || options.threads === undefined) return;
  if (askedThreads(plain.engine.program).length > 0) return; // the sweeps go over one table
  s.parallel = startParallel(plain, options.threads, options.tableBits);
}

/** As long as the other threads are starting, the plain search goes on. */
function advanceShared(s: Strategy, parallel: Parallel, budget: number): boolean {
  const { plain } = s;
  const ready = readiness(parallel);
  if (ready === 'starting') {
    const done = advance(plain, Math.min(budget, STRETCH_STATES));
    if (done) stopThreads(s);
    return done;
  }
  const how = ready === 'failed' ? 'failed' : advanceParallel(parallel, budget);
  if (how === 'active') return false;
  const reports = how === 'failed' ? null : collect(parallel, how);
  stopThreads(s);
  if (reports !== null) s.shared = { reports, depth: deepestUnknown(plain, reports) };
  return false;
}

/** The plain search goes on to the violations that it has not met, for what is told of them. */
function advanceToFound(s: Strategy, shared: NonNullable<Strategy['shared']>): boolean {
  const { plain } = s;
  const isThere = plain.depth > shared.depth;
  if (!isThere && !advance(plain, STRETCH_STATES)) return false;
  if (plain.complete || plain.bound !== null) return true;
  letGo(plain);
  takeReports(plain, shared.reports);
  plain.complete = true;
  return true;
}

/** Ends the threads that share the search: it will not be called again, or goes on alone. */
export function stopThreads(s: Strategy): void {
  if (s.parallel === null) return;
  giveUp(s.parallel);
  s.parallel = null;
}

/** What the threads have seen so far; the search goes no further. */
function stopShared(s: Strategy, parallel: Parallel): void {
  const { plain } = s;
  const reports = collect(parallel, 'stopped');
  stopThreads(s);
  if (reports === null) return;
  const depth = deepestUnknown(plain, reports);
  while (plain.depth <= depth && !advance(plain, STRETCH_STATES));
  if (isOver(plain)) return;
  letGo(plain);
  takeReports(plain, reports);
  plain.bound = { kind: 'stopped' };
}

/** States found, and expanded, by all that search. */
export function progressOf(s: Strategy): { states: number; expanded: number; depth: number } {
  const { table, graph, depth } = s.reduced ?? s.plain;
  const shared = s.parallel === null ? 0 : statesOf(s.parallel.link);
  return { states: Math.max(table.count, shared), expanded: graph.nExpanded, depth };
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
  if (s.parallel !== null) stopShared(s, s.parallel);
  const verdict = reduced === null || plain.complete ? conclude(plain)
    : concludeReduced(plain, reduced, nameOf(reduced.reduction));
  if (!isOver(plain) && (reduced === null || !isOver(reduced) || !owesNoTrace(s))) return verdict;
  s.last = verdict;
  noteSearch(plain.engine.program, {
    transitions: plain.graph.nEdges, found: verdict.violations.length > 0,
  });
  if (s.shared === null) s.options.kept?.keep(plain, verdict);
  letGo(plain);
  if (reduced !== null) letGo(reduced);
  return verdict;
}

const nameOf = (reduction: Reduction | null): string =>
  (reduction === null ? 'none' : reductionName(reduction));
