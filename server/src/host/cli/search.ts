// Searches programs within the limits of the command line: in this thread, or several at a time in
// worker threads.
import { createSearch } from '../../../../simulator/src/index.ts';
import type { Limits, Program } from '../../../../simulator/src/index.ts';
import type { Answered } from '../../service/check-file.ts';
import type { Checker } from '../../service/checker.ts';
import { createThreadChecker } from '../node-environment.ts';

export interface SearchLimits {
  readonly limits: Limits;
  /** For one scenario; Infinity: as long as it takes. */
  readonly timeLimitMs: number;
  readonly reduction: boolean;
}

export interface Searcher {
  /** Rejects where the search itself breaks down. */
  search(program: Program, onProgress: (states: number) => void): Promise<Answered>;
  dispose(): void;
}

/** States between two looks at the clock. */
const STATES_PER_LOOK = 4096;
const PROGRESS_EVERY_MS = 200;

/** One after the other, in this thread. */
export function searchHere(within: SearchLimits): Searcher {
  return {
    dispose: () => {},
    search: async (program, onProgress) => searchNow(program, within, onProgress),
  };
}

function searchNow(
  program: Program, { limits, timeLimitMs, reduction }: SearchLimits,
  onProgress: (states: number) => void,
): Answered {
  const start = performance.now();
  const search = createSearch(program, limits, { reduction });
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

/** So many at a time, each in a worker thread of its own. */
export function searchInWorkers(
  script: URL, nJobs: number, { limits, timeLimitMs, reduction }: SearchLimits,
): Searcher {
  const all = Array.from({ length: nJobs }, () => createThreadChecker(script));
  const idle: Checker[] = [...all];
  const waiting: ((checker: Checker) => void)[] = [];
  const take = async (): Promise<Checker> =>
    idle.pop() ?? new Promise<Checker>((resolve) => waiting.push(resolve));
  const giveBack = (checker: Checker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(checker);
    else next(checker);
  };
  // A worker does not keep the process alive; a search under way must.
  const alive = setInterval(() => {}, 1000);
  return {
    async search(program, onProgress) {
      const checker = await take();
      const { answer } = checker.check({ program, limits, timeLimitMs, reduction }, onProgress);
      const answered = await answer;
      giveBack(checker);
      if (answered.kind === 'verdict') return answered;
      throw new Error(answered.kind === 'failed' ? answered.message : 'the search was cancelled');
    },
    dispose() {
      clearInterval(alive);
      for (const checker of all) checker.dispose();
    },
  };
}
