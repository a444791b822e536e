// The simulator's whole face: a program in, a verdict or a run out. No clock, no files, no timers.
import { conclude } from './conclude.ts';
import type { Program } from './program.ts';
import { advance, startSearch, type EngineKind } from './search.ts';
import type { Limits, Verdict } from './verdict.ts';

export type * from './program.ts';
export type * from './verdict.ts';
export { MAX_CELL_VALUE, MAX_THREADS } from './program.ts';
export { run, type RunOptions } from './run.ts';
export { ENGINE_VERSION } from './version.ts';

/** A gibibyte of states and edges; more states than that never fit. */
export const DEFAULT_LIMITS: Limits = { maxStates: 2 ** 31 - 2, maxMemory: 2 ** 30 };

export interface SearchOptions {
  /** Who computes successors: the interpreter, generated code, or (`auto`) one after the other. */
  readonly engine?: EngineKind | undefined;
}

export interface Search {
  /** Explores at most `budget` states; true where nothing is left to explore. Not calling it again
   * cancels the search. */
  advance(budget: number): boolean;
  progress(): { readonly states: number; readonly expanded: number; readonly depth: number };
  /** As far as the search got. */
  verdict(): Verdict;
}

export function createSearch(
  program: Program, limits: Limits = DEFAULT_LIMITS, options: SearchOptions = {},
): Search {
  const state = startSearch(program, limits, options.engine);
  return {
    advance: (budget) => advance(state, budget),
    progress: () => ({
      states: state.table.count,
      expanded: state.graph.nExpanded,
      depth: state.depth,
    }),
    verdict: () => conclude(state),
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
