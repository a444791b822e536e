// What is said of a file as a whole: lock order, recursive reads, stale locals, unreached steps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText, problemsOf } from '../support/checking.ts';
import { finds, silent } from '../support/codes.ts';

const AB = 'lock a: mutex\nlock b: mutex\n';
const PAIR = `thread t { acquire a  acquire b  release b  release a }
  thread u { acquire b  acquire a  release a  release b }\n`;

finds('lock_order', 'a circle that no scenario runs into', `${AB}${PAIR}
  scenario s { t }
  scenario r { u }\n`, ['acquire a']);
finds('lock_order', 'a circle of threads that no scenario runs', AB + PAIR, ['acquire a']);
silent('lock_order', 'with a try', `${AB}
  thread t { acquire a  acquire b  release b  release a }
  thread u { acquire b  if try acquire a { release a }  release b }
  scenario s { t  u }\n`);
silent('lock_order', 'in one order', `${AB}
  thread t { acquire a  acquire b  release b  release a }
  thread u { acquire a  acquire b  release b  release a }
  scenario s { t  u }\n`);
finds('lock_order', 'three locks, one circle', `lock a: mutex
  lock b: mutex
  lock c: mutex
  thread t { acquire a  acquire b  release b  release a }
  thread u { acquire b  acquire c  release c  release b }
  thread v { acquire c  acquire a  release a  release c }\n`, ['acquire a']);
silent('lock_order', 'readers of an rwlock', `lock a: rwlock
  lock b: rwlock
  thread t { acquire read a  acquire read b  release b  release a }
  thread u { acquire read b  acquire read a  release a  release b }\n`);
finds('lock_order', 'readers of rwsems, which a writer from elsewhere keeps apart', `lock a: rwsem
  lock b: rwsem
  thread t { acquire read a  acquire read b  release b  release a }
  thread u { acquire read b  acquire read a  release a  release b }\n`, ['acquire read a']);
finds('lock_order', 'two locks of a class', `lock a[2]: mutex
  thread t { acquire a[0]  acquire a[1]  release a[1]  release a[0] }
  scenario s { t }\n`, ['acquire a[1]']);
silent('lock_order', 'two locks of a class, nested', `lock a[2]: mutex
  thread t { acquire a[0]  acquire a[1] nested  release a[1]  release a[0] }
  scenario s { t }\n`);
finds('lock_order', 'once, where one side of a circle is against the declared order', `${AB}
  order a -> b
  ${PAIR}
  scenario s { t }
  scenario r { u  expect fails lock_order(a) }\n`, ['acquire a']);
silent('lock_order', 'one lock twice, which is deadlock', `lock a: mutex
  thread t { acquire a  acquire a  release a }
  scenario s { t  expect fails }\n`);

test('lock_order against a declared order is an error, and fails a scenario', async () => {
  const report = await checkText(`${AB}order a -> b
    thread u { acquire b  acquire a  release a  release b }
    scenario s { u  expect fails lock_order(a) }
    scenario r { u }\n`);
  assert.deepEqual(report.judged.map(({ judgement }) => judgement.expectation), ['met', 'unmet']);
  const told = report.judged[1]?.judgement.violations[0];
  assert.equal(told?.message, '`a` is taken while u holds `b`, against the declared order');
});

finds('recursive_read', 'a read lock taken twice', `lock sem: rwsem
  thread t { acquire read sem  acquire read sem  release sem  release sem }
  scenario s { t }\n`, ['acquire read sem']);
silent('recursive_read', 'an rwlock may be', `lock l: rwlock
  thread t { acquire read l  acquire read l  release l  release l }
  scenario s { t }\n`);

const VMA = `lock mmap: rwsem
  struct vma[2] { lock vm_lock: mutex  dead: bool }
  shared head: ref vma = new vma {} guarded by mmap
  shared n: 0..3 guarded by mmap
  thread other { acquire write mmap  head = null  n = 1  release mmap }\n`;
const stale = (title: string, body: string, at: readonly string[]): void =>
  finds('stale_after_relock', title, `${VMA}thread t { ${body} }\n`, at);

stale('a ref goes on being used', `acquire read mmap
  let v = head
  release mmap
  acquire read mmap
  if v != null { v.dead = true }
  release mmap`, ['v.dead']);
stale('a value read before', `acquire read mmap
  let x = n
  release mmap
  acquire write mmap
  n = x
  release mmap`, ['n = x']);
stale('on one path only', `acquire read mmap
  let x = n
  choose { release mmap  acquire write mmap  downgrade mmap } or { step "keep it" }
  if x == 2 { step "use" }
  release mmap`, ['if x == 2']);
stale('silent where it is read again', `acquire read mmap
  let x = n
  release mmap
  acquire write mmap
  x = n
  n = x
  release mmap`, []);
stale('silent after a comparison with what is there now', `acquire read mmap
  let v = head
  release mmap
  acquire read mmap
  if v == head { v.dead = true }
  release mmap`, []);
stale('silent over a downgrade', `acquire write mmap
  let x = n
  downgrade mmap
  if x == 2 { step "use" }
  release mmap`, []);
stale('silent while the lock of the object is held', `acquire read mmap
  let v = head
  if v == null { release mmap  return }
  acquire v.vm_lock
  release mmap
  acquire read mmap
  v.dead = true
  release v.vm_lock
  release mmap`, []);
stale('silent for a null test', `acquire read mmap
  let v = head
  release mmap
  acquire read mmap
  if v == null { step "nothing there" }
  release mmap`, []);
silent('stale_after_relock', 'where nobody writes', `lock m: mutex
  shared x: 0..3
  shared y: 0..3
  thread t { acquire m  let v = x  release m  acquire m  y = v  release m }
  scenario s { t }\n`);
finds('stale_after_relock', 'without a guard', `lock m: mutex
  shared x: 0..3
  thread t { acquire m  let v = x  release m  acquire m  x = v  release m }
  scenario s { t }\n`, ['x = v']);
finds('stale_after_relock', 'once in a proc that is called twice', `lock m: mutex
  shared x: 0..3
  proc get() -> 0..3 { acquire m  let v = x  release m  return v }
  proc put() { let v = get()  acquire m  x = v  release m }
  thread t { put()  put() }
  scenario s { t }\n`, ['x = v']);

finds('unreachable_step', 'behind a return', `shared x: bool
  thread t { return  x = true  x = false }
  scenario s { t }\n`, ['x = true  x = false']);
finds('unreachable_step', 'the outermost statement', `shared atomic x: bool
  thread t { if x { step "a"  if x { step "b" } } }
  scenario s { t }\n`, ['step "a"  if x { step "b" }']);
silent('unreachable_step', 'where another scenario gets there', `shared atomic x: bool
  thread t { if x { step "a" } }
  thread u { x = true }
  scenario s { t }
  scenario r { t  u }\n`);
silent('unreachable_step', 'of a thread that no scenario runs', `shared x: bool
  thread t { return  x = true }\n`);
test('unreachable_step: nothing is said after a search that was cut off', async () => {
  const report = await checkText(`shared atomic x: 0..3
    thread t { x = 1  x = 2  x = 3  return  x = 0 }
    scenario s { t }\n`, { limits: { maxStates: 1 } });
  assert.deepEqual(problemsOf(report).map((problem) => problem.code), ['unknown']);
});
