// Feature: selection ranges. From the word at a place outwards: expression, statement, block,
// declaration, file. Each contains the one before and is larger.
import { contains, type Range } from '../text/range.ts';
import { isWord } from './keywords.ts';
import type { Snapshot } from './snapshot.ts';

/** The innermost first. */
export function selectionRanges({ text, model }: Snapshot, offset: number): readonly Range[] {
  const found: Range[] = [wordAround(text, offset)];
  for (const decl of model.source.decls) gather(decl, offset, found);
  found.push({ start: 0, end: text.length });
  const sorted = found.filter((range) => contains(range, offset) && range.end > range.start)
    .sort((a, b) => (a.end - a.start) - (b.end - b.start));
  const kept: Range[] = [];
  for (const { start, end } of sorted) {
    const last = kept.at(-1);
    const grows = last === undefined || (start <= last.start && last.end <= end
      && end - start > last.end - last.start);
    if (grows) kept.push({ start, end });
  }
  return kept;
}

function wordAround(text: string, offset: number): Range {
  let start = Math.min(offset, text.length);
  while (start > 0 && isWord(text.charCodeAt(start - 1))) start--;
  let end = Math.min(offset, text.length);
  while (end < text.length && isWord(text.charCodeAt(end))) end++;
  return { start, end };
}

/** The ranges of all nodes around the place, however they hang in the tree: it is plain data. */
function gather(node: object, offset: number, found: Range[]): void {
  if (isRange(node)) {
    if (!contains(node, offset)) return;
    found.push(node);
  }
  if ('range' in node && isRange(node.range) && !contains(node.range, offset)) return;
  for (const part of Object.values<unknown>({ ...node })) {
    if (typeof part === 'object' && part !== null) gather(part, offset, found);
  }
}

function isRange(node: unknown): node is Range {
  return typeof node === 'object' && node !== null && 'start' in node && 'end' in node
    && typeof node.start === 'number' && typeof node.end === 'number';
}
