// Each condition for taking one thread's step alone, in a program where it matters: what is
// violated must be found under every combination of switches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell, Expr, Lock, LockRef, Place, Pool, Program, Property } from '../program.ts';
import {
  accessTo, acquire, constant, load, lockRef, locks, nop, programOf, release, shared, store,
  type Step,
} from '../testing.ts';
import { reducedSearch, type Switches } from './reduced-search.ts';

const COMBINATIONS: readonly Switches[] = Array.from({ length: 32 }, (_, i) => ({
  ample: (i & 1) !== 0, chains: (i & 2) !== 0, dead: (i & 4) !== 0, symmetry: (i & 8) !== 0,
  objects: (i & 16) !== 0,
}));

/** Under all switches the same comes out, with these violations: `code` or `code(about)`. */
function agrees(program: Program, ...wanted: readonly string[]): void {
  const all = COMBINATIONS.map((switches) => reducedSearch(program, switches, 100_000));
  const [plain] = all;
  const said = all.map(({ violations, outcomes, reached, reachables, result }) => ({
    violations: [...violations].sort(), outcomes: [...outcomes].sort(), reached,
    reachables: [...reachables].sort(), result,
  }));
  COMBINATIONS.forEach((switches, i) => {
    assert.deepEqual(said[i], said[0], JSON.stringify(switches));
  });
  const told = new Set([...plain!.violations].map((key) => {
    const [code, about] = key.split('|');
    return about === '' ? code : `${code}(${about})`;
  }));
  for (const it of wanted) assert.ok(told.has(it), `${it} in ${[...told].join(', ')}`);
}

const equals = (left: Expr, value: number): Expr =>
  ({ kind: 'binary', op: '==', left, right: constant(value) });
const both = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '&&', left, right });
const not = (operand: Expr): Expr => ({ kind: 'not', operand });
const must = (cond: Expr, text = 'broken'): Step => ({ op: 'assert', cond, text });
const until = (cond: Expr): Step => ({ op: 'await', cond });
const held = (lock: number, mode: 'read' | 'write' | null = null): Expr =>
  ({ kind: 'held', lock: lockRef(lock), mode });
const done = (thread: number): Expr => ({ kind: 'done', thread });
/** Takes the lock if it is free, and goes on behind the next instruction; else with that. */
const tried = (lock: number, from: number, mode: 'read' | 'write' = 'write'): Step[] => [
  { op: 'try', lock: lockRef(lock), mode, nested: false, result: 0 },
  { op: 'branch', silent: true, cond: { kind: 'reg', reg: 0 }, otherwise: from + 2, to: from + 3 },
];
const property = (kind: Property['kind'], expr: Expr): Property =>
  ({ kind, name: 'p', site: 9000, expr });
const inBackground = (program: Program, ...threads: readonly number[]): Program => ({
  ...program,
  threads: program.threads.map((thread, t) =>
    ({ ...thread, background: threads.includes(t) })),
});

test('a write and a later read of the same variable', () => {
  agrees(programOf({
    a: [store(0, 1), store(0, 0)], b: [nop, nop, must(equals(load(0), 0))],
  }, shared('x')), 'assert(broken)', 'data_race(x)');
  agrees(programOf({
    a: [must(equals(load(0), 0))], b: [nop, nop, store(0, 1)],
  }, shared('x')), 'assert(broken)', 'data_race(x)');
});

test('two writes of the same variable', () => {
  agrees(programOf({ a: [store(0, 1)], b: [nop, store(0, 2)] }, {
    ...shared('x'), properties: [property('final', equals(load(0), 1))],
  }), 'final(p)', 'data_race(x)');
});

test('a race is met though one of its threads could wait for ever', () => {
  agrees(programOf({
    a: [acquire(0), store(0, 1), release(0)],
    b: [nop, acquire(1), store(0, 2), release(1)],
  }, { ...shared('x'), ...locks({ A: 'mutex', B: 'mutex' }) }), 'data_race(x)');
});

