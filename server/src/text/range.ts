// Places in a text. Offsets are UTF-16 code units from the start of the file; lines and columns
// exist only in `lines.ts` and at the edges (lsp, command line).

/** Half-open: `start` is the first code unit, `end` the one after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** An opaque name of a file, chosen by the host (a path, a URI): compared, never taken apart. */
export type FileId = string;

export interface Location {
  readonly file: FileId;
  readonly range: Range;
}

export function contains(range: Range, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

/** Whether all of `inner` is in `outer`. */
export function encloses(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether two ranges have a place in common; an end counts as in. */
export function touches(a: Range, b: Range): boolean {
  return a.start <= b.end && b.start <= a.end;
}
