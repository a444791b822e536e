// Everything that might make a warning go away and leave what the threads do as it is: acquisitions
// in another order, a read lock taken once, a value read again. Nothing here is known to help.
import type { Code } from '../../text/problem.ts';
import type { Owner } from '../entity.ts';
import { notAgain } from './again.ts';
import { leadingTo } from './conditions.ts';
import { orderedAll, type Change } from './change.ts';
import { backOff, joinsOf } from './joins.ts';
import { readAgain } from './lookups.ts';
import { lengthOf, movesOf } from './moves.ts';
import type { Spot } from './spots.ts';
import { spotsIn, withCalls, type Source } from './source.ts';

/** Warnings that something can be tried for. */
export const MENDABLE: ReadonlySet<Code> =
  new Set<Code>(['lock_order', 'recursive_read', 'stale_after_relock']);

export interface Warned {
  readonly code: Code;
  /** Offsets of what it is about, its own place first, in this file. */
  readonly at: readonly number[];
}

/** The plainest first, each with its splices in the text's order. */
export function candidatesForWarning(source: Source, { code, at }: Warned): readonly Change[] {
  const owners = ownersAt(source, at);
  const spots = spotsIn(source, owners);
  const moves = spots.filter(isLockStep).flatMap((spot) => movesOf(source, spot))
    .sort((a, b) => lengthOf(a) - lengthOf(b));
  const near = at.flatMap((offset) => leadingTo(spots, offset));
  switch (code) {
    case 'lock_order':
      return orderedAll([...moves, ...spots.flatMap((spot) => backOff(source, spot))]);
    case 'recursive_read': {
      const again = source.sections.filter(({ acquires }) =>
        acquires.some(({ stmt: { range } }) => at.includes(range.start)));
      return orderedAll([...again.flatMap((section) => notAgain(source, section)), ...moves]);
    }
    case 'stale_after_relock':
      return orderedAll([
        ...readAgain(source, spots, near), ...joinsOf(source, owners),
        ...near.flatMap((spot) => movesOf(source, spot)), ...moves,
      ]);
    default: // Nothing is tried for any other.
      return [];
  }
}

/** The bodies that the places are in, the threads that get there, and all that these call. */
function ownersAt({ model, spots }: Source, at: readonly number[]): ReadonlySet<Owner> {
  const bodies = new Set(spots.filter(({ whole: { range } }) =>
    at.some((offset) => range.start <= offset && offset < range.end)).map(({ owner }) => owner));
  const callers = model.threads.filter((thread) =>
    [...withCalls(model, [thread])].some((owner) => bodies.has(owner)));
  return withCalls(model, [...bodies, ...callers]);
}

function isLockStep({ stmt: { kind } }: Spot): boolean {
  return kind === 'acquire' || kind === 'release' || kind === 'downgrade';
}
