// Problems of files that are in no editor: off until the setting says otherwise, told as they are
// found, again when what they take in changes, and no longer once the file is in an editor.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ProgressType, type ClientCapabilities, type WorkspaceDiagnosticReport,
  type WorkspaceFullDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING, type TestClient } from './testing.ts';

const COMMON = 'shared x: 0..3 = 0\nthread t { x = 1 }\n';
const RACY = 'file:///racy.mmlock';
const RACY_TEXT = 'use "./test.mmlock"\nscenario s { t t }\n';
const TORN = 'file:///torn.mmlock';
const ON = { settings: { check: { workspace: true } } };
const TOLD_LATER: ClientCapabilities = {
  ...PULLING, textDocument: { ...PULLING.textDocument, diagnostic: { dynamicRegistration: true } },
};

async function opened(capabilities: ClientCapabilities, options: unknown): Promise<TestClient> {
  const client = await createClient(capabilities, options);
  client.disk.set(RACY, RACY_TEXT);
  client.disk.set(TORN, 'thread {\n');
  client.workspace.add(RACY).add(TORN).add(FILE);
  client.disk.set(FILE, COMMON);
  return client;
}

type Told = readonly [uri: string, codes: string, id: string];

function told({ items }: WorkspaceDiagnosticReport): readonly Told[] {
  return items.filter((item): item is WorkspaceFullDocumentDiagnosticReport =>
    item.kind === 'full').map((item): Told => [
    item.uri, item.items.map(({ code }) => String(code)).join(), item.resultId ?? '',
  ]).sort();
}

async function asked(client: TestClient, before: readonly Told[] = []): Promise<readonly Told[]> {
  return told(await client.connection.sendRequest('workspace/diagnostic', {
    identifier: 'mmlock', previousResultIds: before.map(([uri, , value]) => ({ uri, value })),
  }));
}

test('a client that has to know at the start is told what was found, once', async () => {
  const client = await opened(PULLING, ON);
  const { diagnosticProvider } = client.result.capabilities;
  assert.equal(diagnosticProvider?.workspaceDiagnostics, true);
  const first = await asked(client);
  assert.deepEqual(first.map(([uri, codes]) => [uri, codes]),
    [[RACY, 'data_race,expectation'], [FILE, ''], [TORN, 'syntax']]);
  assert.deepEqual(await asked(client, first), []);
  // In an editor it is asked about by itself, and what is typed there counts.
  client.open(COMMON);
  client.type('x = 1', 'WRITE_ONCE(x, 1)');
  const second = await asked(client, first);
  assert.deepEqual(second.map(([uri, codes]) => [uri, codes]), [[RACY, ''], [FILE, '']]);
  await client.stop();
});

test('on one request that stays open', async () => {
  const client = await opened(PULLING, ON);
  const heard: Told[] = [];
  let next: (() => void) | null = null;
  client.connection.onProgress(new ProgressType<WorkspaceDiagnosticReport>(), 'all', (part) => {
    heard.push(...told(part));
    next?.();
  });
  const until = async (uri: string, codes: string): Promise<void> => {
    while (heard.filter((each) => each[0] === uri).at(-1)?.[1] !== codes) {
      await new Promise<void>((done) => { next = done; });
    }
  };
  const answer = client.connection.sendRequest<WorkspaceDiagnosticReport>('workspace/diagnostic',
    { identifier: 'mmlock', previousResultIds: [], partialResultToken: 'all' });
  await until(RACY, 'data_race,expectation');
  client.disk.set(RACY, RACY_TEXT.replace('t t', 't'));
  void client.connection.sendNotification('workspace/didChangeWatchedFiles',
    { changes: [{ uri: RACY, type: 2 }] });
  await until(RACY, '');
  await until(TORN, 'syntax');
  client.open('thread t {}\n', TORN);
  await until(TORN, '');
  const stopped = client.stop();
  assert.deepEqual((await answer).items, []);
  await stopped;
});

test('a client that can be told later is told when the setting is on', async () => {
  const client = await opened(TOLD_LATER, null);
  assert.equal(client.result.capabilities.diagnosticProvider?.workspaceDiagnostics, false);
  const configure = (workspace: boolean): void =>
    void client.connection.sendNotification('workspace/didChangeConfiguration',
      { settings: { mmlock: { check: { workspace } } } });
  const registered = client.next('client/registerCapability');
  configure(true);
  const { registrations } = await registered as { registrations: { registerOptions: object }[] };
  assert.match(JSON.stringify(registrations), /"workspaceDiagnostics":true/);
  assert.equal((await asked(client)).length, 3);
  const unregistered = client.next('client/unregisterCapability');
  configure(false);
  await unregistered;
  await client.stop();
});

test('off, no folder is looked into and no file is read', async () => {
  const client = await opened(PULLING, null);
  assert.deepEqual(await asked(client), []);
  client.open(COMMON);
  await client.pull();
  assert.deepEqual(client.heard.filter(({ method }) => method === 'mmlock/findFiles'), []);
  await client.stop();
});
