// The run as a table: its columns, bars, and where it says that something is violated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRun } from './sample-run.ts';
import { tableOf } from './table.ts';

const table = tableOf(sampleRun());

test('a column for what changes, the rest apart', () => {
  assert.deepEqual(table.columns.map(({ name }) => name), ['mmap_sem', 'vma']);
  assert.deepEqual(table.constant.map(({ name }) => name), ['pte[0]', 'limit']);
});

test('only a lock has a colour', () =>
  assert.deepEqual(table.columns.map(({ lock }) => lock), [0, null]));

test('a row for the start and one a step', () => {
  assert.deepEqual(table.rows.map(({ step }) => step), [-1, 0, 1, 2, 3, 4, 5, 6]);
  assert.equal(table.rows[0]?.cells[1]?.value, 'attached');
});

test('what a step changes is marked, and stays as it is after', () => {
  assert.deepEqual(table.rows[3]?.cells[1], { value: 'detached', changed: true });
  assert.deepEqual(table.rows[4]?.cells[1], { value: 'detached', changed: false });
});

test('a bar down the lane while the lock is held or waited for', () => {
  const modes = (lane: number) => table.rows.map(({ bars }) => bars[lane]?.[0]?.mode ?? '');
  assert.deepEqual(modes(0), ['', 'write', 'write', 'write', 'read', 'read', 'read', 'read']);
  assert.deepEqual(modes(1), ['', '', 'waits', 'waits', 'waits', 'read', 'read', 'read']);
  assert.deepEqual(modes(2), ['', '', '', '', '', '', '', '']);
});

function badSteps(run: ReturnType<typeof sampleRun>): readonly number[] {
  return tableOf(run).rows.filter(({ bad }) => bad).map(({ step }) => step);
}

test('a race is at the two steps about to be taken', () =>
  assert.deepEqual(badSteps(sampleRun()), [5, 6]));

test('any other violation is at the last step', () =>
  assert.deepEqual(badSteps(sampleRun({ steps: sampleRun().steps.slice(0, 5) })), [4]));

test('a violation of the first state is at the start', () =>
  assert.deepEqual(badSteps(sampleRun({ steps: [] })), [-1]));

test('a run without a violation has no such step', () =>
  assert.deepEqual(badSteps(sampleRun({ shown: null, violations: [] })), []));

test('a run for ever has the step it comes back to', () => {
  const rows = tableOf(sampleRun({ loop: 2 })).rows;
  assert.deepEqual(rows.filter(({ loop }) => loop).map(({ step }) => step), [2]);
});

test('a bar keeps its place while others come and go', () => {
  const state = (a: string, b: string) => [{ name: 'a', value: a }, { name: 'b', value: b }];
  const step = (a: string, b: string, changes: Record<string, string>) =>
    ({ ...sampleRun().steps[0]!, changes, state: state(a, b) });
  const table = tableOf({
    ...sampleRun(), lanes: ['t'], loop: null, initialState: state('free', 'free'),
    steps: [
      step('free', 't', { b: 't' }), step('t', 't', { a: 't' }), step('t', 'free', { b: 'free' }),
    ],
  });
  const slots = table.rows.map(({ bars }) =>
    (bars[0] ?? []).map(({ name, slot }) => `${name}${slot}`).sort());
  assert.deepEqual(slots, [[], ['b0'], ['a1', 'b0'], ['a1']]);
});
