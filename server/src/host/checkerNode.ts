// The checker as a worker thread of Node.
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { createCheckLoop, type ToLoop } from '../service/check-loop.ts';

/** Between two looks at the messages: a cancelled check ends within it. */
const SLICE_MS = 20;

const port = parentPort;
if (port !== null) {
  const loop = createCheckLoop({
    sliceMs: SLICE_MS,
    now: () => performance.now(),
    later: (next) => setImmediate(next),
    post: (message) => port.postMessage(message),
  });
  port.on('message', (message: ToLoop) => loop.hear(message));
}
