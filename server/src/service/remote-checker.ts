// A checker whose loop runs elsewhere, in a worker that may hang, crash or run out of memory. One
// worker at a time; after a crash the next job starts a new one. A crash for want of memory is the
// verdict `unknown` at that bound, any other is said as what it is.
import { unreachable } from '../text/unreachable.ts';
import type { Limits, Verdict } from '../../../simulator/src/verdict.ts';
import type { FromLoop, LoopAnswer, LoopJob, ToLoop } from './check-loop.ts';
import type {
  AskAnswer, AskJob, CheckAnswer, CheckJob, Checker, Running, RunningCheck,
} from './checker.ts';

export interface WorkerPort {
  post(message: ToLoop): void;
  terminate(): void;
}
export interface WorkerEvents {
  onMessage(message: FromLoop): void;
  /** The worker is gone; null: without having begun, so that it is no job's fault. */
  onCrash(crash: Crash | null): void;
}
export interface Crash {
  readonly outOfMemory: boolean;
  /** One sentence without its full stop. */
  readonly message: string;
}
export interface RemoteOptions {
  /** Starts a worker. May throw; then the job is answered `failed`. */
  spawn(events: WorkerEvents): WorkerPort;
  /** Calls back after so many milliseconds, unless the returned function is called first. */
  after(ms: number, then: () => void): () => void;
}

/** A worker that does not react to `cancel` in this time is ended. */
export const CANCEL_PATIENCE_MS = 2000;

/** A worker at work is heard of far more often; one that is not is inside a step without an end. */
export const SILENCE_MS_MAX = 15_000;

const LAST_CHANCE_MS = 1000;

interface Pending {
  readonly job: LoopJob;
  readonly onProgress: (states: number) => void;
  readonly answer: (answer: LoopAnswer) => void;
  states: number;
  cancelled: boolean;
}

interface Spawned {
  readonly port: WorkerPort;
  readonly state: { over: boolean };
}

export function createRemoteChecker(options: RemoteOptions): Checker {
  return new RemoteChecker(options);
}

class RemoteChecker implements Checker {
  readonly #options: RemoteOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Spawned | null = null;
  /** The job the worker is at, as far as is known. */
  #turn: number | null = null;
  #stopWatching = (): void => {};
  #nextId = 1;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  check(job: CheckJob, onProgress: (states: number) => void): RunningCheck {
    const { answer, cancel } = this.#give(job, onProgress);
    return { answer: answer.then((found) => (isOfCheck(found) ? found : MIXED_UP)), cancel };
  }

  ask(job: AskJob): Running<AskAnswer> {
    const { answer, cancel } = this.#give(job, () => {});
    const asked = answer.then((found) => (found.kind === 'verdict' ? MIXED_UP : found));
    return { answer: asked, cancel };
  }

  #give(job: LoopJob, onProgress: (states: number) => void): Running<LoopAnswer> {
    const id = this.#nextId++;
    const answer = new Promise<LoopAnswer>((resolve) => {
      this.#pending.set(id, { job, onProgress, answer: resolve, states: 0, cancelled: false });
    });
    this.#submit(id, job);
    this.#watch();
    return { answer, cancel: () => this.#cancel(id) };
  }

  dispose(): void {
    this.#stopWatching();
    this.#end();
    for (const id of [...this.#pending.keys()]) this.#settle(id, { kind: 'cancelled' });
  }

  #submit(id: number, job: LoopJob): void {
    try {
      this.#worker ??= this.#start();
      this.#worker.port.post({ kind: 'check', id, job });
    } catch (error) {
      this.#worker = null;
      const message = `no worker could be started (${String(error)})`;
      this.#settle(id, { kind: 'failed', message });
    }
  }

  /** What a worker says after its end is not heard. */
  #start(): Spawned {
    const state = { over: false };
    const port = this.#options.spawn({
      onMessage: (message) => {
        if (!state.over) this.#hear(message);
      },
      onCrash: (crash) => {
        if (!state.over) this.#replace(crash);
      },
    });
    return { port, state };
  }

  #end(): void {
    if (this.#worker === null) return;
    this.#worker.state.over = true;
    this.#worker.port.terminate();
    this.#worker = null;
    this.#turn = null;
  }

  /** A computer that slept wakes with the timer due and the messages unread: those come first. */
  #watch(): void {
    const { after } = this.#options;
    this.#stopWatching();
    this.#stopWatching = after(SILENCE_MS_MAX, () => {
      this.#stopWatching = after(LAST_CHANCE_MS, () => {
        if (this.#pending.size === 0) return;
        const message = `a single step took more than ${SILENCE_MS_MAX / 1000} s`;
        this.#replace({ outOfMemory: false, message });
      });
    });
  }

  #hear(message: FromLoop): void {
    this.#watch();
    switch (message.kind) {
      case 'ready': return;
      case 'turn':
        this.#turn = message.id;
        return;
      case 'answer': return this.#settle(message.id, message.answer);
      case 'progress': {
        const task = this.#pending.get(message.id);
        if (task === undefined || task.cancelled) return;
        task.states = message.states;
        return task.onProgress(message.states);
      }
      default: return unreachable(message);
    }
  }

  #settle(id: number, answer: LoopAnswer): void {
    const task = this.#pending.get(id);
    this.#pending.delete(id);
    task?.answer(answer);
  }

  #cancel(id: number): void {
    const task = this.#pending.get(id);
    if (task === undefined || task.cancelled) return;
    task.cancelled = true;
    this.#worker?.port.post({ kind: 'cancel', id });
    this.#options.after(CANCEL_PATIENCE_MS, () => {
      if (this.#pending.get(id) !== task) return;
      this.#replace(null);
    });
  }

  /** The job it was at is taken for a crash's culprit; the others are given to a new worker. */
  #replace(crash: Crash | null): void {
    const turn = this.#turn;
    this.#end();
    for (const [id, task] of [...this.#pending]) {
      if (task.cancelled) this.#settle(id, { kind: 'cancelled' });
    }
    const culprit = [...this.#pending].find(([id]) => id === turn) ?? [...this.#pending][0];
    if (crash !== null && culprit !== undefined) {
      const [id, { job, states }] = culprit;
      this.#settle(id, crash.outOfMemory && !('question' in job)
        ? { kind: 'verdict', verdict: outOfMemory(job.limits, states), elapsedMs: 0 }
        : { kind: 'failed', message: crash.message });
    }
    for (const [id, { job }] of [...this.#pending]) this.#submit(id, job);
  }
}

function isOfCheck(answer: LoopAnswer): answer is CheckAnswer {
  return answer.kind !== 'survey' && answer.kind !== 'witness';
}

/** A worker that answers something else than it was asked is no worker of ours. */
const MIXED_UP = { kind: 'failed', message: 'the worker answered another question' } as const;

/** What can be said after the worker's memory ran out: how far it got, and nothing else. */
export function outOfMemory(limits: Limits, states: number): Verdict {
  return {
    result: 'unknown', bound: { kind: 'memory', limit: limits.maxMemory },
    states, transitions: 0, depth: 0, violations: [], outcomes: [],
    facts: { reached: [], nestings: [], recursiveReads: [], rests: [] },
  };
}
