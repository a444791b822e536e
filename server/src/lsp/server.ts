// The language server: wires the protocol's requests to the service, and holds no logic itself.
// Hosts give it a connection and an environment; a request it cannot answer is answered with null.
import {
  ErrorCodes, FileChangeType, ResponseError, type Connection, type DocumentDiagnosticReport,
  type InitializeParams, type TextDocumentContentChangeEvent,
} from 'vscode-languageserver';
import { createLines } from '../text/lines.ts';
import { unreachable } from '../text/unreachable.ts';
import type { TextEdit } from '../service/edits.ts';
import { abilitiesOf, initializeResult } from './capabilities.ts';
import { onCompare } from './compare.ts';
import { onCodeActions } from './code-actions.ts';
import type { Environment } from './environment.ts';
import { onFormatting } from './formatting.ts';
import { onFixes } from './fixes.ts';
import { onLoadBearing } from './load-bearing.ts';
import { createGuard, type Log } from './guard.ts';
import { CHECK, type CheckParams } from './protocol.ts';
import { onQuestions } from './questions.ts';
import { onTests } from './tests.ts';
import type { Served } from './served.ts';
import { createSession, type Session } from './session.ts';
import {
  member, readHints, readKeepVerdicts, readParts, readSettings, readStorage, readWorkspace,
} from './settings.ts';
import { onTokens } from './tokens.ts';
import { onWorkspaceDiagnostics, type WorkspaceProblems } from './workspace-diagnostics.ts';

/** Between an edit and the word about it: the client asks for most things on its own. */
const EDIT_NOTE_MS = 50;

export function startServer(connection: Connection, environment: Environment): void {
  let session: Session | null = null;
  let stage: Stage = 'new';
  let wantsAll = false;
  const log: Log = (message) => connection.console.error(message);
  const served: Served = {
    connection, log, guard: createGuard(log, () => refusalAt(stage)), session: () => session,
  };
  connection.onInitialize(async (params: InitializeParams) => {
    if (stage !== 'new') return invalid('initialize is sent once');
    stage = 'starting';
    const client = abilitiesOf(params.capabilities);
    const options: unknown = params.initializationOptions;
    wantsAll = readWorkspace(member(options, 'settings'));
    session = await createSession({
      connection, environment, client,
      parts: readParts(options), storage: readStorage(options),
      settings: readSettings(member(options, 'settings')),
      keepsVerdicts: readKeepVerdicts(member(options, 'settings')),
      hints: readHints(member(options, 'settings')),
    });
    stage = 'open';
    return initializeResult(client, wantsAll && !client.registersDiagnostics);
  });
  const problems = onWorkspaceDiagnostics(served);
  connection.onInitialized(() => problems.want(wantsAll));
  connection.onShutdown(async () => {
    stage = 'ended';
    problems.end();
    const ending = session;
    session = null;
    await ending?.dispose();
  });
  onEdits(served);
  onSettings(served, problems);
  onDiagnostics(served);
  onQuestions(served);
  onTests(served);
  onFormatting(served);
  onTokens(served);
  onCodeActions(served);
  onFixes(served);
  onLoadBearing(served);
  onCompare(served);
  connection.listen();
}

type Stage = 'new' | 'starting' | 'open' | 'ended';

/** As the protocol wants it of what comes before `initialize` is answered and after `shutdown`. */
function refusalAt(stage: Stage): ResponseError<never> | null {
  switch (stage) {
    case 'open': return null;
    case 'ended': return invalid('the server has been shut down');
    case 'new': case 'starting':
      return new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
    default: return unreachable(stage);
  }
}

function invalid(message: string): ResponseError<never> {
  return new ResponseError(ErrorCodes.InvalidRequest, message);
}

/** Runs what a notification asks for; a mistake of ours is logged. */
function heard<P>(served: Served, body: (session: Session, params: P) => void) {
  return (params: P): void => {
    const session = served.session();
    if (session === null) return;
    try {
      body(session, params);
    } catch (error) {
      served.log(error instanceof Error ? error.stack ?? error.message : String(error));
    }
  };
}

function onEdits(served: Served): void {
  const { connection } = served;
  connection.onDidOpenTextDocument(heard(served, (session, { textDocument }) => {
    const { uri, version, text } = textDocument;
    session.workspace.open(uri, version, text);
    session.note(uri, EDIT_NOTE_MS);
  }));
  connection.onDidChangeTextDocument(heard(served, (session, params) => {
    const { uri, version } = params.textDocument;
    const before = session.workspace.text(uri);
    if (before === null) return;
    session.workspace.edit(uri, version, editsOf(before, params.contentChanges));
    session.note(uri, EDIT_NOTE_MS);
  }));
  connection.onDidSaveTextDocument(heard(served, (session, { textDocument }) => {
    session.workspace.save(textDocument.uri);
    session.note(textDocument.uri, EDIT_NOTE_MS);
  }));
  connection.onDidCloseTextDocument(heard(served, (session, { textDocument }) => {
    session.workspace.close(textDocument.uri);
    session.closed(textDocument.uri);
  }));
  connection.onDidChangeWatchedFiles(heard(served, (session, { changes }) => {
    for (const { uri, type } of changes) {
      session.workspace.changedOutside(uri, type !== FileChangeType.Deleted);
    }
  }));
}

/** Each change speaks of the text that the one before it left. */
export function editsOf(
  text: string, changes: readonly TextDocumentContentChangeEvent[],
): readonly TextEdit[] {
  let current = text;
  return changes.map((change) => {
    const edit = editOf(current, change);
    current = current.slice(0, edit.start) + edit.text + current.slice(edit.end);
    return edit;
  });
}

function editOf(text: string, change: TextDocumentContentChangeEvent): TextEdit {
  if (!('range' in change)) return { start: 0, end: text.length, text: change.text };
  const lines = createLines(text);
  const [start, end] = [lines.offset(change.range.start), lines.offset(change.range.end)];
  return { start: Math.min(start, end), end: Math.max(start, end), text: change.text };
}

function onSettings(served: Served, problems: WorkspaceProblems): void {
  const { connection } = served;
  connection.onDidChangeConfiguration(heard(served, (session, { settings }) => {
    const own = member(settings, 'mmlock');
    if (own === undefined) return;
    session.keepVerdicts(readKeepVerdicts(own));
    session.hints = readHints(own);
    problems.want(readWorkspace(own));
    session.workspace.configure(readSettings(own));
    for (const file of session.workspace.files) session.note(file, EDIT_NOTE_MS);
  }));
  connection.onNotification(CHECK, heard(served, (session, { uri }: CheckParams) => {
    session.workspace.check(uri);
    session.note(uri, 0);
  }));
}

function onDiagnostics({ connection, guard, session }: Served): void {
  const nothing: DocumentDiagnosticReport = { kind: 'full', items: [] };
  connection.languages.diagnostics.on(guard(nothing, async ({ textDocument, ...params }: {
    textDocument: { uri: string }; previousResultId?: string;
  }): Promise<DocumentDiagnosticReport> => {
    const current = session();
    if (current === null) return nothing;
    const { uri } = textDocument;
    await current.workspace.complete(uri);
    const snapshot = current.workspace.snapshot(uri);
    if (snapshot === null) return nothing;
    const { resultId, items } = current.report(snapshot);
    current.refresher.answered(uri, 'diagnostics', resultId);
    if (params.previousResultId === resultId) return { kind: 'unchanged', resultId };
    return { kind: 'full', resultId, items };
  }));
}