test('a lock that is held bars those who want it, not those who try it', () => {
  agrees(programOf({
    a: [acquire(0), release(0)],
    b: [nop, ...tried(0, 1), must(constant(0), 'busy'), must(constant(0), 'free')],
  }, locks({ L: 'mutex' })), 'assert(busy)', 'assert(free)');
  for (const mode of ['read', 'write'] as const) {
    agrees(programOf({
      a: [acquire(0), store(0, 1), release(0)],
      b: [until(equals(load(0), 1)), ...tried(0, 1, mode), must(constant(0), 'busy'),
        must(constant(0), 'free')],
    }, { ...shared('x'), ...locks({ L: 'rwsem' }) }), 'assert(busy)', 'assert(free)');
  }
});

test('a lock held for reading bars writers only', () => {
  agrees(programOf({
    a: [acquire(0, 'read'), store(0, 1), release(0)],
    b: [acquire(0, 'read'), store(0, 2), release(0)],
  }, { ...shared('x'), ...locks({ L: 'rwsem' }) }), 'data_race(x)');
});

test('a lock that is only perhaps held bars nobody', () => {
  agrees(programOf({
    a: [{ op: 'choose', targets: [1, 2] }, acquire(0), store(0, 1)],
    b: [acquire(0), store(0, 2), release(0)],
  }, { ...shared('x'), ...locks({ L: 'mutex' }) }), 'data_race(x)', 'lock_held_at_exit(L)');
});

test('whether somebody holds a lock', () => {
  for (const mode of ['read', 'write'] as const) {
    agrees(programOf({
      a: [acquire(0, mode), nop, release(0)], b: [nop, nop, must(not(held(0, mode)))],
    }, locks({ L: 'rwsem' })), 'assert(broken)');
    agrees(programOf({ a: [acquire(0, mode), release(0)], b: [nop, nop, nop] }, {
      ...locks({ L: 'rwsem' }), properties: [property('invariant', not(held(0, mode)))],
    }), 'invariant(p)');
  }
});

test('a downgrade, seen by one who asks for a writer', () => {
  agrees(programOf({
    a: [acquire(0), nop, { op: 'downgrade', lock: lockRef(0) }, nop, release(0)],
    b: [until(held(0, 'write')), must(held(0, 'write'))],
  }, locks({ L: 'rwsem' })), 'assert(broken)');
});

test('a guard, whose lock is named by shared state', () => {
  const { cells, places } = shared('x', 'y');
  const two: Pick<Program, 'classes' | 'locks'> = {
    classes: [{ name: 'L', kind: 'mutex' }],
    locks: [0, 1].map((i): Lock => ({ name: `L[${i}]`, cls: 0, object: null })),
  };
  const at = (index: Expr): LockRef => ({ ...lockRef(0), index, count: 2 });
  const writeGuard: Place['writeGuard'] = { kind: 'lock', lock: at(load(0)), write: true };
  agrees(programOf({
    a: [{ op: 'acquire', lock: at(constant(0)), mode: 'write', nested: false }, store(1, 1),
      { op: 'release', lock: at(constant(0)), mode: null }],
    b: [nop, store(0, 1)],
  }, {
    cells, ...two,
    places: places.map((place, i) => (i === 1 ? { ...place, writeGuard } : place)),
  }), 'guard(y)');
});

test('who stands in a queue, where the lock is tried', () => {
  agrees(programOf({
    a: [
      acquire(0), release(0), ...tried(0, 2, 'read'),
      { ...must(held(0, 'write'), 'queued'), silent: true }, release(0),
    ],
    b: [acquire(0), nop, release(0)],
  }, locks({ L: 'rwsem' })), 'assert(queued)');
});

