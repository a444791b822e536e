// What fixes cost, and their order: nothing that takes a lock or a check away comes before what
// keeps both, and each says what it takes away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixesOf } from './support/fixing.ts';

/** All fixes that are offered, as `title: cost`. */
function offers(name: string, text: string, expected: readonly string[]): void {
  test(name, async () => {
    const { offered } = await fixesOf(text, 's');
    assert.deepEqual(offered.map(({ title, cost }) => `${title}: ${cost}`), expected);
  });
}

offers('a lost update: the lock first; a mark or a declaration loses it still', `lock m: mutex
shared n: 0..4 = 0
thread a {
  let t = n
  n = t + 1
}
scenario s { a x 2 }
`, [
  'Take m around `let t = n` … `n = t + 1` in a: m held over 3 steps more',
  'Declare n atomic: accesses of n are no longer checked for races, `n = t + 1` may lose an update',
  'Mark the accesses to n (READ_ONCE, WRITE_ONCE): accesses of n in a are no longer checked for '
    + 'races with each other, `n = t + 1` may lose an update',
]);

offers('two threads, neither of which takes the lock: in both', `lock m: mutex
shared n: 0..4 = 0
thread a { n += 1 }
thread b { n += 2 }
scenario s { a b }
`, [
  'Take m around the accesses to n in a, b: m held over 4 steps more',
  'Declare n atomic: accesses of n are no longer checked for races, `n += 1` has to be one atomic '
    + 'operation, `n += 2` has to be one atomic operation',
  'Mark the accesses to n (READ_ONCE, WRITE_ONCE): accesses of n in a, b are no longer checked for '
    + 'races with each other, `n += 1` may lose an update, `n += 2` may lose an update',
]);

offers('the lock where it is not held yet, as the access needs it', `lock r: rwsem
shared n: 0..4 = 0
thread a {
  acquire write r
  n += 1
  release r
}
thread b { n += 2 }
thread c { if n == 1 { step "seen" } }
scenario s { a b c }
`, [
  'Take r around the accesses to n in b, c: r held for writing over 2 steps more, r held for '
    + 'reading over 3 steps more',
  'Declare n atomic: accesses of n are no longer checked for races, `n += 1` has to be one atomic '
    + 'operation, `n += 2` has to be one atomic operation',
  'Mark the accesses to n (READ_ONCE, WRITE_ONCE): accesses of n in a, b, c are no longer checked '
    + 'for races with each other, `n += 1` may lose an update, `n += 2` may lose an update',
]);

offers('an update under the lock of all writers loses nothing', `lock m: mutex
shared n: 0..1 = 0
thread a {
  acquire m
  n += 1
  release m
}
thread b { if n == 1 { step "seen" } }
scenario s { a b }
`, [
  'Take m around `if n == 1` in b: m held over 3 steps more',
  'Declare n atomic: accesses of n are no longer checked for races',
  'Mark the accesses to n (READ_ONCE, WRITE_ONCE): accesses of n in a, b are no longer checked for '
    + 'races with each other',
]);

offers('a statement moved out from under a lock', `lock a: mutex
lock b: mutex
shared x: 0..1 = 0
thread p {
  acquire a
  x = 1
  acquire b
  release b
  release a
}
thread q {
  acquire b
  acquire a
  x = 0
  release a
  release b
}
scenario s { p q }
`, [
  'Move `release a` above `acquire b` in p: a held over 2 steps fewer',
  'Move `acquire a` above `acquire b` in q: a held over 1 step more, b held over 1 step fewer',
  'Move `acquire b` above `acquire a` in p: a held over 1 step fewer, b held over 2 steps more',
  'Only try b under a in p, and begin again where it is taken: a held over 1 step more, b held '
    + 'over 1 step more, begun again where the lock is taken',
  'Only try a under b in q, and begin again where it is taken: a held over 1 step more, b held '
    + 'over 1 step more, begun again where the lock is taken',
  'Move `release b` above `acquire a` in q: `x = 0` no longer under b, b held over 3 steps fewer',
  'Move `acquire b` below `x = 0` in q: `x = 0` no longer under b, a held over 1 step more, b held '
    + 'over 2 steps fewer',
]);

