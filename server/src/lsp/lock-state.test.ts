// Inlay hints and "Lock state here" over the protocol: asked for, switched off, refreshed when more
// is known; a run for each thing that can be, none for what comes back changed or too late.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { ClientCapabilities, InlayHint } from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import type { LockStateResult, LockStateView, RunResult } from './protocol.ts';
import { createClient, PULLING, type TestClient } from './testing.ts';

const CLIENT: ClientCapabilities = {
  ...PULLING, workspace: { ...PULLING.workspace, inlayHint: { refreshSupport: true } },
};

const SPEC = `lock m: rwsem
shared x: 0..3 = 0
proc drop() { release m }
thread w(n: bool) {
  if n { acquire write m } else { acquire read m }
  drop()
}
thread r {
  acquire read m
  x = 1
  release m
}
scenario s { w(true) r }
`;

async function hints({ connection }: TestClient): Promise<readonly string[]> {
  const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 99 } };
  const found: InlayHint[] = await connection.sendRequest('textDocument/inlayHint',
    { textDocument: { uri: FILE }, range });
  return found.map(({ label, position }) => `${position.character} ${String(label)}`);
}

async function stateAt(
  { connection }: TestClient, line: number, character = 4,
): Promise<LockStateView> {
  const found: LockStateResult = await connection.sendRequest('mmlock/lockState',
    { uri: FILE, line, character, patient: true });
  assert.ok(found.kind === 'state');
  return found.state;
}

async function checked(client: TestClient): Promise<void> {
  while (!/^(safe|fails)/.test((await client.lenses())[1] ?? '')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('hints are refreshed when the scenarios are known, and can be switched off', async () => {
  const client = await createClient(CLIENT);
  assert.equal(client.result.capabilities.inlayHintProvider, true);
  client.open(SPEC);
  const refreshed = client.next('workspace/inlayHint/refresh');
  assert.deepEqual(await hints(client), ['23  m: R/W → –']);
  await refreshed;
  assert.deepEqual(await hints(client), ['23  m: W → –']);
  const off = client.next('workspace/inlayHint/refresh');
  await client.connection.sendNotification('workspace/didChangeConfiguration',
    { settings: { mmlock: { inlayHints: { lockState: 'off' } } } });
  await off;
  assert.deepEqual(await hints(client), []);
  await client.stop();
});

test('the state of a place, and a run to what can be there', async () => {
  const client = await createClient(CLIENT);
  client.open(SPEC);
  await checked(client);
  const state = await stateAt(client, 9);
  assert.equal(state.summary, 'Holds m for reading');
  assert.deepEqual([state.threads, state.line, state.pending], [['r'], 10, false]);
  const [other] = state.others;
  assert.equal(other?.name, 'w');
  assert.deepEqual(other?.can.map(({ text }) => text), ['can wait for m at line 5', 'can be done']);
  assert.deepEqual(other?.cannot, [{ text: 'cannot be at line 3, its write section',
    why: 'm is held for reading here' }]);
  assert.deepEqual(state.values.map(({ name, values }) => [name, values.map(({ text }) => text)]),
    [['x', ['0']]]);
  const done = other?.can[1]?.claim;
  assert.ok(done != null);
  const ask = (claim: string): Promise<RunResult> => client.connection.sendRequest('mmlock/run',
    { uri: FILE, scenario: 's', kind: 'witness', claim });
  const run = await ask(done.claim);
  assert.ok(run.kind === 'run');
  assert.equal(run.run.shows, 'r at line 10, w done');
  assert.deepEqual(run.run.steps.map(({ thread }) => thread), ['w', 'w', 'r']);
  assert.equal((await ask('{"version":1}')).kind, 'none');
  const never = done.claim.replace('"pcs":[-1]', '"pcs":[999]');
  assert.deepEqual(await ask(never),
    { kind: 'none', reason: 'in no run of s: r at line 10, w done' });
  client.type('x = 1', 'x = 2');
  assert.deepEqual(await ask(done.claim),
    { kind: 'none', reason: 'the text has changed since; point at the line again' });
  await client.stop();
});

test('values in their own order, and not those of fields that nobody names', async () => {
  const client = await createClient(CLIENT);
  client.open(`struct vma[1] { start: 0..3 = 2  flags: 0..1 = 0 }
shared tree: ref vma = new vma {}
lock m: mutex
thread grow(to: 0..3) {
  acquire m
  let v = tree
  if v.start > to { v.start = to }
  release m
}
scenario s { grow(1) grow(0) }
`);
  await checked(client);
  const { values } = await stateAt(client, 4);
  assert.deepEqual(values.map(({ name, values: all }) => [name, all.map(({ text }) => text)]), [
    ['vma#1.start', ['0', '1', '2']], ['tree', ['vma#1']], ['v', ['null']],
  ]);
  await client.stop();
});

test('between steps, no lock of an object that no run ever makes', async () => {
  const client = await createClient(CLIENT);
  client.open(`struct vma[2] { lock vm_lock: rwsem }
shared tree: ref vma = new vma {}
proc start() -> bool {
  let v = tree
  if try acquire read v.vm_lock { return true }
  return false
}
thread fault {
  let v = tree
  let got = start()
  if !got { return }
  release v.vm_lock
}
scenario s { fault }
`);
  await checked(client);
  const { summary } = await stateAt(client, 10);
  assert.equal(summary, 'On some paths only: holds vma#1.vm_lock for reading');
  await client.stop();
});

test('a call is told of by what is so before it', async () => {
  const client = await createClient(CLIENT);
  client.open(SPEC);
  await checked(client);
  const state = await stateAt(client, 5);
  assert.deepEqual([state.statement, state.summary], ['drop()', 'Holds m for writing']);
  assert.deepEqual(state.others.map(({ name, can }) => [name, can.map(({ text }) => text)]),
    [['r', ['can wait for m at line 9', 'can be done']]]);
  assert.deepEqual(state.scenarios.map(({ text }) => text), ['s gets here']);
  await client.stop();
});

test('where there is no statement, and where the text has errors', async () => {
  const client = await createClient(CLIENT);
  client.open(SPEC.replace('x = 1', 'x = y'));
  const reason = async (line: number): Promise<string> => {
    const found: LockStateResult = await client.connection.sendRequest('mmlock/lockState',
      { uri: FILE, line, character: 4, patient: false });
    return found.kind === 'none' ? found.reason : '';
  };
  assert.equal(await reason(0), 'Point at a statement of a thread or proc.');
  assert.match(await reason(9), /^Nothing is known of this statement/);
  const state = await stateAt(client, 2, 16);
  assert.match(state.notes.join(' '), /^Not all states are known. The locks are told by the text/);
  assert.deepEqual(state.scenarios, [{ text: 's has errors', claim: null }]);
  await client.stop();
});
