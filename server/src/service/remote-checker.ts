// A checker whose loop runs elsewhere, in a worker that may hang, crash or run out of memory. One
// worker at a time; after a crash the next job starts a new one. A crash for want of memory is the
// verdict `unknown` at that bound, any other is said as what it is.
import { unreachable } from '../text/unreachable.ts';
import type { Limits, Verdict } from '../../../simulator/src/verdict.ts';
import type { FromLoop, ToLoop } from './check-loop.ts';
import type { CheckAnswer, CheckJob, Checker } from './checker.ts';

export interface WorkerPort {
  post(message: ToLoop): void;
  terminate(): void;
}
export interface WorkerEvents {
  onMessage(message: FromLoop): void;
  /** The worker is gone. */
  onCrash(crash: Crash): void;
}
export interface Crash {
  readonly outOfMemory: boolean;
  /** One sentence without its full stop. */
  readonly message: string;
}
export interface RemoteOptions {
  /** Starts a worker. May throw; then the job is answered `failed`. */
  spawn(events: WorkerEvents): WorkerPort;
  /** Calls back after so many milliseconds. */
  after(ms: number, then: () => void): void;
}

/** A worker that does not react to `cancel` in this time is ended. */
export const CANCEL_PATIENCE_MS = 2000;

interface Pending {
  readonly job: CheckJob;
  readonly onProgress: (states: number) => void;
  readonly answer: (answer: CheckAnswer) => void;
  states: number;
  cancelled: boolean;
}

export function createRemoteChecker(options: RemoteOptions): Checker {
  const pending = new Map<number, Pending>();
  let worker: { readonly port: WorkerPort } | null = null;
  let nextId = 1;

  const settle = (id: number, answer: CheckAnswer): void => {
    const task = pending.get(id);
    pending.delete(id);
    task?.answer(answer);
  };
  const onMessage = (message: FromLoop): void => {
    switch (message.kind) {
      case 'answer': return settle(message.id, message.answer);
      case 'progress': {
        const task = pending.get(message.id);
        if (task === undefined || task.cancelled) return;
        task.states = message.states;
        return task.onProgress(message.states);
      }
      default: return unreachable(message);
    }
  };
  const send = (message: ToLoop): void => {
    worker ??= start();
    worker.port.post(message);
  };
  const start = (): { readonly port: WorkerPort } => {
    const mine: { port: WorkerPort } = { port: options.spawn({
      onMessage: (message) => {
        if (worker?.port === mine.port) onMessage(message);
      },
      onCrash: (crash) => {
        if (worker?.port === mine.port) replace(crash);
      },
    }) };
    return mine;
  };
  /** The largest job is taken for a crash's culprit; the others are given to a new worker. */
  const replace = (crash: Crash | null): void => {
    worker = null;
    for (const [id, task] of [...pending]) if (task.cancelled) settle(id, { kind: 'cancelled' });
    const culprit = [...pending].sort((a, b) => b[1].states - a[1].states || a[0] - b[0])[0];
    if (crash !== null && culprit !== undefined) {
      const [id, { job, states }] = culprit;
      settle(id, crash.outOfMemory
        ? { kind: 'verdict', verdict: outOfMemory(job.limits, states), elapsedMs: 0 }
        : { kind: 'failed', message: crash.message });
    }
    for (const [id, { job }] of pending) submit(id, job);
  };
  const submit = (id: number, job: CheckJob): void => {
    try {
      send({ kind: 'check', id, job });
    } catch (error) {
      worker = null;
      settle(id, { kind: 'failed', message: `no worker could be started (${String(error)})` });
    }
  };
  const cancel = (id: number): void => {
    const task = pending.get(id);
    if (task === undefined || task.cancelled) return;
    task.cancelled = true;
    worker?.port.post({ kind: 'cancel', id });
    options.after(CANCEL_PATIENCE_MS, () => {
      if (pending.get(id) !== task) return;
      worker?.port.terminate();
      replace(null);
    });
  };
  return {
    check(job, onProgress) {
      const id = nextId++;
      const answer = new Promise<CheckAnswer>((resolve) => {
        pending.set(id, { job, onProgress, answer: resolve, states: 0, cancelled: false });
      });
      submit(id, job);
      return { answer, cancel: () => cancel(id) };
    },
    dispose() {
      worker?.port.terminate();
      worker = null;
      for (const id of [...pending.keys()]) settle(id, { kind: 'cancelled' });
    },
  };
}

/** What can be said after the worker's memory ran out: how far it got, and nothing else. */
export function outOfMemory(limits: Limits, states: number): Verdict {
  return {
    result: 'unknown', bound: { kind: 'memory', limit: limits.maxMemory },
    states, transitions: 0, depth: 0, violations: [], outcomes: [],
    facts: { reached: [], nestings: [], recursiveReads: [], rests: [] },
  };
}
