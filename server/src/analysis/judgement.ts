// What a scenario's verdict comes to, for people: its violations in words with their runs, whether
// the `expect` lines are met, and the problems to show in the text. Shapes only.
import type { FileId, Range } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { ScenarioDecl } from '../syntax/ast.ts';
import type { Verdict } from '../../../simulator/src/verdict.ts';
import type { Lowered } from './lowered.ts';

/** What the search of one scenario returned, with what it was given. */
export interface Result {
  readonly scenario: ScenarioDecl;
  readonly lowered: Lowered;
  readonly verdict: Verdict;
  readonly elapsedMs: number;
}

/** Searched to the end. */
export function isComplete({ verdict }: Pick<Result, 'verdict'>): boolean {
  return verdict.bound === null;
}

export interface Judgement {
  readonly scenario: ScenarioDecl;
  readonly verdict: 'safe' | 'violated' | 'unknown';
  readonly expectation: 'met' | 'unmet' | 'unknown';
  readonly violations: readonly Told[];
  /** `{ 'fault#1': 'content' }`, each combination once; null: ended without an outcome. */
  readonly outcomes: readonly Readonly<Record<string, string | null>>[];
  /** Every problem this scenario puts into the file: violations (information where expected),
   * `expectation`, `unknown`. */
  readonly problems: readonly Problem[];
  /** Those of them that are no violations: what the `expect` lines came to. */
  readonly remarks: readonly Problem[];
}

/** A violation in words. */
export interface Told {
  readonly code: Problem['code'];
  readonly subject: string | null;
  readonly message: string;
  readonly expected: boolean;
  readonly thread: string | null;
  readonly file: FileId;
  readonly range: Range;
  /** Replays the run: `mmlock simulate --schedule`. Empty where there is no run. */
  readonly schedule: string;
  readonly trace: readonly ToldStep[];
  /** As in `Trace.loop`. */
  readonly loop: number | null;
}

export interface ToldStep {
  readonly thread: string;
  /** Column of the thread in the scenario, from 0. */
  readonly lane: number;
  readonly text: string;
  /** `waits`: joined a lock's queue; `granted`: got it; `next`: about to be taken (in a race). */
  readonly move: 'step' | 'waits' | 'granted' | 'next';
  readonly file: FileId;
  readonly range: Range;
  /** What changed, by name, as printed: `{ mmap_sem: 'W:munmap', 'pte[0]': 'none' }`. */
  readonly changes: Readonly<Record<string, string>>;
  /** The whole state after the step, by name in a fixed order. */
  readonly state: readonly { readonly name: string; readonly value: string }[];
}
