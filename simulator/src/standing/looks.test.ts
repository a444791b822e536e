// What decides whether an edit changes what an instruction does: of states that agree in it one is
// looked at. Here the first of them shows no difference, and a later one does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, KeptSearches, type Access, type Expr, type Place, type Program } from '../index.ts';
import {
  accessTo, acquire, constant, lockRef, locks, nop, programOf, release, store, type Step,
} from '../testing.ts';

const LIMITS = { maxStates: 100_000, maxMemory: 2 ** 28 };
const yes = constant(1);
const not = (operand: Expr): Expr => ({ kind: 'not', operand });
const either = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '||', left, right });
const is = (left: Expr, value: number): Expr =>
  ({ kind: 'binary', op: '==', left, right: constant(value) });
const local = (cell: number): Expr => ({ kind: 'local', cell });
const load = (place: number, rest: Partial<Access> = {}): Expr =>
  ({ kind: 'load', access: { ...accessTo(place), ...rest } });
const asserts = (cond: Expr): Step => ({ op: 'assert', cond, text: null });
const toLocal = (cell: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: 'n' }, value });
const cells = (count: number, init = 0): Program['cells'] =>
  Array.from({ length: count }, () => ({ lo: 0, hi: 3, init }));
/** One to a cell, from the first; no access to them is noted. */
const atomic = (name: string, base: number, rest: Partial<Place> = {}): Place => ({
  name, base, count: 1, pool: null, atomic: true, readGuard: null, writeGuard: null, ...rest,
});

/** That the second stands for neither the first, nor the first for the second. */
function differ(before: Program, after: Program): void {
  for (const [first, second] of [[before, after], [after, before]] as const) {
    const kept = new KeptSearches();
    check(first, LIMITS, { kept });
    assert.equal(kept.standing(second, LIMITS), null);
    assert.deepEqual(kept.standing(first, LIMITS), check(first, LIMITS));
  }
}

type Other = readonly Step[];
const assertions = (conds: readonly [Expr, Expr], other: Other, rest: Partial<Program>): void =>
  differ(...pair(conds.map((cond) => programOf({ edited: [asserts(cond)], other }, rest))));

function pair(programs: readonly Program[]): readonly [Program, Program] {
  const [first, second] = programs;
  assert.ok(first !== undefined && second !== undefined);
  return [first, second];
}

test('a shared value', () => {
  assertions([yes, is(load(0), 0)], [store(0, 1)], { cells: cells(1), places: [atomic('x', 0)] });
});

test('a local', () => {
  const program = (cond: Expr): Program => programOf({
    edited: [{
      op: 'any', target: { kind: 'local', cell: 0, name: 'n' }, lo: constant(0), hi: constant(2),
    }, asserts(cond)],
  }, { cells: cells(1) });
  differ(program(yes), program(not(is(local(0), 2))));
});

test('an element of an array', () => {
  const last: Step = {
    op: 'set', value: yes,
    target: { kind: 'store', access: { ...accessTo(0), index: constant(2) } },
  };
  assertions([yes, not(load(0, { index: constant(2) }))], [last],
    { cells: cells(3), places: [atomic('x', 0, { count: 3 })] });
});

test('whether an object lives', () => {
  const frees: Step = { op: 'free', pool: 0, value: yes, deferred: false };
  assertions([yes, not(load(0, { ref: yes }))], [frees], {
    cells: cells(1), places: [atomic('o.x', 0, { pool: 0 })],
    pools: [{ name: 'o', count: 1, typesafe: false, nLive: 1, fields: [{ place: 0, init: 0 }] }],
  });
});

test('who holds a lock', () => {
  for (const mode of ['read', 'write'] as const) {
    assertions([yes, not({ kind: 'held', lock: lockRef(0), mode })],
      [acquire(0, mode), release(0)], locks({ m: 'rwsem' }));
  }
});

