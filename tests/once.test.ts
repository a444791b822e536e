// What is found several times in one step is told once, at the first statement that it is met in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText, problemsOf } from './support/checking.ts';

const WORLD = `lock m: mutex
shared x: 0..3 = 0   guarded by m
shared flag: bool = false
`;

async function told(text: string): Promise<readonly string[]> {
  const report = await checkText(text);
  return problemsOf(report).map(({ code, range }) =>
    `${code} at ${report.opened.text.slice(range.start, range.end).split('\n')[0]}`);
}

test('two accesses of one variable in a step', async () => {
  const text = `${WORLD}
thread t { step "twice" { let v = x  x = v + 1 } }
scenario s { t  expect fails guard(x) }`;
  const { judged: [first] } = await checkText(text);
  assert.deepEqual(first?.judgement.violations.map(({ code, subject }) => `${code}(${subject})`),
    ['guard(x)']);
  assert.deepEqual(await told(text), ['guard at x']);
  const apart = text.replace('step "twice" { let v = x  x = v + 1 }', 'let v = x  x = v + 1');
  assert.equal((await checkText(apart)).judged[0]?.judgement.violations.length, 2);
});

test('of a thread alone as well', async () => {
  assert.deepEqual(await told(`${WORLD}thread t { step "on" { x = 1  x = 2 } }`), ['guard at x']);
});

test('in each step again, and of each variable', async () => {
  const { judged: [first] } = await checkText(`${WORLD}
shared y: 0..3 = 0   guarded by m
thread t { step "on" { x = 1  y = 1  x = 2  y = 2 }  step "off" { x = 3 } }
scenario s { t }`);
  assert.deepEqual(first?.judgement.violations.map(({ subject }) => subject).sort(),
    ['x', 'x', 'y']);
});

test('statements of a proc are part of the step that calls it', async () => {
  const { judged: [first] } = await checkText(`${WORLD}
proc twice() { x = 1  x = 2 }
thread t { step "all" { twice()  twice() } }
scenario s { t }`);
  assert.equal(first?.judgement.violations.length, 1);
});

test('the words are of the statement, not of the step', async () => {
  const report = await checkText(`${WORLD}
thread t { acquire m  step "all at once" { x = 3  flag = true  x = x + 1 }  release m }
scenario s { t }`);
  const [problem] = problemsOf(report).filter(({ code }) => code === 'range');
  assert.match(problem?.message ?? '', /`x = x \+ 1` leaves the range of `x`/);
  const broken = await checkText(`${WORLD}
thread t { step "all at once" { flag = true  assert !flag } }
scenario s { t }`);
  const [assertion] = problemsOf(broken).filter(({ code }) => code === 'assert');
  assert.match(assertion?.message ?? '', /!flag/);
});
