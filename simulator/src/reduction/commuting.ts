// Steps of two threads that come to the same state whichever is taken first, and do the same there.
// Where both can be taken they make a diamond. docs/reductions.md says what that is good for.
import type { PlaceIdx, Program, ThreadIdx } from '../program.ts';
import { conflicts, type Actor } from './dependence.ts';
import { effectsOf, type StepEffects } from './effects.ts';
import { freshOf } from './fresh.ts';
import type { HeldTable } from './held.ts';
import {
  besidePlaces, itemsOf, pairsApart, type Pair, type StepItem, type Which,
} from './items.ts';
import { ACQUIRE_READ, ACQUIRE_WRITE, ALLOCATE } from './operations.ts';
import { stepKeys } from './step-keys.ts';
import { wholeStep } from './visible.ts';

/** Of a thread's resting places, bit i for index i into its `Layout.rests`. */
export type Places = bigint;

/** The places of one thread whose steps commute with one of another. */
export interface CommutingPlaces {
  readonly always: Places;
  /** Unless two of a pair are equal behind the other thread's step; what is its own comes first. */
  readonly unless: readonly { readonly equal: readonly Equal[]; readonly places: Places }[];
}
export type Equal = readonly [Which, Which];

/** `[t][rest][u]`, for u before t: where u's step commutes with that of thread t from `rest`. */
export type Commuting = readonly (readonly (readonly CommutingPlaces[])[])[];

/** A thread of more, with those where it takes no step of its own, is in no set. */
const PLACES_MAX = 64;
const OTHER_PLACES = 2;
/** More comparisons would cost more than they spare. */
const EQUAL_MAX = 2;

export function commutingSteps(program: Program, held: HeldTable): Commuting {
  const fresh = freshOf(program);
  const plenty = program.pools.map(() => false); // the very same state must come out
  const steps = program.threads.map((_, thread) => {
    const scope = { program, held, fresh, plenty, thread };
    return effectsOf(scope).map((step): Taken =>
      ({ t: thread, step, items: itemsOf(scope, step.pc) }));
  });
  const commute = askedOnce(program, steps);
  return steps.map((taken, t) => taken.map((step) => steps.slice(0, t).map((others) =>
    commutingPlaces(others.length + OTHER_PLACES > PLACES_MAX ? [] : others, (other) =>
      equals(step, other, commute(step, other))))));
}

/** A step, and whose. */
interface Taken {
  readonly t: ThreadIdx;
  readonly step: StepEffects;
  readonly items: readonly StepItem[];
}

function commutingPlaces(
  others: readonly Taken[], unlessEqual: (other: Taken) => readonly Equal[] | null,
): CommutingPlaces {
  let always: Places = 0n;
  const unless = new Map<string, { equal: readonly Equal[]; places: Places }>();
  others.forEach((other, rest) => {
    const equal = unlessEqual(other);
    const place = 1n << BigInt(rest);
    if (equal === null) return;
    if (equal.length === 0) always |= place;
    else {
      const key = JSON.stringify(equal);
      unless.set(key, { equal, places: (unless.get(key)?.places ?? 0n) | place });
    }
  });
  return { always, unless: [...unless.values()] };
}

function equals(
  taken: Taken, other: Taken, pairs: readonly Pair[] | null,
): readonly Equal[] | null {
  const found = new Map<string, Equal>();
  for (const [i, j] of pairs ?? []) {
    const [a, b] = [taken.items[i]?.behind, other.items[j]?.before];
    if (a && b) found.set(JSON.stringify([a, b]), [a, b]);
  }
  return pairs === null || found.size > EQUAL_MAX ? null : [...found.values()];
}

/** Whether they commute: unless one of the pairs is equal; null: they do not. */
type Answer = readonly Pair[] | null;

/** The answer is kept for steps that touch the same. */
function askedOnce(
  program: Program, steps: readonly (readonly Taken[])[],
): (a: Taken, b: Taken) => Answer {
  const keyOf = stepKeys(program, steps.map((taken) => taken.map(({ step }) => step)));
  const kinds = new Map<string, number>();
  const kindOf = new Map<Taken, number>();
  for (const taken of steps.flat()) {
    const key = `${keyOf(taken.t, taken.step)} ${itemsKey(taken.items)}`;
    const kind = kinds.get(key) ?? kinds.size;
    kinds.set(key, kind);
    kindOf.set(taken, kind);
  }
  const known = new Map<number, Answer>();
  const commute = commuting(program, steps.flat());
  return (a, b) => {
    const pair = kindOf.get(a)! * kinds.size + kindOf.get(b)!;
    const kept = known.get(pair);
    const answer = kept === undefined ? commute(a, b) : kept;
    known.set(pair, answer);
    return answer;
  };
}

/** Which local it is makes no difference, since it is the thread's own. */
function itemsKey(items: readonly StepItem[]): string {
  const said = (which: Which | null): string =>
    (which?.kind === 'const' ? `${which.value}` : which?.kind ?? '');
  return items.map(({ place, writes, before, behind }) =>
    [place, Number(writes), said(before), said(behind)].join()).join(';');
}

function commuting(program: Program, all: readonly Taken[]): (a: Taken, b: Taken) => Answer {
  const queues = program.locks.map(() => true); // no join of a queue is left out here
  const hasWaiters = program.locks.map((_, lock) =>
    all.some(({ step: { locks } }) => (locks[lock]! & (ACQUIRE_READ | ACQUIRE_WRITE)) !== 0));
  const commute = (a: Actor, b: Actor): boolean =>
    !conflicts(a, b, queues) && !meetAtQueue(a, b, hasWaiters);
  return (a, b) => {
    if (commute(wholeStep(a.t, a.step), wholeStep(b.t, b.step))) return [];
    const places = placesApart(program, a, b);
    const beside = ({ t, step }: Taken): Actor => {
      const effects = besidePlaces(program, step, places);
      return { thread: t, step, effects };
    };
    return places.size > 0 && commute(beside(a), beside(b)) ? pairsApart(a.items, b.items) : null;
  };
}

/** Places with items; not the fields of objects that one of them makes: all are filled. */
function placesApart(program: Program, a: Taken, b: Taken): ReadonlySet<PlaceIdx> {
  const makes = (pool: number | null): boolean => pool !== null
    && ((a.step.pools[pool]! | b.step.pools[pool]!) & ALLOCATE) !== 0;
  const places = [...a.items, ...b.items].map(({ place }) => place);
  return new Set(places.filter((place) => !makes(program.places[place]!.pool)));
}

/** Who comes first may then stand first in the queue, or be the one to hand the lock over. */
function meetAtQueue(a: Actor, b: Actor, hasWaiters: readonly boolean[]): boolean {
  const [left, right] = [a.effects.locks, b.effects.locks];
  return hasWaiters.some((some, lock) => some && left[lock] !== 0 && right[lock] !== 0);
}
