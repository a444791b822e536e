// The language server as a web worker. It fetches nothing: the client hands it its parts.
import {
  BrowserMessageReader, BrowserMessageWriter, createConnection,
} from 'vscode-languageserver/browser';
import type { Checker } from '../service/checker.ts';
import type { FromLoop, ToLoop } from '../service/check-loop.ts';
import { fingerprint } from '../service/hash.ts';
import {
  createRemoteChecker, type WorkerEvents, type WorkerPort,
} from '../service/remote-checker.ts';
import type { Clock } from '../service/workspace.ts';
import { startServer } from '../lsp/server.ts';
import { databaseShelf } from './browser-shelf.ts';
import { soon } from './soon.ts';

/** What the checker's script leaves in the global scope of a worker that runs it. */
declare const mmlockChecker: typeof import('./checker.ts');
/** Of workers alone, which the types of a page do not know. */
declare function importScripts(url: string): void;

const clock: Clock = {
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

startServer(createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)), {
  clock,
  grammar: (parts) => parts === null
    ? Promise.reject(new Error('the client gave no parts in initializationOptions'))
    : Promise.resolve(parts),
  checker: (parts) => createChecker(parts?.checker ?? ''),
  keeping: ({ storage, parts }) => storage === null || parts === null
    || typeof indexedDB === 'undefined' ? null : {
      shelf: databaseShelf(indexedDB, () => Date.now()),
      engine: Promise.resolve(fingerprint(parts.checker)),
    },
  readFile: () => Promise.resolve(undefined),
});

/** In a worker inside this one; where that cannot be, on this thread. */
function createChecker(script: string): Checker {
  const urlOf = (text: string): string =>
    URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const url = urlOf(`${script}\nmmlockChecker.listenAsWorker();`);
  let workers = typeof Worker !== 'undefined';
  return createRemoteChecker({
    after: clock.after,
    spawn(events) {
      if (workers) {
        try {
          return spawn(url, events, () => {
            workers = false;
          });
        } catch {
          workers = false; // This host lets no worker start another.
        }
      }
      if (typeof mmlockChecker === 'undefined') importScripts(urlOf(script));
      return mmlockChecker.createLocalPort({ now: clock.now, later: soon }, events);
    },
  });
}

function spawn(url: string, events: WorkerEvents, onNeverBegun: () => void): WorkerPort {
  const worker = new Worker(url);
  let begun = false;
  worker.onmessage = (event: MessageEvent<FromLoop>) => {
    begun = true;
    events.onMessage(event.data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    if (!begun) {
      onNeverBegun();
      return events.onCrash(null);
    }
    const outOfMemory = /out of memory|allocation failed/i.test(event.message);
    events.onCrash({ outOfMemory, message: event.message });
  };
  return {
    post: (message: ToLoop) => worker.postMessage(message),
    terminate: () => worker.terminate(),
  };
}
