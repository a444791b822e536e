// What the checker's script has for a browser: the checker as a web worker, and on the server's own
// thread.
import { createCheckLoop, type FromLoop, type ToLoop } from '../service/check-loop.ts';
import { soon } from './soon.ts';

export { createLocalPort } from './local-port.ts';

/** Between two looks at the messages: a cancelled check ends within it. */
const SLICE_MS = 20;

/** This worker is a checker from here on. */
export function listenAsWorker(): void {
  const loop = createCheckLoop({
    sliceMs: SLICE_MS,
    now: () => performance.now(),
    later: soon,
    post: (message) => self.postMessage(message),
  });
  self.addEventListener('message', (event: MessageEvent<ToLoop>) => loop.hear(event.data));
  self.postMessage({ kind: 'ready' } satisfies FromLoop);
}
