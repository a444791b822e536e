// What an edit must not change for a verdict to stand: each case a program and an edit of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  check, createSearch, KeptSearches, type Expr, type Program, type Property,
} from '../index.ts';
import {
  accessTo, acquire, constant, load, lockRef, locks, nop, programOf, release, shared, store,
  type Step,
} from '../testing.ts';

const LIMITS = { maxStates: 100_000, maxMemory: 2 ** 28 };
const VALUES = shared('a', 'b', 'c');
const local = (cell: number): Expr => ({ kind: 'local', cell });
const less = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '<', left, right });
const asserts = (cond: Expr, text: string | null = null): Step => ({ op: 'assert', cond, text });
const setLocal = (cell: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: 'n' }, value });

/** Whether the verdict on the one before stands; it is then the one that a search would find. */
function stands(before: Program, after: Program, limits = LIMITS): boolean {
  const kept = new KeptSearches();
  check(before, LIMITS, { kept });
  const standing = kept.standing(after, limits);
  if (standing !== null) assert.deepEqual(standing, check(after, limits));
  return standing !== null;
}

/** A thread beside one that writes 1 to `a`. */
const beside = (...steps: readonly Step[]): Program =>
  programOf({ edited: steps, other: [store(0, 1)] }, VALUES);

test('a condition that holds as the one before did', () => {
  const program = (most: number): Program => beside(asserts(less(load(1), constant(most))));
  assert.ok(stands(program(2), program(3)));
  assert.ok(!stands(program(2), program(0)), 'one that does not hold');
  assert.ok(stands(program(0), program(-1)), 'nor did the one before');
});

test('a value that is in states of another step alone', () => {
  const program = (most: number): Program => beside(asserts(less(load(0), constant(most))));
  assert.ok(!stands(program(2), program(1)), '`a` is 1 where the other thread was first');
});

test('what a violation says', () => {
  const program = (text: string): Program => beside(asserts(constant(0), text));
  assert.ok(!stands(program('one'), program('two')));
});

test('a value that is written over in the same step, and one that is not', () => {
  const over: Step = { ...store(1, 2), silent: true };
  assert.ok(!stands(beside(store(1, 0)), beside(store(1, 1))));
  assert.ok(!stands(beside(store(1, 0), over), beside(store(1, 1), over)),
    'whoever asks what is so in between would be told another thing');
});

test('a value of a step is computed otherwise', () => {
  const sum: Expr = { kind: 'binary', op: '+', left: constant(1), right: constant(1) };
  const written = (value: Expr): Program =>
    beside({ op: 'set', target: { kind: 'store', access: accessTo(1) }, value });
  assert.ok(stands(written(constant(2)), written(sum)));
});

test('what is looked at, though it says the same', () => {
  const both: Expr = { kind: 'binary', op: '||', left: constant(1), right: load(0) };
  const reads: Expr = { kind: 'binary', op: '||', left: load(0), right: constant(1) };
  assert.ok(!stands(beside(asserts(both)), beside(asserts(reads))), 'a race is a new one');
});

test('where it is looked at', () => {
  const from = (site: number): Expr =>
    less({ kind: 'load', access: accessTo(0, { site }) }, constant(3));
  assert.ok(!stands(beside(asserts(from(900))), beside(asserts(from(901)))));
});

test('a scratch register that comes out another', () => {
  const scratch = (value: number): Program => beside(
    { op: 'set', target: { kind: 'reg', reg: 0 }, value: constant(value) },
    { op: 'assert', silent: true, cond: less({ kind: 'reg', reg: 0 }, constant(2)), text: null },
  );
  assert.ok(!stands(scratch(1), scratch(2)));
});

test('a branch that goes the other way', () => {
  const branch = (cond: Expr): Program => beside(
    { op: 'branch', cond, otherwise: 2 }, { ...store(1, 1), silent: true, to: 2 }, nop);
  assert.ok(stands(branch(less(load(0), constant(2))), branch(less(load(0), constant(3)))));
  assert.ok(!stands(branch(less(load(0), constant(2))), branch(less(load(0), constant(1)))));
});

