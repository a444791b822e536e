// Semantic tokens over the protocol: what changed since last time gives what is there now.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { SemanticTokens, SemanticTokensDelta } from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING, type TestClient } from './testing.ts';

const textDocument = { uri: FILE };
const TEXT = 'lock a: mutex\nthread t {\n  acquire a\n  release a\n}\n';

const full = (client: TestClient): Promise<SemanticTokens> =>
  client.connection.sendRequest('textDocument/semanticTokens/full', { textDocument });
const delta = (
  client: TestClient, previousResultId: string | undefined,
): Promise<SemanticTokens | SemanticTokensDelta> =>
  client.connection.sendRequest('textDocument/semanticTokens/full/delta',
    { textDocument, previousResultId });

function applied(data: readonly number[], { edits }: SemanticTokensDelta): readonly number[] {
  const result = [...data];
  for (const { start, deleteCount, data: more } of edits) {
    result.splice(start, deleteCount, ...(more ?? []));
  }
  return result;
}

test('tokens, and only what changed of them', async () => {
  const client = await createClient(PULLING);
  client.open(TEXT);
  let before = await full(client);
  for (const [from, to] of [
    ['release a', 'release a  acquire a'], ['lock a', 'lock aa'], ['// x', '// y'],
    ['  acquire a', ''], ['thread t', '/// Why.\nthread t'],
  ] as const) {
    if (from === '// x') client.open(`${TEXT}// x\n`);
    client.type(from, to);
    const change = await delta(client, before.resultId);
    assert.ok('edits' in change);
    const after = await full(client);
    assert.deepEqual(applied(before.data, change), after.data, to);
    before = after;
  }
  const unchanged = await delta(client, before.resultId);
  assert.ok('edits' in unchanged);
  assert.deepEqual(unchanged.edits, []);
  assert.ok('data' in await delta(client, 'of long ago'), 'an unknown result is given whole');
  await client.stop();
});
