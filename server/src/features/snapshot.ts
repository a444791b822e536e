// What a feature is asked about: one version of one file with all that is known of it, immutable.
// The service builds it; features only read it.
import type { FileId, Location } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { Lines } from '../text/lines.ts';
import type { Model } from '../analysis/model.ts';
import type { Judgement, Result } from '../analysis/judgement.ts';
import type { UseDecl } from './nodes.ts';

export interface Snapshot {
  readonly file: FileId;
  readonly version: number;
  readonly text: string;
  readonly lines: Lines;
  readonly model: Model;
  /** What reading the file found: syntax, names, types. */
  readonly problems: readonly Problem[];
  /** What is certain of the file as a whole, from its text and from the verdicts there are. */
  readonly findings: readonly Problem[];
  /** One for each of `model.scenarios`, in its order. */
  readonly checks: readonly Check[];
  /** The lines of another file that the model takes in; null where its text is not known. */
  linesOf(file: FileId): Lines | null;
  /** The file that a `use` declaration of this one takes in; null where there is none. */
  usedBy(use: UseDecl): FileId | null;
}

/** How far the check of one scenario has come. Never one of an earlier meaning of the text. */
export type Check =
  /** An error in the file touches it, so there is no program. */
  | { readonly kind: 'broken' }
  /** Not asked for yet: the setting says on save, or never. */
  | { readonly kind: 'off' }
  /** Waiting its turn, or under way with so many states. */
  | { readonly kind: 'checking'; readonly states: number | null }
  | { readonly kind: 'judged'; readonly result: Result; readonly judgement: Judgement;
      readonly limits: LimitsUsed }
  /** The checker itself broke down; nothing is claimed. */
  | { readonly kind: 'failed'; readonly message: string };

/** What the check was allowed. */
export interface LimitsUsed {
  readonly maxStates: number;
  /** In bytes. */
  readonly maxMemory: number;
  readonly timeLimitMs: number;
}

/** Everything that was explored in this version, in the order of the file. */
export function explored(snapshot: Snapshot): readonly Result[] {
  return snapshot.checks.flatMap((check) => (check.kind === 'judged' ? [check.result] : []));
}

/** 1-based line of a place, for people; null where its file's text is not known. */
export function lineNumber(snapshot: Snapshot, at: Location): number | null {
  const lines = at.file === snapshot.file ? snapshot.lines : snapshot.linesOf(at.file);
  return lines === null ? null : lines.position(at.range.start).line + 1;
}