test('an await that would wait', () => {
  const waits = (most: number): Program =>
    beside({ op: 'await', cond: less(load(0), constant(most)) });
  assert.ok(stands(waits(2), waits(3)));
  assert.ok(!stands(waits(2), waits(1)));
});

test('what comes before the first step', () => {
  const cells = [...VALUES.cells, { lo: 0, hi: 3, init: 0 }];
  const first = (value: number): Program => programOf({
    edited: [{ ...setLocal(3, constant(value)), silent: true }, nop], other: [store(0, 1)],
  }, { ...VALUES, cells });
  assert.ok(!stands(first(1), first(2)));
});

test('a choice other than the first', () => {
  const cells = [...VALUES.cells, { lo: 0, hi: 3, init: 0 }];
  const chosen = (most: number): Program => programOf({
    edited: [
      {
        op: 'any', target: { kind: 'local', cell: 3, name: 'n' }, lo: constant(0), hi: constant(2),
      },
      { op: 'assert', silent: true, cond: less(local(3), constant(most)), text: null },
    ],
  }, { ...VALUES, cells });
  assert.ok(stands(chosen(3), chosen(4)));
  assert.ok(!stands(chosen(3), chosen(2)));
});

test('a step that goes on to an instruction that changed', () => {
  const program = (most: number): Program =>
    beside(nop, { ...asserts(less(load(0), constant(most))), silent: true });
  assert.ok(stands(program(2), program(3)));
  assert.ok(!stands(program(2), program(1)));
});

test('locks, and where an instruction leads to, are never other ones', () => {
  const two = locks({ m: 'rwsem', n: 'rwsem' });
  const program = (lock: number, mode: 'read' | 'write'): Program =>
    programOf({ edited: [acquire(lock, mode), release(lock)] }, two);
  assert.ok(!stands(program(0, 'read'), program(0, 'write')));
  assert.ok(!stands(program(0, 'read'), program(1, 'read')));
  const tries = (mode: 'read' | 'write'): Program => programOf({
    edited: [{ op: 'try', lock: lockRef(0), mode, nested: false, result: 0 }],
  }, two);
  assert.ok(!stands(tries('read'), tries('write')));
  assert.ok(!stands(beside(nop, nop), beside({ ...nop, to: 2 }, nop)));
  const holds = asserts(constant(1));
  assert.ok(!stands(beside(nop, holds), beside(nop, { ...holds, silent: true })));
  assert.ok(!stands(beside(nop, holds, nop), beside(nop, { ...holds, to: 3 }, nop)));
});

test('what a property asks', () => {
  const asking = (kind: Property['kind'], expr: Expr, name = 'p'): Program =>
    ({ ...beside(store(1, 1)), properties: [{ kind, name, site: 800, expr }] });
  for (const kind of ['invariant', 'final', 'reachable', 'eventually'] as const) {
    const below = (most: number): Program => asking(kind, less(load(0), constant(most)));
    assert.ok(stands(below(2), below(3)));
    assert.ok(!stands(below(2), below(1)));
    assert.ok(!stands(asking(kind, constant(1)), asking(kind, constant(1), 'q')));
  }
  const early = less(load(0), load(1)); // where the edited thread was first
  assert.ok(!stands(asking('invariant', constant(0)), asking('invariant', early)));
  assert.ok(stands(asking('final', constant(0)), asking('final', early)));
});

test('what goes wrong in asking', () => {
  const over = (value: Expr): Expr =>
    less({ kind: 'binary', op: '/', left: constant(1), right: value }, constant(9));
  const asking = (expr: Expr): Program =>
    ({ ...beside(nop), properties: [{ kind: 'invariant', name: 'p', site: 800, expr }] });
  assert.ok(stands(asking(over(load(1))), asking(over(load(2)))), 'both are 0 everywhere');
  assert.ok(!stands(asking(over(load(1))), asking(over(constant(1)))));
  const behind: Expr = { kind: 'load', access: { ...accessTo(1), index: constant(7) } };
  assert.ok(!stands(asking(over(load(1))), asking(behind)), 'something else goes wrong');
});

