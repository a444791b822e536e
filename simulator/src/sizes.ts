// How large searches of late were, and whether they found something, so that the next one of a
// program much like it begins with the engine that suits it. It is a guess, and for speed alone:
// the verdict is the same.
import { CODE_STATES, SMALL_TRANSITIONS, THIN_STATES, THIN_TRANSITIONS } from './bounds.ts';
import type { Program } from './program.ts';

interface Known {
  readonly transitions: number;
  /** Something was found: there will be traces to tell. */
  readonly found: boolean;
}

/** By what an edit of a value or a condition leaves as it is. */
const known = new Map<string, Known>();
const KNOWN_MAX = 256;

export function likeness({ threads, cells, locks, properties }: Program): string {
  const code = threads.map((thread) => thread.code.length);
  return [...code, '', cells.length, locks.length, properties.length].join(' ');
}

/** States from which on generated code should take over. */
export function codeStatesFor(program: Program): number {
  const expected = known.get(likeness(program))?.transitions;
  if (expected === undefined) return CODE_STATES;
  // Should it be larger after all, it is at least no slower than one that is not known.
  return expected > SMALL_TRANSITIONS ? 0 : Math.max(CODE_STATES, expected);
}

/** States from which on transitions need not be kept. */
export function thinStatesFor(program: Program): number {
  const last = known.get(likeness(program));
  if (last === undefined || last.transitions < THIN_TRANSITIONS) return THIN_STATES;
  return last.found ? Infinity : 0;
}

export function noteSearch(program: Program, search: Known): void {
  const key = likeness(program);
  known.delete(key);
  known.set(key, search);
  const [oldest] = known.keys();
  if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest);
}
