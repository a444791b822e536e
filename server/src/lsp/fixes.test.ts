// A session with quick fixes: offered once checked, resolved for the text as it is, listed with
// what was rejected.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { CodeAction, WorkspaceEdit } from 'vscode-languageserver/node';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING, settled, type TestClient } from './testing.ts';

const RACE = `lock ptl: spinlock
shared pte: 0..3 = 0

thread zap {
  acquire ptl
  pte = 0
  release ptl
}
thread fault {
  pte = 1
}

scenario both { zap  fault }
`;

const CAPABLE = {
  ...PULLING,
  workspace: { ...PULLING.workspace, workspaceEdit: { documentChanges: true } },
};

async function actionsAt(client: TestClient, line: number): Promise<CodeAction[]> {
  const at = { line, character: 3 };
  return client.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri: FILE }, range: { start: at, end: at }, context: { diagnostics: [] },
  });
}

/** Asks until the fixes are known. */
async function knownActions(client: TestClient, line: number): Promise<CodeAction[]> {
  for (;;) {
    const actions = await actionsAt(client, line);
    if (actions.length > 1) return actions;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a fix is offered once checked, and its edit is that of the text as it is', async () => {
  const client = await createClient(CAPABLE);
  client.open(RACE);
  await settled(client);
  const first = await actionsAt(client, 5);
  assert.match(first.at(-1)?.title ?? '', /^(Look for|All) fixes of both/);
  const actions = await knownActions(client, 5);
  const take = actions.find(({ title }) => title.startsWith('Take ptl around ‘pte = 1’ in fault'));
  assert.equal(take?.title,
    'Take ptl around ‘pte = 1’ in fault (safe; ptl held over 2 steps more)');
  assert.equal(take?.kind, 'quickfix');
  assert.equal(take?.edit, undefined);
  const resolved: CodeAction = await client.connection.sendRequest('codeAction/resolve', take);
  const edit: WorkspaceEdit | undefined = resolved.edit;
  assert.deepEqual(edit?.documentChanges, [{
    textDocument: { uri: FILE, version: 1 },
    edits: [
      { range: { start: { line: 9, character: 2 }, end: { line: 9, character: 2 } },
        newText: 'acquire ptl\n  ' },
      { range: { start: { line: 9, character: 9 }, end: { line: 9, character: 9 } },
        newText: '\n  release ptl' },
    ],
  }]);
  client.type('pte = 1', 'pte = 2');
  const stale: CodeAction = await client.connection.sendRequest('codeAction/resolve', take);
  assert.equal(stale.edit, undefined, 'the text has moved on');
  assert.deepEqual(await actionsAt(client, 1), [], 'nothing is wrong there');
  await client.stop();
});

test('the list has what was rejected, each with its reason', async () => {
  const client = await createClient(PULLING);
  client.open(RACE);
  const fixes: {
    kind: string; offered: { title: string }[]; rejected: { title: string; reason: string }[];
  } = await client.connection.sendRequest('mmlock/fixes', { uri: FILE, about: 'both' });
  assert.equal(fixes.kind, 'fixes');
  assert.ok(fixes.offered.length > 1);
  const late = fixes.rejected.find(({ title }) =>
    title === 'Move ‘pte = 0’ above ‘acquire ptl’ in zap');
  assert.equal(late?.reason, 'both still fails: data_race(pte)');
  assert.deepEqual(await client.connection.sendRequest('mmlock/fixes', { uri: 'x', about: 'y' }),
    { kind: 'none', reason: 'the file is not open' });
  await client.stop();
});

test('a lock held at exit: where it is to be released', async () => {
  const client = await createClient(CAPABLE);
  client.open(`lock m: mutex
shared x: 0..3 = 0
thread t {
  acquire m
  x = 1
}
scenario s { t x 2 }
`);
  await settled(client);
  const titles = (await knownActions(client, 4)).map(({ title }) => title);
  assert.equal(titles[0], '‘release m’ after ‘x = 1’ in t (safe; m held over 1 step more)');
  await client.stop();
});

test('a warning has its own, which are looked for when they are first asked for', async () => {
  const client = await createClient(CAPABLE);
  client.open(`lock sem: rwsem
thread t {
  acquire read sem
  acquire read sem
  step "twice"
  release sem
  release sem
}
scenario s { t }
`);
  await settled(client);
  const titles = (await knownActions(client, 3)).map(({ title }) => title);
  assert.equal(titles[0],
    'Do not take sem again in t (safe; sem held for reading over 2 steps fewer)');
  assert.match(titles.at(-1) ?? '', /^All fixes of this recursive_read \(\d+ checked, /);
  const all = (await actionsAt(client, 3)).at(-1)?.command?.arguments?.[1];
  const listed: { of: string; offered: { title: string }[] } =
    await client.connection.sendRequest('mmlock/fixes', { uri: FILE, about: all });
  assert.equal(listed.of, 'this recursive_read');
  assert.equal(listed.offered[0]?.title, 'Do not take sem again in t');
  await client.stop();
});
