// A language server as a process, and the editor at its other end: opens one document, types into
// it, and asks. Knows no server in particular.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  createMessageConnection, StreamMessageReader, StreamMessageWriter,
  type MessageConnection, type ServerCapabilities,
} from 'vscode-languageserver/node';

/** As offsets into the text before it. */
export interface Typed {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface ServerCommand {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly languageId: string;
}

interface Waiter {
  readonly version: number;
  readonly done: () => void;
}

/** What VS Code says it can, as far as it matters to what is asked here. */
const CAPABILITIES = {
  textDocument: {
    diagnostic: {}, publishDiagnostics: { versionSupport: true },
    hover: { contentFormat: ['markdown'] },
    completion: { completionItem: { snippetSupport: true, insertReplaceSupport: true } },
    semanticTokens: {
      requests: { full: { delta: true }, range: true }, formats: ['relative'],
      tokenTypes: [], tokenModifiers: [],
    },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
  workspace: {
    configuration: false, diagnostics: { refreshSupport: true },
    codeLens: { refreshSupport: true }, inlayHint: { refreshSupport: true },
  },
};

export class LspProcess {
  #text = '';
  #version = 0;
  #waiters: Waiter[] = [];
  readonly uri: string;

  private constructor(
    private readonly server: ServerCommand,
    private readonly child: ChildProcess,
    private readonly connection: MessageConnection,
    readonly can: ServerCapabilities,
  ) {
    this.uri = `file:///bench.${server.languageId}`;
  }

  static async start(server: ServerCommand): Promise<LspProcess> {
    const [name = '', ...args] = server.command;
    const child = spawn(name, args, {
      stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...server.env },
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin),
    );
    connection.onRequest(() => null);
    const heard: { by: LspProcess | null } = { by: null };
    connection.onNotification((method, params) => heard.by?.hear(method, params));
    connection.listen();
    const { capabilities }: { capabilities: ServerCapabilities } = await connection.sendRequest(
      'initialize', { processId: process.pid, rootUri: null, capabilities: CAPABILITIES });
    await connection.sendNotification('initialized', {});
    const client = new LspProcess(server, child, connection, capabilities);
    heard.by = client;
    return client;
  }

  get text(): string {
    return this.#text;
  }

  /** Resolves when the first diagnostics are there. */
  async open(text: string): Promise<void> {
    this.#text = text;
    const { languageId } = this.server;
    const said = this.#published(++this.#version);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.uri, languageId, version: this.#version, text },
    });
    await this.#diagnostics(said);
  }

  /** Sends the edit, as a range or as the whole text, whichever the server takes. */
  type({ start, end, text }: Typed): void {
    const range = { start: this.position(start), end: this.position(end) };
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    void this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri, version: ++this.#version },
      contentChanges: [this.#takesRanges() ? { range, text } : { text: this.#text }],
    });
  }

  /** Of the text as it is now, whether they are pulled or pushed; call it before anything else. */
  diagnostics(): Promise<void> {
    return this.#diagnostics(this.#published(this.#version));
  }

  ask<T>(method: string, more: object = {}): Promise<T> {
    return this.connection.sendRequest(method, { textDocument: { uri: this.uri }, ...more });
  }

  position(offset: number): { readonly line: number; readonly character: number } {
    const before = this.#text.slice(0, offset);
    const line = before.split('\n').length - 1;
    return { line, character: offset - (before.lastIndexOf('\n') + 1) };
  }

  /** Resident set of the process in bytes. */
  resident(): number {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(this.child.pid)])) * 1024;
  }

  async stop(): Promise<void> {
    const exit = new Promise((resolve) => this.child.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const killer = setTimeout(() => this.child.kill(), 5000);
    await exit;
    clearTimeout(killer);
    this.connection.dispose();
  }

  hear(method: string, params: unknown): void {
    if (method !== 'textDocument/publishDiagnostics') return;
    const version = typeof params === 'object' && params !== null && 'version' in params
      ? Number(params.version) : this.#version;
    const done = this.#waiters.filter((waiter) => waiter.version <= version);
    this.#waiters = this.#waiters.filter((waiter) => waiter.version > version);
    for (const waiter of done) waiter.done();
  }

  async #diagnostics(published: Promise<void>): Promise<void> {
    if (this.can.diagnosticProvider === undefined) return published;
    await this.ask('textDocument/diagnostic');
  }

  #published(version: number): Promise<void> {
    return new Promise((done) => this.#waiters.push({ version, done }));
  }

  #takesRanges(): boolean {
    const sync = this.can.textDocumentSync;
    return (typeof sync === 'object' ? sync.change : sync) === 2;
  }
}
