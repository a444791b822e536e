// Cursor tests of completion, one line each: `<|>` is the cursor in a small protocol. The expected
// labels are the first ones of the list, in its order; one behind `!` must not be in it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cursor, freshSnapshot, settledSnapshot } from '../service/testing.ts';
import { plainOf } from './completion/item.ts';
import { PROTOCOLS } from './completion/snippets.ts';
import { completions, type Completion } from './completion.ts';
import { SAMPLE } from './testing.ts';

const DECLS = `param PAGES: 1..4 = 2
type page = 0..PAGES-1
/// The big one.
lock mmap_lock: rwsem
lock ptl: spinlock
enum state { attached, detached }
enum pte { none, present }
flags vm { VM_DEAD, VM_LOCKED }
struct vma[2] {
  lock vm_lock: rwsem
  st: state = attached  read under vm_lock
  flags: vm = {}
  next: ref vma
}
shared tree: ref vma = null   guarded by mmap_lock
shared ptes: pte[PAGES] = none   guarded by ptl
shared st: state = attached
shared atomic seen: bool
proc look(p: page) -> bool { return ptes[p] == present }
final all_none: forall i in page: ptes[i] == none
thread fault(p: page, how: state) -> content | never zero {
  look: step "x"
  outcome content
}
`;

function labelsAt(marked: string): readonly Completion[] {
  const { text, offset } = cursor(marked);
  return completions(freshSnapshot(text), offset, ['mm', 'mm.tlb'])?.items ?? [];
}

/** `a b !c`: begins with a and b, has no c; `a ...` may go on, else the list is whole. */
function expectLabels(items: readonly Completion[], expected: string): void {
  const labels = items.map(({ label }) => label);
  const words = expected.split(/, */).filter((word) => word !== '');
  const absent = words.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  const first = words.filter((word) => !word.startsWith('!') && word !== '...');
  const open = words.includes('...') || absent.length > 0;
  assert.deepEqual(open ? labels.slice(0, first.length) : labels, first, labels.join(', '));
  for (const word of absent) assert.ok(!labels.includes(word), `${word} in ${labels.join(', ')}`);
}

/** In the body of a thread that has a parameter `p` and the outcomes `ok` and `bad`. */
function inBody(marked: string, expected: string): void {
  test(marked, () => {
    const body = `thread t(p: page) -> ok | bad {\n  let v = tree\n  ${marked}\n}\n`;
    expectLabels(labelsAt(`${DECLS}${body}scenario s { t(0) }\n`), expected);
  });
}

function atTop(marked: string, expected: string): void {
  test(marked, () => expectLabels(labelsAt(`${DECLS}${marked}\n`), expected));
}

function inScenario(marked: string, expected: string): void {
  test(`scenario: ${marked}`, () =>
    expectLabels(labelsAt(
      `${DECLS}scenario s {\n  f: fault(0, attached)\n  ${marked}\n}\n`), expected));
}

// Locks and modes.
inBody('acquire <|>', 'ptl, read mmap_lock, write mmap_lock, v.vm_lock, tree.vm_lock, read, write');
inBody('acquire <|>\n  v.st = attached', 'ptl, ...');
inBody('acquire read <|>', 'mmap_lock, v.vm_lock, tree.vm_lock');
inBody('acquire wr<|>', 'ptl, ...');
inBody('release <|>', 'mmap_lock, ptl, v.vm_lock, tree.vm_lock, read, write');
inBody('downgrade <|>', 'mmap_lock, v.vm_lock, tree.vm_lock');
inBody('if try <|>', 'acquire');
inBody('if try acquire write <|> {', 'mmap_lock, ...');
inBody('acquire v.<|>', 'vm_lock');
inBody('acquire ptl <|>', 'takes, nested');
inBody('assert holds <|>', 'mmap_lock, ptl, v.vm_lock, tree.vm_lock, read, write');

