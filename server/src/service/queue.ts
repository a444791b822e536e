// The checks that are wanted, in order, a few of them with the checker. What nobody wants any more
// is cancelled; what is wanted again while it runs goes on (a comment typed beside it, say).
import type { CheckAnswer, CheckJob, Checker, RunningCheck } from './checker.ts';

export interface Wanted {
  readonly key: string;
  /** Built when its turn comes. */
  readonly job: () => CheckJob;
}

export interface Queue {
  /**
   * Replaces what `owner` wants; first things first. `more`: the owner does not know all of it
   * yet, so nothing is cancelled on its account.
   */
  want(owner: string, wanted: readonly Wanted[], more: boolean): void;
  /** States so far, or null while it waits its turn; undefined where nobody wants it. */
  progress(key: string): number | null | undefined;
  /** Something is with the checker. */
  readonly busy: boolean;
  dispose(): void;
}

export interface QueueOptions {
  readonly checker: Pick<Checker, 'check'>;
  readonly onAnswer: (key: string, answer: Exclude<CheckAnswer, { kind: 'cancelled' }>) => void;
  readonly onProgress: (key: string) => void;
}

/** With the checker at a time: enough that it never waits for a message, few enough to reorder. */
export const IN_FLIGHT_MAX = 4;

interface Flight {
  readonly run: RunningCheck;
  states: number | null;
}

export function createQueue(options: QueueOptions): Queue {
  const wants = new Map<string, Map<string, Wanted['job']>>();
  const growing = new Set<string>();
  const flights = new Map<string, Flight>();
  let disposed = false;

  const isWanted = (key: string): boolean =>
    [...wants.values()].some((jobs) => jobs.has(key));
  const settle = (key: string, answer: CheckAnswer): void => {
    flights.delete(key);
    if (disposed) return;
    if (answer.kind !== 'cancelled') {
      for (const jobs of wants.values()) jobs.delete(key);
      options.onAnswer(key, answer);
    }
    fill();
  };
  const start = (key: string, job: CheckJob): void => {
    const run = options.checker.check(job, (states) => {
      const flight = flights.get(key);
      if (flight === undefined || disposed) return;
      flight.states = states;
      options.onProgress(key);
    });
    flights.set(key, { run, states: null });
    void run.answer.then((answer) => settle(key, answer));
  };
  const fill = (): void => {
    for (const jobs of wants.values()) {
      for (const [key, job] of jobs) {
        if (flights.size >= IN_FLIGHT_MAX) return;
        if (!flights.has(key)) start(key, job());
      }
    }
  };
  return {
    want(owner, wanted, more) {
      if (wanted.length === 0) wants.delete(owner);
      else wants.set(owner, new Map(wanted.map(({ key, job }) => [key, job])));
      if (more) growing.add(owner);
      else growing.delete(owner);
      if (growing.size === 0) {
        for (const [key, { run }] of flights) if (!isWanted(key)) run.cancel();
      }
      fill();
    },
    progress(key) {
      const flight = flights.get(key);
      if (flight !== undefined) return flight.states;
      return isWanted(key) ? null : undefined;
    },
    get busy() { return flights.size > 0; },
    dispose() {
      disposed = true;
      for (const { run } of flights.values()) run.cancel();
      flights.clear();
    },
  };
}
