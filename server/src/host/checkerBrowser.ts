// The checker as a web worker.
import { createCheckLoop, type FromLoop, type ToLoop } from '../service/check-loop.ts';
import { soon } from './soon.ts';

/** Between two looks at the messages: a cancelled check ends within it. */
const SLICE_MS = 20;

const loop = createCheckLoop({
  sliceMs: SLICE_MS,
  now: () => performance.now(),
  later: soon,
  post: (message) => self.postMessage(message),
});
self.addEventListener('message', (event: MessageEvent<ToLoop>) => loop.hear(event.data));
self.postMessage({ kind: 'ready' } satisfies FromLoop);
