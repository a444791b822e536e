// Meanings are made of what is kept from those before: random programs, one leaf of which is made
// another again and again, mean what they mean when nothing is kept. MEANING_SEED and
// MEANING_COUNT choose the programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalProgram, made, meaningOf, nothingKept,
} from '../server/src/service/fingerprint.ts';
import { lockProgram } from '../simulator/src/reduction/lock-programs.ts';
import { objectProgram } from '../simulator/src/reduction/object-programs.ts';
import type { Expr, Instr, Program } from '../simulator/src/index.ts';
import {
  accessTo, constant, nop, programOf, shared, type Step,
} from '../simulator/src/testing.ts';
import { randomFrom, type Random } from './oracle/random.ts';
import { randomProgram } from './oracle/random-program.ts';

const FIRST = Number(process.env['MEANING_SEED'] ?? 1);
const COUNT = Number(process.env['MEANING_COUNT'] ?? 80);
const EDITS = 25;

type Leaf = string | number | boolean;

/** A few of one name each: what is called the same matters. */
const NAMES = ['x', 'y', 'z'];

function other(leaf: Leaf, random: Random): Leaf {
  if (typeof leaf === 'boolean') return !leaf;
  if (typeof leaf === 'string') return random.pick(NAMES);
  return leaf > 0 && random.chance(50) ? leaf - 1 : leaf + 1;
}

/** What says what a thing is stays. */
const FIXED = new Set(['op', 'kind', 'quantifier', 'mode', 'count']);

function leavesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return value === null ? 0 : 1;
  return Object.entries(value).reduce((sum, [key, field]) =>
    sum + (FIXED.has(key) ? 0 : leavesIn(field)), 0);
}

/** The `nth` leaf another one; what does not have it is the same object. */
function edited(value: unknown, nth: number, random: Random): unknown {
  if (typeof value !== 'object' || value === null) return other(isLeaf(value), random);
  let left = nth;
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => {
    const count = FIXED.has(key) ? 0 : leavesIn(field);
    const here = left >= 0 && left < count;
    const at = left;
    left -= count;
    return [key, here ? edited(field, at, random) : field];
  });
  return Array.isArray(value) ? entries.map(([, field]) => field) : Object.fromEntries(entries);
}

function isLeaf(value: unknown): Leaf {
  assert.ok(typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
  return value;
}

function isProgram(value: unknown, like: Program): Program {
  const same = (it: unknown): it is Program =>
    typeof it === 'object' && it !== null && Object.keys(it).join() === Object.keys(like).join();
  assert.ok(same(value));
  return value;
}

const randomOf = (seed: number): Program =>
  [randomProgram, (n: number) => lockProgram(n), objectProgram][seed % 3]!(seed);

test('what is kept of other programs changes no meaning', (context) => {
  let same = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = randomFrom(seed);
    const first = randomOf(seed);
    let program = first;
    for (let edit = 0; edit <= EDITS; edit++) {
      const before = new Set(canonicalProgram(meaningOf(program)).threads);
      const what = `seed ${seed}, ${edit}`;
      program = edit % 10 === 9 ? first
        : isProgram(edited(program, random.below(leavesIn(program)), random), program);
      const { print, legend } = meaningOf(program);
      const { canonical, ...anew } = made(program, nothingKept());
      assert.equal(print, anew.print, what);
      const said = ({ names, frame: { sites, bearing } }: typeof legend): unknown =>
        ({ names, sites, bearing });
      assert.deepEqual(said(legend), said(anew.legend), what);
      const kept = canonicalProgram({ legend });
      assert.deepEqual(kept, canonical, what);
      if (kept.threads.some((thread) => before.has(thread))) same++;
    }
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}, ${same} times a thread was kept`);
  assert.ok(same > COUNT * EDITS / 4, 'threads are kept');
});

/** Programs that differ in one thing, one after the other. */
function alike(what: string, ...programs: readonly Program[]): void {
  test(`what is kept is told apart by ${what}`, () => {
    for (const program of programs) {
      const { print, legend } = meaningOf(program);
      const { canonical, ...anew } = made(program, nothingKept());
      assert.equal(print, anew.print);
      assert.deepEqual(legend.frame.sites, anew.legend.frame.sites);
      assert.deepEqual(canonicalProgram({ legend }), canonical);
    }
    const prints = programs.map((program) => meaningOf(program).print);
    assert.equal(new Set(prints).size, programs.length);
  });
}

const stepsOf = (...steps: readonly Step[]): Program => programOf({ a: steps, b: [nop] }, {
  ...shared('x', 'y'),
  cells: [0, 1, 2].map((init) => ({ lo: -9, hi: 9, init: init === 2 ? 0 : init })),
});
const isNegative = (cell: number): Expr =>
  ({ kind: 'binary', op: '<', left: { kind: 'local', cell }, right: constant(0) });

const one = programOf({ a: [nop] });
const two = { ...one, threads: [
  ...one.threads, ...one.threads.map((thread) => ({ ...thread, background: true })),
] };
alike('the place of a thread', two, { ...two, threads: [...two.threads].reverse() });

alike('the range that an any chooses from', ...[1, 2].map((hi) => stepsOf(
  { op: 'any', target: { kind: 'local', cell: 2, name: 'l' }, lo: constant(0), hi: constant(hi) },
  { op: 'assert', cond: isNegative(2), text: null },
)));

alike('what a cmpxchg stores', ...[2, 3].map((value) => stepsOf({
  op: 'cmpxchg', access: accessTo(0), old: constant(0), value: constant(value), result: 0,
})));

const stepWithin = (within: number | null): Program => {
  const program = stepsOf(nop, nop);
  return { ...program, threads: program.threads.map((thread) => ({
    ...thread, code: thread.code.map((instr, pc): Instr =>
      (within === null || pc !== 1 ? instr : { ...instr, within })),
  })) };
};
alike('the step that a statement is in', stepWithin(null), stepWithin(700), stepWithin(0));

const settingOutcome = (...decls: readonly string[]): Program => {
  const program = programOf({ a: [{ op: 'outcome', outcome: 0 }], b: [nop], c: [nop] });
  const [first, ...others] = program.threads;
  assert.ok(first !== undefined);
  const outcomes = [{ name: 'good', never: false }];
  return { ...program, threads: [
    ...decls.map((decl) => ({ ...first, decl, outcomes })), ...others,
  ] };
};
alike('whose outcome it is', settingOutcome('p', 'p'), settingOutcome('p', 'q'));
