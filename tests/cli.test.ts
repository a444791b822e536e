// The command line from outside: exit statuses, the text, the JSON, what is bad usage.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith, mmlock } from './support/cli.ts';

const SAFE = 'lock m: mutex\nthread t { acquire m  release m }\nscenario fine { t x 2 }\n';
const RACY = `shared x: bool
thread t { x = true }
scenario racy { t x 2 }
`;
const LONG = `shared x: 0..9
thread t { for i in 0..9 { x = i } }
scenario long { t  expect safe }
`;
const HUGE = `shared atomic x: 0..9
type n = 0..9
thread t { let a = any 0..9  loop { x = a  a = any 0..9 } }
scenario long { t x 8 }
`;
const BROKEN = `lock m: mutex
thread t { acquire n }
thread u { acquire m  release m }
scenario bad { t }
scenario good { u }
`;
const folder = folderWith({
  'safe.mmlock': SAFE, 'racy.mmlock': RACY, 'long.mmlock': LONG, 'broken.mmlock': BROKEN,
  'alone.mmlock': `${SAFE}thread u { release m }\n`,
  'huge.mmlock': HUGE, 'marked.mmlock': '\uFEFFlock a: b\n  lock c: mutex\n',
  'tree/b.mmlock': SAFE, 'tree/a/c.mmlock': SAFE, 'tree/readme.txt': 'none', 'empty/x.txt': '',
  'user.mmlock': 'use "./common.mmlock"\nscenario s { t }\n',
  'common.mmlock': 'shared x: 0..1\nthread t { x = 2 }\n',
});

const exits = (title: string, status: number, ...args: readonly string[]): void => {
  test(`exit ${status}: ${title}`, async () => {
    const ran = await mmlock(folder, ...args);
    assert.equal(ran.status, status, ran.out + ran.error);
  });
};

exits('as expected', 0, 'check', 'safe.mmlock');
exits('not as expected', 1, 'check', 'racy.mmlock');
exits('an error in the file', 2, 'check', 'broken.mmlock');
exits('an error in a thread that no scenario runs', 2, 'check', 'alone.mmlock');
exits('time is up', 3, 'check', 'huge.mmlock', '--time-limit', '0.2');
exits('a limit', 3, 'check', 'long.mmlock', '--max-states', '2');
exits('no such file', 2, 'check', 'nothing.mmlock');
exits('a file below a file', 2, 'check', 'safe.mmlock/x.mmlock');
exits('an empty name', 2, 'check', '');
exits('the worst of several: 1 before 3', 1,
  'check', 'racy.mmlock', 'long.mmlock', '--max-states', '2');
exits('the worst of several: 2 before 1', 2, 'check', 'racy.mmlock', 'broken.mmlock');
exits('one scenario of a file with errors', 2, 'check', 'broken.mmlock', '--scenario', 'good');
exits('a folder', 0, 'check', 'tree');
exits('a folder without files', 2, 'check', 'empty');
exits('no such scenario', 2, 'check', 'safe.mmlock', '--scenario', 'nothing');
exits('a format that is no format', 2, 'check', 'safe.mmlock', '--format', 'xml');
exits('nothing to check, whatever the jobs', 2, 'check', '--jobs', '2');
exits('an unknown option', 2, 'check', 'safe.mmlock', '--nothing');
exits('a number that is none', 2, 'check', 'safe.mmlock', '--max-states', 'many');
exits('no command', 2);
exits('no such command', 2, 'frobnicate');
exits('no file', 2, 'check');
exits('help', 0, '--help');
exits('help of a command', 0, 'check', '--help');
exits('version', 0, '--version');
exits('reduction is off already', 0, 'check', 'safe.mmlock', '--no-reduction', '--stats');
exits('jobs', 0, 'check', 'tree', 'safe.mmlock', '--jobs', '2');
exits('simulate', 0, 'simulate', 'safe.mmlock', '--scenario', 'fine', '--seed', '7');
exits('simulate without a scenario', 2, 'simulate', 'safe.mmlock');
exits('simulate: a schedule that cannot be', 2,
  'simulate', 'safe.mmlock', '--scenario', 'fine', '--schedule', 't1 t1 t1 t1 t1');
