// Comparing beside the checks of open files: what is known is not searched again, progress is told,
// nobody waits for what is stopped, and a limit that was reached makes a difference uncertain.
import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_SETTINGS } from './settings.ts';
import { createBench, FILE } from './testing.ts';

const BEFORE = 'lock m: mutex\nshared x: 0..3 = 0\n'
  + 'thread t { acquire m  x = 1  release m }\nscenario s { t t }\n';
const AFTER = BEFORE.replace('acquire m  x = 1  release m', 'x = 1');
const OTHER = 'file:///other.mmlock';
const before = { file: OTHER, scenario: null, label: 'other' };
const after = { file: FILE, scenario: null, label: 'this' };

function asking() {
  const stops: (() => void)[] = [];
  const told: string[] = [];
  let cancelled = false;
  return {
    told,
    progress: (done: number, of: number) => void told.push(`${done} of ${of}`),
    cancelled: () => cancelled,
    onCancel: (stop: () => void) => void stops.push(stop),
    cancel() {
      cancelled = true;
      for (const stop of stops) stop();
    },
  };
}

test('the file in the editor was searched already', async () => {
  const bench = createBench();
  bench.disk.set(OTHER, BEFORE);
  bench.workspace.open(FILE, 7, AFTER);
  await bench.settle();
  assert.equal(bench.checker.given.length, 1);
  const asked = asking();
  const found = await bench.workspace.comparer.compare(before, after, asked);
  assert.ok(found !== null && typeof found !== 'string');
  assert.equal(bench.checker.given.length, 2);
  assert.deepEqual(asked.told, ['1 of 2', '2 of 2']);
  assert.deepEqual([found.before.version, found.after.version], [1, 7]);
  assert.deepEqual(found.scenarios[0]?.changes.map(({ change, name, certain }) =>
    [change, name, certain]), [['gained', 'data_race(x)', true]]);
});

test('when it is stopped its search is, and there is no answer', async () => {
  const bench = createBench({ atOnce: false });
  bench.disk.set(OTHER, BEFORE);
  bench.workspace.open(FILE, 1, AFTER);
  const asked = asking();
  const found = bench.workspace.comparer.compare(before, after, asked);
  await new Promise((resolve) => setImmediate(resolve));
  const [search] = bench.checker.given;
  assert.equal(search?.cancelled, false);
  asked.cancel();
  assert.equal(await found, null);
  assert.equal(search?.cancelled, true);
  assert.equal(bench.checker.given.length, 1);
});

test('a side that was not searched to the end may have it as well', async () => {
  const bench = createBench();
  bench.disk.set(OTHER, BEFORE);
  bench.workspace.configure({
    ...DEFAULT_SETTINGS, limits: { ...DEFAULT_SETTINGS.limits, maxStates: 2 },
  });
  bench.workspace.open(FILE, 1, AFTER);
  const found = await bench.workspace.comparer.compare(before, after, asking());
  assert.ok(found !== null && typeof found !== 'string');
  assert.deepEqual(found.scenarios[0]?.changes.map(({ name, certain }) => [name, certain]),
    [['data_race(x)', false]]);
});
