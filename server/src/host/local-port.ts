// The checker on the server's own thread, for hosts that cannot start a worker: in slices short
// enough that a key press is still answered at once.
import { createCheckLoop, type LoopHost } from '../service/check-loop.ts';
import type { WorkerEvents, WorkerPort } from '../service/remote-checker.ts';

/** A quarter of a frame. */
const SLICE_MS = 4;

export function createLocalPort(
  host: Pick<LoopHost, 'now' | 'later'>, events: WorkerEvents,
): WorkerPort {
  let ended = false;
  const loop = createCheckLoop({
    now: host.now,
    sliceMs: SLICE_MS,
    later: (next) => host.later(() => {
      if (!ended) next();
    }),
    post(message) {
      if (!ended) events.onMessage(message);
    },
  });
  return {
    post: (message) => loop.hear(message),
    terminate() {
      ended = true;
    },
  };
}
