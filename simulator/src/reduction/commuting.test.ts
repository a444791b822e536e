// Which steps commute, always or in states that tell their elements apart, on hand-made programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../layout.ts';
import type { Expr, Place, Program } from '../program.ts';
import { constant, programOf, type Step } from '../testing.ts';
import { commutingSteps } from './commuting.ts';

const place = (base: number, pool: number | null = null): Place => ({
  name: 'p', base, count: 3, pool, atomic: true, readGuard: null, writeGuard: null,
});

/** Two arrays and a field of three cells; behind them two locals of each thread. */
const SHARED: Partial<Program> = {
  cells: Array.from({ length: 13 }, () => ({ lo: 0, hi: 2, init: 1 })),
  places: [place(0), place(3), place(6, 0)],
  pools: [{ name: 'O', count: 3, typesafe: false, nLive: 2, fields: [{ place: 2, init: 0 }] }],
};
const local = (cell: number): Expr => ({ kind: 'local', cell });
const access = (at: number, which: Expr): Extract<Expr, { kind: 'load' }>['access'] => ({
  place: at, ref: at === 2 ? which : null, index: at === 2 ? null : which, marked: true, site: 1,
});
const write = (at: number, which: Expr): Step =>
  ({ op: 'set', target: { kind: 'store', access: access(at, which) }, value: constant(1) });
const read = (at: number, which: Expr): Step =>
  ({ op: 'assert', cond: { kind: 'load', access: access(at, which) }, text: null });
const set = (cell: number, value: Expr = constant(2)): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: 'i' }, value });
const quiet = (step: Step): Step => ({ ...step, silent: true });

/** Whether a's first step commutes with b's: `always`, `never`, or unless these are equal. */
function said(a: readonly Step[], b: readonly Step[], shared = SHARED): string {
  const program = programOf({ a, b }, shared);
  const places = commutingSteps(program, layOut(program).held)[1]?.[0]?.[0];
  if (places === undefined) return 'nothing';
  if ((places.always & 1n) !== 0n) return 'always';
  const nameOf = (which: Expr): string =>
    (which.kind === 'local' ? `l${which.cell}` : which.kind === 'const' ? `${which.value}` : '?');
  const unless = places.unless.find(({ places: bits }) => (bits & 1n) !== 0n);
  return unless?.equal.map((pair) => pair.map(nameOf).join('=')).join(' ') ?? 'never';
}

const [a0, a1, b0, b1] = [local(9), local(10), local(11), local(12)];

test('elements are told apart by locals and constants, if one of the two writes', () => {
  assert.equal(said([write(0, a0)], [write(0, b0)]), 'l11=l9');
  assert.equal(said([read(0, a0)], [write(0, b0)]), 'l11=l9');
  assert.equal(said([write(0, a0)], [read(0, b0)]), 'l11=l9');
  assert.equal(said([read(0, a0)], [read(0, b0)]), 'always');
  assert.equal(said([write(0, constant(1))], [write(0, b0)]), 'l11=1');
  assert.equal(said([write(0, a0)], [write(0, constant(1))]), '1=l9');
  assert.equal(said([write(0, constant(1))], [write(0, constant(2))]), 'always');
  assert.equal(said([write(0, constant(1))], [write(0, constant(1))]), 'never');
  assert.equal(said([write(0, a0)], [write(1, b0)]), 'always');
  assert.equal(said([write(0, { kind: 'reg', reg: 0 })], [write(0, b0)]), 'never');
  // constants apart, and locals that may not be
  assert.equal(said([write(0, constant(1)), quiet(write(1, a0))],
    [write(0, constant(2)), quiet(write(1, b0))]), 'l11=l9');
});

test('fields are told apart by references, but not from those of a new object', () => {
  assert.equal(said([write(2, a0)], [write(2, b0)]), 'l11=l9');
  const makes: Step = {
    op: 'new', pool: 0, target: { kind: 'local', cell: 12, name: 'r' }, inits: [],
  };
  const again = { ...SHARED, pools: SHARED.pools!.map((pool) => ({ ...pool, typesafe: true })) };
  assert.equal(said([write(2, a0)], [makes], again), 'never');
  assert.equal(said([write(2, a0)], [makes, quiet(read(2, b0))], again), 'never');
  assert.equal(said([write(2, a0)], [makes]), 'always'); // nobody has a ref to it yet
});

test('the step that was taken may have set a local before, the one to come behind', () => {
  assert.equal(said([write(0, a0), quiet(set(9))], [write(0, b0)]), 'l11=l9');
  assert.equal(said([set(9), quiet(write(0, a0))], [write(0, b0)]), 'never');
  assert.equal(said([write(0, a0)], [set(11), quiet(write(0, b0))]), 'l11=l9');
  assert.equal(said([write(0, a0)], [write(0, b0), quiet(set(11))]), 'never');
  const load: Expr = { kind: 'load', access: access(0, b0) };
  assert.equal(said([write(0, a0)], [set(11, load)]), 'never');
  const loads: Expr = { kind: 'load', access: access(0, a0) };
  assert.equal(said([set(9, loads)], [write(0, b0)]), 'l11=l9');
  // the next step is another one
  assert.equal(said([write(0, a0)], [write(0, b0), set(11)]), 'l11=l9');
});

test('all that both come to must be apart', () => {
  assert.equal(said([write(0, a0), quiet(write(1, a1))], [write(0, b0), quiet(write(1, b1))]),
    'l11=l9 l12=l10');
  assert.equal(said([write(0, a0), quiet(write(0, a1))], [write(0, b0), quiet(write(0, b1))]),
    'never');
});
