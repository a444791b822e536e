// How many successors a step has, as far as that can be said without them, on hand-made code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expr } from '../program.ts';
import {
  acquire, load, lockRef, locks, nop, programOf, release, shared, store, type Step,
} from '../testing.ts';
import { countsIn } from './counts.ts';

/** By pc, as far as it is the same on every way; null: it cannot be counted at all. */
function said(steps: readonly Step[]): Record<string, number> | null {
  const program = programOf({ a: steps }, {
    ...shared('x', 'y'), ...locks({ L: 'mutex' }),
    pools: [
      { name: 'O', count: 2, typesafe: false, nLive: 0, fields: [] },
      { name: 'S', count: 2, typesafe: true, nLive: 0, fields: [] },
    ],
  });
  const counts = countsIn(program, 0, 0);
  return counts === null ? null : Object.fromEntries(counts);
}
const quiet = (step: Step): Step => ({ ...step, silent: true });
const choose = (...targets: readonly number[]): Step => ({ op: 'choose', targets });
const tries: Step = { op: 'try', lock: lockRef(0), mode: 'write', nested: false, result: 1 };
const reg: Expr = { kind: 'reg', reg: 1 };
const ifTried = (otherwise: number): Step =>
  ({ op: 'branch', cond: reg, otherwise, silent: true });

test('a step that does not choose has one successor', () => {
  assert.deepEqual(said([store(0, 1), nop]), { 0: 1 });
  assert.deepEqual(said([release(0)]), { 0: 1, 1: 1 });
  assert.deepEqual(said([{ op: 'new', pool: 0, target: { kind: 'reg', reg: 0 }, inits: [] }, nop]),
    { 0: 1 });
  assert.deepEqual(said([tries, ifTried(3), quiet(store(0, 1)), nop]), { 0: 1, 1: 1, 2: 1 });
});

test('a choice has as many as there are behind, where no run ends before', () => {
  assert.deepEqual(said([choose(1, 2, 2), quiet(nop), quiet(nop), nop]), { 0: 3, 1: 1, 2: 1 });
  assert.deepEqual(said([nop, quiet(choose(2, 2)), quiet(choose(3, 3)), nop]),
    { 0: 4, 1: 4, 2: 2 });
  assert.deepEqual(said([store(0, 1), quiet(choose(2, 2)), nop]), { 1: 2 });
});

test('where it depends on a branch, that is left open', () => {
  assert.deepEqual(said([tries, ifTried(3), quiet(choose(3, 3)), nop]), { 2: 2 });
  const branch: Step = { op: 'branch', cond: load(0), otherwise: 2 };
  assert.deepEqual(said([branch, quiet(choose(3, 3)), quiet(choose(3, 3)), nop]), { 1: 2, 2: 2 });
  assert.equal(said([choose(1, 4), quiet(tries), ifTried(4), quiet(choose(4, 4)), nop]), null);
});

test('what waits, or has as many as the state says, is not counted', () => {
  const target = { kind: 'reg', reg: 0 } as const;
  const value: Expr = { kind: 'const', value: 1 };
  for (const step of [
    acquire(0), { op: 'await', cond: load(0) }, { op: 'synchronize_rcu' },
    { op: 'any', target, lo: value, hi: value }, { op: 'new', pool: 1, target, inits: [] },
  ] satisfies readonly Step[]) {
    assert.equal(said([step, nop]), null);
    assert.equal(said([nop, quiet(step), nop]), null);
  }
});

test('a step that leads back to itself is over there', () => {
  assert.deepEqual(said([tries, { ...ifTried(0), to: 2 }, nop]), { 0: 1, 1: 1 });
});
