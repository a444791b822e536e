// Which edits are checked again, and which scenarios for each: an edit goes through the workspace,
// and the checks that it really asks for are counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalProgram, meaningOf } from '../server/src/service/fingerprint.ts';
import { createBench, FILE, type Bench } from '../server/src/service/testing.ts';
import { DEFAULT_SETTINGS } from '../server/src/service/settings.ts';

const BASE = `/// Two pages.
const FIRST = 0
param PAGES: 1..4 = 2
type page = 0..PAGES-1

lock mmap_sem: rwsem
lock ptl: spinlock
lock lru: spinlock
order mmap_sem -> ptl

enum vma_state { attached, detached, split }
flags vm_flags { VM_DEAD, VM_LOCKED }
enum pte_state { none, file_page, zero_page, swapped }

struct anon[2] {
  lock root: rwsem
  degree: 0..7 = 0
  flags: vm_flags = {}
}
shared tree: ref anon = new anon {}

shared vma: vma_state = attached   guarded by mmap_sem
shared pte: pte_state[PAGES] = file_page   guarded by ptl
shared young: 0..3 = 0   guarded by lru

proc zap(q: page) {
  acquire ptl
  let old = pte[q]
  if old != none { pte[q] = none }
  release ptl
}
proc age() { acquire lru  young = 1  release lru }

thread munmap {
  acquire write mmap_sem
  step "find and split vmas"
  vma = detached
  downgrade mmap_sem
  zapping: for i in page { zap(i) }
  release mmap_sem
}
thread fault(p: page) -> content | sigsegv | never zero {
  acquire read mmap_sem
  let seen = vma
  if seen == detached {
    outcome sigsegv
  } else {
    acquire ptl
    if pte[p] == none { pte[p] = zero_page }
    if pte[p] == zero_page { outcome zero } else { outcome content }
    release ptl
  }
  release mmap_sem
}
thread truncate {
  let t = tree
  acquire write t.root
  t.flags += VM_DEAD
  assert t.flags has VM_DEAD, "dead by now"
  release t.root
}
thread reclaim -> content | nothing { age()  outcome nothing }
thread scan { age() }

invariant small: forall i in page: pte[i] != swapped
final all_gone: forall i in page: pte[i] == none
final none_young: scan.done => young == 1
reachable at_zap: munmap at zapping

scenario one_fault "munmap against a fault" {
  munmap
  first: fault(FIRST)
  expect safe
}
scenario others "what does not touch pages" {
  with PAGES = 1
  reclaim
  scan
  truncate x 2
}
`;

type Edit = (text: string) => string;

const swap = (before: string, after: string): Edit => (text) => {
  assert.ok(text.includes(before), `${before} is in the text`);
  return text.replaceAll(before, after);
};
const rename = (before: string, after: string): Edit => (text) => {
  const name = new RegExp(`\\b${before}\\b`, 'g');
  assert.match(text, name);
  return text.replace(name, after);
};
const move = (part: string): Edit => (text) => {
  assert.ok(text.includes(part), `${part} is in the text`);
  return `${part}\n${text.replace(part, '')}`;
};

async function opened(text: string): Promise<Bench> {
  const bench = createBench();
  bench.workspace.open(FILE, 1, text);
  await bench.settle();
  return bench;
}

/** The scenarios of the edited text that were checked for it, in order. */
async function checkedAfter(edit: Edit): Promise<readonly string[]> {
  const bench = await opened(BASE);
  const { workspace, checker } = bench;
  const before = checker.given.length;
  assert.equal(before, 2, 'each scenario of the base is checked once');
  const text = edit(BASE);
  assert.notEqual(text, BASE);
  workspace.edit(FILE, 2, [{ start: 0, end: BASE.length, text }]);
  await bench.settle();
  const { checks, model } = workspace.snapshot(FILE) ?? { checks: [], model: null };
  assert.deepEqual(checks.map(({ kind }) => kind), checks.map(() => 'judged'), 'it has no errors');
  const names = model?.scenarios.map(({ name }) => name.text) ?? [];
  return checker.given.slice(before).map(({ job }) => names.find((name) => {
    const found = workspace.program(FILE, name);
    return found !== null
      && JSON.stringify(canonicalProgram(meaningOf(found.program))) === JSON.stringify(job.program);
  }) ?? '?');
}