test('which lock is waited for, where shared state says so', () => {
  const index: LockRef = { ...lockRef(0), index: load(0), count: 2 };
  const two: Pick<Program, 'classes' | 'locks'> = {
    classes: [{ name: 'L', kind: 'mutex' }],
    locks: [0, 1].map((i): Lock => ({ name: `L[${i}]`, cls: 0, object: null })),
  };
  const first: LockRef = { ...lockRef(0), index: constant(0), count: 2 };
  const take = (lock: LockRef): Step => ({ op: 'acquire', lock, mode: 'write', nested: false });
  const drop = (lock: LockRef): Step => ({ op: 'release', lock, mode: null });
  const holdsFirst: Expr = { kind: 'holds', lock: first, mode: null };
  agrees(programOf({
    a: [take(first), drop(first), store(0, 1)],
    b: [take(index), must(not(both(holdsFirst, equals(load(1), 1))), 'old')],
    c: [until(equals(load(0), 1)), take(first), store(1, 1), drop(first)],
  }, { ...shared('x', 'y'), ...two }), 'assert(old)');
});

test('who stands in a queue, where shared state says that it is waited for', () => {
  const index: LockRef = { ...lockRef(0), index: load(0), count: 2 };
  const two: Pick<Program, 'classes' | 'locks'> = {
    classes: [{ name: 'L', kind: 'rwsem' }],
    locks: [0, 1].map((i): Lock => ({ name: `L[${i}]`, cls: 0, object: null })),
  };
  const first: LockRef = { ...lockRef(0), index: constant(0), count: 2 };
  const copied: Step =
    { op: 'set', target: { kind: 'store', access: accessTo(2) }, value: load(1) };
  const take = (lock: LockRef, mode: 'read' | 'write'): Step =>
    ({ op: 'acquire', lock, mode, nested: false });
  const drop = (lock: LockRef): Step => ({ op: 'release', lock, mode: null });
  const holdsFirst: Expr = { kind: 'holds', lock: first, mode: null };
  agrees(programOf({
    a: [take(first, 'write'), drop(first), take(index, 'read'),
      must(not(both(holdsFirst, equals(load(2), 1))), 'behind')],
    b: [take(first, 'write'), copied, drop(first)],
    c: [until({ kind: 'at', thread: 1, pcs: [0] }), { ...store(1, 1), silent: true },
      { ...store(0, 1), silent: true }],
  }, { ...shared('x', 'y', 'z'), ...two }), 'assert(behind)');
});

test('readers of a lock pass each other until a writer comes', () => {
  const shareable = { ...shared('x'), ...locks({ L: 'rwsem', M: 'mutex' }) };
  agrees(programOf({
    a: [acquire(0, 'read'), acquire(1), release(1), release(0)],
    b: [acquire(1), acquire(0, 'read'), release(0), release(1)],
    c: [nop, acquire(0), release(0)],
  }, shareable), 'deadlock(L, M)');
  agrees(programOf({
    a: [nop, acquire(0, 'read'), release(0)], b: [acquire(0, 'read'), nop, release(0)],
    c: [nop, acquire(0), must(equals(load(0), 0)), release(0)], d: [store(0, 1)],
  }, shareable), 'assert(broken)', 'data_race(x)');
});

test('circles of waiting threads, closed by any of them', () => {
  agrees(programOf({
    a: [acquire(0), acquire(1), release(1), release(0)],
    b: [acquire(1), acquire(0), release(0), release(1)],
    c: [acquire(0), release(0)],
  }, locks({ A: 'mutex', B: 'mutex' })), 'deadlock(A, B)');
  agrees(programOf({
    a: [acquire(0, 'read'), acquire(1), release(1), release(0)],
    b: [acquire(1), acquire(0), release(0), release(1)],
    c: [acquire(0, 'read'), acquire(0, 'read'), release(0), release(0)],
  }, locks({ A: 'rwsem', B: 'mutex' })), 'deadlock(A, B)', 'deadlock(A)');
});

