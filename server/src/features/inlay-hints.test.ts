// Inlay hints, one line each: the line with its hints between «», before anything is searched and
// when all scenarios are judged.
import assert from 'node:assert/strict';
import test from 'node:test';
import { freshSnapshot, settledSnapshot } from '../service/testing.ts';
import { DEFAULT_HINTS, inlayHints, type HintsWanted } from './inlay-hints.ts';
import type { Snapshot } from './snapshot.ts';
import { SAMPLE } from './testing.ts';

function shown(snapshot: Snapshot, wanted: HintsWanted): string {
  const { text } = snapshot;
  const hints = inlayHints(snapshot, { start: 0, end: text.length }, wanted);
  return [...hints].reverse().reduce((all, { offset, label }) =>
    `${all.slice(0, offset)}«${label}»${all.slice(offset)}`, text);
}

function checkHints(
  line: string, text = SAMPLE, wanted: Partial<HintsWanted> = {},
): void {
  const name = line.trim();
  const all = { ...DEFAULT_HINTS, ...wanted };
  test(name, () => assert.ok(shown(freshSnapshot(text), all).includes(line),
    shown(freshSnapshot(text), all)));
  test(`${name} (checked)`, async () => {
    const actual = shown(await settledSnapshot(text), all);
    assert.ok(actual.includes(line), actual);
  });
}

checkHints('  acquire write mmap_sem«mmap_sem: – → W»\n  step');
checkHints('  downgrade mmap_sem«mmap_sem: W → R»\n');
checkHints('    acquire ptl«ptl: – → held»\n    pte[i]');
checkHints('    release ptl«ptl: held → –»\n  }\n  release mmap_sem«mmap_sem: R → –»');
checkHints('  downgrade mmap_sem«mmap_sem: W → R»\n', SAMPLE, { lockState: 'all' });
checkHints('    acquire ptl«ptl: – → held, mmap_sem: R»\n', SAMPLE, { lockState: 'all' });
checkHints('  downgrade mmap_sem\n', SAMPLE, { lockState: 'off' });

const SPEC = `lock m: rwsem
lock l[2]: spinlock
shared atomic x: 0..3 = 0
proc drop() { release m }
thread t(w: bool) {
  if w { acquire write m } else { acquire read m }
  drop()
  if try acquire read m { x = 1  release m }
  rcu_read_lock
  rcu_read_lock
  rcu_read_unlock
  rcu_read_unlock
  again: acquire l[x]  takes 3us
  let off = 0
  release l[off]
}
`;
const BOTH = `${SPEC}scenario s { t(true) t(false) }\n`;
checkHints('proc drop() { release m«m: R/W → –» }', BOTH);
checkHints('{ acquire write m«m: – → W» } else { acquire read m«m: – → R» }', BOTH);
checkHints('if try acquire read m«m: – → R» { x = 1  release m«m: R → –» }', BOTH);
checkHints(`rcu_read_lock«rcu: – → held»
  rcu_read_lock
  rcu_read_unlock
  rcu_read_unlock«rcu: held → –»`, BOTH);
checkHints('again: acquire l[x]  takes 3us«l[x]: – → held»', BOTH);
checkHints('  drop()«m: R/W → –»\n  if try', BOTH);
checkHints('let off«: 0..0» = 0', BOTH, { types: true });
checkHints('scenario s { t(«w:»true) t(«w:»false) }', BOTH, { parameterNames: true });

test('what the scenarios show is less than what the text alone allows', async () => {
  const only = `${SPEC}scenario s { t(true) }\n`;
  assert.match(shown(freshSnapshot(only), DEFAULT_HINTS), /drop\(\) \{ release m«m: R\/W → –» \}/);
  assert.match(shown(await settledSnapshot(only), DEFAULT_HINTS),
    /drop\(\) \{ release m«m: W → –» \}/);
  assert.match(shown(await settledSnapshot(only), DEFAULT_HINTS), / drop\(\)«m: W → –»\n/);
});

// What a call changes for its caller: on its own ways, not on those that meet behind it.
const CALLS = `lock m: rwsem
lock l: mutex
struct vma[2] { lock vm_lock: rwsem }
shared a: ref vma = new vma {}
shared b: ref vma = new vma {}
proc both() { acquire m  acquire l }
proc none() { acquire l  release l }
proc lower(n: bool) -> bool {
  if n { downgrade m }
  return n
}
proc leave() { release m  return }
proc of(v: ref vma) { acquire read v.vm_lock }
thread one(n: bool) {
  rcu_read_lock
  acquire write m
  none()
  let done = lower(n)
  again: none()
  if done { leave() }
  if !done { release m }
  rcu_read_unlock
}
thread two { let v = a  choose { v = b } or { step "a" }  of(v)  release v.vm_lock }
thread three(n: bool) { for i in 0..1 { enter()  leave() } }
proc enter() { acquire write m  rcu_read_lock  rcu_read_unlock }
proc tries(v: ref vma) -> bool {
  if try acquire read v.vm_lock { return true }
  return false
}
thread four { let v = a  let got = tries(v)  if got { release v.vm_lock } }
`;
const RUN = `${CALLS}scenario s { one(true) one(false) two three(true) four }\n`;
checkHints('  none()\n  let done = lower(n)«m: W → R/W»\n  again: none()\n', RUN);
checkHints('  if done { leave()«m: R → –» }', RUN);
checkHints('of(v)«vma.vm_lock: – → R»  release', RUN);
checkHints('let got = tries(v)«vma.vm_lock: – → R/–»  if', CALLS);
checkHints('{ enter()«m: – → W»  leave()«m: W → –» }', RUN);
checkHints('let done = lower(n)«m: W → R/W, rcu: held»', RUN, { lockState: 'all' });

test('of a call too, what the scenarios show is less than what the text alone allows', async () => {
  const only = `${CALLS}scenario s { one(true) four }\n`;
  assert.match(shown(freshSnapshot(only), DEFAULT_HINTS), /lower\(n\)«m: W → R\/W»/);
  const settled = shown(await settledSnapshot(only), DEFAULT_HINTS);
  assert.match(settled, /lower\(n\)«m: W → R»/);
  assert.match(settled, /tries\(v\)«vma#1\.vm_lock: – → R»/);
});

test('only in the range that is asked for, and none in a thread with errors', () => {
  const snapshot = freshSnapshot(SAMPLE);
  const start = SAMPLE.indexOf('downgrade');
  const hints = inlayHints(snapshot, { start, end: start + 20 }, DEFAULT_HINTS);
  assert.deepEqual(hints.map(({ label }) => label), ['mmap_sem: W → R']);
  const broken = freshSnapshot(SAMPLE.replace('vma = detached', 'vma = nothing'));
  assert.doesNotMatch(shown(broken, DEFAULT_HINTS), /downgrade mmap_sem«/);
});
