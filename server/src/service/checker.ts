// What the service asks of whoever runs the search: a worker of the host, or a fake in a test.
import type { Program } from '../../../simulator/src/program.ts';
import type { Survey, Wanted, Witness } from '../../../simulator/src/index.ts';
import type { Limits, Verdict } from '../../../simulator/src/verdict.ts';

export interface CheckJob {
  readonly program: Program;
  readonly limits: Limits;
  /** After this the search stops with what it has: `unknown`, or the violations found so far. */
  readonly timeLimitMs: number;
  /** false: every interleaving is explored, equivalent ones too. */
  readonly reduction?: boolean;
  /** Threads that may search it together; not set: as many as suit the host. */
  readonly threads?: number;
}

export type CheckAnswer =
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly elapsedMs: number }
  /** The checker broke down; the message is one sentence without its full stop. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };

/** What a person wants to know of a scenario now: it goes before the checks that take long. */
export interface AskJob {
  readonly program: Program;
  readonly limits: Limits;
  /** After this it is answered with what is known by then. */
  readonly timeLimitMs: number;
  readonly question: Question;
}

export type Question =
  | { readonly kind: 'survey' }
  | { readonly kind: 'witness'; readonly wanted: Wanted };

export type AskAnswer =
  | { readonly kind: 'survey'; readonly survey: Survey }
  | { readonly kind: 'witness'; readonly witness: Witness }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };

export interface Running<A> {
  /** Never rejects. */
  readonly answer: Promise<A>;
  /** The answer comes soon after, and is `cancelled` unless it was already on its way. */
  cancel(): void;
}
export type RunningCheck = Running<CheckAnswer>;

export interface Checker {
  /** `onProgress` hears now and then how many states there are so far. */
  check(job: CheckJob, onProgress: (states: number) => void): RunningCheck;
  ask(job: AskJob): Running<AskAnswer>;
  /** Ends what is under way; nothing may be asked afterwards. */
  dispose(): void;
}
