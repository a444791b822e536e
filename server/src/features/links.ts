// Feature: document links. The file behind a `use`; in comments, commits of the kernel and CVEs.
import type { FileId, Range } from '../text/range.ts';
import { lexemes } from './lexemes.ts';
import type { Snapshot } from './snapshot.ts';

export interface Link {
  readonly range: Range;
  readonly target: { readonly kind: 'file'; readonly file: FileId }
    | { readonly kind: 'url'; readonly url: string };
  readonly tooltip: string;
}

/** A commit is named so in mails: `commit dd2283f2605e ("mm: mmap: ...")`; 12 digits or more. */
const COMMIT = /\b(?:commit\s+|[Ff]ixes:\s*)([0-9a-f]{12,40})\b/g;
const CVE = /\bCVE-\d{4}-\d{4,}\b/g;

export function links(snapshot: Snapshot): readonly Link[] {
  const { model, text } = snapshot;
  const found: Link[] = [];
  for (const decl of model.source.decls) {
    const file = decl.kind === 'use' ? snapshot.usedBy(decl) : null;
    if (decl.kind !== 'use' || file === null) continue;
    const target = { kind: 'file', file } as const;
    found.push({ range: decl.targetRange, target, tooltip: 'Open the file' });
  }
  for (const { kind, start, end } of lexemes(text, { start: 0, end: text.length })) {
    if (kind !== 'comment') continue;
    const comment = text.slice(start, end);
    for (const match of comment.matchAll(COMMIT)) {
      const [whole, id = ''] = match;
      const at = start + match.index + whole.length - id.length;
      found.push({
        range: { start: at, end: at + id.length }, tooltip: 'The commit at git.kernel.org',
        target: { kind: 'url', url: `https://git.kernel.org/linus/${id}` },
      });
    }
    for (const { 0: id, index } of comment.matchAll(CVE)) {
      found.push({
        range: { start: start + index, end: start + index + id.length },
        target: { kind: 'url', url: `https://www.cve.org/CVERecord?id=${id}` },
        tooltip: 'The CVE record',
      });
    }
  }
  return found.sort((a, b) => a.range.start - b.range.start);
}
