// The service with a checker that answers when it is told to: nothing stale is shown as current,
// edits cancel what they make stale, checks wait for a pause, and dependents follow.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Check } from '../features/snapshot.ts';
import { DEBOUNCE_MS, DEFAULT_SETTINGS } from './settings.ts';
import { createBench, FILE, type Bench } from './testing.ts';

const RACY = 'shared x: 0..3 = 0\nthread t { x = 1 }\nscenario s { t t }\n';
const SAFE = RACY.replace('s { t t }', 's { t }');

function checks({ workspace }: Bench, file = FILE): readonly Check[] {
  const snapshot = workspace.snapshot(file);
  assert.ok(snapshot !== null);
  return snapshot.checks;
}

function kinds(bench: Bench): string {
  return checks(bench).map(({ kind }) => kind).join(' ');
}

function verdicts(bench: Bench): string {
  return checks(bench).map((check) =>
    check.kind === 'judged' ? check.judgement.verdict : check.kind).join(' ');
}

/** Replaces `before` by `after` as an editor would. */
function edit(bench: Bench, before: string, after: string): void {
  const text = bench.workspace.text(FILE) ?? '';
  const start = text.indexOf(before);
  assert.ok(start >= 0, `no ${before}`);
  const version = (bench.workspace.snapshot(FILE)?.version ?? 0) + 1;
  bench.workspace.edit(FILE, version, [{ start, end: start + before.length, text: after }]);
}

async function opened(text: string): Promise<Bench> {
  const bench = createBench({ atOnce: false });
  bench.workspace.open(FILE, 1, text);
  await bench.settle();
  return bench;
}

test('an opened file is checked, and says so meanwhile', async () => {
  const bench = createBench({ atOnce: false });
  bench.workspace.open(FILE, 1, RACY);
  assert.equal(kinds(bench), 'checking');
  await bench.settle();
  assert.equal(bench.checker.given.length, 1);
  bench.checker.given[0]?.answer();
  await bench.settle();
  assert.equal(verdicts(bench), 'violated');
  assert.deepEqual(bench.changes.at(-1), { file: FILE, settled: true });
});

test('checks wait for a pause in typing', async () => {
  const bench = await opened(SAFE);
  bench.checker.given[0]?.answer();
  await bench.settle();
  for (const value of ['2', '3', '0']) {
    edit(bench, /x = \d \}/.exec(bench.workspace.text(FILE) ?? '')?.[0] ?? '', `x = ${value} }`);
    bench.clock.advance(DEBOUNCE_MS - 1);
  }
  assert.equal(bench.checker.given.length, 1);
  assert.equal(kinds(bench), 'checking');
  bench.clock.advance(1);
  assert.equal(bench.checker.given.length, 2);
});

test('an edit cancels what it makes stale, and the stale answer is not shown', async () => {
  const bench = await opened(RACY);
  edit(bench, 't t }', 't }');
  await bench.settle();
  const [first, second] = bench.checker.given;
  assert.deepEqual([first?.cancelled, second?.cancelled], [true, false]);
  first?.answer();
  await bench.settle();
  assert.equal(kinds(bench), 'checking');
  second?.answer();
  await bench.settle();
  assert.equal(verdicts(bench), 'safe');
});

test('an answer that arrives between the edit and the pause is not shown either', async () => {
  const bench = await opened(RACY);
  edit(bench, 't t }', 't }');
  bench.checker.given[0]?.answer();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(kinds(bench), 'checking');
});

test('a comment checks nothing again, and the verdict stays', async () => {
  const bench = await opened(RACY);
  bench.checker.given[0]?.answer();
  await bench.settle();
  edit(bench, 'thread t', '// What t does.\nthread t');
  assert.equal(verdicts(bench), 'violated');
  await bench.settle();
  assert.equal(bench.checker.given.length, 1);
});

test('a comment typed while it is checked does not start it anew', async () => {
  const bench = await opened(RACY);
  edit(bench, 'thread t', '// What t does.\nthread t');
  await bench.settle();
  assert.deepEqual(bench.checker.given.map(({ cancelled }) => cancelled), [false]);
  bench.checker.given[0]?.answer();
  await bench.settle();
  assert.equal(verdicts(bench), 'violated');
});

test('a renamed variable keeps its verdict under its new name', async () => {
  const bench = await opened(RACY);
  bench.checker.given[0]?.answer();
  await bench.settle();
  edit(bench, 'shared x', 'shared y');
  edit(bench, '{ x = 1', '{ y = 1');
  const [check] = checks(bench);
  assert.ok(check?.kind === 'judged');
  assert.deepEqual(check.judgement.violations.map(({ subject }) => subject), ['y']);
  await bench.settle();
  assert.equal(bench.checker.given.length, 1);
});

test('undo finds the verdict again', async () => {
  const bench = await opened(RACY);
  bench.checker.given[0]?.answer();
  await bench.settle();
  edit(bench, 't t }', 't }');
  await bench.settle();
  edit(bench, '{ t }', '{ t t }');
  assert.equal(verdicts(bench), 'violated');
});

