// Searches programs within the limits of the command line, several at a time, in worker threads.
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

/**
 * So many at a time, each in a worker thread of its own. What begins while others do not need all
 * of the threads has its share of them.
 */
export function searchInWorkers(
  script: URL, nJobs: number, { limits, timeLimitMs, reduction }: SearchLimits,
): Searcher {
  const all = Array.from({ length: nJobs }, () => createThreadChecker(script));
  const idle: Checker[] = [...all];
  const waiting: ((checker: Checker) => void)[] = [];
  let asked = 0;
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
      asked++;
      const checker = await take();
      const threads = Math.max(1, Math.floor(nJobs / asked));
      const job = { program, limits, timeLimitMs, reduction, threads };
      const answered = await checker.check(job, onProgress).answer;
      asked--;
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