exits('simulate: a schedule that names nobody', 2,
  'simulate', 'safe.mmlock', '--scenario', 'fine', '--schedule', 'nobody');

test('bad usage is one sentence on standard error', async () => {
  const { out, error } = await mmlock(folder, 'check', 'safe.mmlock', '--nothing');
  assert.equal(out, '');
  assert.match(error, /^mmlock: unknown option '--nothing'; try mmlock --help\n$/);
});

test('text: the place, the columns, one line a scenario', async () => {
  const { out, error } = await mmlock(folder, 'check', 'racy.mmlock');
  assert.equal(error, '');
  const lines = out.split('\n');
  assert.match(lines[0] ?? '', /^racy\.mmlock:2:12: error: data_race\(x\): `x` is written here /);
  assert.ok(lines.some((line) => /^ +t#1 +t#2$/.test(line)), out);
  assert.ok(lines.some((line) => line.startsWith('  * ')), out);
  assert.ok(lines.some((line) => /^racy {2}fails: data_race\(x\) .* NOT as expected$/.test(line)));
  assert.ok(lines.every((line) => line.length <= 78), out);
});

test('text: unaffected scenarios of a file with errors are checked', async () => {
  const { out } = await mmlock(folder, 'check', 'broken.mmlock');
  assert.match(out, /^broken\.mmlock:2:20: error: name: /);
  assert.match(out, /^good +safe .* as expected$/m);
});

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value's shape, written like it: `number`, `[shape]`, `{ name: shape }`, `a|b` strings. */
function fits(value: unknown, shape: unknown, path: string): void {
  if (Array.isArray(shape)) {
    assert.ok(Array.isArray(value), `${path} is a list`);
    if (Array.isArray(value)) value.forEach((it, i) => fits(it, shape[0], `${path}[${i}]`));
  } else if (isObject(shape)) {
    assert.ok(isObject(value), `${path} is an object`);
    if (!isObject(value)) return;
    for (const key of Object.keys(shape)) fits(value[key], shape[key], `${path}.${key}`);
  } else if (String(shape).includes('|')) {
    assert.ok(String(shape).split('|').includes(String(value)), `${path}: ${String(value)}`);
  } else {
    assert.equal(typeof value, shape, path);
  }
}

const POSITION = { line: 'number', column: 'number' };
const RANGE = { start: POSITION, end: POSITION };
const SHAPE = {
  version: 'number',
  files: [{
    path: 'string',
    problems: [{ code: 'string', severity: 'error|warning|information|hint', message: 'string',
      range: RANGE }],
    scenarios: [{
      name: 'string', verdict: 'safe|violated|unknown', expectation: 'met|unmet|unknown',
      states: 'number', transitions: 'number', depth: 'number', elapsedMs: 'number',
      reduction: 'string', outcomes: [{}],
      violations: [{
        code: 'string', message: 'string', range: RANGE, schedule: 'string',
        trace: [{ thread: 'string', text: 'string', range: RANGE, changes: {} }],
      }],
    }],
    workloads: [],
  }],
};

async function json(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { out } = await mmlock(folder, 'check', '--format', 'json', ...args);
  const value: unknown = JSON.parse(out);
  assert.ok(isObject(value));
  fits(value, SHAPE, 'json');
  return value;
}

test('json: one object of the documented shape', async () => {
  const value = await json('racy.mmlock', 'broken.mmlock', 'safe.mmlock', 'nothing.mmlock');
  assert.equal(value['version'], 1);
  assert.ok(Array.isArray(value['files']));
});

test('a byte order mark is no column; fmt keeps it', async () => {
  const ran = await mmlock(folder, 'check', 'marked.mmlock', '--format', 'json');
  assert.match(ran.out, /"line": 1,\s*"column": 9\b/);
  const formatted = await mmlock(folder, 'fmt', 'marked.mmlock');
  assert.equal(formatted.out.trim(), 'marked.mmlock');
  const text = readFileSync(join(folder, 'marked.mmlock'), 'utf8');
  assert.equal(text, '\uFEFFlock a: b\nlock c: mutex\n');
  const broken = folderWith({ 'a.mmlock': '\uFEFFlock m mutex\n' });
  const { error } = await mmlock(broken, 'fmt', 'a.mmlock');
  assert.match(error, /^a\.mmlock:1:6: error: syntax: /);
});

test('what cannot be read is told of each, and the rest is checked', async () => {
  const ran = await mmlock(folder, 'check', 'safe.mmlock', 'safe.mmlock/x', '--format', 'json');
  assert.match(ran.out, /"message": "no such file"/);
  assert.match(ran.out, /"verdict": "safe"/);
});

test('json: places of a used file say whose they are', async () => {
  const text = JSON.stringify(await json('user.mmlock'));
  assert.match(text, /"code":"range","subject":"x"/);
  assert.match(text, /"path":"common\.mmlock"/);
});

test('simulate: the schedule that check prints replays the run', async () => {
  const { out } = await mmlock(folder, 'check', 'user.mmlock');
  const schedule = /--schedule "([^"]*)"/.exec(out)?.[1];
  assert.ok(schedule !== undefined, out);
  const ran = await mmlock(folder, 'simulate', 'user.mmlock', '--scenario', 's',
    '--schedule', schedule ?? '');
  assert.equal(ran.status, 1, ran.out + ran.error);
  assert.match(ran.out, /^step 1: range\(x\): t assigns `x` 2, outside 0\.\.1$/m);
});

