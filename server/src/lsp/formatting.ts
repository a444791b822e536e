// Formatting: of a document, of a part of it, and of what was just finished by typing.
import type { Range as LspRange, TextEdit } from 'vscode-languageserver';
import type { Formatting } from '../service/formatting.ts';
import type { Lines } from '../text/lines.ts';
import type { Range } from '../text/range.ts';
import { toRange } from './convert.ts';
import type { AtFile, Served } from './served.ts';

/** A closed body is put in order, and a line that is left. */
export const FORMAT_TRIGGERS = ['}', '\n'] as const;

interface AtRange extends AtFile {
  readonly range: LspRange;
}
interface Typed extends AtFile {
  readonly position: { readonly line: number; readonly character: number };
  readonly ch: string;
}

export function onFormatting(served: Served): void {
  const { connection, guard } = served;
  connection.onDocumentFormatting(guard<AtFile, TextEdit[] | null>(null, (params) =>
    answer(served, params, () => null)));
  connection.onDocumentRangeFormatting(guard<AtRange, TextEdit[] | null>(null, (params) =>
    answer(served, params, ({ lines }) => linesOf(lines, params.range))));
  connection.onDocumentOnTypeFormatting(guard<Typed, TextEdit[] | null>(null, (params) =>
    answer(served, params, (at) => finished(at, params))));
}

interface At {
  readonly lines: Lines;
  readonly formatting: Formatting;
}

/** `within`: what edits must lie in; null: anywhere. */
function answer(
  { session }: Served, { textDocument }: AtFile, within: (at: At) => Range | null,
): TextEdit[] | null {
  const workspace = session()?.workspace;
  const lines = workspace?.snapshot(textDocument.uri)?.lines;
  const formatting = workspace?.formatting(textDocument.uri) ?? null;
  if (lines === undefined || formatting === null) return null;
  const limits = within({ lines, formatting });
  return formatting.edits
    .filter((edit) => limits === null || liesIn(edit, limits))
    .map((edit) => ({ range: toRange(lines, edit), newText: edit.text }));
}

/** What is put in right at the end belongs to the line after it. */
function liesIn({ start, end }: Range, limits: Range): boolean {
  return limits.start <= start && start < limits.end && end <= limits.end;
}

/** Whole lines; a selection that ends before the first column does not reach into that line. */
function linesOf(lines: Lines, { start, end }: LspRange): Range {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return { start: lines.start(start.line), end: lines.start(last + 1) };
}

function finished({ lines, formatting }: At, { position, ch }: Typed): Range {
  if (ch === '}') {
    const offset = lines.offset(position);
    const body = formatting.bodyClosedAt(offset);
    if (body === null) return { start: offset, end: offset };
    return { start: lines.start(lines.position(body.start).line), end: offset };
  }
  // The line that was left, without its end: the new line is somebody's to go on with.
  const left = Math.max(0, position.line - 1);
  return { start: lines.start(left), end: lines.end(left) };
}
