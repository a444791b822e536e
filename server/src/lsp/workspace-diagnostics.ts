// Problems of files that are in no editor, where the user wants them: told as they are found, on
// one request that stays open. A client that can be told later what the server can is asked for
// that request while the setting is on; for any other the setting counts as it is at the start.
import {
  DocumentDiagnosticReportKind, DocumentDiagnosticRequest, type Disposable,
  type WorkspaceDiagnosticReport, type WorkspaceFullDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { Snapshot } from '../service/ide.ts';
import { LANGUAGE_ID } from './protocol.ts';
import type { Served } from './served.ts';

export interface WorkspaceProblems {
  /** What the setting says. */
  want(wanted: boolean): void;
  /** Answers the requests that are open. */
  end(): void;
}

type Full = WorkspaceFullDocumentDiagnosticReport & { readonly resultId: string };

/** Of a file about which nothing is to be said here (any more). */
const NOTHING = 'nothing';
/** Fits no document: those that are open are asked about through the other registration. */
const NO_DOCUMENT = [{ language: LANGUAGE_ID, scheme: 'no-document' }];

export function onWorkspaceDiagnostics(served: Served): WorkspaceProblems {
  const { connection, session, log } = served;
  const known = new Map<string, Full>();
  const open = new Set<{ readonly tell: () => void; readonly end: () => void }>();
  const registration = registrar(served);

  /** What is new since `sent`, by file, which is brought up to date. */
  const news = (sent: Map<string, string>): Full[] => {
    const gone = [...sent].filter(([uri, id]) => id !== NOTHING && !known.has(uri));
    const items = [
      ...[...known.values()].filter(({ uri, resultId }) => sent.get(uri) !== resultId),
      ...gone.map(([uri]) => full(uri, NOTHING, [])),
    ];
    for (const { uri, resultId } of items) sent.set(uri, resultId);
    return items;
  };
  const heard = (file: string, snapshot: Snapshot | null): void => {
    const report = snapshot === null ? null : session()?.report(snapshot) ?? null;
    if (report === null) known.delete(file);
    else known.set(file, full(file, report.resultId, report.items));
    for (const { tell } of open) tell();
  };
  connection.languages.diagnostics.onWorkspace(
    async (params, token, _, progress): Promise<WorkspaceDiagnosticReport> => {
      const sent = new Map(params.previousResultIds.map(({ uri, value }) => [uri, value]));
      if (session() === null) return { items: [] };
      if (progress === undefined) {
        await session()?.workspace.sweep.settled();
        return { items: news(sent) };
      }
      await new Promise<void>((resolve) => {
        const request = {
          tell() {
            const items = news(sent);
            if (items.length > 0) progress.report({ items });
          },
          end() {
            open.delete(request);
            resolve();
          },
        };
        open.add(request);
        token.onCancellationRequested(request.end);
        request.tell();
      });
      return { items: [] };
    });
  return {
    want(wanted) {
      session()?.workspace.sweep.start(!wanted ? null
        : { told: heard, failed: (error) => log(String(error)) });
      registration.want(wanted);
    },
    end() {
      for (const { end } of [...open]) end();
    },
  };
}

function full(uri: string, resultId: string, items: Full['items']): Full {
  return { kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId, items };
}

/** Tells a client that can be told whether the request is to be had. */
function registrar({ connection, log, session }: Served) {
  let registered: Promise<Disposable> | null = null;
  return {
    want(wanted: boolean): void {
      if (session()?.client.registersDiagnostics !== true) return;
      if (wanted === (registered !== null)) return;
      const before = registered;
      registered = !wanted ? null : connection.client.register(DocumentDiagnosticRequest.type, {
        documentSelector: NO_DOCUMENT, identifier: `${LANGUAGE_ID}-workspace`,
        interFileDependencies: true, workspaceDiagnostics: true,
      });
      registered?.catch((error: unknown) => log(String(error)));
      before?.then((each) => each.dispose()).catch((error: unknown) => log(String(error)));
    },
  };
}
