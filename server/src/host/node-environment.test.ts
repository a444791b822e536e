// The checker in a real worker thread: a verdict, a quick cancel, a crash for want of memory, and
// a worker that cannot be started.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Program } from '../../../simulator/src/program.ts';
import type { CheckJob } from '../service/checker.ts';
import { FILE, createBench } from '../service/testing.ts';
import { createThreadChecker } from './node-environment.ts';

/** A worker of its own does not know TypeScript yet. */
const CHECKER = moduleOf(`import { register } from '${import.meta.resolve('tsx/esm/api')}';
register();
await import('${new URL('./checkerNode.ts', import.meta.url).href}');`);

function moduleOf(text: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

function programOf(text: string): Program {
  const { workspace } = createBench({ atOnce: false });
  workspace.open(FILE, 1, text);
  const lowered = workspace.program(FILE, 's');
  assert.ok(lowered !== null);
  return lowered.program;
}

const SMALL = 'shared x: 0..3 = 0\nthread t { x = 1 }\nscenario s { t t }\n';
/** 10^12 states. */
const HUGE = `type n = 0..99
type who = 0..5
shared atomic v: n[6] = 0
thread t(k: who) { loop { v[k] = any 0..99 } }
scenario s { t(0) t(1) t(2) t(3) t(4) t(5) }
`;

function job(text: string, more: Partial<CheckJob> = {}): CheckJob {
  const limits = { maxStates: 10_000_000, maxMemory: 2 ** 30 };
  return { program: programOf(text), limits, timeLimitMs: 60_000, ...more };
}

test('a worker finds the race', async () => {
  const checker = createThreadChecker(CHECKER);
  const answer = await checker.check(job(SMALL), () => {}).answer;
  assert.ok(answer.kind === 'verdict');
  assert.deepEqual(answer.verdict.violations.map(({ code }) => code), ['data_race']);
  assert.ok(answer.elapsedMs > 0);
  checker.dispose();
});

test('a spec of 10^12 states ends at the bound, memory or states or time', async () => {
  const checker = createThreadChecker(CHECKER);
  const bounds = [
    { limits: { maxStates: 10_000, maxMemory: 2 ** 30 } },
    { limits: { maxStates: 10_000_000, maxMemory: 2 ** 22 } },
    { timeLimitMs: 300 },
  ];
  const kinds: unknown[] = [];
  for (const bound of bounds) {
    const answer = await checker.check(job(HUGE, bound), () => {}).answer;
    assert.ok(answer.kind === 'verdict');
    assert.equal(answer.verdict.result, 'unknown');
    kinds.push(answer.verdict.bound?.kind);
  }
  assert.deepEqual(kinds, ['states', 'memory', 'stopped']);
  checker.dispose();
});

test('a large check is cancelled soon, and the next one is answered', async () => {
  const checker = createThreadChecker(CHECKER);
  let told = (_: number): void => {};
  const begun = new Promise<number>((resolve) => {
    told = resolve;
  });
  const large = checker.check(job(HUGE), told);
  assert.ok(await begun > 0);
  const small = checker.check(job(SMALL), () => {});
  large.cancel();
  assert.deepEqual(await large.answer, { kind: 'cancelled' });
  assert.equal((await small.answer).kind, 'verdict');
  checker.dispose();
});

test('a small check does not wait for a large one', async () => {
  const checker = createThreadChecker(CHECKER);
  const large = checker.check(job(HUGE), () => {});
  let over = false;
  void large.answer.then(() => {
    over = true;
  });
  assert.equal((await checker.check(job(SMALL), () => {}).answer).kind, 'verdict');
  assert.equal(over, false);
  large.cancel();
  await large.answer;
  checker.dispose();
});

/** A worker that does this when it is given a job. */
function worker(body: string): URL {
  return moduleOf(`import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => { ${body} });`);
}

test('a worker that runs out of memory leaves `unknown` behind', async () => {
  const eats = 'const all = []; for (;;) all.push({ more: all.length, and: [all.length] });';
  const checker = createThreadChecker(worker(eats), 16);
  const answer = await checker.check(job(SMALL), () => {}).answer;
  assert.ok(answer.kind === 'verdict');
  assert.deepEqual([answer.verdict.result, answer.verdict.bound?.kind], ['unknown', 'memory']);
  checker.dispose();
});

test('a worker that falls over is said to have', async () => {
  const checker = createThreadChecker(worker('throw new Error("over")'));
  const answer = await checker.check(job(SMALL), () => {}).answer;
  assert.deepEqual(answer, { kind: 'failed', message: 'over' });
  checker.dispose();
});
