// The codes of reading a file, and `expectation` and `unknown` of a scenario.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText, found, problemsOf } from '../support/checking.ts';
import { finds, silent } from '../support/codes.ts';

const FINE = 'lock m: mutex\nthread t { acquire m  release m }\nscenario s { t }\n';

for (const code of ['syntax', 'name', 'type', 'use', 'expectation', 'unknown']) {
  silent(code, 'in a file that is fine', FINE);
}
test('syntax', async () => {
  assert.equal(found(await checkText('thread t { acquire }\n'), 'syntax').length, 1);
});
finds('name', 'that is declared nowhere', 'thread t { acquire m }\n', ['m']);
finds('type', 'of another kind', 'shared x: bool\nthread t { x = 3 }\n', ['3']);
finds('use', 'of a module that is not there', 'use mm.nothing\n', ['mm.nothing']);

test('one mistake is one problem: not also a name that the parser made of it', async () => {
  const report = await checkText(`${FINE}workload w { t at 0s x 3 for 1s }\n`);
  assert.deepEqual(problemsOf(report).map(({ code }) => code), ['syntax']);
});

test('what has errors is not checked, the rest is', async () => {
  const report = await checkText(`${FINE}thread u { acquire nothing }\nscenario r { u }\n`);
  assert.deepEqual(report.judged.map(({ judgement }) => judgement.scenario.name.text), ['s']);
});

const RACY = 'shared x: bool\nthread t { x = true }\n';
finds('expectation', 'safe, and it is not', `${RACY}scenario s { t x 2  expect safe }\n`,
  ['expect safe']);
finds('expectation', 'nothing written means safe', `${RACY}scenario s { t x 2 }\n`, ['s']);
finds('expectation', 'fails, and it does not', `${RACY}scenario s { t  expect fails }\n`,
  ['expect fails']);
silent('expectation', 'met', `${RACY}scenario s { t x 2  expect fails data_race(x) }\n`);

test('a violation that is expected is information', async () => {
  const report = await checkText(`${RACY}scenario s { t x 2  expect fails }\n`);
  assert.deepEqual(problemsOf(report).map(({ code, severity }) => `${code} ${severity}`),
    ['data_race information']);
});

test('unknown: which bound, how far, how to raise it', async () => {
  const report = await checkText(`${RACY}scenario s { t }\n`, { limits: { maxStates: 1 } });
  const [problem] = problemsOf(report);
  assert.equal(problem?.code, 'unknown');
  assert.equal(problem?.severity, 'warning');
  assert.match(problem?.message ?? '', /limit of 1 states .* --max-states/);
  assert.equal(report.judged[0]?.judgement.verdict, 'unknown');
});
test('unknown: a violation that was found decides `fails`', async () => {
  const report = await checkText(`shared x: 0..3
    thread t { x = 1  x = 2  x = 3 }
    scenario s { t x 2  expect fails }\n`, { limits: { maxStates: 2 } });
  assert.deepEqual(report.judged.map(({ judgement }) =>
    [judgement.verdict, judgement.expectation]), [['violated', 'met']]);
});
