// The engine on hand-made programs whose answers can be counted by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, type Expr, type Program } from './index.ts';
import {
  accessTo, acquire, constant, load, lockRef, locks, nop, programOf, release, shared, store,
} from './testing.ts';

const codes = (program: Program): string[] =>
  check(program).violations.map(({ code, subject }) =>
    (subject === null ? code : `${code}(${subject})`));

test('two threads of two steps have nine states and twelve transitions', () => {
  const verdict = check(programOf({ a: [nop, nop], b: [nop, nop] }));
  assert.deepEqual(
    [verdict.result, verdict.states, verdict.transitions, verdict.depth], ['safe', 9, 12, 4]);
});

test('a lock taken in opposite orders deadlocks, told once, with the cycle', () => {
  const verdict = check(programOf({
    a: [acquire(0), acquire(1), release(1), release(0)],
    b: [acquire(1), acquire(0), release(0), release(1)],
  }, locks({ A: 'mutex', B: 'mutex' })));
  const deadlocks = verdict.violations.filter(({ code }) => code === 'deadlock');
  assert.deepEqual(deadlocks.map(({ subject }) => subject), ['A, B']);
  assert.equal(deadlocks[0]?.trace?.steps.length, 4);
  assert.equal(deadlocks[0]?.trace?.steps.at(-1)?.move, 'wait');
});

test('a write and a read that can both come next race; under one lock they do not', () => {
  const racy = programOf({
    a: [store(0, 1)], b: [{ op: 'branch', cond: load(0), otherwise: 1 }],
  }, shared('x'));
  assert.deepEqual(codes(racy), ['data_race(x)']);
  const locked = programOf({
    a: [acquire(0), store(0, 1), release(0)],
    b: [acquire(0), { op: 'branch', cond: load(0), otherwise: 2 }, release(0)],
  }, { ...shared('x'), ...locks({ L: 'spinlock' }) });
  assert.deepEqual(codes(locked), []);
});

test('marked accesses race with plain ones only', () => {
  const marked = { op: 'set', value: constant(1),
    target: { kind: 'store', access: accessTo(0, { marked: true }) } } as const;
  assert.deepEqual(codes(programOf({ a: [marked], b: [marked] }, shared('x'))), []);
  assert.deepEqual(
    codes(programOf({ a: [marked], b: [store(0, 2)] }, shared('x'))), ['data_race(x)']);
});

test('a writer that waits keeps new readers out; without one a nested read is granted', () => {
  const nested = [acquire(0, 'read'), acquire(0, 'read'), release(0), release(0)];
  assert.deepEqual(codes(programOf({ a: nested }, locks({ S: 'rwsem' }))), []);
  assert.deepEqual(
    codes(programOf({ a: nested, w: [acquire(0), release(0)] }, locks({ S: 'rwsem' }))),
    ['deadlock(S)']);
  assert.deepEqual(
    codes(programOf({ a: nested, w: [acquire(0), release(0)] }, locks({ S: 'rwlock' }))), []);
});

test('the shortest run has the fewest context switches', () => {
  const flag = { op: 'assert', text: null,
    cond: { kind: 'binary', op: '!=', left: load(0), right: constant(1) } } as const;
  const verdict = check(programOf(
    { a: [nop, nop, store(0, 1)], b: [nop, nop, flag] }, shared('x')));
  const found = verdict.violations.find(({ code }) => code === 'assert');
  assert.deepEqual(found?.trace?.steps.map(({ thread }) => thread), [0, 0, 0, 1, 1, 1]);
});

test('an await nobody fulfils is a deadlock about no lock, and not claimed at a bound', () => {
  const waits = programOf(
    { a: [{ op: 'await', cond: load(0) }], b: [nop, nop, nop, nop] }, shared('x'));
  assert.deepEqual(codes(waits), ['deadlock']);
  const bounded = check(waits, { maxStates: 2, maxMemory: 2 ** 30 });
  assert.deepEqual([bounded.result, bounded.violations.length], ['unknown', 0]);
});

test('an endless silent loop is no step and no deadlock', () => {
  const verdict = check(programOf({ a: [nop, { op: 'nop', silent: true, to: 1 }], b: [nop] }));
  assert.equal(verdict.result, 'safe');
});

test('a step with very many long ways through it is given up', () => {
  const n: Expr = { kind: 'local', cell: 0 };
  const program = programOf({
    a: [nop, {
      op: 'branch', silent: true, otherwise: 4,
      cond: { kind: 'binary', op: '<', left: n, right: constant(100_000) },
    }, { op: 'choose', silent: true, targets: [3, 3] }, {
      op: 'set', silent: true, to: 1, target: { kind: 'local', cell: 0, name: 'n' },
      value: { kind: 'binary', op: '+', left: n, right: constant(1) },
    }],
  }, { cells: [{ lo: 0, hi: 100_000, init: 0 }] });
  const limits = { maxStates: 1_000, maxMemory: 2 ** 28 };
  for (const engine of ['interpreted', 'generated'] as const) {
    const { result, bound } = check(program, limits, { engine });
    assert.deepEqual([result, bound?.kind], ['unknown', 'step_length']);
  }
});

test('synchronize_rcu waits for the readers that were inside, not for later ones', () => {
  const verdict = check(programOf({
    r: [{ op: 'rcu_lock' }, store(0, 1), { op: 'rcu_unlock' }],
    w: [{ op: 'synchronize_rcu' }, { op: 'assert', text: null,
      cond: { kind: 'binary', op: '<', left: load(0), right: constant(2) } }],
    late: [{ op: 'rcu_lock' }, { op: 'await', cond: { kind: 'done', thread: 1 } },
      { op: 'rcu_unlock' }],
  }, shared('x')));
  const deadlocks = verdict.violations.filter(({ code }) => code === 'deadlock');
  assert.equal(deadlocks.length > 0, true, 'a late reader that was inside first');
  assert.equal(verdict.violations.some(({ code }) => code === 'sleep_in_atomic'), true);
});

test('eventually: a fair run must get there, an endless one need not', () => {
  const property = { kind: 'eventually', name: 'set', site: 999, expr: load(0) } as const;
  const spin = [{ op: 'branch', cond: load(0), otherwise: 0 }] as const;
  const fair = programOf({ spin, b: [nop, store(0, 1)] }, { ...shared('x'),
    properties: [property] });
  assert.deepEqual(codes(fair).filter((code) => code.startsWith('eventually')), []);
  const never = programOf({ spin, b: [nop] }, { ...shared('x'), properties: [property] });
  const verdict = check(never);
  assert.deepEqual(verdict.violations.map(({ code }) => code), ['eventually']);
  assert.equal((verdict.violations[0]?.trace?.loop ?? -1) >= 0, true);
});

test('a thread that waits for a lock that is free again and again gets it', () => {
  const property = { kind: 'eventually', name: 'served', site: 999,
    expr: { kind: 'done', thread: 1 } } as const;
  const verdict = check(programOf({
    hog: [acquire(0), release(0), { op: 'nop', silent: true, to: 0 }],
    other: [acquire(0), release(0)],
  }, { ...locks({ L: 'mutex' }), properties: [property] }));
  assert.deepEqual(verdict.violations, []);
});

test('release of a lock that is not held ends the run', () => {
  const program = programOf(
    { a: [{ op: 'release', lock: lockRef(0), mode: 'read' }, nop] }, locks({ S: 'rwsem' }));
  const verdict = check(program);
  assert.deepEqual(verdict.violations.map(({ code }) => code), ['lock_not_held']);
  assert.equal(verdict.states, 1);
});
