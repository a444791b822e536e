// For tests: the server and a client in one process, joined by two streams in memory.
import { PassThrough } from 'node:stream';
import {
  createConnection, createMessageConnection, StreamMessageReader, StreamMessageWriter,
  type ClientCapabilities, type Diagnostic, type DocumentDiagnosticReport, type Hover,
  type InitializeResult, type MessageConnection,
} from 'vscode-languageserver/node';
import { createLocalPort } from '../host/local-port.ts';
import { nodeClock } from '../host/node-clock.ts';
import { createRemoteChecker } from '../service/remote-checker.ts';
import { FILE, grammarBytes } from '../service/testing.ts';
import type { Environment } from './environment.ts';
import { STATUS, type StatusParams } from './protocol.ts';
import { startServer } from './server.ts';

export const PULLING: ClientCapabilities = {
  textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } },
  workspace: { diagnostics: { refreshSupport: true }, codeLens: { refreshSupport: true } },
};

export interface TestClient {
  readonly connection: MessageConnection;
  /** What the server has said on its own, in order. */
  readonly heard: readonly { readonly method: string; readonly params: unknown }[];
  readonly result: InitializeResult;
  /** Files on the client's side. */
  readonly disk: Map<string, string>;
  /** Those of them that are in the workspace. */
  readonly workspace: Set<string>;
  open(text: string, uri?: string): void;
  /** Of the text as it was opened or typed last. */
  version(): number;
  /** Replaces `before`, which stands in one line. */
  type(before: string, after: string): void;
  pull(previousResultId?: string): Promise<DocumentDiagnosticReport>;
  hover(word: string): Promise<string>;
  lenses(): Promise<readonly string[]>;
  /** Waits until the server has said this once more. */
  next(method: string): Promise<unknown>;
  stop(): Promise<void>;
}

export async function createClient(
  capabilities: ClientCapabilities, initializationOptions: unknown = null,
  host: Partial<Environment> = {},
): Promise<TestClient> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  startServer(createConnection(
    new StreamMessageReader(toServer), new StreamMessageWriter(toClient),
  ), {
    clock: nodeClock,
    grammar: () => Promise.resolve(grammarBytes()),
    checker: () => createRemoteChecker({
      after: nodeClock.after,
      spawn: (events) => createLocalPort({ now: nodeClock.now, later: setImmediate }, events),
    }),
    keeping: () => null,
    readFile: () => Promise.resolve(undefined),
    ...host,
  });
  const connection = createMessageConnection(
    new StreamMessageReader(toClient), new StreamMessageWriter(toServer),
  );
  const disk = new Map<string, string>();
  const workspace = new Set<string>();
  const heard: { method: string; params: unknown }[] = [];
  const waiting: { readonly method: string; readonly done: (params: unknown) => void }[] = [];
  const hear = (method: string, params: unknown): null => {
    heard.push({ method, params });
    const i = waiting.findIndex((each) => each.method === method);
    if (i >= 0) waiting.splice(i, 1)[0]?.done(params);
    return null;
  };
  connection.onNotification((method, params) => void hear(method, params));
  connection.onRequest((method, params) => {
    hear(method, params);
    if (method === 'mmlock/findFiles') return { files: [...workspace], more: false };
    if (method !== 'mmlock/readFile') return null;
    const text = disk.get((params as { uri: string }[] | { uri: string } as { uri: string }).uri);
    return text === undefined ? null : { text };
  });
  connection.listen();
  const result: InitializeResult = await connection.sendRequest('initialize', {
    processId: null, rootUri: null, capabilities, initializationOptions,
  });
  await connection.sendNotification('initialized', {});
  const next = (method: string): Promise<unknown> =>
    new Promise((done) => waiting.push({ method, done }));
  return { connection, heard, result, disk, workspace, next, ...actions(connection) };
}

function actions(connection: MessageConnection) {
  let text = '';
  let version = 1;
  const textDocument = { uri: FILE };
  const positionOf = (offset: number) => {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  };
  return {
    version: () => version,
    open(content: string, uri = FILE) {
      if (uri === FILE) [text, version] = [content, 1];
      const item = { uri, languageId: 'mmlock', version: 1, text: content };
      void connection.sendNotification('textDocument/didOpen', { textDocument: item });
    },
    type(before: string, after: string) {
      const start = text.indexOf(before);
      const range = { start: positionOf(start), end: positionOf(start + before.length) };
      text = text.slice(0, start) + after + text.slice(start + before.length);
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { ...textDocument, version: ++version },
        contentChanges: [{ range, text: after }],
      });
    },
    pull(previousResultId?: string): Promise<DocumentDiagnosticReport> {
      return connection.sendRequest('textDocument/diagnostic',
        { textDocument, identifier: 'mmlock', previousResultId });
    },
    async hover(word: string): Promise<string> {
      const position = positionOf(text.indexOf(word) + 1);
      const found: Hover | null = await connection.sendRequest('textDocument/hover',
        { textDocument, position });
      return found === null ? '' : (found.contents as { value: string }).value;
    },
    async lenses(): Promise<readonly string[]> {
      const found: { command: { title: string } }[] = await connection.sendRequest(
        'textDocument/codeLens', { textDocument });
      return found.map(({ command }) => command.title);
    },
    async stop() {
      await connection.sendRequest('shutdown');
      connection.dispose();
    },
  };
}

export function items(report: DocumentDiagnosticReport): readonly Diagnostic[] {
  return report.kind === 'full' ? report.items : [];
}

/** Waits until what the server said last is so; nothing that comes meanwhile is missed. */
export async function until(
  client: TestClient, method: string, holds: (params: unknown) => boolean,
): Promise<void> {
  const last = () => client.heard.filter((each) => each.method === method).at(-1);
  for (let said = last(); said === undefined || !holds(said.params); said = last()) {
    await client.next(method);
  }
}

/** What there is to say once the text as it is now has been checked. */
export async function settled(client: TestClient): Promise<DocumentDiagnosticReport> {
  await until(client, STATUS, (params) => {
    const { uri, version, state } = params as StatusParams;
    return uri === FILE && version === client.version() && state !== 'checking';
  });
  return client.pull();
}
