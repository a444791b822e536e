// For cursor tests: one protocol to point into, and helpers that put a line of text in its place.
import assert from 'node:assert/strict';
import { cursor, freshSnapshot, settledSnapshot, surveyor } from '../service/testing.ts';
import { hover } from './hover.ts';

/** The first look of the language page. */
export const SAMPLE = `param PAGES: 1..4 = 2
type page = 0..PAGES-1

/// Guards the tree of *vmas*.
lock mmap_sem: rwsem
lock ptl: spinlock

enum vma_state { attached, detached }
enum pte_state { none, file_page, zero_page }

shared vma: vma_state = attached   guarded by mmap_sem
shared pte: pte_state[PAGES] = file_page   guarded by ptl

thread munmap {
  acquire write mmap_sem
  step "find and split vmas" takes 1us..3us
  vma = detached
  downgrade mmap_sem
  zap: for i in page {
    acquire ptl
    pte[i] = none  takes 120ns
    release ptl
  }
  release mmap_sem
}

thread fault(p: page) -> content | sigsegv | never zero {
  acquire read mmap_sem
  if vma == detached {
    outcome sigsegv
  } else {
    acquire ptl
    if pte[p] == none { pte[p] = zero_page }
    if pte[p] == zero_page { outcome zero } else { outcome content }
    release ptl
  }
  release mmap_sem
}

final nothing_left: forall i in page: pte[i] == none

scenario one_fault "munmap against a fault" {
  munmap
  fault(0)
  expect safe
}
`;

/** `marked` is a line of the sample with the cursor in it, or, with other words, in its place. */
export function placed(marked: string, instead?: string): string {
  const line = instead ?? marked.replace('<|>', '');
  assert.ok(SAMPLE.includes(line), `the sample has no line ${line}`);
  return SAMPLE.replace(line, marked);
}

/** The hover before anything is searched, as plain text. */
export function hoverText(marked: string, instead?: string): string | null {
  const { text, offset } = cursor(placed(marked, instead));
  return plain(hover(freshSnapshot(text), offset)?.text);
}

/** The hover when all scenarios are judged and surveyed. */
export async function hoverTextChecked(
  marked: string, change: (text: string) => string = (text) => text,
): Promise<string | null> {
  const { text, offset } = cursor(change(placed(marked)));
  return plain(hover(await settledSnapshot(text), offset, surveyor())?.text);
}

/** Without the marks of Markdown, on one line a part. */
function plain(markdown: string | undefined): string | null {
  if (markdown === undefined) return null;
  return markdown.replaceAll('\n\n---\n\n', ' | ').replace(/```mmlock\n|\n```/g, '')
    .replace(/\*\*|`/g, '').replace(/ {2}\n|\n+/g, ' / ');
}
