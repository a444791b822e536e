// A session whose search ends at a limit: the status names it, and an action offers to raise it.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { CodeAction } from 'vscode-languageserver/node';
import { FILE } from '../service/testing.ts';
import type { StatusParams } from './protocol.ts';
import { createClient, PULLING } from './testing.ts';

const SAFE = `lock m: mutex
shared x: 0..3 = 0 guarded by m
thread a { acquire m  x = 1  release m }
scenario two { a x 2 }
`;

async function standing(maxStates: number) {
  const check = { when: 'onType', maxStates, maxMemory: 64, timeLimit: 60 };
  const client = await createClient(PULLING, { settings: { check } });
  client.open(SAFE);
  let status = await client.next('mmlock/status') as StatusParams;
  while (status.state === 'checking') status = await client.next('mmlock/status') as StatusParams;
  const at = { line: 3, character: 10 };
  const actions: CodeAction[] = await client.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri: FILE }, range: { start: at, end: at }, context: { diagnostics: [] },
  });
  await client.stop();
  const raising = actions.filter(({ command }) => command?.command === 'mmlock.raiseLimit');
  return { status, actions: raising };
}

test('what ended at a limit can be given more', async () => {
  const { status, actions } = await standing(3);
  assert.deepEqual([status.state, status.limit], ['unknown', 'maxStates']);
  const [action, ...others] = actions;
  assert.equal(action?.title, 'Double mmlock.check.maxStates and Check Again');
  assert.deepEqual(action.command?.arguments, [FILE, 'maxStates']);
  assert.deepEqual(others, []);
});

test('what was searched to the end needs no more', async () => {
  const { status, actions } = await standing(1000);
  assert.deepEqual([status.state, status.limit], ['safe', null]);
  assert.deepEqual(actions, []);
});
