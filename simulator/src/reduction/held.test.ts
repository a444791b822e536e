// What a thread can hold where, on hand-made code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../program.ts';
import {
  acquire, constant, lockRef, locks, nop, programOf, release, type Step,
} from '../testing.ts';
import { heldAt, heldTable } from './held.ts';

const kinds = locks({ M: 'mutex', S: 'rwsem' });

/** `M:write S:read?` before each instruction; `?` where it is not certain. */
function said(steps: readonly Step[], cells: readonly Cell[] = []): readonly string[] {
  const program = programOf({ a: steps }, { ...kinds, cells });
  const table = heldTable(program);
  return program.threads[0]!.code.map((_, pc) => heldAt(table, 0, pc)
    .map(({ lock, mode, certainty }) => `${'MS'[lock]!}:${mode}${certainty === 'must' ? '' : '?'}`)
    .join(' '));
}

test('a lock is held from its acquisition to its release', () => {
  assert.deepEqual(
    said([acquire(0), acquire(1), { op: 'downgrade', lock: lockRef(1) }, release(0), release(1)]),
    ['', 'M:write', 'M:write S:write', 'M:write S:read', 'S:read', ''],
  );
});

test('where two ways meet, what only one of them holds is not certain', () => {
  assert.deepEqual(
    said([{ op: 'choose', targets: [1, 2] }, acquire(1, 'read'), nop]),
    ['', '', 'S:read?', 'S:read?'],
  );
});

test('the answer of a try says whether the lock is held', () => {
  const tries = (cond: Step & { op: 'branch' }): Step[] => [
    { op: 'try', lock: lockRef(0), mode: 'write', nested: false, result: 1 },
    { ...cond, silent: true }, nop, release(0),
  ];
  const reg = { kind: 'reg', reg: 1 } as const;
  assert.deepEqual(
    said(tries({ op: 'branch', cond: reg, otherwise: 4 })),
    ['', 'M:write?', 'M:write', 'M:write', ''],
  );
  assert.deepEqual(
    said(tries({ op: 'branch', cond: { kind: 'not', operand: reg }, otherwise: 3, to: 4 })),
    ['', 'M:write?', '', 'M:write', ''],
  );
});

test('where a try fails the thread goes on without the lock', () => {
  assert.deepEqual(said([
    { op: 'try', lock: lockRef(0), mode: 'write', nested: false, result: 1 },
    { op: 'branch', cond: { kind: 'reg', reg: 1 }, otherwise: 3, silent: true },
    { ...release(0), to: 4 }, acquire(1), nop,
  ]), ['', 'M:write?', 'M:write', '', 'S:write?', 'S:write?']);
});

const flag = { lo: 0, hi: 1, init: 0 };
const note = (value: number): Step => ({
  op: 'set', target: { kind: 'local', cell: 0, name: 'taken' }, value: constant(value),
  silent: true,
});
const tries: Step = { op: 'try', lock: lockRef(0), mode: 'write', nested: false, result: 1 };
const ifTried = (otherwise: number): Step =>
  ({ op: 'branch', cond: { kind: 'reg', reg: 1 }, otherwise, silent: true });
const ifNoted = (otherwise: number): Step =>
  ({ op: 'branch', cond: { kind: 'local', cell: 0 }, otherwise, silent: true });

test('what a local says of a lock is understood', () => {
  assert.deepEqual(
    said([tries, ifTried(3), note(1), nop, ifNoted(6), release(0), nop], [flag]),
    ['', 'M:write?', 'M:write', 'M:write?', 'M:write?', 'M:write', '', ''],
  );
  // the note is taken back too soon: from then on it says nothing
  assert.deepEqual(
    said([tries, ifTried(4), note(1), note(0), ifNoted(6), release(0), nop], [flag]),
    ['', 'M:write?', 'M:write', 'M:write', 'M:write?', '', 'M:write?', 'M:write?'],
  );
});

test('how deep a lock is held, and whether deeper than is counted', () => {
  const deep = heldTable(programOf({
    a: [acquire(1, 'read'), acquire(1, 'read'), release(1), release(1)],
    b: [{ ...acquire(1, 'read'), to: 0 }],
    c: [{ op: 'rcu_lock' }, { op: 'rcu_lock' }, { op: 'rcu_unlock' }],
  }, kinds)).threads;
  assert.deepEqual(
    deep.map(({ maxReads, maxRcu, mayOverflow }) => [maxReads[1], maxRcu, mayOverflow]),
    [[2, 0, false], [7, 0, true], [0, 2, false]],
  );
});

test('behind an instruction that always ends the run nobody comes', () => {
  assert.deepEqual(said([release(0), acquire(1)]), ['', '', '']);
  const table = heldTable(programOf({ a: [release(0), nop] }, kinds));
  assert.equal(table.threads[0]?.rcu[1], 0);
});