test('what is neither instruction nor property', () => {
  const program = (rest: Partial<Program>): Program => ({ ...beside(nop), ...rest });
  const property: Property = { kind: 'invariant', name: 'i', site: 800, expr: constant(1) };
  assert.ok(!stands(program({}), program({ properties: [property] })));
  const [first, ...cells] = VALUES.cells;
  assert.ok(!stands(program({}), program({ cells: [{ ...first!, init: 1 }, ...cells] })));
  assert.ok(!stands(program({}), program({
    threads: beside(nop).threads.map((thread) => ({ ...thread, background: true })),
  })));
});

test('under other limits it is searched', () => {
  const program = beside(nop);
  assert.ok(stands(program, structuredClone(program)));
  assert.ok(!stands(program, program, { ...LIMITS, maxStates: 2 }));
});

test('a search that was not finished is not kept', () => {
  const kept = new KeptSearches();
  const program = beside(nop, nop);
  const search = createSearch(program, LIMITS, { kept });
  search.advance(1);
  search.verdict();
  assert.equal(kept.standing(program, LIMITS), null);
  const bounded = { ...LIMITS, maxStates: 2 };
  check(program, bounded, { kept });
  assert.equal(kept.standing(program, bounded), null);
});

test('edit after edit: each is compared with the one before it', () => {
  const kept = new KeptSearches();
  const program = (most: number): Program => beside(asserts(less(load(0), constant(most))));
  check(program(2), LIMITS, { kept });
  for (const most of [3, 4, 5]) assert.ok(kept.standing(program(most), LIMITS) !== null);
  assert.equal(kept.standing(program(1), LIMITS), null);
  const found = check(program(1), LIMITS, { kept });
  assert.equal(kept.standing(program(0), LIMITS), null);
  assert.deepEqual(kept.standing(program(1), LIMITS), found);
  assert.deepEqual(kept.standing(program(3), LIMITS), check(program(3), LIMITS), 'both are kept');
});

test('of generated code, thin or not, as well', () => {
  const cells = [{ lo: 0, hi: 20, init: 0 }, { lo: 0, hi: 20, init: 0 }];
  const counts = (cell: number, most: number): readonly Step[] => [
    { op: 'set', to: 1, target: { kind: 'local', cell, name: 'n' },
      value: { kind: 'binary', op: '+', left: local(cell), right: constant(1) } },
    { op: 'branch', silent: true, to: 2, otherwise: 3, cond: less(local(cell), constant(20)) },
    { ...asserts(less(local(cell), constant(most))), silent: true, to: 0 },
  ];
  const program = (most: number): Program =>
    programOf({ a: counts(0, most), b: counts(1, 30) }, { cells });
  for (const thinAt of [0, Infinity]) {
    const kept = new KeptSearches();
    const searched = check(program(21), LIMITS, { kept, codeAt: 0, thinAt });
    assert.deepEqual(kept.standing(program(20), LIMITS), searched);
    assert.equal(kept.standing(program(19), LIMITS), null);
  }
});

test('more steps than a search takes time for are not compared', () => {
  const cells = [{ lo: 0, hi: 3_000, init: 0 }];
  const program = (most: number): Program => programOf({
    edited: [
      { op: 'set', to: 0, target: { kind: 'local', cell: 0, name: 'n' },
        value: { kind: 'binary', op: '%', right: constant(most),
          left: { kind: 'binary', op: '+', left: local(0), right: constant(1) } } },
    ],
  }, { cells });
  assert.ok(stands(program(2_000), structuredClone(program(2_000))));
  const rewritten = (most: number): Program => {
    const threads = program(most).threads.map((thread) => ({
      ...thread, code: thread.code.map((instr) => (instr.op !== 'set' ? instr : {
        ...instr,
        value: { kind: 'binary', op: '+', left: instr.value, right: constant(0) } satisfies Expr,
      })),
    }));
    return { ...program(most), threads };
  };
  assert.ok(stands(program(2_000), rewritten(2_000)));
  assert.ok(!stands(program(3_000), rewritten(3_000)));
});
