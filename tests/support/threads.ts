// Threads that help with searches, kept for many of them. A search gets them when they have begun,
// so that small ones are shared as well.
import { Worker } from 'node:worker_threads';
import type { Threads } from '../../simulator/src/index.ts';
import { untilReady } from './until-ready.ts';

/** A worker of its own does not know TypeScript yet. */
const HELPER = `import { register } from '${import.meta.resolve('tsx/esm/api')}';
import { parentPort } from 'node:worker_threads';
register();
const { helpSearch } =
  await import('${new URL('../../simulator/src/index.ts', import.meta.url).href}');
parentPort.on('message', helpSearch);`;

/** Of `count`, one is the caller's. */
export function helpingThreads(count: number): Threads & {
  readonly started: () => number; readonly end: () => Promise<void>;
} {
  let started = 0;
  const workers = Array.from({ length: count - 1 }, () =>
    new Worker(new URL(`data:text/javascript,${encodeURIComponent(HELPER)}`)));
  return {
    count,
    start(job) {
      started++;
      workers[job.self - 1]?.postMessage(job);
      untilReady(job);
      return { stop: () => {} };
    },
    started: () => started,
    end: async () => { for (const worker of workers) await worker.terminate(); },
  };
}
