// References, rename, calls, symbols and links over two files, as a client asks for them.
import assert from 'node:assert/strict';
import test from 'node:test';
import type {
  CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, DocumentLink,
  LinkedEditingRanges, Location, SymbolInformation, WorkspaceEdit,
} from 'vscode-languageserver';
import { FILE } from '../service/testing.ts';
import { createClient, PULLING } from './testing.ts';

const COMMON = 'file:///common.mmlock';
const TEXT = `use "./common.mmlock"
thread t {
  take()
}
scenario s {
  t
}
`;

test('a session over a file and the one it takes in', async () => {
  const client = await createClient({
    ...PULLING, textDocument: { ...PULLING.textDocument, rename: { prepareSupport: true } },
  });
  client.disk.set(COMMON, 'lock big: mutex\nproc take() {\n  acquire big\n  release big\n}\n');
  client.open(TEXT);
  await client.pull();
  const ask = <T>(method: string, params: object): Promise<T> =>
    client.connection.sendRequest(method, { textDocument: { uri: FILE }, ...params });
  const position = { line: 2, character: 3 };

  const found: Location[] = await ask('textDocument/references',
    { position, context: { includeDeclaration: true } });
  assert.deepEqual(found.map(({ uri, range }) => `${uri} ${range.start.line}`),
    [`${FILE} 2`, `${COMMON} 1`]);

  const range: unknown = await ask('textDocument/prepareRename', { position });
  assert.deepEqual(range,
    { start: { line: 2, character: 2 }, end: { line: 2, character: 6 } });
  const edit: WorkspaceEdit = await ask('textDocument/rename', { position, newName: 'grab' });
  assert.deepEqual(Object.keys(edit.changes ?? {}).sort(), [COMMON, FILE]);
  await assert.rejects(ask('textDocument/rename', { position, newName: 'big' }),
    /already declared/);
  await assert.rejects(ask('textDocument/rename', { position, newName: 'loop' }),
    /is a word of the language/);

  const [item]: CallHierarchyItem[] = await ask('textDocument/prepareCallHierarchy', { position });
  assert.equal(item?.name, 'take');
  const callers: CallHierarchyIncomingCall[] = await ask('callHierarchy/incomingCalls', { item });
  assert.deepEqual(callers.map(({ from }) => from.name), ['t']);
  const from = callers[0]?.from;
  const more: CallHierarchyIncomingCall[] = await ask('callHierarchy/incomingCalls',
    { item: from });
  assert.deepEqual(more.map((call) => [call.from.name, call.fromRanges[0]?.start.line]),
    [['s', 5]]);
  const called: CallHierarchyOutgoingCall[] = await ask('callHierarchy/outgoingCalls',
    { item: from });
  assert.deepEqual(called.map(({ to }) => to.uri), [COMMON]);

  const symbols: SymbolInformation[] = await ask('workspace/symbol', { query: 'bg' });
  assert.deepEqual(symbols.map(({ name, location }) => [name, location.uri]), [['big', COMMON]]);
  const [link]: DocumentLink[] = await ask('textDocument/documentLink', {});
  assert.equal(link?.target, COMMON);
  await client.stop();
});

test('declaration, type definition, and names that are typed at once', async () => {
  const client = await createClient(PULLING);
  client.disk.set(COMMON, 'enum st { there, gone }\nshared x: st\n');
  client.open('use "./common.mmlock"\nthread t(p: 0..1) { if p == 1 { x = gone } }\n');
  await client.pull();
  const ask = <T>(method: string, character: number): Promise<T> =>
    client.connection.sendRequest(`textDocument/${method}`,
      { textDocument: { uri: FILE }, position: { line: 1, character } });
  const at = ({ uri, range: { start } }: Location): string =>
    `${uri} ${start.line}:${start.character}`;
  assert.equal(at(await ask('declaration', 32)), `${COMMON} 1:7`);
  assert.equal(at(await ask('typeDefinition', 32)), `${COMMON} 0:5`);
  const linked: LinkedEditingRanges = await ask('linkedEditingRange', 23);
  assert.deepEqual(linked.ranges.map(({ start }) => start.character), [9, 23]);
  assert.equal(await ask('linkedEditingRange', 32), null);
  await client.stop();
});
