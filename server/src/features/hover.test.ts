// Cursor tests of the hover, one line each; `<|>` is the cursor in the sample of testing.ts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cursor, freshSnapshot, settledSnapshot } from '../service/testing.ts';
import { hover } from './hover.ts';
import { hoverText, hoverTextChecked } from './testing.ts';

function checkHover(marked: string, expected: string | null): void {
  test(marked.trim(), () => {
    const actual = hoverText(marked);
    if (expected === null) assert.equal(actual, null);
    else assert.ok(actual?.includes(expected), `${expected}\nis not in\n${actual}`);
  });
}

function checkHoverChecked(marked: string, expected: string): void {
  test(`${marked.trim()} (checked)`, async () => {
    const actual = await hoverTextChecked(marked);
    assert.ok(actual?.includes(expected), `${expected}\nis not in\n${actual}`);
  });
}

// What is held, from the text of the thread alone.
checkHover('  acquire write mmap_<|>sem', 'Holds no lock here | lock mmap_sem: rwsem');
checkHover('  vma = det<|>ached', 'Holds mmap_sem for writing | ');
checkHover('  down<|>grade mmap_sem', 'Holds mmap_sem for writing | Turns a write-held rwsem');
checkHover('    acquire p<|>tl\n    pte[i]', 'Holds mmap_sem for reading | lock ptl: spinlock');
checkHover('    pte[<|>i] = none', 'Holds mmap_sem for reading, ptl | ');
checkHover('    <|>if pte[p] == none', 'Holds mmap_sem for reading, ptl');

// Names and their declarations.
checkHover('lock mmap_s<|>em: rwsem', 'lock mmap_sem: rwsem / Guards the tree of *vmas*.');
checkHover('    if pt<|>e[p] == zero_page', 'shared pte: pte_state[PAGES] = file_page');
checkHover('    if pt<|>e[p] == zero_page', 'guarded by ptl');
checkHover('type page = 0..PAG<|>ES-1', 'param PAGES: 1..4 = 2');
checkHover('  munm<|>ap\n  fault', 'thread munmap');
checkHover('    outcome sigs<|>egv', 'sigsegv');
checkHover('final nothing_l<|>eft', 'final nothing_left: forall i in page: pte[i] == none');
checkHover('scenario one_<|>fault', 'scenario one_fault');

// Keywords.
checkHover('lock mmap_sem: rws<|>em', 'a waiting writer keeps new readers out');
checkHover('par<|>am PAGES', 'A constant that a scenario may set');
checkHover('  expect sa<|>fe', 'the search was complete');

checkHover('  exp<|>ect safe', 'What the scenario should come to: safe (also if');

// Costs.
checkHover('  st<|>ep "find and split vmas"', 'Takes on average 2 us in a workload.');
checkHover('    pte[i] <|>= none  takes 120ns', 'Takes 120 ns in a workload.');

// Nowhere.
checkHover('/// Guards the <|>tree of *vmas*.', null);
checkHover('  step "find and sp<|>lit vmas"', 'Holds mmap_sem for writing');
checkHover('enum pte_state {<|> none', null);

// What the scenarios were seen to do.
checkHoverChecked('  vma = det<|>ached', 'Holds mmap_sem for writing / Beside it: fault at line');
checkHoverChecked('  acquire read mmap_<|>sem', 'Beside it: munmap anywhere.');
checkHoverChecked('    if pte[<|>p] == zero_page', 'Holds mmap_sem for reading, ptl');

test('lines are drawn together over what is no step, not over the head of a thread', async () => {
  const { text, offset } = cursor(`lock m: mutex
shared atomic x: 0..3 = 0
proc more() {
  x = 2
}

thread writer {
  x = 1
  // what is no step

  acquire m
  release m
  more()
}
thread reader {
  assert x <|>< 4
}
scenario s {
  writer
  reader
}
`);
  const shown = hover(await settledSnapshot(text), offset)?.text;
  assert.match(shown ?? '', /Beside it: `writer` anywhere\.$/m);
  const other = hover(await settledSnapshot(text.replace('assert x', 'await x > 0  assert x')),
    offset + 'await x > 0  '.length)?.text;
  assert.match(other ?? '', /Beside it: `writer` at lines 4, 11–12 or done\.$/m);
});

test('a guard of two sides is read below the declaration', () => {
  const { text, offset } = cursor(`lock m: rwsem
lock l: mutex
shared atomic sta<|>rt: 0..3 = 0
  read under m
  write under write m || read m && l
`);
  const shown = hover(freshSnapshot(text), offset)?.text;
  assert.match(shown ?? '', /= 0\n  read under m\n  write under write m \|\| read m && l\n/);
});
