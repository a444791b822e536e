// The protocol, spoken once from beginning to end, and what depends on the client's abilities.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ErrorCodes } from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import type { RunResult, StatusParams } from './protocol.ts';
import { createClient, items, PULLING, settled, until } from './testing.ts';

const RACY = `/// Written by all.
shared x: 0..3 = 0
thread t { x = 1 }
scenario s "two writers" { t t }
`;

test('a session: open, two stages, hover, lenses, a run, typing, closing', async () => {
  const client = await createClient(PULLING);
  assert.equal(client.result.capabilities.diagnosticProvider !== undefined, true);
  client.open(RACY);
  const first = await client.pull();
  assert.equal((await client.lenses())[0], 'Simulate');
  const second = items(first).length > 0 ? first : await settled(client);
  const [race, unmet] = items(second);
  assert.equal(unmet?.code, 'expectation');
  assert.deepEqual([race?.code, race?.severity, race?.range.start.line], ['data_race', 1, 2]);
  assert.match(race?.codeDescription?.href ?? '', /docs\/diagnostics\/data_race\.md$/);
  assert.ok((race?.relatedInformation ?? []).length > 0);
  assert.equal((await client.pull(second.resultId)).kind, 'unchanged');
  assert.match((await client.lenses())[1] ?? '', /^fails: data_race\(x\)/);
  assert.match(await client.hover('x = 1'), /Holds no lock[^]*shared x: 0\.\.3 = 0[^]*Written by/);

  const run: RunResult = await client.connection.sendRequest('mmlock/run',
    { uri: FILE, scenario: 's', kind: 'violation' });
  assert.ok(run.kind === 'run');
  assert.deepEqual(run.run.lanes, ['t#1', 't#2']);
  assert.deepEqual(run.run.steps.map(({ move, line }) => `${move} ${line}`), ['next 2', 'next 2']);
  assert.deepEqual([run.run.shown, run.run.violations[0]?.code], [0, 'data_race']);

  client.type('x = 1', 'WRITE_ONCE(x, 1)');
  assert.deepEqual(items(await client.pull(second.resultId)), []);
  assert.equal((await client.lenses())[1], 'checking…');
  await client.next('workspace/codeLens/refresh');
  assert.match((await client.lenses())[1] ?? '', /^safe · /);
  client.type('{ t t }', '{ t tt }');
  assert.deepEqual(items(await client.pull()).map(({ code }) => code), ['name']);
  assert.equal((await client.lenses())[1], 'not checked: the file has errors here');
  client.type('t tt', 't t');
  const third = await client.pull();
  assert.deepEqual(items(third), []);
  client.type('WRITE_ONCE(x, 1)', 'x = 2');
  assert.deepEqual(items(await client.pull(third.resultId)), []);
  await client.next('workspace/diagnostic/refresh');
  assert.equal(items(await client.pull(third.resultId)).length, 2);
  const status = client.heard.filter(({ method }) => method === 'mmlock/status').at(-1);
  assert.equal((status?.params as StatusParams).uri, FILE);

  await client.connection.sendNotification('textDocument/didClose',
    { textDocument: { uri: FILE } });
  assert.deepEqual(items(await client.pull()), []);
  assert.deepEqual(await client.lenses(), []);
  assert.equal(client.heard.some(({ method }) => method.includes('publishDiagnostics')), false);
  await client.stop();
});

test('a client that cannot pull is pushed to, and a closed file is cleared', async () => {
  const client = await createClient({});
  assert.equal(client.result.capabilities.diagnosticProvider, undefined);
  client.open(RACY);
  // More often than it changes, and one may come before another is waited for.
  const pushed = (expected: string): Promise<void> =>
    until(client, 'textDocument/publishDiagnostics', (params) =>
      (params as { diagnostics: { code: string }[] }).diagnostics
        .map(({ code }) => code).join() === expected);
  await pushed('data_race,expectation');
  await client.connection.sendNotification('textDocument/didClose',
    { textDocument: { uri: FILE } });
  await pushed('');
  assert.equal(client.heard.some(({ method }) => method.includes('refresh')), false);
  await client.stop();
});

test('a second first word, and questions after the last, are refused', async () => {
  const client = await createClient({});
  const { connection } = client;
  const again = { processId: null, rootUri: null, capabilities: {} };
  const refused = { code: ErrorCodes.InvalidRequest };
  await assert.rejects(connection.sendRequest('initialize', again), refused);
  await connection.sendRequest('shutdown');
  const asked = connection.sendRequest('textDocument/documentSymbol',
    { textDocument: { uri: FILE } });
  await assert.rejects(asked, refused);
  connection.dispose();
});

test('a used file is asked of the client', async () => {
  const client = await createClient(PULLING);
  client.disk.set('file:///common.mmlock', 'thread t { step "x" }\n');
  client.open('use "./common.mmlock"\nscenario s { t }\n');
  assert.deepEqual(items(await client.pull()), []);
  client.open('use "./missing.mmlock"\nscenario s { t }\n');
  assert.deepEqual(items(await client.pull()).map(({ code }) => code), ['use']);
  await client.stop();
});

test('a used file is the same however the client escapes its name', async () => {
  const client = await createClient({});
  const [user, raw] = ['file:///work/user.mmlock', 'file:///work/a+b (1).mmlock'];
  client.disk.set('file:///work/a%2Bb%20%281%29.mmlock', 'lock m: mutex\n');
  const seen = (wanted: readonly string[]): Promise<void> =>
    until(client, 'textDocument/publishDiagnostics', (params) => {
      const { uri, diagnostics } = params as { uri: string; diagnostics: { code: string }[] };
      return uri === user && diagnostics.map(({ code }) => code).join() === wanted.join();
    });
  client.open('use "a+b (1).mmlock"\nthread t { acquire m }\n', user);
  await seen(['lock_held_at_exit']);
  client.open('lock other: mutex\n', raw);
  await seen(['name']);
  await client.connection.sendNotification('textDocument/didClose',
    { textDocument: { uri: raw } });
  await seen(['lock_held_at_exit']);
  client.disk.set('file:///work/a%2Bb%20%281%29.mmlock', 'lock other: mutex\n');
  await client.connection.sendNotification('workspace/didChangeWatchedFiles',
    { changes: [{ uri: raw, type: 2 }] });
  await seen(['name']);
  await client.stop();
});

test('a run of a scenario that is not there, or has errors, says why there is none', async () => {
  const client = await createClient(PULLING);
  client.open('scenario s { nobody }\n');
  const ask = (scenario: string): Promise<RunResult> => client.connection.sendRequest('mmlock/run',
    { uri: FILE, scenario, kind: 'violation' });
  assert.deepEqual(await ask('zz'), { kind: 'none', reason: 'there is no scenario zz' });
  assert.deepEqual(await ask('s'),
    { kind: 'none', reason: 's cannot be run: the file has errors here' });
  await client.stop();
});

test('settings arrive at the start and later', async () => {
  const check = { when: 'manual', maxStates: 10, maxMemory: 64, timeLimit: 1 };
  const client = await createClient(PULLING, { settings: { check } });
  client.open(RACY);
  const lenses = await client.lenses();
  assert.deepEqual(lenses.slice(0, 2), ['Simulate', 'not checked yet']);
  await client.connection.sendNotification('workspace/didChangeConfiguration',
    { settings: { mmlock: { check: { ...check, when: 'onType' } } } });
  await client.next('workspace/codeLens/refresh');
  assert.match((await client.lenses())[1] ?? '', /^fails/);
  await client.stop();
});
