// What the language server runs on in Node: its parts beside its own file, files from the disk, and
// a checker in a worker thread.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Checker } from '../service/checker.ts';
import type { FromLoop } from '../service/check-loop.ts';
import {
  createRemoteChecker, type WorkerEvents, type WorkerPort,
} from '../service/remote-checker.ts';
import type { Environment, Keeping } from '../lsp/environment.ts';
import { nodeClock } from './node-clock.ts';
import { folderShelf } from './node-shelf.ts';

export interface NodeParts {
  readonly runtime: URL;
  readonly grammar: URL;
  /** The script of the checker. */
  readonly checker: URL;
}

/** The heap of a worker besides its states, which lie outside: code, traces, facts. */
const HEAP_MIB = 1024;
/** The longest protocol has 0.02 MiB; a larger file is not one. */
const FILE_BYTES_MAX = 4 * 2 ** 20;

export function nodeEnvironment(parts: NodeParts): Environment {
  return {
    clock: nodeClock,
    grammar: async () => {
      const [runtime, grammar] = await Promise.all([readFile(parts.runtime),
        readFile(parts.grammar)]);
      return { runtime, grammar };
    },
    checker: () => createThreadChecker(parts.checker),
    keeping: ({ storage }) => keepingIn(storage, parts.checker),
    async readFile(uri) {
      if (!uri.startsWith('file:')) return undefined;
      try {
        const bytes = await readFile(fileURLToPath(uri));
        // As editors show it: without a byte order mark.
        return bytes.length > FILE_BYTES_MAX ? null : new TextDecoder().decode(bytes);
      } catch {
        return null;
      }
    },
  };
}

/** In the client's folder, if it is on a disk; by the bytes of the checker, which is all of it. */
function keepingIn(storage: string | null, checker: URL): Keeping | null {
  if (storage === null) return null;
  let folder: string;
  try {
    folder = join(fileURLToPath(storage), 'verdicts');
  } catch {
    return null; // No folder of this machine.
  }
  const engine = readFile(checker).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 32),
    () => 'unknown',
  );
  return { shelf: folderShelf(folder), engine };
}

export function createThreadChecker(script: URL, heapMib = HEAP_MIB): Checker {
  return createRemoteChecker({
    after: nodeClock.after,
    spawn: (events) => spawn(script, heapMib, events),
  });
}

function spawn(script: URL, heapMib: number, events: WorkerEvents): WorkerPort {
  const worker = new Worker(script, {
    resourceLimits: { maxOldGenerationSizeMb: heapMib },
    // Standard output may be the protocol's own stream.
    stdout: true, stderr: true,
  });
  let ended = false;
  const crash = (outOfMemory: boolean, message: string): void => {
    if (ended) return;
    ended = true;
    events.onCrash({ outOfMemory, message });
  };
  worker.on('message', (message: FromLoop) => events.onMessage(message));
  worker.on('error', (error: Error & { readonly code?: string }) =>
    crash(error.code === 'ERR_WORKER_OUT_OF_MEMORY', error.message));
  worker.on('exit', (status) => crash(false, `the worker ended with status ${status}`));
  return {
    post: (message) => worker.postMessage(message),
    terminate() {
      ended = true;
      void worker.terminate();
    },
  };
}