test('what is near the edit is checked first', async () => {
  const many = Array.from({ length: 9 }, (_, i) => `scenario s${i} { ${'t '.repeat(i + 1)}}\n`);
  const bench = await opened(`shared x: 0..3 = 0\nthread t { x = 1 }\n${many.join('')}`);
  edit(bench, 's7 {', 's7 { t');
  await bench.settle();
  for (const given of bench.checker.given.slice(0, 4)) given.answer();
  await bench.settle();
  const threads = bench.checker.given.slice(4, 6).map(({ job }) => job.program.threads.length);
  assert.deepEqual(threads[0], 9);
});

test('manually: nothing is checked until it is asked for', async () => {
  const bench = createBench({ atOnce: true });
  bench.workspace.configure({ ...DEFAULT_SETTINGS, when: 'manual' });
  bench.workspace.open(FILE, 1, RACY);
  await bench.settle();
  assert.deepEqual([kinds(bench), bench.checker.given.length], ['off', 0]);
  bench.workspace.check(FILE);
  await bench.settle();
  assert.equal(verdicts(bench), 'violated');
});

test('on save: an edit is not checked, a save is', async () => {
  const bench = createBench({ atOnce: true });
  bench.workspace.configure({ ...DEFAULT_SETTINGS, when: 'onSave' });
  bench.workspace.open(FILE, 1, RACY);
  await bench.settle();
  edit(bench, 't t }', 't }');
  await bench.settle();
  assert.equal(kinds(bench), 'off');
  bench.workspace.save(FILE);
  await bench.settle();
  assert.equal(verdicts(bench), 'safe');
});

test('a demand is met whatever the settings say, for that scenario alone', async () => {
  const bench = createBench({ atOnce: true });
  bench.workspace.configure({ ...DEFAULT_SETTINGS, when: 'manual' });
  bench.workspace.open(FILE, 1, `${RACY}scenario other { t }\n`);
  let met = false;
  void bench.workspace.demand(FILE, 's').then(() => {
    met = true;
  });
  await bench.settle();
  assert.deepEqual([met, verdicts(bench)], [true, 'violated off']);
  await bench.workspace.demand(FILE, 'nowhere');
  await bench.workspace.demand('file:///closed.mmlock', 's');
});

test('other limits are another question where the answer was cut short', async () => {
  const bench = createBench();
  const limit = async (maxStates: number): Promise<string> => {
    const limits = { ...DEFAULT_SETTINGS.limits, maxStates };
    bench.workspace.configure({ ...DEFAULT_SETTINGS, limits });
    await bench.settle();
    return `${verdicts(bench)} ${bench.checker.given.length}`;
  };
  bench.workspace.open(FILE, 1, SAFE);
  assert.equal(await limit(1), 'unknown 1');
  assert.equal(await limit(1000), 'safe 2');
  assert.equal(await limit(1), 'safe 2');
});

test('refines waits for the other, and its own question is searched', async () => {
  const bench = createBench({ atOnce: true });
  const text = `shared x: 0..3 = 0
thread a -> fine | bad { if x == 0 { outcome fine } else { outcome bad } }
thread b { WRITE_ONCE(x, 1) }
scenario wide { a b expect refines narrow }
scenario narrow { a }
`.replace('if x', 'if READ_ONCE(x)');
  bench.workspace.open(FILE, 1, text);
  await bench.settle();
  const [wide] = checks(bench);
  assert.ok(wide?.kind === 'judged');
  const told = wide.judgement.violations.find(({ code }) => code === 'refines');
  assert.ok(told !== undefined && told.trace.length > 0);
});

test('closing ends its checks', async () => {
  const bench = await opened(RACY);
  bench.workspace.close(FILE);
  assert.equal(bench.checker.given[0]?.cancelled, true);
  assert.equal(bench.workspace.snapshot(FILE), null);
});

test('a used file is read from the host, and an open one wins', async () => {
  const bench = createBench({ atOnce: true });
  const common = 'file:///common.mmlock';
  bench.disk.set(common, 'shared x: 0..3 = 0\nthread t { x = 1 }\n');
  bench.workspace.open(FILE, 1, 'use "./common.mmlock"\nscenario s { t t }\n');
  await bench.workspace.complete(FILE);
  await bench.settle();
  assert.equal(verdicts(bench), 'violated');
  bench.workspace.open(common, 1, 'shared x: 0..3 = 0\nthread t { WRITE_ONCE(x, 1) }\n');
  await bench.settle();
  assert.equal(verdicts(bench), 'safe');
  bench.workspace.close(common);
  await bench.settle();
  assert.equal(verdicts(bench), 'violated');
});

test('a used file that is not there is a problem, and is found once it is', async () => {
  const bench = createBench({ atOnce: true });
  bench.workspace.open(FILE, 1, 'use "./common.mmlock"\nscenario s { t }\n');
  await bench.workspace.complete(FILE);
  const codes = bench.workspace.snapshot(FILE)?.problems.map(({ code }) => code);
  assert.deepEqual(codes, ['use']);
  bench.disk.set('file:///common.mmlock', 'thread t { step "x" }\n');
  bench.workspace.changedOutside('file:///common.mmlock');
  bench.workspace.snapshot(FILE);
  await bench.workspace.complete(FILE);
  await bench.settle();
  assert.equal(verdicts(bench), 'safe');
});