test('where a thread is, and with what it ended', () => {
  assertions([yes, not({ kind: 'done', thread: 1 })], [nop], {});
  assertions([yes, not({ kind: 'at', thread: 1, pcs: [1] })], [nop, nop], {});
  const ends: Step = { op: 'outcome', outcome: 0 };
  const programs = [yes, not({ kind: 'outcome', thread: 1 })].map((cond): Program => {
    const choice: Step = { op: 'choose', targets: [2, 1] };
    const other = [choice, { ...ends, to: 3 }, nop, nop];
    const made = programOf({ edited: [asserts(cond)], other });
    const outcomes = [{ name: 'fine', never: false }];
    return { ...made, threads: made.threads.map((it, t) => (t === 1 ? { ...it, outcomes } : it)) };
  });
  differ(...pair(programs));
});

/** To the assertion by a short way, with `has` taken, and by a longer one without. */
function shortOrLong(cond: Expr, has: Step, rest: Partial<Program>): Program {
  return programOf({
    edited: [{ op: 'choose', targets: [1, 2] }, { ...has, to: 4 }, nop, nop, asserts(cond), nop],
  }, { cells: cells(1), ...rest });
}

test('what the thread holds where a guard asks for it', () => {
  const lock = locks({ m: 'rwsem' });
  for (const [mode, write] of [['read', false], ['write', true]] as const) {
    const readGuard = { kind: 'lock', lock: lockRef(0), write } as const;
    const places = [atomic('x', 0, { readGuard })];
    differ(...pair([yes, not(load(0))].map((cond) =>
      shortOrLong(cond, acquire(0, mode), { ...lock, places }))));
  }
  const rcu = [atomic('x', 0, { readGuard: { kind: 'rcu' } })];
  differ(...pair([yes, not(load(0))].map((cond) =>
    shortOrLong(cond, { op: 'rcu_lock' }, { places: rcu }))));
});

test('what `holds` asks of the thread', () => {
  const holds: Expr = { kind: 'holds', lock: lockRef(0), mode: null };
  differ(...pair([yes, either(holds, constant(0))].map((cond) =>
    shortOrLong(cond, acquire(0), locks({ m: 'mutex' })))));
});

test('what was done before in the same step', () => {
  const program = (cond: Expr): Program => programOf({
    edited: [toLocal(1, load(0)), { ...asserts(cond), silent: true }], other: [store(0, 1)],
  }, { cells: cells(2), places: [atomic('x', 0)] });
  differ(program(yes), program(is(local(1), 0)));
});

test('and locks that were taken there', () => {
  const program = (cond: Expr): Program => programOf({
    edited: [
      { op: 'try', lock: lockRef(0), mode: 'write', nested: false, result: 0 },
      { ...asserts(cond), silent: true },
    ],
    other: [acquire(0), release(0)],
  }, locks({ m: 'mutex' }));
  differ(program(yes), program({ kind: 'reg', reg: 0 }));
});

test('what is written over', () => {
  const program = (place: number): Program =>
    programOf({ edited: [store(place, 1)], other: [store(0, 0)] }, {
      cells: cells(2, 1), places: [atomic('x', 0), atomic('y', 1)],
    });
  differ(program(0), program(1));
  const choice: Step = { op: 'choose', targets: [1, 2] };
  const ofLocals = (cell: number): Program => programOf({
    edited: [choice, { ...nop, to: 3 }, toLocal(0, constant(0)), toLocal(cell, yes), nop],
  }, { cells: cells(2, 1) });
  differ(ofLocals(0), ofLocals(1));
});

test('what a compare-and-exchange finds', () => {
  const program = (old: number): Program => programOf({
    edited: [{
      op: 'cmpxchg', access: accessTo(0), old: constant(old), value: constant(3), result: 0,
    }],
    other: [store(0, 2)],
  }, { cells: cells(1), places: [atomic('x', 0)] });
  differ(program(1), program(2));
});

test('more than fits a number: every state is looked at', () => {
  const most = 2 ** 31 - 1;
  const wide = Array.from({ length: 2 }, () => ({ lo: 0, hi: most, init: most }));
  const both = either(either(is(load(0), 9), is(load(1), 9)), is(load(2), 0));
  assertions([either(either(is(load(0), 9), is(load(1), 9)), yes), both], [store(2, 1)], {
    cells: [...wide, ...cells(1)],
    places: [atomic('x', 0), atomic('y', 1), atomic('z', 2)],
  });
});
