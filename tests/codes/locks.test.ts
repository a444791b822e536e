// What a thread does wrong with its own locks: found by walking it alone where no scenario runs it,
// else by simulation, and never twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText, found, problemsOf } from '../support/checking.ts';
import { finds, silent } from '../support/codes.ts';

const SEM = 'lock sem: rwsem\n';
const MUTEX = 'lock m: mutex\n';
const SPIN = 'lock ptl: spinlock\n';
const run = (thread: string): string => `scenario s { ${thread} }\n`;

for (const scenario of ['', run('t')]) {
  const how = scenario === '' ? 'alone' : 'in a scenario';

  finds('lock_not_held', `a release without an acquire, ${how}`,
    `${MUTEX}thread t { step "x"  release m }\n${scenario}`, ['release m']);
  finds('lock_not_held', `a release in the other mode, ${how}`,
    `${SEM}thread t { acquire read sem  release write sem }\n${scenario}`, ['release write sem']);
  finds('lock_not_held', `a downgrade of a read lock, ${how}`,
    `${SEM}thread t { acquire read sem  downgrade sem  release sem }\n${scenario}`,
    ['downgrade sem']);
  finds('lock_not_held', `leaving rcu_read_lock twice, ${how}`,
    `thread t { rcu_read_lock  rcu_read_unlock  rcu_read_unlock }\n${scenario}`,
    ['rcu_read_unlock']);
  silent('lock_not_held', `where the mode is kept in a local, ${how}`,
    `${SEM}thread t {
      let w = any 0..1
      if w == 1 { acquire write sem } else { acquire read sem }
      if w == 1 { release write sem } else { release read sem }
    }\n${scenario}`);
  silent('lock_not_held', `after a downgrade, ${how}`,
    `${SEM}thread t { acquire write sem  downgrade sem  release read sem }\n${scenario}`);
  silent('lock_not_held', `after a try that is tested, ${how}`,
    `${MUTEX}thread t { if try acquire m { release m } }\n${scenario}`);

  finds('lock_held_at_exit', `no release, ${how}`,
    `${MUTEX}thread t { acquire m  step "x" }\n${scenario}`, ['step "x"']);
  finds('lock_held_at_exit', `an open rcu_read_lock, ${how}`,
    `thread t { rcu_read_lock  step "x" }\n${scenario}`, ['step "x"']);
  silent('lock_held_at_exit', `where every path releases, ${how}`,
    `${MUTEX}thread t { acquire m  choose { release m  return } or { release m } }\n${scenario}`);

  finds('deadlock', `a mutex taken twice, ${how}`,
    `${MUTEX}thread t { acquire m  acquire m  release m }\n${scenario}`, ['acquire m']);
  finds('deadlock', `an upgrade, ${how}`,
    `${SEM}thread t { acquire read sem  acquire write sem  release sem }\n${scenario}`,
    ['acquire write sem']);
  finds('deadlock', `synchronize_rcu inside rcu_read_lock, ${how}`,
    `thread t { rcu_read_lock  synchronize_rcu  rcu_read_unlock }\n${scenario}`,
    ['synchronize_rcu']);
  silent('deadlock', `two locks of one array, ${how}`,
    `lock a[2]: mutex
    thread t { acquire a[0]  acquire a[1] nested  release a[1]  release a[0] }\n${scenario}`);

  finds('sleep_in_atomic', `a mutex under a spinlock, ${how}`,
    `${MUTEX}${SPIN}thread t { acquire ptl  acquire m  release m  release ptl }\n${scenario}`,
    ['acquire m']);
  finds('sleep_in_atomic', `await inside rcu_read_lock, ${how}`,
    `shared go: bool = true
    thread t { rcu_read_lock  await READ_ONCE(go)  rcu_read_unlock }\n${scenario}`,
    ['await READ_ONCE(go)']);
  silent('sleep_in_atomic', `a spinlock under a mutex, a try under a spinlock, ${how}`,
    `${MUTEX}${SPIN}thread t {
      acquire m  acquire ptl  release ptl  release m
      acquire ptl  if try acquire m { release m }  release ptl
    }\n${scenario}`);

  finds('guard', `a write under a read lock, ${how}`,
    `${SEM}shared x: bool guarded by sem
    thread t { acquire read sem  x = true  release sem }\n${scenario}`, ['x']);
  finds('guard', `a read without the lock, ${how}`,
    `${MUTEX}shared x: bool guarded by m
    thread t { let v = x }\n${scenario}`, ['x']);
  finds('guard', `the lock of the other element, ${how}`,
    `type page = 0..1
    lock l[2]: mutex
    shared x: bool[2] guarded by l[0]
    thread t { acquire l[1]  x[0] = true  release l[1] }\n${scenario}`, ['x[0]']);
  silent('guard', `either lock will do, ${how}`,
    `lock a: mutex
    ${MUTEX}shared x: bool
      read under a || m
      write under a && m
    thread t { acquire a  let v = x  acquire m  x = v  release m  release a }\n${scenario}`);
  silent('guard', `a marked access under the lock, rcu for reading, ${how}`,
    `${MUTEX}shared x: bool
      read under rcu || m
      write under m
    thread t {
      rcu_read_lock  let v = READ_ONCE(x)  rcu_read_unlock
      acquire m  WRITE_ONCE(x, v)  release m
    }\n${scenario}`);
}

