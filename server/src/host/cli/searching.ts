// The options of every command that searches, and a file searched as they say.
import { DEFAULT_LIMITS } from '../../../../simulator/src/index.ts';
import { openFile, reportBy } from '../../service/check-file.ts';
import type { CheckInput, Report } from '../../service/check-file.ts';
import { threadsOfMachine } from '../helper-threads.ts';
import { checkerScript } from './parts.ts';
import type { Progress } from './progress.ts';
import { searchInWorkers } from './search.ts';
import type { Searcher, SearchLimits } from './search.ts';
import type { Arguments } from './usage.ts';

export const SEARCH_OPTIONS = {
  'max-states': { type: 'string' },
  'max-memory': { type: 'string' },
  'time-limit': { type: 'string' },
  'jobs': { type: 'string' },
  'no-reduction': { type: 'boolean' },
} as const;

/** To be disposed of. Only in workers: of the built checker. */
export function workersFor(given: Arguments): Searcher {
  const script = checkerScript();
  if (script === null) throw new Error('the checker is missing: npm run build');
  return searchInWorkers(script, given.whole('jobs', 1) ?? threadsOfMachine(), limitsOf(given));
}

export function checkWith(
  searcher: Searcher, input: CheckInput, progress: Progress,
): Promise<Report> {
  return reportBy(input, openFile(input), (name, program) =>
    searcher.search(program, (states) =>
      progress.show(`${input.file}: ${name}: ${states} states`)));
}

export function limitsOf(given: Arguments): SearchLimits {
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
