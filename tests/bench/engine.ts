// How the bench asks the engine: the one place that knows which options a search has.
import { createSearch, type Limits, type Program, type Search, type Verdict,
} from '../../simulator/src/index.ts';

export interface EngineOptions {
  /** Partial order, symmetry and the rest. */
  readonly reduction: boolean;
  readonly engine: 'interpreted' | 'generated' | 'auto';
  /** Threads of the search; not set: one. */
  readonly workers?: number;
}

export const UNREDUCED: EngineOptions = { reduction: false, engine: 'auto' };
export const REDUCED: EngineOptions = { reduction: true, engine: 'auto' };

/** What the part `parallel` asks for; 1 as long as a search has one thread. */
export const WORKERS_MAX: number = 1;

type Create = (program: Program, limits: Limits, options: EngineOptions) => Search;
const create: Create = createSearch;

/** Of a machine with memory enough: no table of the bench meets these. */
export const LIMITS: Limits = { maxStates: 2 ** 31 - 2, maxMemory: 2 ** 34 };
/** States between two looks, as the checker's loop has at most. */
const BUDGET = 4096;

export function startSearch(program: Program, options: EngineOptions, limits = LIMITS): Search {
  return create(program, limits, options);
}

export function finish(search: Search): Verdict {
  while (!search.advance(BUDGET));
  return search.verdict();
}
