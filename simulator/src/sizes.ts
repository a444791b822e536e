// How large searches of late were, so that the next one of a program much like it begins with the
// engine that suits it. It is a guess, and for speed alone: the verdict is the same.
import { CODE_STATES, SMALL_TRANSITIONS } from './bounds.ts';
import type { Program } from './program.ts';

/** Transitions, by what an edit of a value or a condition leaves as it is. */
const known = new Map<string, number>();
const KNOWN_MAX = 256;

function likeness({ threads, cells, locks, properties }: Program): string {
  const code = threads.map((thread) => thread.code.length);
  return [...code, '', cells.length, locks.length, properties.length].join(' ');
}

/** States from which on generated code should take over. */
export function codeStatesFor(program: Program): number {
  const expected = known.get(likeness(program));
  if (expected === undefined) return CODE_STATES;
  // Should it be larger after all, it is at least no slower than one that is not known.
  return expected > SMALL_TRANSITIONS ? 0 : Math.max(CODE_STATES, expected);
}

export function noteSize(program: Program, transitions: number): void {
  const key = likeness(program);
  known.delete(key);
  known.set(key, transitions);
  const [oldest] = known.keys();
  if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest);
}
