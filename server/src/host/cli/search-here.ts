// Searches programs within the limits of the command line in this thread. Apart from `search.ts`
// because it brings the engine along, which the language server's bundle has no other use for.
import { createSearch } from '../../../../simulator/src/index.ts';
import type { Program, Threads } from '../../../../simulator/src/index.ts';
import type { Answered } from '../../service/check-file.ts';
import { helperThreads, threadsOfMachine } from '../helper-threads.ts';
import { checkerScript } from './parts.ts';
import { searchInWorkers } from './search.ts';
import type { Searcher, SearchLimits } from './search.ts';
import { limitsOf } from './searching.ts';
import type { Arguments } from './usage.ts';

/**
 * To be disposed of. Without the built checker there are no workers: then one after the other, each
 * in one thread.
 */
export function searcherFor(given: Arguments): Searcher {
  const within = limitsOf(given);
  const nJobs = given.whole('jobs', 1);
  const script = checkerScript();
  if (script === null || nJobs === 1) return searchHere(within, null);
  if (nJobs !== undefined) return searchInWorkers(script, nJobs, within);
  return searchHere(within, helperThreads(script, threadsOfMachine()));
}

/** States between two looks at the clock. */
const STATES_PER_LOOK = 4096;
const PROGRESS_EVERY_MS = 200;

/** One after the other, in this thread, which others help where a search is large. */
export function searchHere(within: SearchLimits, threads: Threads | null): Searcher {
  return {
    dispose: () => {},
    search: async (program, onProgress) => searchNow(program, { ...within, threads }, onProgress),
  };
}

function searchNow(
  program: Program, within: SearchLimits & { readonly threads: Threads | null },
  onProgress: (states: number) => void,
): Answered {
  const { limits, timeLimitMs, reduction, threads } = within;
  const start = performance.now();
  const search = createSearch(program, limits, { reduction, threads: threads ?? undefined });
  let told = start;
  while (!search.advance(STATES_PER_LOOK)) {
    const now = performance.now();
    if (now - start >= timeLimitMs) break;
    if (now - told < PROGRESS_EVERY_MS) continue;
    told = now;
    onProgress(search.progress().states);
  }
  const verdict = search.verdict();
  return { verdict, elapsedMs: performance.now() - start };
}
