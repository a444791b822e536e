// The simulator's whole face: a program in, a verdict or a run out. No clock, no files, no timers.
import { unreachable } from './assert.ts';
import type { Program } from './program.ts';
import {
  advanceStrategy, progressOf, startStrategy, stopThreads, verdictOf, type StrategyOptions,
} from './strategy.ts';
import type { Limits, Verdict } from './verdict.ts';

export { helpSearch, type HelperJob } from './parallel/helper.ts';
export type { Threads } from './parallel/parallel.ts';
export type * from './program.ts';
export type * from './verdict.ts';
export { MAX_CELL_VALUE, MAX_THREADS } from './program.ts';
export { run, type RunOptions } from './run.ts';
export { createSurvey, type Survey, type SurveyedRest, type Values } from './survey.ts';
export { KeptSearches } from './standing/kept-searches.ts';
export { ENGINE_VERSION } from './version.ts';
export {
  createWitness, type Condition, type Wanted, type Witness,
} from './witness.ts';

/** A gibibyte of states and edges; more states than that never fit. */
export const DEFAULT_LIMITS: Limits = { maxStates: 2 ** 31 - 2, maxMemory: 2 ** 30 };

/** Who computes successors; the verdict is the same. */
export interface SearchOptions extends StrategyOptions {
  /** `auto`: the interpreter first, generated code when that is worth it. */
  readonly engine?: 'auto' | 'interpreted' | 'generated' | undefined;
}

function engineOptions(options: SearchOptions): StrategyOptions {
  switch (options.engine) {
    case 'interpreted': return { codeAt: Infinity, leanAt: Infinity, reduction: false };
    case 'generated': return { codeAt: 0, ...options };
    case 'auto':
    case undefined: return options;
    default: return unreachable(options.engine);
  }
}

export interface Search {
  /** Explores at most `budget` states; true where nothing is left to explore. Not calling it again
   * cancels the search. */
  advance(budget: number): boolean;
  progress(): { readonly states: number; readonly expanded: number; readonly depth: number };
  /** As far as the search got. */
  verdict(): Verdict;
  /** Ends the threads that help; to be called where the search is given up. */
  stop(): void;
}

export function createSearch(
  program: Program, limits: Limits = DEFAULT_LIMITS, options: SearchOptions = {},
): Search {
  const standing = options.kept?.standing(program, limits) ?? null;
  if (standing !== null) return over(standing);
  const strategy = startStrategy(program, limits, engineOptions(options));
  return {
    advance: (budget) => advanceStrategy(strategy, budget),
    progress: () => progressOf(strategy),
    verdict: () => verdictOf(strategy),
    stop: () => stopThreads(strategy),
  };
}

/** A search with nothing left to explore. */
function over(verdict: Verdict): Search {
  const { states, depth } = verdict;
  return {
    advance: () => true,
    progress: () => ({ states, expanded: states, depth }),
    verdict: () => verdict,
    stop() {},
  };
}

/** The whole search in one call. */
export function check(
  program: Program, limits: Limits = DEFAULT_LIMITS, options: SearchOptions = {},
): Verdict {
  const search = createSearch(program, limits, options);
  while (!search.advance(65_536));
  return search.verdict();
}
