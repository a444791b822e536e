// Where declarations stand in two versions of a file, and what lies in them with them.
import { encloses, type FileId, type Range } from '../text/range.ts';
import type { Placed } from './needs.ts';

/** Where a declaration stands. */
export interface Spot {
  readonly file: FileId;
  readonly start: number;
  readonly end: number;
}

/** Declarations of the same texts, in the same order. */
export interface Moves {
  readonly before: readonly Spot[];
  readonly spots: readonly Spot[];
}

export function spotsOf(parts: readonly Placed[]): readonly Spot[] {
  return parts.map(({ file, decl: { range: { start, end } } }) => ({ file, start, end }));
}

/** Whether all of them stand where they stood. */
export function areAt(before: readonly Spot[], parts: readonly Placed[]): boolean {
  return parts.every(({ decl }, i) => decl.range.start === before[i]?.start);
}

export function movedRange(range: Range, file: FileId, { before, spots }: Moves): Range {
  const at = before.findIndex((spot) =>
    spot.file === file && encloses(spot, range));
  const [from, to] = [before[at], spots[at]];
  if (from === undefined || to === undefined) throw new Error('a site outside of its declarations');
  const by = to.start - from.start;
  return { start: range.start + by, end: range.end + by };
}