// Members of what is expected, and only they come first.
inBody('st = <|>', 'attached, detached, st, ...');
inBody('if st == <|> {', 'attached, detached, st, ...');
inBody('ptes[p] = <|>', 'none, present, !attached, !mmap_lock, !look, !VM_DEAD');
inBody('v.flags = {<|>}', 'VM_DEAD, VM_LOCKED, ...');
inBody('v.flags += {VM_DEAD, <|>}', 'VM_DEAD, VM_LOCKED, ...');
inBody('if v.flags has <|> {', 'VM_DEAD, VM_LOCKED, ...');
inBody('if v.flags <|> {', 'has');
inBody('WRITE_ONCE(v.st, <|>)', 'attached, detached, ...');
inBody('WRITE_ONCE(<|>', 'seen, v, tree, ptes, st');
inBody('if cmpxchg(st, attached, <|>', 'attached, detached, ...');
inBody('while READ_ONCE(v.st) != <|> {', 'attached, detached, ...');
inBody('let b = look(<|>)', 'p, PAGES, ...');
inBody('ptes[<|>] = none', 'p, PAGES, ...');
inBody('let w: <|>', 'page, state, pte, vm, bool, ref vma, PAGES');
inBody('let w: ref <|>', 'vma');
inBody('let w = new <|>', 'vma');
inBody('let w = new vma { <|> }', 'st, flags, next');
inBody('let w = new vma { st = <|> }', 'attached, detached, ...');
inBody('let w = new vma { st = attached, <|> }', 'flags, next');
inBody('v.next = <|>', 'v, new vma, null, tree, ...');
inBody('free <|>', 'v, null, tree, ...');

// Fields.
inBody('v.<|>', 'st, flags, next');
inBody('v.fl<|>ags = {}', 'st, flags, next');
inBody('v.next.<|>', 'st, flags, next');
inBody('st = state.<|>', 'attached, detached');
inBody('st.<|>', '');

// Words and names of their own.
inBody('outcome <|>', 'ok, bad');
inBody('here: step "x"\n  goto <|>', 'here');
inBody('<|>', 'acquire, release, step, downgrade, v, p, ...');
inBody('step "x" {\n    <|>\n  }', 'release, step, downgrade, v, p, !acquire, !synchronize_rcu');
inBody('br<|>', '!break');
inBody('loop {\n br<|>\n }', 'acquire, !a');
inBody('for i in <|> {', 'page');
inBody('for i in page {\n    ptes[<|>] = none\n  }', 'i, p, PAGES, ...');
inBody('for i in page { }\n  ptes[<|>] = none', 'p, PAGES, !i');
inBody('step "x" { let w = 1 }\n  let b = look(<|>)', 'w, p, ...');
inBody('return <|>', '');
inBody('let <|>', '');
inBody('acquire ptl\n  re<|>\n  release ptl', 'acquire, release, ...');
inBody('x = 1 takes <|>', '!p, !v, !st');
inBody('await <|>', 'true, false, seen, ...');
inBody('await fault.<|>', 'done, outcome');
inBody('await fault at <|>', 'look');
inBody('await fault.outcome == <|>', 'content, zero, ...');
inBody('if <|>', 'true, false, seen, ...');

// Nothing in prose.
inBody('// acquire <|>', '');
inBody('step "acquire <|>', '');
inBody('step "acquire <|>"', '');
inBody('/* acquire <|> */', '');
inBody('let n = 1<|>', '');

// At file level.
atTop('lock l: <|>', 'mutex, spinlock, rwsem, rwlock');
atTop('lock l: rw<|>', 'mutex, spinlock, rwsem, rwlock');
atTop('use <|>', 'mm, mm.tlb');
atTop('use mm.<|>', 'mm, mm.tlb');
atTop('shared x: <|>', 'page, state, pte, vm, bool, ref vma, PAGES');
atTop('shared x: state = <|>', 'attached, detached, st, tree, ptes, seen');
atTop('shared x: state = attached <|>', 'guarded by, read under, write under');
atTop('shared x: state = attached guarded by <|>', 'mmap_lock, ptl');
atTop('shared x: state = attached\n  read under <|>', 'mmap_lock, ptl, read, write, rcu');
atTop('shared x: bool read under write <|>', 'mmap_lock, ptl');
atTop('shared x: bool read under mmap_lock && <|>', 'mmap_lock, ptl, read, write, rcu');
atTop('struct s[1] {\n  lock own: mutex\n  f: bool guarded by <|>\n}', 'own, mmap_lock, ptl');
atTop('struct s[1] {\n  lock own: <|>\n}', 'mutex, spinlock, rwsem, rwlock');
atTop('struct s[1] {\n  f: bool\n  <|>\n}', 'lock');
atTop('order <|>', 'mmap_lock, ptl, vma.vm_lock');
atTop('order mmap_lock -> <|>', 'mmap_lock, ptl, vma.vm_lock');
atTop('order mmap_lock -> vma.<|>', 'vm_lock');
atTop('proc f(a: <|>', 'page, state, pte, vm, bool, ref vma, PAGES');
atTop('proc f() -> <|>', 'page, state, pte, vm, bool, ref vma, PAGES');
atTop('thread u -> <|>', 'never, content, zero');
atTop('thread u -> content | <|>', 'never, zero');
atTop('background <|>', 'thread');
atTop('invariant i: st == <|>', 'attached, detached, ...');
atTop('invariant i: fault at <|>', 'look');
atTop('invariant i: forall i in <|>', 'page, fault');
atTop('invariant i: held <|>', 'mmap_lock, ptl, tree.vm_lock, read, write');
atTop('invariant i: fault <|>', 'at');
atTop('const C = <|>', 'PAGES, !st, !p');
atTop('<|>', 'use, lock, shared, shared atomic, thread, scenario, ...');
atTop('enum e { <|> }', '');
atTop('sc<|>', 'use, !acquire');

