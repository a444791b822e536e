// Engines in workers of their own, asked with a time limit: a mutant may never come to an answer.
import { Worker } from 'node:worker_threads';
import type { Answer, Question } from './worker.ts';

export interface Asked {
  /** `broke` also where there was no answer in time; the engine is then of no more use. */
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts the bundle of `sources.ts`. */
export function startEngine(script: string, seconds: number): Asked {
  let worker: Worker | null = null;
  const close = async (): Promise<void> => {
    const old = worker;
    worker = null;
    await old?.terminate();
  };
  const answer = (question: Question): Promise<Answer> => new Promise((resolve) => {
    const asked = worker
      ?? new Worker(script, { eval: true, execArgv: [], workerData: { script } });
    worker = asked;
    const settle = (it: Answer): void => {
      clearTimeout(timer);
      asked.removeAllListeners('message');
      asked.removeAllListeners('error');
      resolve(it);
    };
    const fail = (why: string): void => {
      void close().then(() => settle({ broke: why }));
    };
    const timer = setTimeout(() => fail('no answer in time'), 1000 * seconds);
    asked.once('message', (it: Answer) => settle(it));
    asked.once('error', (thrown) => fail(String(thrown)));
    asked.postMessage(question);
  });
  let last: Promise<unknown> = Promise.resolve();
  const ask = (question: Question): Promise<Answer> => {
    const next = last.then(() => answer(question));
    last = next;
    return next; // one after the other: answers do not say what they answer
  };
  return { ask, close };
}
