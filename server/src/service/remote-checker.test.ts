// The checker elsewhere: answers, cancelling, crashes, a worker that hangs or cannot start.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { FromLoop, ToLoop } from './check-loop.ts';
import type { CheckJob } from './checker.ts';
import { createRemoteChecker, SILENCE_MS_MAX, type WorkerEvents } from './remote-checker.ts';
import { fakeClock } from './testing.ts';

const job: CheckJob = {
  program: {
    cells: [], places: [], pools: [], classes: [], locks: [], threads: [], properties: [],
    orders: [], nRegs: 0,
  },
  limits: { maxStates: 10, maxMemory: 2 ** 30 },
  timeLimitMs: 1000,
};

interface FakeWorker {
  readonly events: WorkerEvents;
  readonly heard: ToLoop[];
  terminated: boolean;
}

function bench() {
  const clock = fakeClock();
  const workers: FakeWorker[] = [];
  let spawns = true;
  const checker = createRemoteChecker({
    after: clock.after,
    spawn(events) {
      if (!spawns) throw new Error('not here');
      const worker: FakeWorker = { events, heard: [], terminated: false };
      workers.push(worker);
      return {
        post: (message) => worker.heard.push(message),
        terminate() {
          worker.terminated = true;
        },
      };
    },
  });
  const say = (worker: number, message: FromLoop): void => workers[worker]?.events
    .onMessage(message);
  const refuse = (): void => {
    spawns = false;
  };
  return { checker, clock, workers, say, refuse };
}

const cancelled: FromLoop = { kind: 'answer', id: 1, answer: { kind: 'cancelled' } };

test('one worker serves all jobs, and each hears its own', async () => {
  const { checker, workers, say } = bench();
  const progress: number[] = [];
  const first = checker.check(job, (states) => progress.push(states));
  const second = checker.check(job, () => {});
  say(0, { kind: 'progress', id: 1, states: 5 });
  say(0, { kind: 'answer', id: 2, answer: { kind: 'failed', message: 'two' } });
  say(0, { kind: 'answer', id: 1, answer: { kind: 'failed', message: 'one' } });
  assert.deepEqual(await first.answer, { kind: 'failed', message: 'one' });
  assert.deepEqual(await second.answer, { kind: 'failed', message: 'two' });
  assert.deepEqual([progress, workers.length], [[5], 1]);
});

test('out of memory is unknown at that bound, and the others go on in a new worker', async () => {
  const { checker, workers, say } = bench();
  const large = checker.check(job, () => {});
  const small = checker.check(job, () => {});
  say(0, { kind: 'turn', id: 1 });
  say(0, { kind: 'progress', id: 1, states: 3_100_000 });
  workers[0]?.events.onCrash({ outOfMemory: true, message: 'out of memory' });
  const answer = await large.answer;
  assert.equal(answer.kind, 'verdict');
  if (answer.kind !== 'verdict') return;
  assert.deepEqual(answer.verdict.bound, { kind: 'memory', limit: 2 ** 30 });
  assert.deepEqual([answer.verdict.result, answer.verdict.states], ['unknown', 3_100_000]);
  assert.deepEqual(workers[1]?.heard, [{ kind: 'check', id: 2, job }]);
  say(1, { kind: 'answer', id: 2, answer: { kind: 'failed', message: 'x' } });
  assert.equal((await small.answer).kind, 'failed');
});

test('a worker that is not heard of any more is ended, and the job it was at is said', async () => {
  const { checker, clock, workers, say } = bench();
  void checker.check(job, () => {});
  const stuck = checker.check(job, () => {});
  clock.advance(SILENCE_MS_MAX - 1);
  say(0, { kind: 'turn', id: 2 });
  clock.advance(SILENCE_MS_MAX - 1);
  assert.equal(workers[0]?.terminated, false);
  clock.advance(1 + 1000);
  const message = 'a single step took more than 15 s';
  assert.deepEqual(await stuck.answer, { kind: 'failed', message });
  assert.deepEqual(workers[1]?.heard, [{ kind: 'check', id: 1, job }]);
});

test('any other crash is said as it is', async () => {
  const { checker, workers } = bench();
  const run = checker.check(job, () => {});
  workers[0]?.events.onCrash({ outOfMemory: false, message: 'it fell' });
  assert.deepEqual(await run.answer, { kind: 'failed', message: 'it fell' });
});

test('a worker that never began is no job’s fault: the job goes to the next', () => {
  const { checker, workers } = bench();
  void checker.check(job, () => {});
  workers[0]?.events.onCrash(null);
  assert.deepEqual(workers[1]?.heard, [{ kind: 'check', id: 1, job }]);
});

test('a cancelled check ends when the worker says so', async () => {
  const { checker, workers, say, clock } = bench();
  const run = checker.check(job, () => {});
  run.cancel();
  assert.deepEqual(workers[0]?.heard.at(-1), { kind: 'cancel', id: 1 });
  say(0, cancelled);
  assert.deepEqual(await run.answer, { kind: 'cancelled' });
  clock.advance(10_000);
  assert.equal(workers[0]?.terminated, false);
});

test('a worker that does not react to cancelling is ended, the other jobs start anew', async () => {
  const { checker, workers, clock } = bench();
  const run = checker.check(job, () => {});
  void checker.check(job, () => {});
  run.cancel();
  clock.advance(10_000);
  assert.deepEqual(await run.answer, { kind: 'cancelled' });
  assert.equal(workers[0]?.terminated, true);
  assert.deepEqual(workers[1]?.heard, [{ kind: 'check', id: 2, job }]);
});

test('where no worker can be started, that is the answer', async () => {
  const { checker, refuse } = bench();
  refuse();
  const answer = await checker.check(job, () => {}).answer;
  const message = 'no worker could be started (Error: not here)';
  assert.deepEqual(answer, { kind: 'failed', message });
});

test('what a worker says after its end is not heard', async () => {
  const { checker, workers, say } = bench();
  const run = checker.check(job, () => {});
  workers[0]?.events.onCrash(null);
  say(0, { kind: 'answer', id: 1, answer: { kind: 'failed', message: 'old' } });
  say(1, { kind: 'answer', id: 1, answer: { kind: 'failed', message: 'new' } });
  assert.deepEqual(await run.answer, { kind: 'failed', message: 'new' });
});