// Scenarios.
inScenario('<|>', 'fault, with, expect safe, expect fails, ...');
inScenario('with <|>', 'PAGES');
inScenario('g: <|>', 'fault');
inScenario('fault(0, <|>)', 'attached, detached, ...');
inScenario('fault(<|>)', 'PAGES, ...');
inScenario('fault(0, attached) <|>', 'x');
inScenario('expect <|>', 'safe, fails, refines, not refines');
inScenario('expect fails <|>', 'all_none, data_race, deadlock, ...');
inScenario('expect fails all_none, <|>', 'all_none, data_race, ...');
inScenario('expect fails data_race(<|>)', 'tree, ptes, st, seen, vma.st, vma.flags, vma.next');
inScenario('expect fails forbidden_outcome(<|>', 'zero');
inScenario('expect fails use_after_free(<|>', 'vma');
inScenario('expect fails deadlock(<|>', 'mmap_lock, ptl, vma.vm_lock');
inScenario('expect refines <|>', 's');
inScenario('final x: f.<|>', 'done, outcome');
inScenario('final x: f.outcome == <|>', 'content, zero, ...');
atTop('workload w {\n  <|>\n}', 'fault, with, cpus, for, seed');
atTop('workload w {\n  fault(0, attached) <|>\n}', 'x, at, every');

test('arguments are places to fill in, in plain text only the parentheses', () => {
  const item = labelsAt(`${DECLS}scenario s {\n  <|>\n}`).find(({ label }) => label === 'fault');
  assert.deepEqual([item?.snippet, item?.text], ['fault(${1:p}, ${2:how})', 'fault()']);
});

test('a member that a variable hides is written with its type', () => {
  const items = labelsAt('enum e { a, b }\nshared x: e\nshared a: bool\nthread t { x = <|> }');
  assert.deepEqual(items.slice(0, 2).map(({ text }) => text), ['e.a', 'b']);
});

test('what is declared brings its declaration and its documentation', () => {
  const item = labelsAt(`${DECLS}thread t { acquire read <|> }`)[0];
  assert.deepEqual([item?.detail, item?.doc], ['lock mmap_lock: rwsem', 'The big one.']);
});

test('the word under the cursor is the one that is replaced', () => {
  const { text, offset } = cursor(`${DECLS}thread t { acquire read mm<|>ap }`);
  const found = completions(freshSnapshot(text), offset, []);
  assert.ok(found !== null);
  assert.equal(text.slice(found.range.start, found.range.end), 'mmap');
});

test('a body on one line', () => {
  expectLabels(labelsAt(`${DECLS}thread t { acquire ptl ptes[0] = <|> }`), 'none, present, ...');
});

for (const { label, text } of PROTOCOLS) {
  test(`${label} has no mistake and comes to what it expects`, async () => {
    const snapshot = await settledSnapshot(plainOf(text));
    assert.deepEqual(snapshot.problems, []);
    assert.ok(snapshot.checks.length > 0);
    for (const check of snapshot.checks) {
      assert.equal(check.kind === 'judged' && check.judgement.expectation, 'met');
    }
    assert.deepEqual(snapshot.findings.filter(({ severity }) => severity !== 'hint'), []);
  });
}

test('every lock named after acquire in the sample is proposed there', () => {
  const takes = /(?:acquire|release|downgrade) (?:\w+ )?(\w+)/g;
  for (const { index, 0: found } of SAMPLE.matchAll(takes)) {
    const at = index + found.lastIndexOf(' ') + 1;
    const labels = completions(freshSnapshot(SAMPLE), at, [])?.items.map(({ label }) => label);
    assert.ok(labels?.includes(SAMPLE.slice(at).match(/^\w+/)?.[0] ?? ''), found);
  }
});
