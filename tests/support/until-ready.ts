// Waits for a thread that is to help with a search, so that the search is shared even if small.
import type { HelperJob } from '../../simulator/src/index.ts';
import { CONDITION, conditionOf, linkOf } from '../../simulator/src/parallel/link.ts';

const PAUSE_MS = 1;

/** Until the thread that has the job can begin, or never will. */
export function untilReady(job: HelperJob): void {
  const link = linkOf(job.memory, { shares: job.shares, self: 0 });
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (conditionOf(link, job.self) === CONDITION.starting) Atomics.wait(pause, 0, 0, PAUSE_MS);
}
