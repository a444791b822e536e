// The inside of a checker, without a thread of its own: takes jobs, explores them slice by slice,
// and lets messages in between. A worker runs one; where there is no worker, the server itself.
//
// A job gets a short turn first, so that small scenarios are not kept waiting by a large one; what
// is not done by then is finished in order. What a person asks goes before all checks.
import { unreachable } from '../text/unreachable.ts';
import {
  createSearch, createSurvey, createWitness, KeptSearches, type Threads,
} from '../../../simulator/src/index.ts';
import type { AskAnswer, AskJob, CheckAnswer, CheckJob } from './checker.ts';

export type LoopJob = CheckJob | AskJob;
export type LoopAnswer = CheckAnswer | AskAnswer;

export type ToLoop =
  | { readonly kind: 'check'; readonly id: number; readonly job: LoopJob }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromLoop =
  /** Said once by a worker that has started. */
  | { readonly kind: 'ready' }
  /** Said when another job than before is worked on. */
  | { readonly kind: 'turn'; readonly id: number }
  | { readonly kind: 'progress'; readonly id: number; readonly states: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: LoopAnswer };

export interface LoopHost {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls back after the messages that wait have been heard. */
  later(next: () => void): void;
  post(message: FromLoop): void;
  /** Longest time without hearing messages, in milliseconds. */
  readonly sliceMs: number;
  /** So many threads for one search, as many as suit the host if not said; not set: one. */
  threads?(count: number | undefined): Threads;
}

/** A small scenario is done in this. */
export const FIRST_TURN_MS = 200;
/** States between two looks at the clock: so many that a look costs nothing, and no more. */
const STATES_PER_LOOK_MAX = 4096;
const LOOK_MS_MIN = 1;
const LOOK_MS_MAX = 4;
const PROGRESS_EVERY_MS = 500;

/** What answers a job, a few states at a time. */
interface Search {
  advance(budget: number): boolean;
  progress(): { readonly states: number };
  answer(elapsedMs: number): LoopAnswer;
  /** It is not called any more. */
  stop?(): void;
}

interface Active {
  readonly id: number;
  readonly job: LoopJob;
  /** null until its first slice, which builds it. */
  search: Search | null;
  statesPerLook: number;
  spentMs: number;
  toldMs: number;
}

export function createCheckLoop(host: LoopHost): { hear(message: ToLoop): void } {
  const active: Active[] = [];
  const kept = new KeptSearches();
  let running = false;
  let last: Active | null = null;

  const finish = (task: Active, answer: LoopAnswer): void => {
    active.splice(active.indexOf(task), 1);
    task.search?.stop?.();
    host.post({ kind: 'answer', id: task.id, answer });
  };
  const turn = (): void => {
    const task = active.find(({ job }) => 'question' in job)
      ?? active.find((each) => each.spentMs < FIRST_TURN_MS) ?? active[0];
    running = task !== undefined;
    if (task === undefined) return;
    if (task !== last) host.post({ kind: 'turn', id: task.id });
    last = task;
    const answer = slice(task, host, kept);
    if (answer !== null) finish(task, answer);
    host.later(turn);
  };
  return {
    hear(message) {
      if (message.kind === 'check') {
        const { id, job } = message;
        active.push({ id, job, search: null, statesPerLook: 1, spentMs: 0, toldMs: 0 });
        if (!running) {
          running = true;
          host.later(turn);
        }
        return;
      }
      const task = active.find((each) => each.id === message.id);
      if (task !== undefined) finish(task, { kind: 'cancelled' });
    },
  };
}

/** Explores for one slice; an answer when it is over. */
function slice(task: Active, host: LoopHost, kept: KeptSearches): LoopAnswer | null {
  const start = host.now();
  const spent = (): number => task.spentMs + host.now() - start;
  try {
    task.search ??= searchFor(task.job, host, kept);
    let done = false;
    while (!done && spent() < task.job.timeLimitMs && host.now() - start < host.sliceMs) {
      done = look(task, task.search, host);
    }
    task.spentMs = spent();
    if (done || task.spentMs >= task.job.timeLimitMs) {
      return task.search.answer(spent());
    }
    tell(task, host);
    return null;
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function searchFor(job: LoopJob, host: LoopHost, kept: KeptSearches): Search {
  const { program, limits } = job;
  if (!('question' in job)) {
    const { reduction } = job;
    const search = createSearch(program, limits, {
      reduction, threads: host.threads?.(job.threads), kept,
    });
    return {
      ...search,
      answer: (elapsedMs) => ({ kind: 'verdict', verdict: search.verdict(), elapsedMs }),
    };
  }
  const { question } = job;
  switch (question.kind) {
    case 'survey': {
      const search = createSurvey(program, limits);
      return { ...search, answer: () => ({ kind: 'survey', survey: search.survey() }) };
    }
    case 'witness': {
      const search = createWitness(program, question.wanted, limits);
      return { ...search, answer: () => ({ kind: 'witness', witness: search.witness() }) };
    }
    default: return unreachable(question);
  }
}

/** Explores a little; how much is found out by doing it, because states differ in their cost. */
function look(task: Active, search: Search, host: LoopHost): boolean {
  const start = host.now();
  const done = search.advance(task.statesPerLook);
  const took = host.now() - start;
  if (took < LOOK_MS_MIN) {
    task.statesPerLook = Math.min(2 * task.statesPerLook, STATES_PER_LOOK_MAX);
  } else if (took > LOOK_MS_MAX) {
    task.statesPerLook = Math.max(1, task.statesPerLook >> 1);
  }
  return done;
}

function tell(task: Active, host: LoopHost): void {
  if (task.search === null || task.spentMs - task.toldMs < PROGRESS_EVERY_MS) return;
  task.toldMs = task.spentMs;
  host.post({ kind: 'progress', id: task.id, states: task.search.progress().states });
}
