// Lock steps that do not pair: a release too many, in the wrong mode, or missing on a path.
import type { Change } from './change.ts';
import { opposite } from './conditions.ts';
import { placeName, removed, told } from './locking.ts';
import { localsIn, sharedOf, siblingsOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';

/** The release at fault not made, made on a condition, or in whatever mode is held. */
export function releaseLess(source: Source, spot: Spot): readonly Change[] {
  const { stmt } = spot;
  if (stmt.kind !== 'release' && stmt.kind !== 'downgrade') return [];
  const { page } = source;
  const lock = page.source(stmt.lock.range);
  const dropped: Change = {
    title: `Do not \`${told(source, spot)}\` in ${placeName(spot)}`,
    family: `no release ${stmt.range.start}`, splices: [removed(source, spot)],
  };
  const less = [...releasedIf(source, spot), dropped];
  if (stmt.kind === 'downgrade' || stmt.mode === null) return less;
  return [{
    title: `Release ${lock} in the mode it is held in in ${placeName(spot)}`,
    family: `any mode ${stmt.range.start}`,
    splices: [page.replace(stmt.range, `release ${lock}`)],
  }, ...less];
}

/** Only where locals say that the lock is held, in words that the thread has for it already. */
function releasedIf(source: Source, spot: Spot): readonly Change[] {
  const { spots, model, page } = source;
  const asked = spots.flatMap(({ stmt, owner }) =>
    (owner === spot.owner && stmt.kind === 'if' ? [stmt.cond] : []))
    .filter((cond) => localsIn(model, cond) && sharedOf(model, cond).size === 0);
  const texts = asked.map((cond) => ({ cond, text: page.source(cond.range) }))
    .flatMap(({ cond, text }) => [text, opposite(cond, text)]);
  return [...new Set(texts)].map((text): Change => ({
    title: `Only \`${told(source, spot)}\` if \`${text}\` in ${placeName(spot)}`,
    family: `release if ${text} ${spot.stmt.range.start}`,
    splices: page.wrap(spot.whole.range, `if ${text}`),
    keeps: [spot.whole.range],
  }));
}

/** A release before each way out and each jump, and at the end. */
export function releaseMore(
  source: Source, spots: readonly Spot[], lock: string,
): readonly Change[] {
  const release = lock === 'rcu' ? 'rcu_read_unlock' : `release ${lock}`;
  const { page } = source;
  const ends = spots.filter((spot) => spot.owner.kind === 'thread' && spot.block !== null
    && (leaves(spot) || isLast(source, spot)));
  return ends.map((spot): Change => ({
    title: `\`${release}\` ${whereText(source, spot)} in ${placeName(spot)}`,
    family: `release ${lock} ${spot.stmt.range.start}`,
    splices: [leaves(spot) ? page.before(spot.whole.range, [release])
      : page.after(spot.whole.range, [release])],
  }));
}

function leaves({ stmt }: Spot): boolean {
  return stmt.kind === 'return' || stmt.kind === 'goto';
}

function whereText(source: Source, spot: Spot): string {
  if (spot.stmt.kind === 'return') return 'before this return';
  return `${leaves(spot) ? 'before' : 'after'} \`${told(source, spot)}\``;
}

/** Of the thread's own block, or of a branch that ends it. */
function isLast(source: Source, spot: Spot): boolean {
  const last = siblingsOf(source.spots, spot).at(-1) === spot;
  return last && (spot.up === null || isLast(source, spot.up));
}
