// Worker threads of Node that help with a large search. Each runs the checker's script, which sees
// by what it is given that it is to help, and ends with the search.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HelperJob, Threads } from '../../../simulator/src/index.ts';

/** More share too little between them: each waits for all others at every level. */
const THREADS_MAX = 4;

/** Threads for one search where nothing else is to be done. */
export const threadsOfMachine = (): number => Math.min(THREADS_MAX, availableParallelism());

/** Threads of a search beside an editor, which wants half of the machine for itself. */
export const threadsBesideEditor = (): number =>
  Math.min(2, Math.max(1, availableParallelism() >> 1));

/** `count`: with the thread that asks. */
export function helperThreads(script: URL, count: number): Threads {
  return { count, start: (job) => startHelper(script, job) };
}

function startHelper(script: URL, job: HelperJob): { readonly stop: () => void } | null {
  try {
    // Standard output may be the protocol's own stream.
    const worker = new Worker(script, { workerData: job, stdout: true, stderr: true });
    worker.on('error', () => {}); // it has said so, or is silent: the search goes on without
    worker.unref();
    return { stop: () => void worker.terminate() };
  } catch {
    return null;
  }
}

/** What the worker was given is such a job. */
export const isHelperJob = (data: unknown): data is HelperJob =>
  typeof data === 'object' && data !== null && 'memory' in data && 'self' in data;
