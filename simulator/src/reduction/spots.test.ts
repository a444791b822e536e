// A thread's code with its locals told apart, on hand-made code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BinaryOp, Expr } from '../program.ts';
import { acquire, constant, load, locks, nop, programOf, shared, type Step } from '../testing.ts';
import { calculated } from './calculated.ts';
import { spotsOf } from './spots.ts';

const local: Expr = { kind: 'local', cell: 0 };
const target = { kind: 'local', cell: 0, name: 'n' } as const;
const set = (value: Expr): Step => ({ op: 'set', target, value });
const any = (lo: number, hi: number): Step =>
  ({ op: 'any', target, lo: constant(lo), hi: constant(hi) });
const below = (bound: number, otherwise: number, to: number): Step => ({
  op: 'branch', otherwise, to,
  cond: { kind: 'binary', op: '<', left: local, right: constant(bound) },
});
const plus: Expr = { kind: 'binary', op: '+', left: local, right: constant(1) };

/** The pcs of the spots of the first of these threads, ascending. */
function pcsOf(
  threads: Record<string, readonly Step[]>, cell = { lo: 0, hi: 40, init: 0 },
): readonly number[] {
  const program = programOf(threads, { ...locks({ M: 'mutex' }), cells: [cell] });
  return spotsOf(program, 0).map(({ pc }) => pc).sort((a, b) => a - b);
}

test('each value that a branch asks for is a spot of its own, as far as it can be had', () => {
  // from 0 up to 3, then on
  assert.deepEqual(pcsOf({ a: [acquire(0), set(plus), below(3, 3, 1), nop] }),
    [0, 1, 1, 1, 2, 2, 2, 3, 4]);
  assert.deepEqual(pcsOf({ a: [acquire(0), any(1, 2), below(3, 3, 4), nop] }), [0, 1, 2, 2, 4, 4]);
  assert.deepEqual(pcsOf({ a: [acquire(0), any(2, 1), below(3, 3, 4), nop] }), [0, 1]);
});

test('a value that is not known leads both ways', () => {
  assert.deepEqual(pcsOf({ a: [acquire(0), any(0, 20), below(3, 3, 4), nop] }), [0, 1, 2, 3, 4]);
  assert.deepEqual(pcsOf({ a: [acquire(0), set(load(0)), below(3, 3, 4), nop] }), [0, 1, 2, 3, 4]);
  // what the cell does not hold is not its value
  assert.deepEqual(
    pcsOf({ a: [acquire(0), set(constant(9)), below(20, 3, 4), nop] }, { lo: 0, hi: 2, init: 0 }),
    [0, 1, 2, 3, 4]);
});

test('only locals that a branch asks for are told apart, of a thread that takes locks', () => {
  assert.deepEqual(pcsOf({ a: [acquire(0), any(1, 2), nop] }), [0, 1, 2, 3]);
  assert.deepEqual(pcsOf({ a: [nop, any(1, 2), below(3, 3, 4), nop] }), [0, 1, 2, 3, 4]);
});

test('a cell that others set, or that is shared, is not looked at', () => {
  const a = [acquire(0), set(constant(1)), below(3, 3, 4), nop];
  assert.deepEqual(pcsOf({ a, b: [set(constant(5))] }), [0, 1, 2, 3, 4]);
  const program = programOf({ a }, { ...locks({ M: 'mutex' }), ...shared('x') });
  assert.equal(spotsOf(program, 0).length, 5);
});

test('too many spots, and no local is looked at', () => {
  const wide = { lo: 0, hi: 2_000, init: 0 };
  assert.deepEqual(pcsOf({ a: [acquire(0), set(plus), below(1_500, 3, 1), nop] }, wide),
    [0, 1, 2, 3, 4]);
});

test('a value is calculated as far as it is settled', () => {
  const of = (op: BinaryOp, left: Expr, right: Expr): number | null =>
    calculated({ kind: 'binary', op, left, right }, (cell) => (cell === 0 ? 6 : null));
  const unknown: Expr = { kind: 'local', cell: 1 };
  const ops = ['==', '!=', '<', '<=', '>', '>=', '+', '-', '&', '|', '&~', '*'] as const;
  assert.deepEqual(ops.map((op) => of(op, local, constant(3))),
    [0, 1, 0, 0, 1, 1, 9, 3, 2, 7, 4, null]);
  assert.deepEqual(ops.map((op) => of(op, local, unknown)), ops.map(() => null));
  const logical = ['&&', '||', '=>'] as const;
  assert.deepEqual(logical.map((op) => of(op, local, constant(0))), [0, 1, 0]);
  assert.deepEqual(logical.map((op) => of(op, constant(0), unknown)), [0, null, 1]);
  assert.deepEqual(logical.map((op) => of(op, unknown, constant(1))), [null, 1, 1]);
  assert.deepEqual(logical.map((op) => of(op, unknown, constant(0))), [0, null, null]);
  assert.equal(calculated({ kind: 'not', operand: local }, () => 2), 0);
  assert.equal(calculated({ kind: 'neg', operand: local }, () => 2), -2);
});
