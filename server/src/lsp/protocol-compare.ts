// What the server and its client say to each other about two files or scenarios compared. Part of
// protocol.ts, which is long enough.
import type { Place } from './protocol.ts';

/** Client → server. */
export const COMPARE = 'mmlock/compare';

/** Runs in the client: nothing, for the file in the editor. */
export const COMPARE_COMMAND = 'mmlock.compare';

/** Searches what is not known yet; cancelling the request or its progress stops that. */
export interface CompareParams {
  readonly before: CompareSide;
  readonly after: CompareSide;
}
export interface CompareSide {
  /** Of a file that is open, or that the client can read. */
  readonly uri: string;
  /** Left out on both sides: all scenarios, by name. On one: that one on both. */
  readonly scenario?: string;
  /** What people call it: `HEAD`. */
  readonly label: string;
}

export type CompareResult =
  | {
      readonly kind: 'compared';
      /** Of this comparison, for `ChangeAsked`. */
      readonly id: number;
      readonly scenarios: readonly ComparedView[];
      /** All that was read: when one of them changes, the answer is of yesterday. */
      readonly files: readonly string[];
      /** As the command line prints it. */
      readonly text: string;
    }
  | { readonly kind: 'none'; readonly reason: string };

export interface ComparedView {
  readonly name: string;
  readonly before: StandingView;
  readonly after: StandingView;
  /** On one line, for people: `safe → fails · 34 → 51 states`. */
  readonly summary: string;
  /** A search ended at a limit, or there is nothing to compare with. */
  readonly open: boolean;
  /** What is gained first, of each kind. */
  readonly changes: readonly ChangeView[];
}
export interface StandingView {
  /** `safe`, `fails: data_race(pte)`, `unknown`, `not checked (errors)`, `(not there)`. */
  readonly text: string;
  /** null where nothing was searched. */
  readonly states: number | null;
  /** What the scenario is called there. */
  readonly scenario: string | null;
}
export interface ChangeView {
  readonly kind: 'outcome' | 'violation' | 'lock_order';
  readonly change: 'gained' | 'lost';
  /** `fault = sigsegv`, `data_race(pte)`, `ptl (write) under mmap_sem (read)`. */
  readonly name: string;
  /** A sentence about a violation; else empty. */
  readonly message: string;
  /** false: the other side was not searched to the end, and may have the same. */
  readonly certain: boolean;
  /** Where it happens; null for an outcome. */
  readonly place: Place | null;
  /** There is a run to it. */
  readonly runs: boolean;
}

/** By its place in a `CompareResult`. */
export interface ChangeAsked {
  readonly id: number;
  readonly scenario: number;
  readonly change: number;
}
