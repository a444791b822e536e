// What the walk of a thread finds and what a search finds are one: told once, by whoever knows
// better; and only what a scenario can run into counts for its `expect`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonFile } from '../../server/src/service/report/json.ts';
import { checkText, found, problemsOf, violationsOf } from '../support/checking.ts';

const BAD = `lock m: mutex
  shared atomic x: 0..2 = 0
  thread bad { x = 1  release m }
  thread good { acquire m  x = 2  release m }\n`;

test('an error that a scenario runs into is its violation, no problem of the file', async () => {
  const report = await checkText(`${BAD}scenario s { bad  expect fails lock_not_held(m) }\n`);
  const json = jsonFile(report);
  assert.deepEqual(json.problems, []);
  assert.deepEqual(json.scenarios.map(({ expectation }) => expectation), ['met']);
  assert.deepEqual(json.scenarios[0]?.violations.map(({ code, subject }) => [code, subject]),
    [['lock_not_held', 'm']]);
});
test('one in a thread that no scenario runs is a problem, and meets no `expect`', async () => {
  const report = await checkText(`${BAD}scenario s { good  expect fails lock_not_held(m) }
    scenario r { good }\n`);
  const json = jsonFile(report);
  assert.deepEqual(json.problems.map(({ code }) => code), ['lock_not_held']);
  assert.deepEqual(json.scenarios.map(({ expectation }) => expectation), ['unmet', 'met']);
});
test('a search that was cut off after it found it has told it', async () => {
  const text = `${BAD}thread long { loop { x = 0  x = 1 } }
    scenario s { bad  long  good }\n`;
  for (const maxStates of [1, 12]) {
    const report = await checkText(text, { limits: { maxStates } });
    assert.equal(report.judged[0]?.result.verdict.bound?.kind, 'states');
    assert.deepEqual(found(report, 'lock_not_held'), ['release m']);
  }
});
test('params as the scenarios set them, not by default', async () => {
  const modes = `param MODE: 0..1 = 0
    lock m: mutex
    thread t { if MODE == 1 { acquire m }  step "work"  release m }\n`;
  const cut = { limits: { maxStates: 1 } };
  const right = await checkText(`${modes}scenario s { with MODE = 1  t }\n`, cut);
  assert.deepEqual(found(right, 'lock_not_held'), []);
  const alone = await checkText(modes);
  assert.deepEqual(found(alone, 'lock_not_held'), ['release m']);
  const scenarios = 'scenario s { with MODE = 1  t }  scenario r { t }\n';
  const either = await checkText(modes + scenarios, cut);
  assert.deepEqual(found(either, 'lock_not_held'), []);
  const both = await checkText(modes.replace('== 1', '== 2') + scenarios, cut);
  assert.deepEqual(found(both, 'lock_not_held'), ['release m']);
});
test('nothing is said of a thread whose scenario is broken and is to fail', async () => {
  const report = await checkText(`${BAD}thread broken { y = 1 }
    scenario s { bad  broken  expect fails lock_not_held }\n`);
  assert.deepEqual(problemsOf(report).map(({ code }) => code), ['name']);
});

const LOCKS = 'lock a: mutex\nlock b: rwsem\n';
const COMMON = `${LOCKS}thread theirs { acquire a  acquire read b  release b  release a }\n`;

test('lock_order: a circle with a thread of a used file, told as lockdep does', async () => {
  const report = await checkText(`use "./common.mmlock"
    thread ours { acquire write b  acquire a  release a  release b }\n`,
  { files: { 'common.mmlock': COMMON } });
  const [problem, ...more] = problemsOf(report);
  assert.deepEqual(more, []);
  assert.equal(problem?.code, 'lock_order');
  assert.equal(problem.message,
    'possible circular locking dependency: a -> b in theirs, b -> a in ours');
  assert.deepEqual(problem.related.map(({ file, message }) => `${file}: ${message}`), [
    'common.mmlock: theirs takes b for reading while it holds a',
    'test.mmlock: ours takes a while it holds b for writing',
  ]);
});
test('lock_order: a circle all in a used file is told there', async () => {
  const back = 'thread back { acquire write b  acquire a  release a  release b }\n';
  const report = await checkText('use "./common.mmlock"\nthread ours { acquire a  release a }\n',
    { files: { 'common.mmlock': COMMON + back } });
  assert.deepEqual(problemsOf(report), []);
});
test('an error in a proc of a used file is told at the thread that gets there', async () => {
  const files = { 'common.mmlock': `${LOCKS}proc drop() { release a }\n` };
  const report = await checkText('use "./common.mmlock"\nthread ours { drop() }\n', { files });
  assert.deepEqual(found(report, 'lock_not_held'), ['ours']);
  assert.deepEqual(violationsOf(report), []);
});
