// Fixes for every scenario of the examples that fails on purpose: how many were tried, which are
// offered, whether what the kernel did is among them; written into docs/fixes.md by `UPDATE=1`. And
// that whatever is offered stands up to the same check as any other file.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applied } from '../server/src/analysis/changes/change.ts';
import type { Fix, Fixes } from '../server/src/service/fixes/fixing.ts';
import { checkText, problemsOf, ROOT } from './support/checking.ts';
import { findFixes } from '../server/src/service/fixes/fixing.ts';
import { trialHost } from './support/fixing.ts';
import { strip } from './support/notes.ts';

/** What the kernel did, and the title by which it is known among the fixes; null: none of them. */
const KERNEL: Readonly<Record<string, readonly [string, string | null]>> = {
  'binder_alloc read_lock':
    ['d1d8875c8c13: the write lock', 'Take mmap_sem for writing in binder_read'],
  'binder_shrinker cached_pointer': ['3f489c2067c5: vma_lookup(), and only if it is binder’s',
    'Look v up in mm_mt, use it only if it is alloc_vma, in shrinker'],
  'brk published_late': ['9bc8039e715d: mm->brk before the unmapping, restored if it fails',
    'Write brk before `let ret = __do_munmap()`, take it back if that fails, in brk_late'],
  'brk error_not_seen': ['the sign of a return value', null],
  'brk mode_ignored': ['85a06835f6f1: release in the mode that is left',
    'Release mmap_sem in the mode it is held in in mremap_ignores_mode'],
  'expand_stack grows_into_hole':
    ['246c320a8cfe: no downgrade beside a VMA that can grow into the hole',
      'Downgrade mmap_sem in munmap only if `!next_grows_down`'],
  'flush_before_free freed_too_early': ['flush before the pages are freed (mmu_gather)',
    'Move `tlb_flush(0)` above `free page` in munmap_frees_first'],
  'flush_before_free gup_too_early': ['flush before the pages are freed (mmu_gather)',
    'Move `tlb_flush(0)` above `free page` in munmap_frees_first'],
  'madv_dontneed munmap': ['dd2283f2605e: detach under the write lock, then downgrade', null],
  'page_walk_hole walks_the_hole':
    ['8782fb61cc84: nothing is walked where there is no VMA',
      'Test `vma` before `walk_pmd()` in walker'],
  'recursive_munmap stale_neighbour': ['5a28fc94c914: arch_unmap() before any lookup',
    'Move `if MPX == 1` above `let next = bounds_table` in munmap'],
  'section_by_section sections_and_mmap': ['never merged; munmap stayed one write section',
    'Hold mmap_sem over the whole loop in munmap_by_section'],
  'section_by_section sections_and_enomem':
    ['never merged; the split, which may fail, comes first', null],
  'section_by_section cached_vma': ['never merged; look up again for each section',
    'Look v up again (`v = mm_rb`) after `acquire write mmap_sem` in shrink_from_cached_vma'],
  'total_vm lost_update': ['8d7071af8907: stacks grow under the write lock',
    'Take mmap_sem for writing in expand_stack'],
  'two_phases third_state': ['dd2283f2605e: detach before the downgrade',
    'Move `vma = detached` above `downgrade mmap_sem` in munmap_two_phases'],
  'two_phases leaked_page': ['dd2283f2605e: detach before the downgrade',
    'Move `vma = detached` above `downgrade mmap_sem` in munmap_two_phases'],
  'hugetlb_folio folio_first': ['CVE-2026-23097: the folio lock inside the mapping’s',
    'Move `acquire write hugetlb_i_mmap_rwsem` above `acquire hugetlb_folio_lock` in '
      + 'migrate_folio_first'],
  'stack_growth under_read': ['8d7071af8907: stacks grow under the write lock, and the VMA’s',
    'Take mmap_lock for writing in fault_grows_under_read; take v.vm_lock for writing around '
      + '`if v.vm_start > addr` in fault_grows_under_read'],
  'vm_dead special_mappings': ['RFC v4: dealt with before the downgrade',
    'Move `deal_with_special_mappings(v)` above `downgrade mmap_sem` in munmap_without_skip'],
  'vm_dead unaware': ['dd2283f2605e: detach first, no mark', null],
  'vm_dead retake_window': ['dd2283f2605e: the lock is never let go', null],
  'vm_dead carried_over': ['dd2283f2605e: the VMA leaves the tree first', null],
  'vm_dead killed': ['dd2283f2605e: no second lock to be killed at', null],
  'vm_flags lost_bit': ['RFC v4: vm_flags before the downgrade, munlock under the write lock',
    'Take mmap_sem for writing in munlock_read; move `if vm_flags has VM_PFNMAP` above '
      + '`downgrade mmap_sem` in munmap'],
  'vm_flags looked_at': ['RFC v4: vm_flags before the downgrade',
    'Move `if vm_flags has VM_PFNMAP` above `downgrade mmap_sem` in munmap'],
};

