// Steps of two threads that come to the same state whichever is taken first, and do the same there.
// Where both can be taken they make a diamond. docs/reductions.md says what that is good for.
import type { Program, ThreadIdx } from '../program.ts';
import { conflicts, type Actor } from './dependence.ts';
import { effectsOf, type StepEffects } from './effects.ts';
import type { HeldTable } from './held.ts';
import { ACQUIRE_READ, ACQUIRE_WRITE } from './operations.ts';
import { stepKeys } from './step-keys.ts';
import { wholeStep } from './visible.ts';

/**
 * `[t][rest][u]`, for u before t: the resting places of thread u, bit i for index i into
 * `Layout.rests[u]`, whose steps commute with that of thread t from `rest`.
 */
export type Commuting = readonly (readonly (readonly bigint[])[])[];

/** A thread of more, with those where it takes no step of its own, is in no set. */
const PLACES_MAX = 64;
const OTHER_PLACES = 2;

export function commutingSteps(program: Program, held: HeldTable): Commuting {
  const effects = program.threads.map((_, thread) => effectsOf({ program, held, thread }));
  const commute = askedOnce(program, effects);
  return effects.map((steps, t) => steps.map((step) => effects.slice(0, t).map((others, u) => {
    if (others.length + OTHER_PLACES > PLACES_MAX) return 0n;
    return others.reduce((set, other, rest) =>
      (commute({ t, step }, { t: u, step: other }) ? set | (1n << BigInt(rest)) : set), 0n);
  })));
}

interface Taken {
  readonly t: ThreadIdx;
  readonly step: StepEffects;
}

/** The answer is kept for steps that touch the same. */
function askedOnce(
  program: Program, effects: readonly (readonly StepEffects[])[],
): (a: Taken, b: Taken) => boolean {
  const keyOf = stepKeys(program, effects);
  const kinds = new Map<string, number>();
  const kindOf = new Map<StepEffects, number>();
  effects.forEach((steps, t) => steps.forEach((step) => {
    const key = keyOf(t, step);
    const kind = kinds.get(key) ?? kinds.size;
    kinds.set(key, kind);
    kindOf.set(step, kind);
  }));
  const known = new Map<number, boolean>();
  const commute = commuting(program, effects.flat());
  return (a, b) => {
    const pair = kindOf.get(a.step)! * kinds.size + kindOf.get(b.step)!;
    const answer = known.get(pair)
      ?? commute(wholeStep(a.t, a.step), wholeStep(b.t, b.step));
    known.set(pair, answer);
    return answer;
  };
}

function commuting(
  program: Program, all: readonly StepEffects[],
): (a: Actor, b: Actor) => boolean {
  const queues = program.locks.map(() => true); // no join of a queue is left out here
  const hasWaiters = program.locks.map((_, lock) =>
    all.some(({ locks }) => (locks[lock]! & (ACQUIRE_READ | ACQUIRE_WRITE)) !== 0));
  return (a, b) => !conflicts(a, b, queues) && !meetAtQueue(a, b, hasWaiters);
}

/** Who comes first may then stand first in the queue, or be the one to hand the lock over. */
function meetAtQueue(a: Actor, b: Actor, hasWaiters: readonly boolean[]): boolean {
  const [left, right] = [a.effects.locks, b.effects.locks];
  return hasWaiters.some((some, lock) => some && left[lock] !== 0 && right[lock] !== 0);
}
