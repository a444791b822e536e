// Two lock sections made one: over the gap between them, or over the turns of a loop.
import type { Change, Splice } from './change.ts';
import { inMode, placeName, removed } from './locking.ts';
import type { Section } from './sections.ts';
import { siblingsOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';

/** `release L ... acquire L` in one block: L is held over what is between. */
export function joinsOf(source: Source, owners: ReadonlySet<object>): readonly Change[] {
  return source.sections.flatMap((first) => first.releases.flatMap((release) => {
    if (!owners.has(release.owner)) return [];
    return source.sections.flatMap((second) => second.acquires.flatMap((acquire) =>
      (isBehind(release, acquire) && first !== second && first.lock === second.lock
        && acquire.stmt.kind === 'acquire'
        ? joined(source, { first, second, release, acquire }) : [])));
  }));
}

function isBehind(release: Spot, acquire: Spot): boolean {
  return release.block !== null && release.block === acquire.block
    && release.index < acquire.index;
}

interface Pair {
  readonly first: Section;
  readonly second: Section;
  readonly release: Spot;
  readonly acquire: Spot;
}

function joined(source: Source, { first, second, release, acquire }: Pair): readonly Change[] {
  const { stmt } = acquire;
  const writes = stmt.kind === 'acquire' && stmt.mode === 'write';
  const stronger = writes ? inMode(source, first, 'write') : null;
  const dropped: readonly Splice[] = writes
    ? first.downgrades.map((spot) => removed(source, spot)) : [];
  const starts = new Set([release, ...first.downgrades].map((spot) => spot.stmt.range.start));
  const mode = (stronger?.splices ?? []).filter(({ start }) => !starts.has(start));
  return [{
    title: `Hold ${second.lock} over the gap in ${placeName(release)}: one section, not two`,
    family: `join ${release.stmt.range.start}`,
    splices: [...mode, ...dropped, removed(source, release), removed(source, acquire)],
  }];
}

/** A section that each turn of a loop takes anew, taken once around the loop. */
export function aroundLoop(source: Source, spot: Spot): readonly Change[] {
  const { stmt } = spot;
  if (stmt.kind !== 'for' && stmt.kind !== 'while' && stmt.kind !== 'loop') return [];
  if (spot.block === null) return [];
  const inside = source.spots.filter(({ block }) => block === stmt.body);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first?.stmt.kind !== 'acquire' || last?.stmt.kind !== 'release') return [];
  const lock = source.page.source(first.stmt.lock.range);
  if (lock !== source.page.source(last.stmt.lock.range)) return [];
  const { page } = source;
  return [{
    title: `Hold ${lock} over the whole loop in ${placeName(spot)}`,
    family: `loop ${stmt.range.start}`,
    splices: [
      page.before(spot.whole.range, [page.source(first.stmt.range)]),
      removed(source, first), removed(source, last),
      page.after(spot.whole.range, [page.source(last.stmt.range)]),
    ],
  }];
}

/** `acquire a ... acquire b`: b is only tried; if that fails, a is let go and all begun again. */
export function backOff(source: Source, spot: Spot): readonly Change[] {
  const { stmt, block } = spot;
  if (stmt.kind !== 'acquire' || block === null) return [];
  const { page } = source;
  return siblingsOf(source.spots, spot)
    .filter((outer) => outer.index < spot.index && outer.stmt.kind === 'acquire')
    .map((outer): Change => {
      const label = outer.whole.kind === 'labelled' ? outer.whole.label.text : 'retry';
      const lock = outer.stmt.kind === 'acquire' ? page.source(outer.stmt.lock.range) : '';
      const again = `{ release ${lock}  goto ${label} }`;
      return {
        title: `Only try ${page.source(stmt.lock.range)} under ${lock} in ${placeName(spot)}, and `
          + 'begin again where it is taken',
        family: `try ${stmt.range.start}`,
        splices: [
          ...(outer.whole.kind === 'labelled' ? []
            : [{ start: outer.stmt.range.start, end: outer.stmt.range.start, text: `${label}: ` }]),
          page.replace(stmt.range, `if try ${page.source(stmt.range)} { } else ${again}`),
        ],
      };
    });
}
