// What only running the threads together finds, each both ways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText, problemsOf, violationsOf } from '../support/checking.ts';
import { finds, silent } from '../support/codes.ts';

const OBJ = 'struct obj[2] { x: 0..3 }\nshared p: ref obj = new obj {}\n';

finds('data_race', 'a write beside a read', `shared x: bool
  thread t { x = true }
  thread u { let v = x }
  scenario s { t  u }\n`, ['x']);
silent('data_race', 'both marked', `shared x: bool
  thread t { WRITE_ONCE(x, true) }
  thread u { let v = READ_ONCE(x) }
  scenario s { t  u }\n`);
silent('data_race', 'under one lock, of other elements, declared atomic', `lock m: mutex
  shared x: bool
  shared y: bool[2]
  shared atomic z: bool
  thread t { acquire m  x = true  release m  y[0] = true  z = true }
  thread u { acquire m  x = true  release m  y[1] = true  z = true }
  scenario s { t  u }\n`);
test('data_race: what each side holds', async () => {
  const report = await checkText(`lock sem: rwsem
    lock ptl: spinlock
    type page = 0..1
    shared pte: bool[2]
    thread zap { acquire read sem  pte[0] = true  release sem }
    thread fault(p: page) {
      acquire read sem  acquire ptl  let v = pte[p]  release ptl  release sem
    }
    scenario s { zap  fault(0) }\n`);
  const told = report.judged[0]?.judgement.violations[0];
  assert.ok([
    '`pte[0]` is written here by zap while fault reads it: '
      + 'zap holds sem for reading; fault holds sem for reading, ptl',
    '`pte[0]` is read here by fault while zap writes it: '
      + 'fault holds sem for reading, ptl; zap holds sem for reading',
  ].includes(told?.message ?? ''), told?.message);
  assert.deepEqual(told?.trace.slice(-2).map((step) => step.move), ['next', 'next']);
});

finds('use_after_free', 'a field of a freed object', `${OBJ}
  thread t { let v = p  free v  v.x = 1 }
  scenario s { t }\n`, ['v.x']);
silent('use_after_free', 'after a grace period', `${OBJ}
  thread t { rcu_read_lock  let v = READ_ONCE(p)  if v != null { let y = v.x }  rcu_read_unlock }
  thread u { let v = p  WRITE_ONCE(p, null)  free_rcu v }
  scenario s { t  u }\n`);
finds('double_free', 'freed by both', `${OBJ}
  thread t { let v = READ_ONCE(p)  free v }
  scenario s { t x 2 }\n`, ['free v']);
silent('double_free', 'freed by the one who took it', `${OBJ}
  thread t { let v = READ_ONCE(p)  if v != null { if cmpxchg(p, v, null) { free v } } }
  scenario s { t x 2 }\n`);
finds('null_ref', 'a field of null', `${OBJ}
  thread t { let v = READ_ONCE(p)  let y = v.x }
  thread u { WRITE_ONCE(p, null) }
  scenario s { t  u }\n`, ['v.x']);
silent('null_ref', 'where it is tested', `${OBJ}
  thread t { let v = READ_ONCE(p)  if v != null { let y = v.x } }
  thread u { WRITE_ONCE(p, null) }
  scenario s { t  u }\n`);
finds('range', 'a value outside', `shared x: 0..1
  thread t { x = x + 2 }
  scenario s { t }\n`, ['x']);
silent('range', 'a value inside', `shared x: 0..2
  thread t { x = x + 2 }
  scenario s { t }\n`);
finds('pool_exhausted', 'one more than there are', `struct o[1] { x: bool }
  thread t { let v = new o {} }
  scenario s { t x 2 }\n`, ['let v = new o {}']);
silent('pool_exhausted', 'as many as there are', `struct o[2] { x: bool }
  thread t { let v = new o {} }
  scenario s { t x 2 }\n`);
finds('assert', 'where it is false', `shared atomic x: bool
  thread t { assert !x, "x is never set" }
  thread u { x = true }
  scenario s { t  u }\n`, ['assert !x, "x is never set"']);
silent('assert', 'where it is true', `shared atomic x: bool
  thread t { assert !x }
  scenario s { t }\n`);
finds('invariant', 'broken by a step', `shared atomic x: bool
  thread t { x = true }
  invariant low: !x
  scenario s { t }\n`, ['x = true']);
silent('invariant', 'that holds', `shared atomic x: bool
  thread t { x = true }
  invariant either: x || !x
  scenario s { t }\n`);
finds('final', 'false at the end', `shared atomic x: bool
  thread t { x = true }
  final clean: !x
  scenario s { t }\n`, ['final clean: !x']);
silent('final', 'of a thread that is not run', `thread t { step "a" }
  thread u { step "b" }
  final clean: !u.done
  scenario s { t }\n`);
finds('eventually', 'never true', `shared atomic x: bool
  thread t { step "a" }
  eventually set: x
  scenario s { t }\n`, ['eventually set: x']);
silent('eventually', 'true at the end', `shared atomic x: bool
  thread t { x = true }
  eventually set: x
  scenario s { t }\n`);
finds('reachable', 'in no state', `shared atomic x: bool
  thread t { step "a" }
  reachable set: x
  scenario s { t }\n`, ['reachable set: x']);
silent('reachable', 'in one state', `shared atomic x: bool
  thread t { x = true  x = false }
  reachable set: x
  scenario s { t }\n`);
finds('forbidden_outcome', 'reached', `thread t -> ok | never zero { outcome zero }
  scenario s { t }\n`, ['outcome zero']);
silent('forbidden_outcome', 'not reached', `thread t -> ok | never zero { outcome ok }
  scenario s { t }\n`);
finds('missing_outcome', 'on one path', `thread t -> ok { choose { outcome ok } or { step "a" } }
  scenario s { t }\n`, ['step "a"']);
silent('missing_outcome', 'where none are declared', `thread t { step "a" }
  scenario s { t }\n`);

const REFINES = `shared atomic x: bool
  thread t -> a | b { if x { outcome b } else { outcome a } }
  thread u { x = true }
  scenario base { t }\n`;
finds('refines', 'an outcome that the other has not', `${REFINES}
  scenario s { t  u  expect refines base }\n`, ['base']);
silent('refines', 'the same outcomes', `${REFINES}
  scenario s { t  expect refines base }\n`);
test('refines: the violation has a run that replays to the outcome', async () => {
  const report = await checkText(`${REFINES}
    scenario s { t  u  expect refines base }\n`);
  assert.deepEqual(violationsOf(report, 's'), ['refines(base)']);
  const told = report.judged[1]?.judgement.violations[0];
  assert.equal(told?.message, 't = b is no outcome of `base`');
  assert.deepEqual(told?.trace.map((step) => step.thread), ['u', 't', 't']);
});

test('a thread of thousands of steps', async () => {
  const report = await checkText(`shared x: 0..3\nthread t { ${'x = 1 '.repeat(4000)} }
scenario s { t }\n`);
  assert.deepEqual(problemsOf(report), []);
  assert.equal(report.judged[0]?.result.verdict.states, 4001);
});
