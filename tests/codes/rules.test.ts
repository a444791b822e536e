// `use mm.rules` against the kernel's documents: which nestings are in order, which fields may be
// written under which locks, and that what is not named costs nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText, found, problemsOf, violationsOf } from '../support/checking.ts';

const RULES = 'use mm.rules\nshared tree: ref vma = new vma {}\n';
const SLEEPING = ['i_rwsem', 'mmap_lock', 'invalidate_lock', 'i_mmap_rwsem', 'anon_vma_lock'];
const CHAIN = ['i_rwsem', 'mmap_lock', 'invalidate_lock', 'folio_lock', 'v.vm_lock', 'i_mmap_rwsem',
  'anon_vma_lock', 'ptl'];
const INNERMOST = ['swap_lock', 'mmlist_lock', 'private_lock', 'i_pages_lock', 'lru_lock',
  'i_lock'];
const HUGETLB = ['hugetlb_fault_mutex', 'hugetlb_vma_lock', 'hugetlb_i_mmap_rwsem',
  'hugetlb_folio_lock'];

const moded = (lock: string): string => (SLEEPING.includes(lock) || /vm(a)?_lock|rwsem/.test(lock)
  ? `write ${lock}` : lock);
const under = (locks: readonly string[], body: string): string => [
  'let v = tree', ...locks.map((lock) => `acquire ${lock}`), body,
  ...[...locks].reverse().map((lock) => `release ${lock.replace(/^(read|write) /, '')}`),
].join('\n  ');

async function codesOf(body: string): Promise<readonly string[]> {
  const report = await checkText(`${RULES}thread t {\n  ${body}\n}\nscenario s { t }\n`);
  assert.deepEqual(report.opened.problems.map(({ message }) => message), []);
  return violationsOf(report);
}

for (const chain of [CHAIN, ...INNERMOST.map((lock) => ['ptl', lock]), HUGETLB]) {
  test(`in order: ${chain.join(' -> ')}; against it: each pair`, async () => {
    assert.deepEqual(await codesOf(under(chain.map(moded), 'step "work"')), []);
    for (const [i, outer] of chain.entries()) {
      for (const inner of chain.slice(i + 1)) {
        const against = await codesOf(under([inner, outer].map(moded), 'step "work"'));
        const subject = outer.replace('v.', 'vma.');
        assert.ok(against.includes(`lock_order(${subject})`), `${outer} inside ${inner}`);
      }
    }
  });
}
test('a try against the order is none', async () => {
  assert.deepEqual(await codesOf(under(['read v.vm_lock'],
    'if try acquire read mmap_lock { release mmap_lock }')), []);
});

const M = 'write mmap_lock';
const V = 'write v.vm_lock';
const I = 'write i_mmap_rwsem';
const A = 'write anon_vma_lock';
/** By field: what is enough to write it, and what is one lock short. */
const WRITES: Readonly<Record<string, { enough: string[][]; short: string[][] }>> = {
  'vm_start = 1': { enough: [[M, V, I], [M, V, A]], short: [[M, V], [M, I], [V, A], [M]] },
  'vm_end = 1': { enough: [[M, V, I]], short: [[M, V], ['read mmap_lock', V, I]] },
  'vm_pgoff = 1': { enough: [[M, V, A]], short: [[M, V, 'read anon_vma_lock']] },
  'vm_flags = {VM_LOCKED}': { enough: [[M, V]], short: [[M], ['read mmap_lock', V], [V]] },
  'vm_page_prot = false': { enough: [[M, V]], short: [[M], [V]] },
  'vm_policy = 1': { enough: [[M, V]], short: [[M, 'read v.vm_lock']] },
  'shared_rb = true': { enough: [[M, V, I]], short: [[M, V], [M, V, A]] },
  'anon_vma = true': {
    enough: [['read mmap_lock', 'ptl'], [M, V, A]], short: [['read mmap_lock'], ['ptl'], [M, V]],
  },
  'anon_vma_chain = true': { enough: [['read mmap_lock', A]], short: [[M], [A]] },
  'detached = true': { enough: [[M, V]], short: [[M], ['read mmap_lock', V]] },
  'vm_file = true': { enough: [[]], short: [] },
};
for (const [write, { enough, short }] of Object.entries(WRITES)) {
  test(`to write v.${write}`, async () => {
    const field = `vma.${write.split(' ')[0] ?? ''}`;
    for (const locks of enough) assert.deepEqual(await codesOf(under(locks, `v.${write}`)), []);
    for (const locks of short) {
      assert.deepEqual(await codesOf(under(locks, `v.${write}`)), [`guard(${field})`],
        locks.join());
    }
  });
}
test('a VMA is stable under any one of its locks', async () => {
  for (const lock of ['mmap_lock', 'v.vm_lock', 'i_mmap_rwsem', 'anon_vma_lock']) {
    for (const mode of ['read', 'write']) {
      assert.deepEqual(await codesOf(under([`${mode} ${lock}`], 'let f = v.vm_flags')), []);
    }
  }
  assert.deepEqual(await codesOf(under(['ptl'], 'let f = v.vm_flags')), ['guard(vma.vm_flags)']);
});
test('what is not named is in no program, no row and no finding', async () => {
  const body = 'thread t { acquire read mmap_lock  release mmap_lock }\nscenario s { t }\n';
  const report = await checkText(`use mm.rules\n${body}`);
  assert.deepEqual(problemsOf(report), []);
  const { program } = report.judged[0]?.result.lowered ?? assert.fail('it is searched');
  assert.deepEqual(program.locks.map(({ name }) => name), ['mmap_lock']);
  assert.deepEqual([program.pools, program.places, program.orders], [[], [], []]);
  const own = await checkText(`lock mmap_lock: rwsem\n${body}`);
  assert.equal(report.judged[0]?.result.verdict.states, own.judged[0]?.result.verdict.states);
});
test('a run shows the locks and fields that somebody names', async () => {
  const report = await checkText(`${RULES}thread t {
    let v = tree
    acquire read mmap_lock
    v.vm_flags = {}
  }
  scenario s { t  expect fails guard(vma.vm_flags), lock_held_at_exit(mmap_lock) }\n`);
  assert.deepEqual(found(report, 'guard'), ['v.vm_flags']);
  const told = report.judged[0]?.judgement.violations.find(({ code }) => code === 'guard');
  assert.deepEqual(told?.trace.at(-1)?.state.map(({ name }) => name),
    ['mmap_lock', 'vma#1.vm_flags', 'vma#2.vm_flags', 'tree', 'vma#1', 'vma#2', 't.v']);
});