test('whether a thread is done, where it is, what its outcome is', () => {
  agrees(programOf({ a: [nop, nop], b: [nop, nop, must(done(0))] }), 'assert(broken)');
  agrees(programOf({
    a: [nop, nop, nop], b: [nop, must(not({ kind: 'at', thread: 0, pcs: [1] }))],
  }), 'assert(broken)');
  const made = programOf({
    a: [nop, { op: 'outcome', outcome: 0 }, { op: 'outcome', outcome: 1 }],
    b: [nop, nop, must(not(equals({ kind: 'outcome', thread: 0 }, 1)))],
  });
  const outcomes = ['good', 'bad'].map((name) => ({ name, never: false }));
  const threads = made.threads.map((thread, t) => (t === 0 ? { ...thread, outcomes } : thread));
  agrees({ ...made, threads }, 'assert(broken)');
  const expr = not(equals({ kind: 'outcome', thread: 0 }, 1));
  agrees({ ...made, threads, properties: [property('invariant', expr)] }, 'invariant(p)');
});

test('what an invariant looks at', () => {
  agrees(programOf({ a: [store(0, 1), store(0, 0)], b: [store(1, 1), store(1, 0)] }, {
    ...shared('x', 'y'),
    properties: [property('invariant', not(both(equals(load(0), 1), equals(load(1), 1))))],
  }), 'invariant(p)');
  agrees(programOf({ a: [nop, nop], b: [nop, nop] }, {
    properties: [property('reachable', both(
      { kind: 'at', thread: 0, pcs: [1] }, { kind: 'at', thread: 1, pcs: [1] },
    ))],
  }));
});

test('what is looked at when all but background threads are done', () => {
  const x = shared('x');
  const final = [property('final', equals(load(0), 0))];
  agrees(inBackground(programOf({ a: [nop], b: [store(0, 1), store(0, 0)] },
    { ...x, properties: final }), 1), 'final(p)');
  const made = programOf({
    a: [{ op: 'outcome', outcome: 0 }, { op: 'outcome', outcome: 1 }], b: [nop],
  });
  const outcomes = ['good', 'bad'].map((name) => ({ name, never: false }));
  agrees(inBackground({
    ...made, threads: made.threads.map((thread, t) => (t === 0 ? { ...thread, outcomes } : thread)),
  }, 0));
});

test('a final that breaks off ends the run, so the last step is no step like others', () => {
  const fails: Expr = { kind: 'binary', op: '/', left: constant(1), right: load(0) };
  const { cells, places } = shared('x', 'y');
  agrees(inBackground(programOf({ a: [nop], b: [store(1, 1), must(constant(0), 'later')] }, {
    cells, places, properties: [property('final', fails)],
  }), 1), 'range', 'assert(later)');
});

test('a step that ends the run does not stand for the others', () => {
  agrees(programOf({
    a: [must(constant(0), 'mine')], b: [nop, must(constant(0), 'other')],
  }), 'assert(mine)', 'assert(other)');
  agrees(programOf({
    a: [{ op: 'choose', targets: [1, 2] }, release(0), nop], b: [nop, must(constant(0), 'other')],
  }, locks({ L: 'mutex' })), 'lock_not_held(L)', 'assert(other)');
});

test('a thread that goes round for ever does not hide the others', () => {
  agrees(programOf({
    a: [{ ...store(0, 1) }, { ...nop, to: 0 }],
    b: [nop, must(constant(0)), nop], c: [nop, until(constant(0))],
  }, shared('x')), 'assert(broken)');
  agrees(programOf({
    a: [nop, { ...nop, to: 0 }], b: [nop, until(constant(0))],
  }), 'deadlock');
});

test('who is stuck, where like threads change places', () => {
  const made = programOf({ a: [acquire(0), nop, until(equals(load(0), 1))], c: [nop] },
    { ...shared('x'), ...locks({ L: 'mutex' }) });
  const [a, c] = made.threads;
  agrees({ ...made, threads: [a!, a!, a!, c!] }, 'deadlock(L)', 'deadlock');
});

