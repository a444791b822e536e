// `mmlock check --format sarif|junit|github`: what a CI system is told, from outside.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log, Result } from 'sarif';
import { sarifLog } from '../server/src/service/report/sarif.ts';
import { folderWith, mmlock } from './support/cli.ts';

const RACY = `shared x: bool
thread t { x = true }
/// Quotes and percent signs have to survive: "100%" <&>.
scenario racy "a <title> & \\"quotes\\"" { t x 2 }
scenario known { t x 2  expect fails data_race(x) }
scenario quiet { t }
scenario wrong { t  expect fails data_race }
`;
const ASSERTS = `thread t { assert false, "50% <of> it, \\"all\\": lost" }
scenario s { t }
`;
const BROKEN = `lock m: mutex
thread t { acquire n }
thread u { acquire m  release m }
scenario bad { t }
scenario good { u }
`;
const LONG = 'shared x: 0..9\nthread t { for i in 0..9 { x = i } }\nscenario long { t }\n';
const LOOP = `shared x: bool
thread t { loop { WRITE_ONCE(x, !READ_ONCE(x)) } }
eventually never_so: false
scenario s { t }
`;
const folder = folderWith({
  'racy.mmlock': RACY, 'asserts.mmlock': ASSERTS, 'broken.mmlock': BROKEN, 'long.mmlock': LONG,
  'loop.mmlock': LOOP, 'a b.mmlock': RACY,
  'warns.mmlock': 'lock m: rwsem\nscenario s { t }\n'
    + 'thread t { acquire read m  acquire read m  release m  release m }\n',
  'alone.mmlock': 'lock m: mutex\nthread u { release m }\nthread t { acquire m  release m }\n'
    + 'scenario fine { t }\n',
});

function isLog(value: unknown): value is Log {
  return typeof value === 'object' && value !== null && 'runs' in value;
}

async function sarif(...args: readonly string[]) {
  const { out, status } = await mmlock(folder, 'check', '--format', 'sarif', ...args);
  const log: unknown = JSON.parse(out);
  assert.ok(isLog(log));
  const [run] = log.runs;
  assert.ok(run !== undefined && log.runs.length === 1);
  return { log, run, results: run.results ?? [], status };
}

/** Compiles only while what is printed is a log by the types of SARIF 2.1.0. */
const typed = (input: Parameters<typeof sarifLog>[0]): Log => sarifLog(input);

test('sarif: an empty log is one', () => {
  const log = typed({ version: '1.2.3', exitCode: 0, reports: [], unread: [] });
  assert.equal(log.version, '2.1.0');
  assert.deepEqual(log.runs[0]?.results, []);
});

test('sarif: every result has its rule, and a rule its page', async () => {
  const { run, results, status } = await sarif('racy.mmlock', 'asserts.mmlock', 'broken.mmlock');
  assert.equal(status, 2);
  assert.equal(run.invocations?.[0]?.exitCode, 2);
  const rules = run.tool.driver.rules ?? [];
  assert.ok(results.length >= 5);
  for (const result of results) {
    const rule = rules[result.ruleIndex ?? -1];
    assert.equal(rule?.id, result.ruleId);
    assert.match(rule?.helpUri ?? '', new RegExp(`/docs/diagnostics/${result.ruleId}\\.md$`));
  }
});

test('sarif: the run in one thread flow, then one thread flow a thread', async () => {
  const { results } = await sarif('racy.mmlock', '--scenario', 'racy');
  const race = results.find(({ ruleId }) => ruleId === 'data_race');
  assert.equal(race?.level, 'error');
  const [merged, byThread] = race?.codeFlows ?? [];
  assert.equal(merged?.threadFlows.length, 1);
  assert.deepEqual(byThread?.threadFlows.map(({ id }) => id), ['t#1', 't#2']);
  const orders = (flows: typeof byThread): (number | undefined)[] =>
    (flows?.threadFlows ?? []).flatMap(({ locations }) =>
      locations.map(({ executionOrder }) => executionOrder));
  const all = orders(merged);
  assert.ok(all.length > 0 && all.every((order, i) => order === i + 1));
  assert.deepEqual(orders(byThread).sort(), all);
});

/** What the schema demands beyond types: lower bounds, relative URIs, no empty flows. */
function holdsRules(result: Result): void {
  assert.ok((result.message.text ?? '').length > 0);
  const places = [
    ...result.locations ?? [], ...result.relatedLocations ?? [],
    ...(result.codeFlows ?? []).flatMap(({ threadFlows }) => {
      assert.ok(threadFlows.length > 0);
      return threadFlows.flatMap(({ locations }) => {
        assert.ok(locations.length > 0);
        return locations.flatMap(({ location }) => location ?? []);
      });
    }),
  ];
  for (const { physicalLocation } of places) {
    const { artifactLocation, region } = physicalLocation ?? {};
    assert.match(artifactLocation?.uri ?? '', /^[\w./%-]+$/);
    const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region ?? {};
    assert.ok(startLine >= 1 && startColumn >= 1);
    assert.ok(endLine > startLine || (endLine === startLine && endColumn >= startColumn));
  }
}

