// Questions over the files of the workspace that are in no editor: found when they are asked, read
// again when they change, and never behind what a person has not saved.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  FileChangeType, type Location, type Position, type SymbolInformation, type WorkspaceEdit,
} from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING, type TestClient } from './testing.ts';

const TEXT = 'lock big: mutex\nproc take() { acquire big  release big }\n';
const USER = 'file:///dir/user.mmlock';
const USER_TEXT = 'use "../test.mmlock"\nthread t { take() }\nscenario s { t }\n';
const THROUGH = 'file:///dir/through.mmlock';
const STRANGER = 'file:///stranger.mmlock';
const TAKE: Position = { line: 1, character: 6 };

async function opened(): Promise<TestClient> {
  const client = await createClient(PULLING);
  put(client, USER, USER_TEXT);
  put(client, THROUGH, 'use "./user.mmlock"\nthread more { take() }\n');
  put(client, STRANGER, 'proc take() { step "another one" }\n');
  client.open(TEXT);
  await client.pull();
  return client;
}

function put({ disk, workspace }: TestClient, uri: string, text: string): void {
  disk.set(uri, text);
  workspace.add(uri);
}

function ask<T>({ connection }: TestClient, method: string, params: object): Promise<T> {
  return connection.sendRequest(method, { textDocument: { uri: FILE }, ...params });
}

async function references(client: TestClient, position = TAKE, uri = FILE) {
  const found = await ask<Location[]>(client, 'textDocument/references', {
    textDocument: { uri }, position, context: { includeDeclaration: true },
  });
  return found.map((at) => `${at.uri} ${at.range.start.line}`).sort();
}

async function renamed(client: TestClient, newName: string): Promise<readonly string[]> {
  const edit = await ask<WorkspaceEdit>(client, 'textDocument/rename', { position: TAKE, newName });
  return Object.entries(edit.changes ?? {}).flatMap(([uri, edits]) =>
    edits.map(({ range: { start } }) => `${uri} ${start.line}:${start.character}`)).sort();
}

function changed({ connection }: TestClient, uri: string, type: FileChangeType): void {
  void connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
}

test('the workspace is searched for a question about it, once, and for nothing else', async () => {
  const client = await opened();
  await client.hover('take');
  await client.lenses();
  const asked = (): number =>
    client.heard.filter(({ method }) => method === 'mmlock/findFiles').length;
  assert.equal(asked(), 0);
  const all = [`${THROUGH} 1`, `${USER} 1`, `${FILE} 1`];
  assert.deepEqual(await references(client), all);
  assert.deepEqual(await references(client), all);
  assert.equal(asked(), 1);
  const read = client.heard.filter(({ method }) => method === 'mmlock/readFile').length;
  assert.equal(read, 3);
  await client.stop();
});

test('a rename reaches all files that use the name, and means the same in each', async () => {
  const client = await opened();
  assert.deepEqual(await renamed(client, 'grab'),
    [`${THROUGH} 1:14`, `${USER} 1:11`, `${FILE} 1:5`]);
  await assert.rejects(renamed(client, 'more'), /already/);
  assert.deepEqual(await renamed(client, 'stranger'),
    [`${THROUGH} 1:14`, `${USER} 1:11`, `${FILE} 1:5`]);
  await client.stop();
});

test('what changes on the disk counts, whether it was told or not', async () => {
  const client = await opened();
  await references(client);
  client.disk.set(USER, `// one line more\n${USER_TEXT}`);
  assert.equal((await renamed(client, 'grab'))[1], `${USER} 2:11`);
  client.disk.delete(THROUGH);
  changed(client, THROUGH, FileChangeType.Deleted);
  assert.deepEqual(await references(client), [`${USER} 2`, `${FILE} 1`]);
  const fresh = 'file:///fresh.mmlock';
  client.disk.set(fresh, 'use "./test.mmlock"\nthread fresh { take() }\n');
  changed(client, fresh, FileChangeType.Created);
  assert.deepEqual(await references(client), [`${USER} 2`, `${fresh} 1`, `${FILE} 1`]);
  client.disk.set(fresh, '// empty now\n');
  changed(client, fresh, FileChangeType.Changed);
  assert.deepEqual(await references(client), [`${USER} 2`, `${FILE} 1`]);
  await client.stop();
});

test('what is not saved counts, not what lies on the disk', async () => {
  const client = await opened();
  client.open('// nothing here\n', USER);
  assert.deepEqual(await references(client), [`${FILE} 1`]);
  client.open(`\n${USER_TEXT}`, USER);
  assert.deepEqual(await references(client), [`${THROUGH} 1`, `${USER} 2`, `${FILE} 1`]);
  await client.stop();
});

test('symbols of all files, and who calls whom over them', async () => {
  const client = await opened();
  const symbols = await ask<SymbolInformation[]>(client, 'workspace/symbol', { query: 'take' });
  assert.deepEqual(symbols.map(({ location }) => location.uri).sort(), [STRANGER, FILE]);
  const others = await ask<SymbolInformation[]>(client, 'workspace/symbol', { query: 'more' });
  assert.deepEqual(others.map(({ name, location }) => [name, location.uri]), [['more', THROUGH]]);
  const [item] = await ask<object[]>(client, 'textDocument/prepareCallHierarchy',
    { position: TAKE });
  const calls = await ask<{ from: { name: string } }[]>(
    client, 'callHierarchy/incomingCalls', { item });
  assert.deepEqual(calls.map(({ from }) => from.name).sort(), ['more', 't']);
  await client.stop();
});

test('who uses the file that a `use` names', async () => {
  const client = await opened();
  client.open(USER_TEXT, USER);
  put(client, 'memfs:/elsewhere.mmlock', 'use "./test.mmlock"\n');
  assert.deepEqual(await references(client, { line: 0, character: 8 }, USER), [`${USER} 0`]);
  await client.stop();
});
