// The checker as a worker thread of Node; or, if it is given its job with its start, a thread that
// helps another with a large search.
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { helpSearch } from '../../../simulator/src/index.ts';
import { createCheckLoop, type ToLoop } from '../service/check-loop.ts';
import { helperThreads, isHelperJob, threadsBesideEditor } from './helper-threads.ts';

/** Between two looks at the messages: a cancelled check ends within it. */
const SLICE_MS = 20;

function listen(port: NonNullable<typeof parentPort>): void {
  const script = new URL(import.meta.url);
  const loop = createCheckLoop({
    sliceMs: SLICE_MS,
    now: () => performance.now(),
    later: (next) => setImmediate(next),
    post: (message) => port.postMessage(message),
    threads: (count) => helperThreads(script, count ?? threadsBesideEditor()),
  });
  port.on('message', (message: ToLoop) => loop.hear(message));
}

if (isHelperJob(workerData)) helpSearch(workerData);
else if (parentPort !== null) listen(parentPort);