test('sarif: places and flows keep the rules of the schema', async () => {
  const { results } = await sarif('racy.mmlock', 'loop.mmlock', 'broken.mmlock', 'a b.mmlock',
    'warns.mmlock', 'long.mmlock', '--max-states', '40');
  assert.ok(results.length > 6);
  results.forEach(holdsRules);
  assert.ok(results.some(({ level }) => level === 'warning'));
});

test('sarif: what is expected is a note, and suppressed by the text itself', async () => {
  const { results, status } = await sarif('racy.mmlock', '--scenario', 'known');
  assert.equal(status, 0);
  assert.deepEqual(results.map(({ level, suppressions }) => [level, suppressions?.[0]?.kind]),
    [['note', 'inSource']]);
});

test('sarif: a file that cannot be read makes the call unsuccessful', async () => {
  const { run, status } = await sarif('nothing.mmlock');
  assert.equal(status, 2);
  assert.equal(run.invocations?.[0]?.executionSuccessful, false);
  assert.match(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text ?? '',
    /nothing\.mmlock: no such file/);
});

const junit = async (...args: readonly string[]): Promise<string> =>
  (await mmlock(folder, 'check', '--format', 'junit', ...args)).out;

const CASE = /<testcase name="([^"]*)"[^>]*line="(\d+)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** `name@line: element`, the element that says how it went. */
function cases(xml: string): readonly string[] {
  return [...xml.matchAll(CASE)].map(([, name, line, inner = '']) =>
    `${name}@${line}: ${/<(failure|error)/.exec(inner)?.[1] ?? 'passed'}`);
}

test('junit: a case a scenario, and only the unmet ones fail', async () => {
  const xml = await junit('racy.mmlock');
  assert.deepEqual(cases(xml),
    ['racy@4: failure', 'known@5: passed', 'quiet@6: passed', 'wrong@7: failure']);
  assert.match(xml, /<testsuite name="racy\.mmlock" tests="4" failures="2" errors="0"/);
  assert.match(xml,
    /<failure type="data_race" message="racy: expected to be safe, but found data_race\(x\)">/);
  assert.match(xml, /^racy\.mmlock:2:12: error: data_race\(x\): `x` is written here/m);
  assert.doesNotMatch(xml.replaceAll(/<[^>]*>/g, ''), /[<>]/);
});

test('junit: what is unknown, broken or unread is never a pass', async () => {
  assert.deepEqual(cases(await junit('long.mmlock', '--max-states', '2')), ['long@3: error']);
  assert.deepEqual(cases(await junit('broken.mmlock')), ['bad@4: error', 'good@5: passed']);
  assert.deepEqual(cases(await junit('alone.mmlock')),
    ['the file itself@1: error', 'fine@4: passed']);
  assert.match(await junit('nothing.mmlock'), /<error type="use" message="no such file"\/>/);
});

const github = async (...args: readonly string[]): Promise<readonly string[]> =>
  (await mmlock(folder, 'check', '--format', 'github', ...args)).out.split('\n').slice(0, -1);

test('github: one annotation for each place, with the run', async () => {
  const lines = await github('racy.mmlock');
  assert.equal(lines.length, 3, lines.join('\n'));
  assert.match(lines[0] ?? '', new RegExp('^::error file=racy\\.mmlock,line=2,endLine=2,'
    + 'col=12,endColumn=\\d+,title=mmlock%3A data_race\\(x\\)::'));
  assert.match(lines[0] ?? '', /%0Ain racy:%0A +t#1 +t#2%0A/);
  assert.match(lines[1] ?? '', /line=4,.*title=mmlock%3A expectation::racy: expected/);
  assert.match(lines[2] ?? '', /line=7,.*title=mmlock%3A expectation::wrong: /);
});

test('github: warnings, errors of reading, and nothing where all is as expected', async () => {
  assert.match((await github('warns.mmlock'))[0] ?? '', /^::warning file=warns\.mmlock,line=3,/);
  assert.match((await github('broken.mmlock'))[0] ?? '', /^::error file=broken\.mmlock,line=2,/);
  assert.deepEqual(await github('racy.mmlock', '--scenario', 'known'), []);
  assert.deepEqual(await github('nothing.mmlock'),
    ['::error file=nothing.mmlock,title=mmlock::no such file']);
});

test('github: percent signs and commas of a message stay what they are', async () => {
  const [line = ''] = await github('asserts.mmlock');
  assert.match(line, /title=mmlock%3A assert::.*50%25 <of> it, /);
});
