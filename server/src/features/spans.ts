// Lines of a thread as people read them: `lines 31, 33–36`.
import type { Snapshot } from './snapshot.ts';

/** Lines from 1, both included; no step between them is left out. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * `chosen` among the ascending `all`: where the next line of a step is chosen too they are drawn
 * together, but not over the head of a thread or proc.
 */
export function spansOf(
  chosen: readonly number[], all: readonly number[], heads: ReadonlySet<number>,
): readonly Span[] {
  const wanted = new Set(chosen);
  const spans: { first: number; last: number }[] = [];
  let open: { first: number; last: number } | undefined;
  for (const line of all) {
    if (!wanted.has(line)) open = undefined;
    else if (open !== undefined && follows(open.last, line, heads)) open.last = line;
    else spans.push(open = { first: line, last: line });
  }
  return spans;
}

function follows(last: number, line: number, heads: ReadonlySet<number>): boolean {
  for (let between = last + 1; between <= line; between++) if (heads.has(between)) return false;
  return true;
}

/** The lines on which the file's threads and procs begin. */
export function headLines(snapshot: Snapshot): ReadonlySet<number> {
  return new Set(snapshot.model.source.decls.flatMap((decl) =>
    (decl.kind === 'thread' || decl.kind === 'proc'
      ? [snapshot.lines.position(decl.range.start).line + 1] : [])));
}

/** More are not read. */
const SPANS_MAX = 4;

/** `lines 31, 33–36`. */
export function spansText(spans: readonly Span[]): string {
  const texts = spans.map(({ first, last }) =>
    (first === last ? `${first}` : `${first}–${last}`));
  const word = texts.length === 1 && spans[0]?.first === spans[0]?.last ? 'line' : 'lines';
  if (texts.length <= SPANS_MAX + 1) return `${word} ${texts.join(', ')}`;
  const shown = texts.slice(0, SPANS_MAX).join(', ');
  return `${word} ${shown} and ${texts.length - SPANS_MAX} places more`;
}
