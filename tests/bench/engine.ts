// How the bench asks the engine: the one place that knows which options a search has.
import {
  createSearch, type KeptSearches, type Limits, type Program, type Search, type Threads,
  type Verdict,
} from '../../simulator/src/index.ts';

export interface EngineOptions {
  /** Partial order, symmetry and the rest. */
  readonly reduction: boolean;
  readonly engine: 'interpreted' | 'generated' | 'auto';
  /** Threads of the search; not set: one. */
  readonly workers?: number;
  /** Searches of earlier versions of the program. */
  readonly kept?: KeptSearches;
}

/** Has so many threads help, by the host's means. */
export type Help = (count: number) => Threads;

export const UNREDUCED: EngineOptions = { reduction: false, engine: 'auto' };
export const REDUCED: EngineOptions = { reduction: true, engine: 'auto' };

/** What the part `parallel` asks for. */
export const WORKERS = 2;

/** Of a machine with memory enough: no table of the bench meets these. */
export const LIMITS: Limits = { maxStates: 2 ** 31 - 2, maxMemory: 2 ** 34 };
/** States between two looks, as the checker's loop has at most. */
const BUDGET = 4096;

export function startSearch(program: Program, options: EngineOptions, limits = LIMITS): Search {
  return createSearch(program, limits, options);
}

export function startShared(program: Program, options: EngineOptions, help: Help): Search {
  const { workers = 1, ...others } = options;
  return createSearch(program, LIMITS, workers === 1 ? others : {
    ...others, threads: help(workers),
  });
}

export function finish(search: Search): Verdict {
  while (!search.advance(BUDGET));
  return search.verdict();
}