function rechecks(which: readonly string[], edits: Readonly<Record<string, Edit>>): void {
  for (const [what, edit] of Object.entries(edits)) {
    test(`${which.length === 0 ? 'nothing' : which.join(', ')}: ${what}`, async () =>
      assert.deepEqual(await checkedAfter(edit), which));
  }
}

rechecks([], {
  'a comment': swap('  downgrade', '  // zap under the read lock\n  downgrade'),
  'a doc comment': swap('lock ptl', '/// Innermost.\nlock ptl'),
  'white space': swap('\n', '\n\n  '),
  'a title': swap('munmap against a fault', 'a race'),
  'the text of a step': swap('find and split vmas', 'find'),
  'the text of an assertion': swap('dead by now', 'dead'),
  'what is expected': swap('expect safe', 'expect fails all_gone'),
  'what a step costs': swap('release ptl', 'release ptl  takes 120ns'),
  'a workload': (text) => `${text}\nworkload w { munmap at 0s  for 1s }\n`,
});

rechecks([], Object.fromEntries(Object.entries({
  constant: 'FIRST', parameter: 'PAGES', type: 'page', lock: 'mmap_sem', 'second lock': 'ptl',
  enum: 'vma_state', member: 'detached', flags: 'vm_flags', flag: 'VM_DEAD', struct: 'anon',
  'lock in a struct': 'root', field: 'flags_', variable: 'vma', array: 'pte', proc: 'zap',
  'parameter of a proc': 'q', 'local of a proc': 'old', label: 'zapping', thread: 'fault',
  'thread that runs twice': 'truncate', 'parameter of a thread': 'p', local: 'seen',
  'loop variable': 'i', outcome: 'sigsegv', 'outcome of two threads': 'content',
  'outcome that is never set': 'zero', property: 'all_gone', scenario: 'one_fault',
  alias: 'first',
}).filter(([, name]) => name !== 'flags_').map(([what, name]): [string, Edit] =>
  [`another name for a ${what}`, rename(name, 'renamed')])));

rechecks([], {
  'a local called like another thread\'s': rename('seen', 't'),
  'a local of a proc called like one of its caller': rename('old', 'i'),
  'an outcome called like another thread\'s': swap('nothing', 'sigsegv'),
  'a local called like a proc\'s own': rename('seen', 'old'),
});

rechecks([], {
  'a variable moved': move('shared vma: vma_state = attached   guarded by mmap_sem\n'),
  'another moved before it': move('shared young: 0..3 = 0   guarded by lru\n'),
  'an array moved': move('shared pte: pte_state[PAGES] = file_page   guarded by ptl\n'),
  'a thread moved': move('thread scan { age() }\n'),
  'a proc moved': move('proc age() { acquire lru  young = 1  release lru }\n'),
  'an enum moved': move('enum pte_state { none, file_page, zero_page, swapped }\n'),
  'a lock moved among those of other scenarios': move('lock lru: spinlock\n'),
  'an order moved': move('order mmap_sem -> ptl\n'),
  'fields in another order': swap('  degree: 0..7 = 0\n  flags: vm_flags = {}\n',
    '  flags: vm_flags = {}\n  degree: 0..7 = 0\n'),
});

