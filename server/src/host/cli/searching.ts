// The options of every command that searches, and a file searched as they say.
import { DEFAULT_LIMITS } from '../../../../simulator/src/index.ts';
import { openFile, reportBy } from '../../service/check-file.ts';
import type { CheckInput, Report } from '../../service/check-file.ts';
import { helperThreads, threadsOfMachine } from '../helper-threads.ts';
import { checkerScript } from './parts.ts';
import type { Progress } from './progress.ts';
import { searchHere, searchInWorkers } from './search.ts';
import type { Searcher, SearchLimits } from './search.ts';
import type { Arguments } from './usage.ts';

export const SEARCH_OPTIONS = {
  'max-states': { type: 'string' },
  'max-memory': { type: 'string' },
  'time-limit': { type: 'string' },
  'jobs': { type: 'string' },
  'no-reduction': { type: 'boolean' },
} as const;

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

export function checkWith(
  searcher: Searcher, input: CheckInput, progress: Progress,
): Promise<Report> {
  return reportBy(input, openFile(input), (name, program) =>
    searcher.search(program, (states) =>
      progress.show(`${input.file}: ${name}: ${states} states`)));
}

function limitsOf(given: Arguments): SearchLimits {
  const mib = given.whole('max-memory', 1);
  const seconds = given.positive('time-limit');
  return {
    limits: {
      maxStates: given.whole('max-states', 1) ?? DEFAULT_LIMITS.maxStates,
      maxMemory: mib === undefined ? DEFAULT_LIMITS.maxMemory : mib * 2 ** 20,
    },
    timeLimitMs: seconds === undefined ? Infinity : seconds * 1000,
    reduction: !given.flag('no-reduction'),
  };
}
