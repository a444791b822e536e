// Cursor tests of the hover, one line each; `<|>` is the cursor in the sample of testing.ts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cursor, freshSnapshot, settledSnapshot, surveyor } from '../service/testing.ts';
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
const ALONE = '*By the text alone: one_fault is being checked.*';
checkHover('  acquire write mmap_<|>sem', `Holds no lock here / ${ALONE} | lock mmap_sem: rwsem`);
checkHover('  vma = det<|>ached', 'Holds mmap_sem for writing / Not beside it, as mmap_sem is held '
  + `for writing here: fault in the read section. / ${ALONE} | `);
checkHover('  down<|>grade mmap_sem', `${ALONE} | Turns a write-held rwsem`);
checkHover('    acquire p<|>tl\n    pte[i]', `Holds mmap_sem for reading / ${ALONE} | lock ptl`);
checkHover('    pte[<|>i] = none', 'Holds mmap_sem for reading, ptl / Not beside it, as ptl is '
  + 'held here: fault in the section under it.');
checkHover('    <|>if pte[p] == none', 'Holds mmap_sem for reading, ptl');
checkHover('  za<|>p: for i in page {', `Holds mmap_sem for reading / ${ALONE} | zap`);

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
checkHoverChecked('  vma = det<|>ached', 'Holds mmap_sem for writing / Beside it: fault waiting '
  + 'for mmap_sem or done. / Not beside it, as mmap_sem is held for writing here: fault in the '
  + 'read section. / Here vma = attached, pte[0] = file_page, pte[1] = file_page. | ');
checkHoverChecked('  acquire read mmap_<|>sem', 'Beside it: munmap anywhere. | ');
checkHoverChecked('  if vma<|> == detached',
  'munmap at lines 20–24, waiting for mmap_sem or done.');
checkHoverChecked('    if pte[<|>p] == zero_page', 'Here pte[0] = file_page, pte[1] = file_page, '
  + 'vma = attached.');
checkHoverChecked('    outcome sigs<|>egv', 'Here vma = detached.');

function checkSmall(text: string, expected: string): void {
  test(text.replace(/\s+/g, ' ').trim(), async () => {
    const at = cursor(`lock m: rwsem\nlock l: mutex\nshared atomic x: 0..3 = 0\n${text}`);
    const shown = hover(await settledSnapshot(at.text), at.offset, surveyor())?.text ?? '';
    const actual = shown.replace(/\*\*|`/g, '').replaceAll('  \n', ' / ');
    assert.ok(actual.includes(expected), `${expected}\nis not in\n${actual}`);
  });
}

// Held on some paths: the lines that make the difference.
checkSmall(`thread t {
  if try acquire l {
    x = 1
  }
  x <|>= 2
  if holds l { release l }
}
scenario s { t t }`, 'On some paths only: holds l (by line 6, not by line 5)');
checkSmall(`thread t {
  choose { acquire l } or {
    step "without"
  }
  x <|>= 2
  if holds l { release l }
}
scenario s { t }`, 'On some paths only: holds l (by line 5, not by line 6)');
// Reached, or not, and where that is not known.
checkSmall('thread t { if x == 3 { x <|>= 1 } }\nscenario s { t }', 'No scenario gets here');
checkSmall(`thread t(n: 0..1) { if n == 1 { x <|>= 1 } }
scenario a { t(0) } scenario b { t(1) }`, 'Holds no lock here / Here x = 0. / Not reached in a.');
checkSmall('thread t { acquire l  x <|>= 1  release l }',
  'Holds l / *By the text alone: no scenario runs t.*');
checkSmall('thread t { x <|>= 1 }\nscenario a { t } scenario b { t zz }',
  'Holds no lock here / *By the text alone: b has errors.*');
// Another instance of the same thread; a section that is shut out in part.
checkSmall(`thread t {
  acquire l
  x <|>= 1
  release l
}
scenario s { t x 2 }`, 'Not beside it, as l is held here: another t in the section under it.');
checkSmall(`thread t { acquire read m  x <|>= 1  release m }
thread u {
  acquire write m
  downgrade m
  release m
}
scenario s { t u }`, 'Not beside it, as m is held for reading here: u at line 7.');
// What is no step by itself: a call, a condition on constants, the head of a loop.
const DROP = 'proc drop(n: bool) { if n { release m } else { release m } }\n';
checkSmall(`${DROP}thread t(n: bool) { acquire write m  dr<|>op(n) }
thread u {
  acquire read m
  release m
}
scenario s { t(true) u }`, 'Holds m for writing / Beside it: u waiting for m or done. / Not beside '
  + 'it, as m is held for writing here: u in the read section.');
checkSmall(`${DROP}thread t { acquire write m  dr<|>op(true) }`,
  'Holds m for writing / *By the text alone: no scenario runs t.*');
checkSmall(`proc look() -> 0..3 { acquire l  let v = x  release l  return v }
thread t { acquire read m  x = lo<|>ok()  release m }
scenario s { t }`, 'Holds m for reading');
checkSmall(`param N: 0..1 = 0
thread t { acquire l  if N<|> == 1 { x = 1 } release l }
scenario s { t } scenario r { with N = 1  t }`, 'Holds l');
checkSmall(`param N: 0..1 = 0
thread t { acquire l  if N == 1 { dr<|>op(true) } release l }
${DROP}scenario s { t } scenario r { with N = 1  t }`, 'Holds l / Not reached in s.');
checkSmall(`thread t { acquire l  release l  if N<|> == 1 { x = 1 } }
param N: 0..1 = 0
scenario s { t } scenario r { with N = 1  t }`, 'Holds no lock here');
checkSmall(`thread t { acquire l  lo<|>op { x = 1  break } release l }
scenario s { t }`, 'Holds l');
// Held on all paths, though not for the same.
checkSmall(`thread t(n: bool) {
  if n { acquire read m } else { acquire write m }
  x <|>= 1
  release m
}
scenario s { t(true) t(false) }`, 'Holds m for reading or writing');
checkSmall(`thread t {
  choose { acquire read m } or { acquire write m }
  x <|>= 1
  release m
}
scenario s { t }`, 'Holds m for reading or writing');
checkSmall(`thread t(n: bool) {
  if n { acquire read m } else { acquire write m }
  x <|>= 1
  release m
}
thread u(n: bool) {
  if n {
    x = 2
  }
  acquire read m
  x = 3
  release m
}
scenario s { t(false) u(true) } scenario r { t(true) }`,
'Holds m for reading or writing / Beside it: u at line 11, waiting for m or done. / Not beside it, '
  + 'as m is held here: u in the read section.');
// RCU is held like a lock; an object that may be gone.
checkSmall(`struct o[1] { n: 0..3 = 0 }
shared atomic p: ref o = new o { }
thread t { rcu_read_lock  let v = p  if v != null { x <|>= 2 } rcu_read_unlock }
thread u { let v = p  p = null  free_rcu v }
scenario s { t u }`, 'Holds rcu_read_lock');
checkSmall(`struct o[1] { n: 0..3 = 0 }
shared atomic p: ref o = new o { }
thread t { x = 2 }
thread u { let v = p  p = null  free v  x <|>= 1 }
scenario s { t u }`, 'p = null, o#1 = freed');
// In an atomic step nobody can come nearer than to its beginning.
checkSmall(`thread t { acquire l  step "both" { x = 1  x <|>= 2 } release l }
thread u {
  acquire l
  release l
}
scenario s { t u }`, 'Beside it: u waiting for l or done. / Not beside it, as l is held here: '
  + 'u in the section under it.');

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