offers('a grace period', `struct obj[1] { v: 0..1 = 0 }
shared ptr: ref obj = new obj {}
thread reader {
  rcu_read_lock
  let o = READ_ONCE(ptr)
  if o != null { step "use it" { let y = o.v } }
  rcu_read_unlock
}
thread killer {
  let k = READ_ONCE(ptr)
  WRITE_ONCE(ptr, null)
  free k
}
scenario s { reader killer }
`, [
  '`free_rcu` in the place of `free` in killer: freed only after a grace period',
  'Enter an RCU section around `let o = READ_ONCE(ptr)` … `if o != null` in reader; `free_rcu` in '
    + 'the place of `free` in killer: rcu_read_lock held over 2 steps more, freed only after a '
    + 'grace period',
  'Enter an RCU section around `let k = READ_ONCE(ptr)` … `free k` in killer; `free_rcu` in the '
    + 'place of `free` in killer: rcu_read_lock held over 4 steps more, freed only after a grace '
    + 'period',
  'Wait for readers (`synchronize_rcu`) before `free k` in killer: waits for a grace period',
]);

offers('a section over a gap: what was outside is inside now', `lock m: mutex
shared x: 0..3 = 0
thread t {
  acquire m
  let y = x
  release m
  step "copy_from_user"
  acquire m
  assert x == y
  release m
}
thread u { acquire m  x += 1  release m }
scenario s { t u }
`, [
  'Hold m over the gap in t: one section, not two: `copy_from_user` now under m',
  'Move `let y = x` below `acquire m` in t: nothing is held longer',
  'Look y up again (`y = x`) after `acquire m` in t: m held over 1 step more',
]);

test('a lock kept over a lookup with an early return', async () => {
  const { offered } = await fixesOf(`lock sem: rwsem
struct vma[1] { lock vm_lock: rwsem }
shared tree: ref vma = new vma {} guarded by sem
thread fault {
  acquire read sem
  let v = tree
  release sem
  if v == null { return }
  acquire read v.vm_lock
  release v.vm_lock
}
thread unmap {
  acquire write sem
  let v = tree
  tree = null
  acquire write v.vm_lock
  release v.vm_lock
  free v
  release sem
}
scenario s { fault unmap }
`, 's');
  assert.deepEqual(offered.map(({ title }) => title), [
    'Move `release sem` below `acquire read v.vm_lock` in fault, and make it before each return '
      + 'between',
  ]);
});

const TRY = `lock sem: rwsem
shared x: 0..3 = 0
thread w {
  if try acquire read sem {
    x = 1
    release sem
  }
}
thread r {
  acquire read sem
  x = 2
  release sem
}
scenario s { w r }
`;

test('what makes a try fail for ever is no fix', async () => {
  const { offered, rejected } = await fixesOf(TRY, 's');
  assert.ok(offered.length > 0);
  const title = 'Take sem for writing around `if try acquire read sem` in w';
  assert.deepEqual(rejected.filter((it) => it.title === title).map(({ reason }) => reason),
    ['`x = 1` would never be reached']);
});

const MODES = `lock sem: rwsem
shared brk: 0..3 = 2 guarded by sem
proc unmap(can: bool) { if can { downgrade sem } }
thread shrink(can: bool) {
  acquire write sem
  brk = 1
  unmap(can)
  release write sem
}
scenario s { shrink(true) }
scenario t { shrink(false) }
`;

const FREED = `lock sem: rwsem
struct vma[1] { start: 0..2 = 0 }
shared tree: ref vma = new vma {} guarded by sem
thread madvise {
  acquire read sem
  let v = tree
  release sem
  acquire read sem
  if v != null { if v.start == 1 { step "visit" } }
  release sem
}
thread munmap {
  acquire write sem
  let v = tree
  tree = null
  release sem
  if v != null { free v }
}
scenario s { madvise munmap }
`;

for (const [text, title, reason] of [
  [MODES, 'Test `brk != 1` before `if can` in unmap', 'what it is about would never be reached'],
  [FREED, 'Move `tree = null` above `let v = tree` in munmap', '`free v` would never be reached'],
] as const) {
  test(`what leaves a statement out is no fix: ${title}`, async () => {
    const { offered, rejected } = await fixesOf(text, 's');
    assert.ok(offered.length > 0);
    assert.deepEqual(rejected.filter((it) => it.title === title).map((it) => it.reason), [reason]);
  });
}
