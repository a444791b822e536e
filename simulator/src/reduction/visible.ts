// Steps that a property can see: that may change what it is made of.
import type { Program } from '../program.ts';
import { changes, type Actor } from './dependence.ts';
import type { StepEffects } from './effects.ts';
import {
  ACQUIRE_READ, ACQUIRE_WRITE, ASK_READ, ASK_WRITE, noEffects, RELEASE_READ, RELEASE_WRITE,
  TRY_READ, TRY_WRITE, type Effects,
} from './operations.ts';
import { addExpr, openView } from './reads.ts';

export interface Watched {
  /** What properties judged in every state look at. */
  readonly always: Effects;
  /** What finals look at. */
  readonly atEnd: Effects;
  readonly hasFinals: boolean;
  readonly hasBackground: boolean;
}

export function watchedBy(program: Program): Watched {
  const always = noEffects(program);
  const atEnd = noEffects(program);
  for (const { kind, expr } of program.properties) {
    addExpr(openView(program), kind === 'final' ? atEnd : always, expr);
  }
  return {
    always, atEnd,
    hasFinals: program.properties.some(({ kind }) => kind === 'final'),
    hasBackground: program.threads.some(({ background }) => background),
  };
}

/**
 * Whether a property, or what is noted where all threads but those in the background are done,
 * may come out otherwise for the step.
 */
export function isVisible(program: Program, watched: Watched, actor: Actor): boolean {
  if (isSeen(actor, watched.always)) return true;
  if (!watched.hasBackground) return false;
  const { step, thread } = actor;
  if (!program.threads[thread]!.background) return watched.hasFinals && step.ends;
  return step.setsOutcome || isSeen(actor, watched.atEnd);
}

const CHANGE_READERS = ACQUIRE_READ | TRY_READ | RELEASE_READ | RELEASE_WRITE;
const CHANGE_WRITER = ACQUIRE_WRITE | TRY_WRITE | RELEASE_WRITE;

function isSeen(actor: Actor, by: Effects): boolean {
  const { effects } = actor;
  return effects.writes.some((word, i) => (word & by.reads[i]!) !== 0)
    || effects.locks.some((ops, lock) => isAsked(ops, by.locks[lock]!))
    || by.questions.some((question) => changes(actor, question));
}

function isAsked(ops: number, asked: number): boolean {
  return ((ops & CHANGE_READERS) !== 0 && (asked & ASK_READ) !== 0)
    || ((ops & CHANGE_WRITER) !== 0 && (asked & ASK_WRITE) !== 0);
}

/** The whole of a step. */
export const wholeStep = (thread: number, step: StepEffects): Actor =>
  ({ thread, step, effects: step });