rechecks([], {
  'a variable that nothing uses': (text) => `shared more: 0..9 = 3\n${text}`,
  'a lock that nothing uses': (text) => `lock more: mutex\n${text}`,
  'an order of it': (text) => `lock more: mutex\norder more -> mmap_sem\n${text}`,
  'a field that nothing uses': swap('  degree:', '  more: bool = true\n  degree:'),
  'a lock in a struct that nothing uses': swap('  degree:', '  lock more: mutex\n  degree:'),
  'a member that nothing uses, at the end': swap('detached, split }', 'detached, split, more }'),
  'a flag that nothing uses, at the end': swap('VM_LOCKED }', 'VM_LOCKED, VM_MORE }'),
  'an outcome that nothing sets, at the end': swap('| nothing {', '| nothing | more {'),
  'a member that nothing uses gone': swap(', split }', ' }'),
  'a thread that nothing runs': (text) => `${text}\nthread more { vma = split }\n`,
  'a thread that nothing runs, edited': (text) => `${text}\nthread more { }\n`,
  'a proc that nothing calls': (text) => `${text}\nproc more() { vma = split }\n`,
  'a property of a thread that nothing runs': (text) =>
    `${text}\nthread more { }\nfinal more_done: more.done\n`,
  'a parameter that nothing uses': (text) => `param MORE: 0..9 = 3\n${text}`,
  'a label that nothing asks for': swap('  vma = detached', '  here: vma = detached'),
  'a wider range that is not used': swap('young: 0..3', 'young: 0..9'),
  'another range of a field that nothing uses': swap('degree: 0..7', 'degree: 0..3'),
  'a parameter\'s other range': swap('PAGES: 1..4', 'PAGES: 1..5'),
  'a parameter that a scenario sets to what it is': swap('  munmap\n  first',
    '  with PAGES = 2\n  munmap\n  first'),
  'a constant written out': swap('fault(FIRST)', 'fault(0)'),
});

rechecks(['one_fault'], {
  'a step of its thread': swap('  vma = detached', '  vma = split'),
  'a step of a proc it calls': swap('pte[q] = none }', 'pte[q] = zero_page }'),
  'a guard': swap('attached   guarded by mmap_sem', 'attached   guarded by ptl'),
  'an argument': swap('fault(FIRST)', 'fault(1)'),
  'one thread more': swap('  munmap\n  first', '  munmap\n  munmap\n  first'),
  'its threads in another order': swap('  munmap\n  first: fault(FIRST)\n',
    '  first: fault(FIRST)\n  munmap\n'),
  'a parameter that it does not set': swap('PAGES: 1..4 = 2', 'PAGES: 1..4 = 3'),
  'an outcome allowed': swap('never zero', 'zero'),
  'the kind of its lock': swap('lock ptl: spinlock', 'lock ptl: mutex'),
});

rechecks(['others'], {
  'a step that only it runs': swap('young = 1', 'young = 2'),
  'a property of threads that only it runs': swap('=> young == 1', '=> young >= 1'),
  'a range that is too small': swap('young: 0..3', 'young: 0..0'),
  'a parameter that only it sets, where it is used': swap('  with PAGES = 1\n', ''),
  'a field\'s initial value': swap('flags: vm_flags = {}', 'flags: vm_flags = {VM_LOCKED}'),
});

rechecks(['one_fault', 'others'], {
  'a property of both': swap('invariant small: forall i in page: pte[i] != swapped',
    'invariant small: forall i in page: pte[i] == file_page'),
});

// What is checked again although the protocol is the same: the numbers in a verdict, or the order
// in which a verdict tells what it found, follow the order of these declarations.
rechecks(['one_fault'], {
  'a member before one that is used': swap('{ attached,', '{ unmapped, attached,'),
  'two of its locks in another order': move('lock ptl: spinlock\n'),
  'an outcome before one that is set': swap('-> content | sigsegv', '-> content | none | sigsegv'),
});
rechecks(['one_fault', 'others'], {
  'two properties in another order': move('final all_gone: forall i in page: pte[i] == none\n'),
});

test('higher limits check nothing that was complete again', async () => {
  const bench = await opened(BASE);
  const limits = { ...DEFAULT_SETTINGS.limits, maxStates: 20_000_000 };
  bench.workspace.configure({ ...DEFAULT_SETTINGS, limits });
  await bench.settle();
  assert.equal(bench.checker.given.length, 2);
});

test('going back to what was there before checks nothing again', async () => {
  const bench = await opened(BASE);
  const text = BASE.replace('vma = detached', 'vma = split');
  bench.workspace.edit(FILE, 2, [{ start: 0, end: BASE.length, text }]);
  await bench.settle();
  assert.equal(bench.checker.given.length, 3);
  bench.workspace.edit(FILE, 3, [{ start: 0, end: text.length, text: BASE }]);
  await bench.settle();
  assert.equal(bench.checker.given.length, 3);
});
