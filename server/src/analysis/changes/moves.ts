// One statement somewhere else: past its neighbours in its block. So lock sections grow and shrink,
// acquisitions change places, and what must be seen first is published first.
import { encloses } from '../../text/range.ts';
import type { Change, Splice } from './change.ts';
import { placeName, told } from './locking.ts';
import { sharedIn, siblingsOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';

/** Statements in a block beyond which only near places are tried. */
const FAR = 24;

/** Every place of its own block that the statement could be at. */
export function movesOf(source: Source, spot: Spot): readonly Change[] {
  if (spot.block === null || !matters(source, spot)) return [];
  const siblings = siblingsOf(source.spots, spot);
  return siblings.flatMap((target): readonly Change[] => {
    const distance = target.index - spot.index;
    if (distance === 0 || Math.abs(distance) > FAR) return [];
    const crossed = siblings.filter(({ index }) => index !== spot.index
      && index >= Math.min(spot.index, target.index)
      && index <= Math.max(spot.index, target.index));
    if (crossed.some((it) => isBarrier(source, spot, it))) return [];
    const change = moved(source, spot, target, distance > 0 ? 'below' : 'above');
    return [change, ...(distance > 0 ? alsoBefore(source, { spot, crossed, change }) : [])];
  });
}

/** A release that is moved past a way out is made there as well. */
function alsoBefore(
  source: Source,
  { spot, crossed, change }: { spot: Spot; crossed: readonly Spot[]; change: Change },
): readonly Change[] {
  if (spot.stmt.kind !== 'release') return [];
  const returns = source.spots.filter(({ stmt }) => stmt.kind === 'return'
    && crossed.some(({ whole }) => encloses(whole.range, stmt.range)));
  if (returns.length === 0) return [];
  const release = source.page.source(spot.stmt.range);
  return [{
    title: `${change.title}, and make it before each return between`,
    family: `${change.family} and returns`,
    splices: [...change.splices,
      ...returns.map(({ whole }) => source.page.before(whole.range, [release]))],
  }];
}

/** Of a move, in characters. */
export function lengthOf({ splices }: Change): number {
  return Math.abs((splices[1]?.start ?? 0) - (splices[0]?.start ?? 0));
}

/** What does nothing that others see, or ends the thread, is as well where it is. */
function matters(source: Source, spot: Spot): boolean {
  // What a thread comes to is what it found, and is not to be found elsewhere instead.
  if (decides(source, spot)) return false;
  const { stmt } = spot;
  switch (stmt.kind) {
    case 'return': case 'goto': case 'jump': case 'hole': case 'assert':
      return false;
    case 'step':
      return stmt.body !== null;
    default: // Locks, accesses, calls, and what is made of them.
      return true;
  }
}

function decides({ spots }: Source, { whole: { range } }: Spot): boolean {
  return spots.some(({ stmt }) => stmt.kind === 'outcome' && encloses(range, stmt.range));
}

/** As written. */
function lockOf({ page }: Source, { stmt }: Spot): string | null {
  const steps = stmt.kind === 'acquire' || stmt.kind === 'release' || stmt.kind === 'downgrade';
  return steps ? page.source(stmt.lock.range) : null;
}

/**
 * Past it the statement would not be reached, or a lock step would pair with another section's, or
 * what the thread comes to would not be its own.
 */
function isBarrier(source: Source, spot: Spot, crossed: Spot): boolean {
  const { kind } = crossed.stmt;
  if (kind === 'return' || kind === 'goto' || kind === 'jump') return true;
  const lock = lockOf(source, spot);
  if (lock !== null && lock === lockOf(source, crossed)) return true;
  if (!decides(source, crossed)) return false;
  const about = sharedWithin(source, crossed);
  return [...sharedWithin(source, spot)].some((name) => about.has(name));
}

function sharedWithin({ spots, model }: Source, { whole: { range } }: Spot): ReadonlySet<string> {
  return new Set(spots.filter(({ stmt }) => encloses(range, stmt.range))
    .flatMap((it) => [...sharedIn(model, it)]));
}

export function moved(
  source: Source, spot: Spot, target: Spot, where: 'above' | 'below',
): Change {
  const { page } = source;
  const text = page.carried(spot.whole.range, target.whole.range);
  const put: Splice = {
    ...(where === 'above' ? page.before(target.whole.range, [text])
      : page.after(target.whole.range, [text])),
    from: spot.whole.range,
  };
  const cut = page.remove(spot.whole.range);
  return {
    title: `Move \`${told(source, spot)}\` ${where} \`${told(source, target)}\` in `
      + placeName(spot),
    family: `move ${spot.stmt.range.start} ${where}`,
    splices: where === 'above' ? [put, cut] : [cut, put],
  };
}
