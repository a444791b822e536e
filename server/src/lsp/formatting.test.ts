// Formatting over the protocol: all, a part, and what was just typed.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { TextEdit } from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING, type TestClient } from './testing.ts';

const options = { tabSize: 8, insertSpaces: false };
const textDocument = { uri: FILE };
const MESSY = `lock  a: mutex
thread t
{
acquire  a
if x
{ release a }
}
`;

async function edits(client: TestClient, method: string, more: object): Promise<string[]> {
  const found: TextEdit[] | null = await client.connection.sendRequest(
    `textDocument/${method}`, { textDocument, options, ...more });
  return (found ?? []).map(({ range: { start, end }, newText }) =>
    `${start.line}:${start.character}-${end.line}:${end.character} ${JSON.stringify(newText)}`);
}

test('a document, some of its lines, a closed body, a line that is left', async () => {
  const client = await createClient(PULLING);
  client.open(MESSY);
  assert.deepEqual(await edits(client, 'formatting', {}), [
    '0:4-0:6 " "', '1:8-2:0 " "', '3:0-3:0 "  "', '3:7-3:9 " "', '4:0-4:0 "  "', '4:4-5:0 " "',
  ]);
  const lines = { start: { line: 3, character: 4 }, end: { line: 4, character: 0 } };
  assert.deepEqual(await edits(client, 'rangeFormatting', { range: lines }),
    ['3:0-3:0 "  "', '3:7-3:9 " "']);
  assert.deepEqual(
    await edits(client, 'onTypeFormatting', { position: { line: 6, character: 1 }, ch: '}' }),
    ['3:0-3:0 "  "', '3:7-3:9 " "', '4:0-4:0 "  "', '4:4-5:0 " "']);
  assert.deepEqual(
    await edits(client, 'onTypeFormatting', { position: { line: 4, character: 0 }, ch: '\n' }),
    ['3:0-3:0 "  "', '3:7-3:9 " "']);
  await client.stop();
});
