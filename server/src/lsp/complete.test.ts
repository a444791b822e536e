// Completion over the protocol: a list, its edit ranges, documentation item by item, and what a
// client gets that knows neither snippets nor two ranges.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING, type TestClient } from './testing.ts';

const TEXT = `/// The big one.
lock mmap_lock: rwsem
thread t(n: 0..1) {
  acquire read mm
  rele
}
scenario s {
  t
}
`;

async function listAt(
  client: TestClient, at: readonly [line: number, character: number], sign?: string,
): Promise<readonly CompletionItem[] | null> {
  const found: CompletionList | null = await client.connection.sendRequest(
    'textDocument/completion', {
      textDocument: { uri: FILE }, position: { line: at[0], character: at[1] },
      context: sign === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: sign },
    });
  return found?.items ?? null;
}

const completion = { completionItem: { snippetSupport: true, insertReplaceSupport: true } };

test('a list with two ranges, places to fill in, documentation when asked for', async () => {
  const client = await createClient({
    ...PULLING, textDocument: { ...PULLING.textDocument, completion },
  });
  client.open(TEXT);
  const [lock] = await listAt(client, [3, 16]) ?? [];
  assert.equal(lock?.label, 'mmap_lock');
  assert.equal(lock?.documentation, undefined);
  const start = { line: 3, character: 15 };
  assert.deepEqual(lock?.textEdit, {
    newText: 'mmap_lock', insert: { start, end: { line: 3, character: 16 } },
    replace: { start, end: { line: 3, character: 17 } },
  });
  const resolved: CompletionItem = await client.connection.sendRequest(
    'completionItem/resolve', lock);
  assert.deepEqual(resolved.documentation, { kind: 'markdown', value: 'The big one.' });
  const release = (await listAt(client, [4, 6]))?.find(({ label }) => label === 'release');
  assert.equal(release?.textEdit?.newText, 'release ${1:mmap_lock}');
  assert.equal(release?.insertTextFormat, 2);
  const run = (await listAt(client, [7, 3]))?.find(({ label }) => label === 't');
  assert.equal(run?.textEdit?.newText, 't(${1:n})');
  await client.stop();
});

test('a blank brings a list only where a name must follow', async () => {
  const client = await createClient(PULLING);
  client.open(TEXT);
  assert.ok((await listAt(client, [3, 15], ' '))?.some(({ label }) => label === 'mmap_lock'));
  assert.equal(await listAt(client, [4, 2], ' '), null);
  await client.stop();
});

test('a client without snippets gets plain text', async () => {
  const client = await createClient(PULLING);
  client.open(TEXT);
  const items = await listAt(client, [4, 6]) ?? [];
  const release = items.find(({ label }) => label === 'release');
  assert.equal(release?.textEdit?.newText, 'release mmap_lock');
  assert.ok(items.every(({ insertTextFormat }) => insertTextFormat === undefined));
  assert.ok(release?.textEdit !== undefined && 'range' in release.textEdit);
  await client.stop();
});

test('files, between the quotes of a use', async () => {
  const client = await createClient(PULLING);
  for (const uri of ['file:///b.mmlock', 'file:///far/c%20d.mmlock', 'memfs:/e.mmlock']) {
    client.workspace.add(uri);
    client.disk.set(uri, '');
  }
  client.open('use "./b.mmlock"\nuse "./f"\nuse "\n');
  await client.pull();
  for (const [line, character, replaced] of [[1, 8, [5, 8]], [2, 5, [5, 5]]] as const) {
    const items = await listAt(client, [line, character], '"');
    assert.deepEqual(items?.map(({ label }) => label), ['./far/c d.mmlock']);
    assert.deepEqual(items?.[0]?.textEdit, {
      range: { start: { line, character: replaced[0] }, end: { line, character: replaced[1] } },
      newText: './far/c d.mmlock',
    });
  }
  assert.equal(await listAt(client, [1, 9], '"'), null);
  await client.stop();
});
