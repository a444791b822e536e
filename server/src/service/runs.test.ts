// Runs to look at: where a drawn one is cut, and that a state is printed when it is asked for.
import assert from 'node:assert/strict';
import test from 'node:test';
import { RUN_STEPS_MAX, runOf } from './runs.ts';
import { createBench, FILE } from './testing.ts';

async function drawn(text: string) {
  const { workspace, settle } = createBench();
  workspace.open(FILE, 1, text);
  await settle();
  const [snapshot, lowered] = [workspace.snapshot(FILE), workspace.program(FILE, 's')];
  assert.ok(snapshot !== null && lowered !== null);
  return runOf(snapshot, lowered, { scenario: 's', kind: 'violation', index: 0, seed: 1 });
}

test('a run without an end is cut, and says so', async () => {
  const run = await drawn('lock m: mutex\nthread t { loop { acquire m  release m } }\n'
    + 'scenario s { t }\n');
  assert.equal(run.steps.length, RUN_STEPS_MAX);
  assert.equal(run.cut, true);
});

test('a run that ends is not; a step has what it changed and the state after', async () => {
  const run = await drawn('lock m: mutex\nthread t { acquire m  release m }\nscenario s { t }\n');
  assert.equal(run.cut, false);
  assert.deepEqual(run.steps.map(({ changes }) => changes), [{ m: 't' }, { m: 'free' }]);
  const [first] = run.steps;
  assert.deepEqual(first?.state, [{ name: 'm', value: 't' }]);
  assert.deepEqual({ ...first }.changes, { m: 't' });
});