const DOC = join(ROOT, 'docs/fixes.md');
const MARK = '<!-- of every example, by npm test -->\n';
const rows: string[] = [];

for (const path of readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((each) => each.endsWith('.mmlock')).sort()) {
  test(`fixes of ${path}`, async () => {
    const file = join(ROOT, 'examples', path);
    const text = strip(readFileSync(file, 'utf8'));
    const host = await trialHost(file);
    const report = await checkText(text, { file });
    const known = new Set(problemsOf(report).filter(isGrave).map(keyOf));
    for (const { judgement: { scenario, violations } } of report.judged) {
      const fails = scenario.items.some((it) => it.kind === 'expect' && it.expect === 'fails');
      if (!fails || violations.length === 0) continue;
      const fixes = await findFixes(host, text, { about: scenario.name.text });
      const name = `${path.replace(/^.*\/|\.mmlock$/g, '')} ${scenario.name.text}`;
      rows.push(rowOf(path, scenario.name.text, fixes, KERNEL[name]));
      for (const fix of fixes.offered) await standsUp(fix, { text, file, known });
    }
  });
}

/** From the text alone, by the way the command line takes. */
async function standsUp(
  fix: Fix, { text, file, known }: { text: string; file: string; known: ReadonlySet<string> },
): Promise<void> {
  const report = await checkText(applied(text, fix.splices), { file });
  assert.equal(report.opened.broken.length, 0, fix.title);
  for (const { judgement } of report.judged) {
    assert.equal(judgement.expectation, 'met', `${fix.title}: ${judgement.scenario.name.text}`);
  }
  const brought = problemsOf(report).filter(isGrave).map(keyOf).filter((it) => !known.has(it));
  assert.deepEqual(brought, [], fix.title);
}

function isGrave({ severity }: { severity: string }): boolean {
  return severity === 'error' || severity === 'warning';
}

function keyOf({ code, message }: { code: string; message: string }): string {
  return `${code} ${message}`;
}

function rowOf(
  path: string, scenario: string, { tried, cut, offered }: Fixes,
  kernel: readonly [string, string | null] | undefined,
): string {
  const [did, title] = kernel ?? ['', null];
  const place = offered.findIndex((fix) => fix.title === title);
  if (title !== null) assert.ok(place >= 0, `${scenario}: ${title} is not offered`);
  const first = offered[0];
  const cells = [
    `\`${path.replace(/^munmap\/|\.mmlock$/g, '')}\``, `\`${scenario}\``,
    `${tried}${cut ? '+' : ''}`, String(offered.length),
    first === undefined ? '–' : first.title, did,
    title === null ? 'no' : `yes, ${place + 1}.`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

test('the table in docs/fixes.md is true', () => {
  const head = '| example | scenario | tried | offered | first | what the kernel did | offered |\n'
    + '| --- | --- | ---: | ---: | --- | --- | --- |\n';
  const table = `${head}${rows.join('\n')}\n`;
  const before = readFileSync(DOC, 'utf8');
  const [start = '', , end = ''] = before.split(MARK);
  const after = `${start}${MARK}${table}${MARK}${end}`;
  if (process.env['UPDATE'] === '1') writeFileSync(DOC, after);
  else assert.equal(after, before);
});
