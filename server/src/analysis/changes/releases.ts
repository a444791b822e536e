// Lock steps that do not pair: a release too many, in the wrong mode, or missing on a path.
import type { Change } from './change.ts';
import { placeName, removed, told } from './locking.ts';
import { siblingsOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';

/** The release at fault not made, or made in whatever mode is held. */
export function releaseLess(source: Source, spot: Spot): readonly Change[] {
  const { stmt } = spot;
  if (stmt.kind !== 'release' && stmt.kind !== 'downgrade') return [];
  const { page } = source;
  const lock = page.source(stmt.lock.range);
  const dropped: Change = {
    title: `Do not \`${told(source, spot)}\` in ${placeName(spot)}`,
    family: `no release ${stmt.range.start}`, splices: [removed(source, spot)],
  };
  if (stmt.kind === 'downgrade' || stmt.mode === null) return [dropped];
  return [{
    title: `Release ${lock} in the mode it is held in in ${placeName(spot)}`,
    family: `any mode ${stmt.range.start}`,
    splices: [page.replace(stmt.range, `release ${lock}`)],
  }, dropped];
}

/** A release before each way out, and at the end. */
export function releaseMore(
  source: Source, spots: readonly Spot[], lock: string,
): readonly Change[] {
  const release = lock === 'rcu' ? 'rcu_read_unlock' : `release ${lock}`;
  const { page } = source;
  const ends = spots.filter((spot) => spot.owner.kind === 'thread' && spot.block !== null
    && (spot.stmt.kind === 'return' || isLast(source, spot)));
  return ends.map((spot): Change => ({
    title: spot.stmt.kind === 'return'
      ? `\`${release}\` before this return in ${placeName(spot)}`
      : `\`${release}\` after \`${told(source, spot)}\` in ${placeName(spot)}`,
    family: `release ${lock} ${spot.stmt.range.start}`,
    splices: [spot.stmt.kind === 'return' ? page.before(spot.whole.range, [release])
      : page.after(spot.whole.range, [release])],
  }));
}

/** Of the thread's own block, or of a branch that ends it. */
function isLast(source: Source, spot: Spot): boolean {
  const last = siblingsOf(source.spots, spot).at(-1) === spot;
  return last && (spot.up === null || isLast(source, spot.up));
}