const ref = (cell: number): Expr => ({ kind: 'local', cell });
const CELL: Cell = { lo: 0, hi: 2, init: 1 };
/** Two objects with a field; a reference for each of three threads, to the first object. */
function objects(pool: Partial<Pool> = {}): Pick<Program, 'cells' | 'places' | 'pools'> {
  const field: Place = {
    name: 'vma.f', base: 0, count: 2, pool: 0, atomic: true, readGuard: null, writeGuard: null,
  };
  return {
    cells: [CELL, CELL, CELL, CELL, CELL], places: [field],
    pools: [{ name: 'vma', count: 2, typesafe: false, nLive: 1, fields: [], ...pool }],
  };
}
const readField = (cell: number): Step =>
  must(not(equals({ kind: 'load', access: { ...accessTo(0), ref: ref(cell) } }, 7)));
const free = (cell: number, deferred = false): Step =>
  ({ op: 'free', pool: 0, value: ref(cell), deferred });
const allocate = (cell: number): Step =>
  ({ op: 'new', pool: 0, target: { kind: 'local', cell, name: 'v' }, inits: [] });

test('an object is freed while another thread uses it', () => {
  agrees(programOf({ a: [readField(2), readField(2)], b: [nop, free(3)] }, objects()),
    'use_after_free(vma)');
  agrees(programOf({ a: [free(2)], b: [nop, nop, readField(3)] }, objects()),
    'use_after_free(vma)');
  agrees(programOf({ a: [free(2)], b: [nop, nop, free(3)] }, objects()), 'double_free(vma)');
});

test('which object is had depends on who comes first', () => {
  agrees(programOf({
    a: [allocate(2), must(equals(ref(2), 1), 'second')], b: [nop, allocate(3)],
  }, objects({ nLive: 0 })), 'assert(second)');
  agrees(programOf({
    a: [allocate(2), must(equals(ref(2), 2), 'again')], b: [nop, free(3)],
  }, objects({ typesafe: true })), 'assert(again)');
});

test('a new object overwrites what a stale reference reads', () => {
  agrees(programOf({
    a: [must(equals({ kind: 'load', access: { ...accessTo(0), ref: ref(2) } }, 1), 'changed')],
    b: [nop, free(3), allocate(4)],
  }, objects({ typesafe: true, fields: [{ place: 0, init: 2 }] })), 'assert(changed)');
});

const enter: Step = { op: 'rcu_lock' };
const leave: Step = { op: 'rcu_unlock' };

test('a grace period depends on who is inside', () => {
  agrees(programOf({
    a: [enter, nop, leave, readField(2)], b: [nop, free(3, true)], c: [nop, readField(4)],
  }, objects()), 'use_after_free(vma)');
  agrees(programOf({
    a: [enter, nop, leave], b: [free(3, true)],
    c: [until(done(1)), readField(4), must(constant(0), 'still there')],
  }, objects()), 'use_after_free(vma)', 'assert(still there)');
  agrees(programOf({
    a: [enter, until(done(1)), leave],
    b: [until({ kind: 'at', thread: 0, pcs: [1] }), free(3, true)],
    c: [until(done(1)), readField(4)],
  }, objects()), 'use_after_free(vma)');
  agrees(programOf({
    a: [enter, must(equals(load(0), 0)), leave],
    b: [{ op: 'synchronize_rcu' }, store(0, 1)],
  }, shared('x')), 'assert(broken)', 'data_race(x)');
  agrees(programOf({
    a: [nop, enter, acquire(0), release(0), leave],
    b: [acquire(0), { op: 'synchronize_rcu' }, release(0)],
  }, locks({ L: 'spinlock' })), 'deadlock(L)');
});

test('readers that change places take along what waits for them', () => {
  const made = programOf({
    a: [enter, nop, until(equals(load(0), 1)), leave],
    b: [{ op: 'synchronize_rcu' }, store(0, 1), must(constant(0), 'over')],
    c: [until(equals(load(1), 0)), nop],
  }, shared('x', 'y'));
  const [a, b, c] = made.threads;
  agrees({ ...made, threads: [a!, b!, a!, c!] }, 'deadlock', 'assert(over)');
});
