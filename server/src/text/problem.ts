// What is wrong with a text, as plain data: the shape every finding takes on its way out.
import type { FileId, Range } from './range.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** The stable codes of docs/diagnostics; `language.md` has the table. */
export type Code =
  | 'syntax' | 'name' | 'type' | 'use'
  | 'lock_not_held' | 'lock_held_at_exit' | 'deadlock' | 'sleep_in_atomic' | 'guard'
  | 'data_race' | 'use_after_free' | 'double_free' | 'null_ref' | 'range' | 'pool_exhausted'
  | 'assert' | 'invariant' | 'final' | 'eventually' | 'reachable'
  | 'forbidden_outcome' | 'missing_outcome' | 'refines'
  | 'lock_order' | 'stale_after_relock' | 'recursive_read' | 'unreachable_step'
  | 'expectation' | 'unknown';

/** A second place that explains the first: a step of the interleaving, an earlier declaration. */
export interface Related {
  readonly file: FileId;
  readonly range: Range;
  readonly message: string;
}

export interface Problem {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly Related[];
  /** `unnecessary`: shown faded (a step no scenario reaches). */
  readonly tags?: readonly 'unnecessary'[];
}

/** A value with what is wrong about it: the user's mistakes are data. */
export interface Checked<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}
