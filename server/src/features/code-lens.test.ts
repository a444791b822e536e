// The table of lenses: what each state of a check says, always on the scenario's own line.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createBench, FILE, searched, type Bench } from '../service/testing.ts';
import { codeLenses } from './code-lens.ts';
import { THIN_SPACE } from './numbers.ts';

const PROLOGUE = `lock L: mutex
shared x: 0..3 = 0
thread writer { x = 1 }
thread locked { acquire L  x = 2  release L }
thread ends -> good | never bad { outcome bad }
`;

function scenario(body: string): string {
  return `${PROLOGUE}scenario s { ${body} }\n`;
}

function titles({ workspace }: Bench): readonly string[] {
  const snapshot = workspace.snapshot(FILE);
  assert.ok(snapshot !== null);
  return codeLenses(snapshot).map(({ title }) => title);
}

function checkLens(body: string, expected: string): void {
  test(body, async () => {
    const bench = createBench();
    bench.workspace.open(FILE, 1, scenario(body));
    await bench.settle();
    const [simulate, verdict] = titles(bench);
    assert.equal(simulate, 'Simulate');
    assert.equal(verdict?.replace(/\d+ states?/, 'N states'), expected);
  });
}

checkLens('locked locked', 'safe · N states · 4 ms');
checkLens('writer writer', 'fails: data_race(x), 2 steps');
checkLens('writer writer expect fails data_race(x)', 'fails as expected: data_race(x), 2 steps');
checkLens('ends', 'fails: forbidden outcome bad, 1 step');
checkLens('ends expect fails', 'fails as expected: forbidden outcome bad, 1 step');
checkLens('locked expect fails', 'not as expected: nothing is violated · N states · 4 ms');
checkLens('writer writer ends', 'fails: data_race(x), 2 steps · 1 more');
checkLens('wroter', 'not checked: the file has errors here');

test('while it is checked, and how far it is', async () => {
  const bench = createBench({ atOnce: false });
  bench.workspace.open(FILE, 1, scenario('locked locked'));
  assert.deepEqual(titles(bench), ['Simulate', 'checking…']);
  await bench.settle();
  bench.checker.given[0]?.progress(3_100_000);
  await bench.settle();
  const space = THIN_SPACE;
  assert.equal(titles(bench)[1], `checking… 3${space}100${space}000 states`);
});

test('each bound is said as it is, and never as safe', async () => {
  const bench = createBench({ atOnce: false });
  const bounds = [
    [{ kind: 'memory', limit: 2 ** 30 }, 'unknown: 1 GiB reached after 7 states'],
    [{ kind: 'states', limit: 7 }, 'unknown: the limit of 7 states reached'],
    [{ kind: 'stopped' }, 'unknown: 60 s passed after 7 states'],
    [{ kind: 'nesting', limit: 7 }, 'unknown: a lock nested deeper than 7'],
  ] as const;
  for (const [i, [bound, expected]] of bounds.entries()) {
    const text = scenario('locked '.repeat(i + 1));
    bench.workspace.open(FILE, 1, text);
    await bench.settle();
    const given = bench.checker.given.at(-1);
    assert.ok(given !== undefined);
    const answer = searched(given.job);
    assert.equal(answer.kind, 'verdict');
    if (answer.kind !== 'verdict') return;
    const verdict = { ...answer.verdict, result: 'unknown', bound, states: 7 } as const;
    given.answer({ ...answer, verdict });
    await bench.settle();
    assert.equal(titles(bench)[1], expected);
  }
});

test('a checker that broke down', async () => {
  const bench = createBench({ atOnce: false });
  bench.workspace.open(FILE, 1, scenario('locked'));
  await bench.settle();
  bench.checker.given[0]?.answer({ kind: 'failed', message: 'it fell' });
  await bench.settle();
  assert.equal(titles(bench)[1], 'unknown: the checker stopped: it fell');
});

test('both lenses stand on the line of the declaration, also in a file with errors', () => {
  const bench = createBench({ atOnce: false });
  bench.workspace.open(FILE, 1, `${PROLOGUE}\nscenario one { locked }\n\nscenario two { locked\n`);
  const snapshot = bench.workspace.snapshot(FILE);
  assert.ok(snapshot !== null);
  const lines = codeLenses(snapshot).map(({ range }) => snapshot.lines.position(range.start).line);
  assert.deepEqual(lines, [6, 6, 8, 8]);
});
