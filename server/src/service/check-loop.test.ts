// A check that is given up ends the threads that help with it; one that came to its end may answer
// the next.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Program, Verdict } from '../../../simulator/src/index.ts';
import { constant, counters, programOf } from '../../../simulator/src/testing.ts';
import { createCheckLoop, type FromLoop } from './check-loop.ts';

interface Bench {
  readonly loop: ReturnType<typeof createCheckLoop>;
  readonly posted: readonly FromLoop[];
  /** Threads that were started and not stopped. */
  readonly running: () => number;
  /** How many were asked for. */
  readonly asked: readonly (number | undefined)[];
  readonly turn: () => void;
}

/** Threads are started and never ready: the search goes on alone. */
function loopWithThreads(): Bench {
  const posted: FromLoop[] = [];
  const asked: (number | undefined)[] = [];
  let running = 0;
  let next: (() => void) | null = null;
  let now = 0;
  const loop = createCheckLoop({
    now: () => now += 0.1, sliceMs: 1,
    later: (then) => { next = then; },
    post: (message) => posted.push(message),
    threads: (count) => {
      asked.push(count);
      return { count: 3, start: () => { running++; return { stop: () => { running--; } }; } };
    },
  });
  const turn = (): void => {
    const then = next;
    next = null;
    then?.();
  };
  return { loop, posted, running: () => running, turn, asked };
}

const JOB = {
  program: counters(0, 80), limits: { maxStates: 10_000_000, maxMemory: 2 ** 30 },
  timeLimitMs: 1e9, reduction: false, threads: 3,
};

test('a large search asks for threads, and gives them back when it is cancelled', () => {
  const { loop, posted, running, turn, asked } = loopWithThreads();
  loop.hear({ kind: 'check', id: 1, job: JOB });
  for (let i = 0; i < 10_000 && running() === 0; i++) turn();
  assert.deepEqual([running(), asked], [2, [3]]);
  loop.hear({ kind: 'cancel', id: 1 });
  assert.equal(running(), 0);
  assert.deepEqual(posted.at(-1), { kind: 'answer', id: 1, answer: { kind: 'cancelled' } });
});

test('and when it is over', () => {
  const { loop, posted, running, turn } = loopWithThreads();
  loop.hear({ kind: 'check', id: 1, job: JOB });
  for (let i = 0; i < 10_000 && posted.at(-1)?.kind !== 'answer'; i++) turn();
  assert.equal(running(), 0);
  const last = posted.at(-1);
  assert.ok(last?.kind === 'answer' && last.answer.kind === 'verdict');
  assert.equal(last.answer.verdict.states, 81 ** 3);
});

test('a verdict that stands after an edit is not searched for again', () => {
  const { loop, posted, turn } = loopWithThreads();
  const verdictOf = (program: Program): Verdict => {
    loop.hear({ kind: 'check', id: 1, job: { ...JOB, program } });
    do turn(); while (posted.at(-1)?.kind !== 'answer');
    const last = posted.at(-1);
    assert.ok(last?.kind === 'answer' && last.answer.kind === 'verdict');
    return last.answer.verdict;
  };
  const asserting = (most: number): Program => programOf({
    a: [{ op: 'set', target: { kind: 'local', cell: 0, name: 'n' }, value: constant(2) }, {
      op: 'assert', text: null, cond: {
        kind: 'binary', op: '<', left: { kind: 'local', cell: 0 }, right: constant(most),
      },
    }],
  }, { cells: [{ lo: 0, hi: 9, init: 0 }] });
  const first = verdictOf(asserting(3));
  assert.equal(verdictOf(asserting(4)), first, 'the very same');
  assert.equal(verdictOf(asserting(2)).result, 'violated');
});
