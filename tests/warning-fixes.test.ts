// Fixes of warnings, where no scenario fails: offered only if every scenario stays as it is and the
// warning goes away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applied } from '../server/src/analysis/changes/change.ts';
import { aboutWarning, isMendable } from '../server/src/service/fixes/about.ts';
import type { Fixes } from '../server/src/service/fixes/fixing.ts';
import { checkText, problemsOf } from './support/checking.ts';
import { fixesOf } from './support/fixing.ts';

async function fixesOfWarning(text: string, code: string): Promise<Fixes> {
  const warnings = problemsOf(await checkText(text)).filter(isMendable);
  assert.deepEqual(warnings.map((it) => it.code), [code]);
  const [warning] = warnings;
  assert.ok(warning !== undefined);
  const fixes = await fixesOf(text, aboutWarning(warning));
  for (const { title, splices, expects } of fixes.offered) {
    const report = await checkText(applied(text, splices));
    const left = problemsOf(report).filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(left.map((it) => it.message), [], title);
    assert.deepEqual(expects, []);
  }
  return fixes;
}

function offers(name: string, code: string, text: string, expected: readonly string[]): void {
  test(name, async () => {
    const { offered } = await fixesOfWarning(text, code);
    assert.deepEqual(offered.map(({ title, cost }) => `${title}: ${cost}`), expected);
  });
}

const ORDER = `lock a: mutex
lock b: mutex
shared x: 0..1 = 0
shared y: 0..1 = 0
thread p {
  acquire a
  acquire b
  x = 1
  y = 1
  release b
  release a
}
thread q {
  acquire b
  y = 0
  acquire a
  x = 0
  release a
  release b
}
scenario one { p }
scenario other { q }
`;

offers('two orders that no scenario brings together', 'lock_order', ORDER, [
  'Move `acquire b` above `acquire a` in p: a held over 1 step fewer, b held over 1 step more',
  'Move `acquire a` above `acquire b` in q: a held over 2 steps more, b held over 1 step fewer',
  'Move `release a` above `acquire b` in p: 2 steps of p no longer under a, a held over 4 steps '
    + 'fewer',
  'Move `release b` above `acquire a` in q: `x = 0` no longer under b, b held over 3 steps fewer',
  'Move `acquire a` below `x = 1` in p: `x = 1` no longer under a, a held over 2 steps fewer, '
    + 'b held over 1 step more',
  'Move `acquire b` below `acquire a` in q: `y = 0` no longer under b, a held over 1 step more, '
    + 'b held over 2 steps fewer',
]);

test('a way that no scenario goes is not said to be checked', async () => {
  const { rejected } = await fixesOfWarning(ORDER, 'lock_order');
  const back = rejected.find(({ title }) => title.startsWith('Only try b under a in p'));
  assert.equal(back?.reason, 'no scenario would get to all of it');
});

test('the expectation of a scenario stays as it is', async () => {
  const text = `${ORDER}scenario both {\n  p\n  q\n  expect fails deadlock\n}\n`;
  const { offered, rejected } = await fixesOfWarning(text, 'lock_order');
  assert.deepEqual(offered, []);
  const swap = rejected.find(({ title }) => title === 'Move `acquire a` above `acquire b` in q');
  assert.equal(swap?.reason, 'both would then be: expect safe');
});

offers('a read lock taken twice', 'recursive_read', `lock sem: rwsem
shared x: 0..1 = 0
proc peek() {
  acquire read sem
  if x == 1 { step "seen" }
  release read sem
}
thread t {
  acquire read sem
  step "find it"
  peek()
  release read sem
}
thread w {
  acquire write sem
  x = 1
  release write sem
}
scenario s { t }
scenario u { w }
`, [
  'Do not take sem again in peek: sem held for reading over 2 steps fewer',
  'Move `acquire read sem` below `peek()` in t: `find it` no longer under sem, sem held for '
    + 'reading over 2 steps fewer',
  'Move `release read sem` above `peek()` in t: sem let go between `find it` and `if x == 1`, sem '
    + 'held for reading over 1 step fewer',
]);

const STALE = `lock sem: rwsem
struct vma[2] { start: 0..1 = 0 }
shared root: ref vma = new vma {}
thread t {
  acquire read sem
  let v = root
  release read sem
  acquire read sem
  if v != null { let s = v.start }
  release read sem
}
thread u {
  acquire write sem
  root = null
  release write sem
}
scenario s { t  u }
`;

offers('a value that may be stale', 'stale_after_relock', STALE, [
  'Hold sem over the gap in t: one section, not two: sem held for reading over 1 step fewer',
  'Move `let v = root` below `acquire read sem` in t: nothing is held longer',
  'Move `if v != null` above `release read sem` in t: nothing is held longer',
  'Look v up again (`v = root`) after `acquire read sem` in t: sem held for reading over 1 step '
    + 'more',
  'Move `acquire read sem` below `if v != null` in t: `let s = v.start` no longer under sem, sem '
    + 'held for reading over 1 step fewer',
]);

test('what no scenario runs is not said to be checked', async () => {
  const alone = ORDER.replace('scenario other { q }\n', '');
  const { offered, rejected } = await fixesOfWarning(alone, 'lock_order');
  assert.ok(offered.length > 0);
  assert.ok(offered.every(({ title }) => / in p\b/.test(title)));
  const moved = rejected.find(({ title }) => title === 'Move `acquire a` above `acquire b` in q');
  assert.equal(moved?.reason, 'no scenario runs q: there is nothing to check it by');
});
