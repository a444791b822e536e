// A session that compares: an open file with one that only the client can read, and two scenarios;
// what is gained and lost, and the runs to it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { FILE } from '../service/testing.ts';
import type { CompareParams, CompareResult } from './protocol-compare.ts';
import type { RunResult } from './protocol.ts';
import { createClient, PULLING, type TestClient } from './testing.ts';

const COMMON = 'lock m: rwsem\nenum st { there, gone }\n';
const TEXT = `use "./common.mmlock"
lock p: spinlock
shared x: st = there guarded by p
thread unmap { acquire write m  downgrade m  x = gone  release m }
thread fault -> content | never zero {
  acquire read m
  acquire p
  if x == gone { outcome zero } else { outcome content }
  release p
  release m
}
scenario one { unmap  fault }
scenario two { fault }
`;
/** As VS Code names the file at a commit. */
const REF = '?%7B%22path%22%3A%22%2Fdir%2FNAME%22%2C%22ref%22%3A%22HEAD%22%7D';
const HEAD = `git:/dir/a.mmlock${REF.replace('NAME', 'a.mmlock')}`;
const HEAD_COMMON = `git:/dir/common.mmlock${REF.replace('NAME', 'common.mmlock')}`;
const BEFORE = TEXT.replace('acquire write m  downgrade m  x = gone',
  'acquire write m  acquire p  x = gone  release p');
const COMMON_URI = 'file:///common.mmlock';

function ask(client: TestClient, params: CompareParams): Promise<CompareResult> {
  return client.connection.sendRequest('mmlock/compare', params);
}

async function opened(): Promise<TestClient> {
  const client = await createClient(PULLING);
  client.disk.set(COMMON_URI, COMMON);
  client.disk.set(HEAD, BEFORE);
  client.disk.set(HEAD_COMMON, `// of then\n${COMMON}`);
  client.open(TEXT);
  return client;
}
const WITH_HEAD: CompareParams = {
  before: { uri: HEAD, label: 'HEAD' }, after: { uri: FILE, label: 'a.mmlock' },
};

test('an open file with itself at a commit, and what that takes in there', async () => {
  const client = await opened();
  const found = await ask(client, WITH_HEAD);
  assert.ok(found.kind === 'compared', JSON.stringify(found));
  assert.deepEqual([...found.files].sort(), [COMMON_URI, FILE, HEAD, HEAD_COMMON].sort());
  const [one, two] = found.scenarios;
  assert.deepEqual([one?.before.text, two?.before.text, two?.after.text], [
    'fails: forbidden_outcome(zero)', 'safe', 'safe',
  ]);
  assert.notEqual(one?.before.states, one?.after.states);
  assert.deepEqual(two?.changes, []);
  const names = one?.changes.map(({ kind, change, name }) => `${change} ${kind} ${name}`);
  assert.deepEqual(names, [
    'gained violation guard(x)', 'gained violation data_race(x)',
    'lost lock_order p (write) under m (write)',
  ]);
  assert.match(found.text, /^ {2}\+ violation {3}guard\(x\)/m);
  await client.stop();
});

test('each change has a run in the text that has it', async () => {
  const client = await opened();
  const found = await ask(client, WITH_HEAD);
  assert.ok(found.kind === 'compared');
  const run = (change: number, more: object = {}): Promise<RunResult> =>
    client.connection.sendRequest('mmlock/run', {
      uri: FILE, scenario: 'one', kind: 'violation',
      change: { id: found.id, scenario: 0, change }, ...more,
    });
  const gained = await run(0);
  assert.ok(gained.kind === 'run');
  assert.deepEqual([gained.run.uri, gained.run.violations[0]?.code], [FILE, 'guard']);
  assert.equal(gained.run.title, 'new: in a.mmlock, not in HEAD');
  const lost = await run(2);
  assert.ok(lost.kind === 'run');
  assert.deepEqual([lost.run.uri, lost.run.version, lost.run.steps.at(-1)?.uri], [HEAD, 1, HEAD]);
  assert.equal(lost.run.shows, 'p (write) under m (write)');
  assert.deepEqual([lost.run.steps.at(-1)?.text, lost.run.steps.at(-1)?.move],
    ['acquire p', 'next']);
  assert.ok(lost.run.initialState.length > 0);
  const random = await run(2, { kind: 'random', seed: 3 });
  assert.ok(random.kind === 'run');
  assert.deepEqual([random.run.uri, random.run.seed], [HEAD, 3]);
  await ask(client, WITH_HEAD);
  assert.deepEqual(await run(0), { kind: 'none', reason: 'compare again' });
  await client.stop();
});

test('two scenarios of one file', async () => {
  const client = await opened();
  const found = await ask(client, {
    before: { uri: FILE, scenario: 'two', label: 'two' },
    after: { uri: FILE, scenario: 'one', label: 'one' },
  });
  assert.ok(found.kind === 'compared');
  assert.deepEqual(found.scenarios.map(({ before, after }) => [before.scenario, after.scenario]),
    [['two', 'one']]);
  const outcomes = found.scenarios[0]?.changes.filter(({ kind }) => kind === 'outcome');
  assert.deepEqual(outcomes?.map(({ change, name, runs }) => [change, name, runs]),
    [['gained', 'fault = zero', true]]);
  await client.stop();
});

test('what cannot be compared is said', async () => {
  const client = await opened();
  const nowhere = { uri: 'memfs:/nowhere.mmlock', label: 'nowhere' };
  const after = { uri: FILE, label: 'a.mmlock' };
  assert.deepEqual(await ask(client, { before: nowhere, after }),
    { kind: 'none', reason: 'nowhere cannot be read' });
  assert.deepEqual(await ask(client, { before: { ...after, scenario: 'three' }, after }),
    { kind: 'none', reason: 'there is no scenario three in a.mmlock' });
  client.type('acquire read m', 'acquire read q');
  const found = await ask(client, WITH_HEAD);
  assert.ok(found.kind === 'compared');
  assert.equal(found.scenarios[0]?.after.text, 'not checked (errors)');
  await client.stop();
});
