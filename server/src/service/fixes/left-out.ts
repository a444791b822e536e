// What a change mends only by never getting to it: its own statement, or a `free`.
import type { Problem } from '../../text/problem.ts';
import type { Range } from '../../text/range.ts';
import { rangeBefore, type Change, type Splice } from '../../analysis/changes/change.ts';
import type { Source } from '../../analysis/changes/source.ts';

export interface Seen {
  /** Of the change, with the `expect` lines that follow it. */
  readonly splices: readonly Splice[];
  /** What there is to say of the text before the change, and of the text after it. */
  readonly before: readonly Problem[];
  readonly after: readonly Problem[];
}

/** Why the change is no fix; null: nothing is left out. */
export function leftOut(source: Source, { keeps = [] }: Change, seen: Seen): string | null {
  const known = unreached(seen.before);
  const now = unreached(seen.after).map((range) => rangeBefore(seen.splices, range));
  const isDead = (at: number): boolean => isIn(now, at) && !isIn(known, at);
  const { file } = source.model;
  const steps = [...source.cover.steps.values()].filter(({ rests, site }) =>
    rests && site.file === file && !isIn(known, site.range.start));
  for (const keep of keeps) {
    const kept = steps.filter(({ places }) =>
      places.some((place) => place.file === file && isIn([keep], place.start)));
    const off = kept.length > 0 && kept.every(({ site }) => isDead(site.range.start));
    if (off || isIn(now, keep.start)) return 'what it is about would never be reached';
  }
  const free = source.spots.find(({ stmt }) =>
    stmt.kind === 'free' && isDead(stmt.range.start));
  if (free === undefined) return null;
  return `\`${source.page.source(free.stmt.range)}\` would never be reached`;
}

function unreached(problems: readonly Problem[]): readonly Range[] {
  return problems.filter(({ code }) => code === 'unreachable_step').map(({ range }) => range);
}

function isIn(ranges: readonly Range[], at: number): boolean {
  return ranges.some(({ start, end }) => start <= at && at < end);
}
