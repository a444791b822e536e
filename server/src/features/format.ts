// Feature: the formatter. Lines stay as they were broken but for braces; what changes is white
// space alone, so the meaning cannot. A declaration that could not be read whole stays as it is.
import type { Range } from '../text/range.ts';
import { unreachable } from '../text/unreachable.ts';
import type { Leaf } from '../syntax/leaves.ts';
import { Indents } from './format-indents.ts';
import { BODIES, isComment, spacing } from './format-spacing.ts';

/** In the place of white space between two leaves. */
export interface FormatEdit extends Range {
  readonly text: string;
}

export interface FormatInput {
  readonly text: string;
  readonly leaves: readonly Leaf[];
}

/** In the order of the text. The style is one: two spaces a level, at most one empty line. */
export function format({ text, leaves }: FormatInput): readonly FormatEdit[] {
  const [first] = leaves;
  const last = leaves.at(-1);
  if (first === undefined || last === undefined) return [];
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: FormatEdit[] = [];
  const put = (start: number, end: number, gap: string): void => {
    const wanted = gap.replaceAll('\n', newline);
    if (!isSpace(text.slice(start, end))) return;
    edits.push(...gapEdits(text, { start, end, text: wanted }));
  };
  const breaks = lineBreaks({ text, leaves });
  const indents = new Indents(text, leaves);
  const indent = indents.next(true);
  if (!first.broken) put(text.startsWith('\uFEFF') ? 1 : 0, first.start, indent);
  for (const [i, after] of leaves.slice(1).entries()) {
    const before = leaves[i] ?? first;
    const nBreaks = breaks[i] ?? 0;
    const indent = indents.next(nBreaks > 0);
    if (before.broken || after.broken) continue;
    put(endOf(text, before), after.start, nBreaks > 0 ? '\n'.repeat(nBreaks) + indent
      : onOneLine(text, before, after));
  }
  if (!last.broken) put(endOf(text, last), text.length, '\n');
  return edits;
}

/** Up to the last line break and behind it apart, so that a line can be put in order alone. */
function gapEdits(text: string, { start, end, text: wanted }: FormatEdit): readonly FormatEdit[] {
  const found = text.slice(start, end);
  const [was, will] = [found.lastIndexOf('\n') + 1, wanted.lastIndexOf('\n') + 1];
  const parts = was === 0 || will === 0 ? [{ start, end, text: wanted }] : [
    { start, end: start + was, text: wanted.slice(0, will) },
    { start: start + was, end, text: wanted.slice(will) },
  ];
  return parts.filter((part) => text.slice(part.start, part.end) !== part.text);
}

function onOneLine(text: string, before: Leaf, after: Leaf): string {
  const found = text.slice(before.end, after.start);
  const wanted = spacing(before, after);
  switch (wanted) {
    case 'none': return '';
    case 'one': return ' ';
    case 'wide': return /^ {2,}$/.test(found) ? found : '  ';
    case 'kept': return /^ +$/.test(found) ? found : '  ';
    default: return unreachable(wanted);
  }
}

/** What trails in a comment is not of it. */
function endOf(text: string, { start, end, type }: Leaf): number {
  if (type !== 'line_comment' && type !== 'doc_comment') return end;
  return start + text.slice(start, end).trimEnd().length;
}

function isSpace(text: string): boolean {
  return /^\s*$/.test(text);
}

/** From the opening brace on, the body whose closing brace ends at `offset`; null: none does. */
export function bodyClosedAt(leaves: readonly Leaf[], offset: number): Range | null {
  const body = bodies(leaves).find(({ close }) => leaves[close]?.end === offset);
  const open = body === undefined ? undefined : leaves[body.open];
  return open === undefined ? null : { start: open.start, end: offset };
}

/** For the gap after each leaf but the last: how many line breaks are to be in it. */
function lineBreaks({ text, leaves }: FormatInput): readonly number[] {
  const breaks = leaves.slice(1).map((after, i) => {
    const before = leaves[i] ?? after;
    return wantedBreaks(text, before, after);
  });
  // Breaks before each gap: a body that is given lines of its own had a break inside already.
  const before = [0];
  for (const n of breaks) before.push((before.at(-1) ?? 0) + n);
  for (const { open, close } of bodies(leaves)) {
    if (before[open] === before[close]) continue;
    // A comment behind the opening brace stays there.
    const behind = leaves[open + 1];
    const isKept = behind !== undefined && isComment(behind) && breaks[open] === 0;
    const from = isKept ? open + 1 : open;
    breaks[from] = 1;
    breaks[close - 1] = 1;
  }
  return breaks;
}

function wantedBreaks(text: string, before: Leaf, after: Leaf): number {
  const found = text.slice(before.end, after.start).match(/\r\n?|\n/g)?.length ?? 0;
  return joins(before, after) ? 0 : Math.min(found, 2);
}

/** `{` ends the line of what it belongs to, and `else` follows its brace. */
function joins(before: Leaf, after: Leaf): boolean {
  if (isComment(before) || isComment(after)) return false;
  if (after.type === '{' && BODIES.has(after.parent)) return after.begins === null;
  return before.type === '}' && before.parent === 'block'
    && (after.type === 'else' || (after.type === 'or' && after.parent === 'choose_statement'));
}

interface Body {
  /** Indices of its braces. */
  readonly open: number;
  readonly close: number;
}

/** The inner ones first. */
function bodies(leaves: readonly Leaf[]): readonly Body[] {
  const found: Body[] = [];
  const open: number[] = [];
  for (const [i, { type, parent, begins }] of leaves.entries()) {
    if (begins === 'source_file') open.length = 0;
    if (!BODIES.has(parent)) continue;
    if (type === '{') open.push(i);
    const last = type === '}' ? open.pop() : undefined;
    if (last !== undefined) found.push({ open: last, close: i });
  }
  return found;
}
