// Which objects a thread has for itself, where there is always another one, and which elements an
// index can mean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell, Expr, Place, Pool, Program } from '../program.ts';
import { accessTo, constant, nop, programOf, type Step } from '../testing.ts';
import { freshOf } from './fresh.ts';
import { noEffects } from './operations.ts';
import { plentyOf } from './plenty.ts';
import { addExpr, openView } from './reads.ts';

const [P, A, F, NEXT] = [0, 1, 2, 3];
const COUNT = 2;
/** Cells: p; an array of four; two fields of two objects; then locals, the last one a number. */
const [R, S, I] = [9, 10, 11];

const place = (name: string, base: number, of: Partial<Place> = {}): Place => ({
  name, base, count: 1, pool: null, atomic: false, readGuard: null, writeGuard: null, ...of,
});
const ref: Cell = { lo: 0, hi: COUNT, init: 0 };
const small: Cell = { lo: 0, hi: 1, init: 0 };

function withThread(steps: readonly Step[], pool: Partial<Pool> = {}): Program {
  return programOf({ a: steps }, {
    cells: [ref, small, small, small, small, small, small, ref, ref, ref, ref, small],
    places: [
      place('p', 0), place('a', 1, { count: 4 }), place('vma.f', 5, { count: COUNT, pool: 0 }),
      place('vma.next', 7, { count: COUNT, pool: 0 }),
    ],
    pools: [{
      name: 'vma', count: COUNT, typesafe: false, nLive: 0,
      fields: [{ place: F, init: 0 }, { place: NEXT, init: 0 }], ...pool,
    }],
  });
}

const local = (cell: number): Expr => ({ kind: 'local', cell });
const set = (cell: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: 'v' }, value });
const publish = (cell: number): Step =>
  ({ op: 'set', target: { kind: 'store', access: accessTo(P) }, value: local(cell) });
const allocate = (cell: number, next: Expr | null = null): Step => ({
  op: 'new', pool: 0, target: { kind: 'local', cell, name: 'r' },
  inits: next === null ? [] : [{ place: NEXT, value: next }],
});
const field = (of: Expr, at = NEXT): Expr =>
  ({ kind: 'load', access: { ...accessTo(at), ref: of } });
/** Behind what is looked at: makes `next` and the locals refs, whatever else there is. */
const NAMED: readonly Step[] = [set(R, field(local(R))), set(S, local(R))];

/** By instruction and at the end: what is owned before it. */
function owned(steps: readonly Step[], pool: Partial<Pool> = {}): readonly string[] {
  const program = withThread([...steps, ...NAMED], pool);
  return freshOf(program).owned[0]!.slice(0, steps.length + 1)
    .map((cells) => [R, S].map((cell, i) => (cells.has(cell) ? 'rs'[i] : '')).join(''));
}

test('a new object is its thread\'s own until a ref to it is stored somewhere', () => {
  assert.deepEqual(owned([allocate(R), nop, publish(R)]), ['rs', 'rs', 'rs', 's']);
  assert.deepEqual(owned([allocate(R), set(S, local(R)), publish(S)]), ['rs', 'rs', 'rs', '']);
  assert.deepEqual(owned([allocate(R), allocate(S), publish(S)]), ['rs', 'rs', 'rs', 'r']);
  assert.deepEqual(owned([allocate(R), allocate(S, local(R))]), ['rs', 'rs', 's']);
  const exchange: Step = {
    op: 'cmpxchg', access: accessTo(P), old: constant(0), value: local(R), result: 0,
  };
  assert.deepEqual(owned([allocate(R), exchange]), ['rs', 'rs', 's']);
  const into: Step = {
    op: 'set', target: { kind: 'store', access: { ...accessTo(NEXT), ref: local(S) } },
    value: local(R),
  };
  assert.deepEqual(owned([allocate(R), allocate(S), into]), ['rs', 'rs', 'rs', 's']);
  const taken: Step = { op: 'set', target: { kind: 'reg', reg: 1 }, value: local(R) };
  assert.deepEqual(owned([allocate(R), taken]), ['rs', 'rs', 's']);
});