test('what depends on shared state is left to simulation', async () => {
  const text = `${MUTEX}shared atomic c: bool = true
    thread t { if c { acquire m }  step "x"  if c { release m } }\n`;
  for (const scenario of ['', run('t')]) {
    const report = await checkText(text + scenario);
    assert.deepEqual(problemsOf(report), []);
  }
});

test('a thread that one scenario runs is not judged alone', async () => {
  const report = await checkText(`${MUTEX}shared atomic c: bool = false
    thread t { if c { release m } else { acquire m  release m } }
    thread u { release m }
    scenario s { t }\n`);
  assert.deepEqual(found(report, 'lock_not_held'), ['release m']);
});

finds('deadlock', 'two locks in both orders', `lock a: mutex
  lock b: mutex
  thread t { acquire a  acquire b  release b  release a }
  thread u { acquire b  acquire a  release a  release b }
  scenario s { t  u }\n`, ['acquire a']);

test('deadlock: who holds what and waits for what', async () => {
  const report = await checkText(`lock a: mutex
    lock sem: rwsem
    thread t { acquire a  acquire write sem  release sem  release a }
    thread u { acquire read sem  acquire a  release a  release sem }
    scenario s { t  u  expect fails deadlock(a) }\n`);
  const [judged] = report.judged;
  assert.equal(judged?.judgement.expectation, 'met');
  const told = judged?.judgement.violations[0];
  assert.equal(told?.subject, 'a, sem');
  const x = 't holds a and waits for sem for writing';
  const y = 'u holds sem for reading and waits for a';
  const message = told?.message ?? '';
  assert.ok([`${x}; ${y}`, `${y}; ${x}`].includes(message), message);
});

test('deadlock: a reader behind a queued writer', async () => {
  const report = await checkText(`lock sem: rwsem
    thread t { acquire read sem  acquire read sem  release sem  release sem }
    thread w { acquire write sem  release sem }
    scenario s { t  w }\n`);
  const told = report.judged[0]?.judgement.violations.find((it) => it.code === 'deadlock');
  assert.ok(told?.message.includes('behind w'), told?.message);
  assert.deepEqual(found(report, 'recursive_read'), ['acquire read sem']);
});

test('deadlock: merely stuck, also behind others in a queue, is no circle', async () => {
  const report = await checkText(`lock sem: rwsem
    shared atomic done: bool
    thread keeps { acquire read sem  await done  release sem }
    thread w { acquire write sem  release sem }
    thread r { acquire read sem  release sem }
    scenario s { keeps  w  r }\n`);
  const told = report.judged[0]?.judgement.violations.map((it) => it.message) ?? [];
  assert.ok(told.includes('r waits for sem for reading for ever: keeps never releases it'),
    told.join('\n'));
});

test('inside a step nothing is said about what was held before it', async () => {
  const report = await checkText(`lock m: mutex
    shared n: 0..3     guarded by m
    thread t { acquire m  step "x" { release m  n = 1 } }
    thread u { acquire m  step "x" { release m  release m } }
    scenario s { t  expect fails }
    scenario r { u  expect fails }\n`);
  assert.deepEqual(problemsOf(report).map((problem) => problem.message.split('\n')[0]), [
    '`n` is written without `m`: t gives it up earlier in the step',
    'u releases `m` but does not hold it',
  ]);
});
