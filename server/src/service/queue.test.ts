// The queue of checks: order, what is in flight, what is cancelled and what goes on.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { CheckAnswer, CheckJob, Checker } from './checker.ts';
import { createQueue, IN_FLIGHT_MAX, type Wanted } from './queue.ts';

const failed: CheckAnswer = { kind: 'failed', message: 'x' };

function bench() {
  const started: string[] = [];
  const cancelled: string[] = [];
  const answered: string[] = [];
  const resolvers = new Map<string, (answer: CheckAnswer) => void>();
  const checker: Pick<Checker, 'check'> = {
    check(job, onProgress) {
      const name = String(job.timeLimitMs);
      started.push(name);
      onProgress(7);
      return {
        answer: new Promise((resolve) => resolvers.set(name, resolve)),
        cancel() {
          cancelled.push(name);
          resolvers.get(name)?.({ kind: 'cancelled' });
        },
      };
    },
  };
  const queue = createQueue({
    checker, onAnswer: (key) => answered.push(key), onProgress: () => {},
  });
  const answer = async (name: string): Promise<void> => {
    resolvers.get(name)?.(failed);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, started, cancelled, answered, answer };
}

function wanted(...names: readonly number[]): readonly Wanted[] {
  const limits = { maxStates: 1, maxMemory: 1 };
  const program: CheckJob['program'] = {
    cells: [], places: [], pools: [], classes: [], locks: [], threads: [], properties: [],
    orders: [], nRegs: 0,
  };
  return names.map((name) =>
    ({ key: `k${name}`, job: () => ({ program, limits, timeLimitMs: name }) }));
}

test('a few are with the checker, in order, the rest wait', async () => {
  const { queue, started, answer, answered } = bench();
  queue.want('a', wanted(1, 2, 3, 4, 5, 6), false);
  assert.deepEqual(started, ['1', '2', '3', '4'].slice(0, IN_FLIGHT_MAX));
  assert.equal(queue.progress('k6'), null);
  await answer('2');
  assert.deepEqual(answered, ['k2']);
  assert.deepEqual(started.at(-1), '5');
  assert.equal(queue.progress('k2'), undefined);
});

test('what nobody wants any more is cancelled, what is wanted again goes on', () => {
  const { queue, cancelled, started } = bench();
  queue.want('a', wanted(1, 2), false);
  queue.want('a', wanted(2, 3), false);
  assert.deepEqual(cancelled, ['1']);
  assert.deepEqual(started, ['1', '2', '3']);
});

test('while an owner does not know all yet, nothing is cancelled', () => {
  const { queue, cancelled } = bench();
  queue.want('a', wanted(1, 2), false);
  queue.want('a', wanted(3), true);
  assert.deepEqual(cancelled, []);
  queue.want('a', wanted(3, 2), false);
  assert.deepEqual(cancelled, ['1']);
});

test('two files that want the same get one check', async () => {
  const { queue, started, cancelled, answer } = bench();
  queue.want('a', wanted(1), false);
  queue.want('b', wanted(1), false);
  queue.want('a', [], false);
  assert.deepEqual([started, cancelled], [['1'], []]);
  await answer('1');
  assert.equal(queue.progress('k1'), undefined);
});

test('what is wanted again before its cancellation came through is started anew', async () => {
  const { queue, started, cancelled } = bench();
  queue.want('a', wanted(1), false);
  queue.want('a', [], false);
  queue.want('a', wanted(1), false);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([started, cancelled], [['1', '1'], ['1']]);
});