test('what is found is not owned, and what is freed is owned no more', () => {
  assert.deepEqual(owned([set(R, { kind: 'load', access: accessTo(P) })]), ['rs', 's']);
  assert.deepEqual(owned([allocate(R), set(R, field(local(R)))]), ['rs', 'rs', 's']);
  for (const deferred of [false, true]) {
    const free: Step = { op: 'free', pool: 0, value: local(R), deferred };
    assert.deepEqual(owned([allocate(R), free]), ['rs', 'rs', 's']);
  }
});

test('where ways meet an object is owned if it is on both', () => {
  const maybe: Step = { op: 'choose', targets: [2, 3] };
  assert.deepEqual(owned([allocate(R), maybe, publish(R), nop]), ['rs', 'rs', 'rs', 's', 's']);
  const again: Step = { op: 'choose', targets: [0, 3] };
  assert.deepEqual(owned([set(S, local(R)), allocate(R), again, publish(S)]),
    ['rs', 'rs', 'rs', 'rs', '']);
});

test('a slot that is used again, or a ref that is a number, is nobody\'s own', () => {
  const { isOnce } = freshOf(withThread([allocate(R)]));
  assert.deepEqual(isOnce, [true]);
  assert.deepEqual(owned([allocate(R)], { typesafe: true }), ['', '']);
  const compares: Step = {
    op: 'assert', text: null,
    cond: { kind: 'binary', op: '<', left: local(R), right: constant(2) },
  };
  assert.deepEqual(owned([allocate(R), compares]), ['', '', '']);
  assert.deepEqual(freshOf(withThread([allocate(R), compares])).isOnce, [false]);
  const { properties: _, ...rest } = withThread([allocate(R), nop]);
  const seen = { kind: 'invariant' as const, name: 'i', site: 900, expr: field(local(R), F) };
  assert.deepEqual([...freshOf({ ...rest, properties: [seen] }).owned[0]![1]!], []);
});

test('there is always another object if no more are allocated than there are', () => {
  const plenty = (steps: readonly Step[], pool: Partial<Pool> = {}): boolean =>
    plentyOf(withThread(steps, pool))[0]!;
  assert.ok(plenty([allocate(R), allocate(R)]));
  assert.ok(!plenty([allocate(R), allocate(R), allocate(R)]));
  assert.ok(!plenty([allocate(R), allocate(R)], { nLive: 1 }));
  assert.ok(!plenty([allocate(R)], { typesafe: true }));
  assert.ok(!plenty([allocate(R), { ...nop, to: 0 }]));
  assert.ok(!plenty([allocate(R)], { fields: [] })); // it keeps what was there
});

test('an index means the elements that its range allows', () => {
  const program = withThread([]);
  const cells = (index: Expr): readonly number[] => {
    const into = noEffects(program);
    addExpr(openView(program), into, { kind: 'load', access: { ...accessTo(A), index } });
    return [1, 2, 3, 4].filter((cell) => ((into.reads[0]! >>> cell) & 1) !== 0);
  };
  const sum = (op: '+' | '-' | '*', left: Expr, right: Expr): Expr =>
    ({ kind: 'binary', op, left, right });
  assert.deepEqual(cells(constant(2)), [3]);
  assert.deepEqual(cells(constant(4)), []);
  assert.deepEqual(cells(constant(-1)), []);
  assert.deepEqual(cells(local(I)), [1, 2]);
  assert.deepEqual(cells(sum('+', local(I), constant(1))), [2, 3]);
  assert.deepEqual(cells(sum('-', constant(3), local(I))), [3, 4]);
  assert.deepEqual(cells(sum('*', local(I), constant(1))), [1, 2, 3, 4]);
});
