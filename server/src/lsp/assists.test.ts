// A session with the edits that claim nothing: of a mistake, and of the thread pointed at.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { CodeAction, CodeActionContext } from 'vscode-languageserver/node';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING, settled, type TestClient } from './testing.ts';

const RACE = `shared x: 0..1
thread t { x = 1 }
scenario s {
  t x 2
}
scenario one {
  t
}
`;

async function actionsAt(
  client: TestClient, line: number, more: Partial<CodeActionContext> = {},
): Promise<readonly (readonly [string, string | undefined])[]> {
  const at = { line, character: 2 };
  const found: CodeAction[] = await client.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri: FILE }, range: { start: at, end: at },
    context: { diagnostics: [], ...more },
  });
  return found.filter(({ edit }) => edit !== undefined)
    .map(({ title, edit }) => [title, edit?.changes?.[FILE]?.[0]?.newText]);
}

test('what was found is accepted, and a scenario with more threads added', async () => {
  const client = await createClient(PULLING);
  client.open(RACE);
  await settled(client);
  const accept = 'Accept what was found: expect fails data_race(x)';
  assert.deepEqual(await actionsAt(client, 3), [[accept, '\n  expect fails data_race(x)']]);
  const more = ['Add scenario one_2, with two of t', '\n\nscenario one_2 {\n  t x 2\n}'];
  assert.deepEqual(await actionsAt(client, 6), [more]);
  assert.deepEqual(await actionsAt(client, 6, { only: ['quickfix'] }), []);
  assert.deepEqual(await actionsAt(client, 6, { only: ['refactor'] }), [more]);
  await client.stop();
});