test('simulate: the same seed gives the same run', async () => {
  const run = () => mmlock(folder, 'simulate', 'safe.mmlock', '--scenario', 'fine', '--seed', '3');
  const [first, second] = [await run(), await run()];
  assert.equal(first.out, second.out);
  assert.match(first.out, /all threads are done after [0-9]+ steps/);
});

test('export: a Promela model with the lines of the spec', async () => {
  const model = await mmlock(folder, 'export', 'safe.mmlock', '--scenario', 'fine');
  assert.equal(model.status, 0);
  assert.match(model.out, /safe\.mmlock, scenario fine/);
  assert.match(model.out, /proctype/);
  assert.match(model.out, /safe\.mmlock:2/);
  const none = await mmlock(folder, 'export', 'safe.mmlock', '--scenario', 'no', '--to', 'promela');
  assert.deepEqual([none.status, none.out], [2, '']);
  const later = await mmlock(folder, 'export', 'safe.mmlock', '--scenario', 'fine', '--to', 'tla');
  assert.match(later.error, /not there yet/);
});

test('fmt: writes what it changed, and --check only names it', async () => {
  const messy = folderWith({ 'a.mmlock': 'lock  m:mutex\n', 'b.mmlock': SAFE });
  const checked = await mmlock(messy, 'fmt', '--check', '.');
  assert.deepEqual([checked.status, checked.out], [1, 'a.mmlock\n']);
  assert.equal(readFileSync(join(messy, 'a.mmlock'), 'utf8'), 'lock  m:mutex\n');
  const done = await mmlock(messy, 'fmt', 'a.mmlock', 'b.mmlock');
  assert.deepEqual([done.status, done.out], [0, 'a.mmlock\n']);
  assert.equal(readFileSync(join(messy, 'a.mmlock'), 'utf8'), 'lock m: mutex\n');
});

test('fmt: what cannot be read is told and stays', async () => {
  const text = 'lock  m:mutex\nthread t  { x = = 1 }\n';
  const broken = folderWith({ 'a.mmlock': text });
  const ran = await mmlock(broken, 'fmt', 'a.mmlock');
  assert.equal(ran.status, 2);
  assert.match(ran.error, /^a\.mmlock:2:[0-9]+: error: syntax: /);
  assert.equal(readFileSync(join(broken, 'a.mmlock'), 'utf8'),
    'lock m: mutex\nthread t  { x = = 1 }\n');
});
