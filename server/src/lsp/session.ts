// One client served: the workspace, and what of it the client has been told. Made when the client
// introduces itself, ended when it takes its leave.
import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { Range } from '../text/range.ts';
import { unreachable } from '../text/unreachable.ts';
import type { Checker } from '../service/checker.ts';
import { createInspector, type Inspector } from '../service/inspector.ts';
import { fingerprint } from '../service/hash.ts';
import {
  codeLenses, diagnostics, fileStatus, inlayHints, type HintsWanted, type Snapshot,
} from '../service/ide.ts';
import type { CheckSettings } from '../service/settings.ts';
import { createVerdictStore } from '../service/store.ts';
import { createStoredChecker } from '../service/stored-checker.ts';
import { createParser, createWorkspace, type Workspace } from '../service/workspace.ts';
import type { ClientAbilities } from './capabilities.ts';
import { toDiagnostic } from './convert.ts';
import type { Environment } from './environment.ts';
import { STATUS, type BrowserParts, type StatusParams } from './protocol.ts';
import {
  FIND_FILES, READ_FILE, type FindFilesResult, type ReadFileParams, type ReadFileResult,
} from './protocol-files.ts';
import { createRefresher, type Asked, type Refresher } from './refresh.ts';
import { isOpenable, library, MODULES, resolvePath, unescaped } from './uris.ts';
import { lookForFixes } from './fixes.ts';

export interface Session {
  readonly workspace: Workspace;
  readonly inspector: Inspector;
  readonly client: ClientAbilities;
  readonly refresher: Refresher;
  /** The inlay hints that the user wants. */
  hints: HintsWanted;
  /** By file, where hints were asked for last. */
  readonly hinted: Map<string, Hinted>;
  /** What there is to say about the file now, with a name for exactly that. */
  report(snapshot: Snapshot): { readonly resultId: string; readonly items: Diagnostic[] };
  /** Tells the client what has changed about a file, not before `delayMs`. */
  note(file: string, delayMs: number): void;
  closed(file: string): void;
  /** Whether verdicts outlive the session from now on; where not, those that do are deleted. */
  keepVerdicts(keeps: boolean): void;
  /** Resolves when what is to outlive the session is written. */
  dispose(): Promise<void>;
}

/** Of one version, from the first to the last offset that was asked for. */
export interface Hinted extends Range {
  readonly version: number;
}

export interface SessionOptions {
  readonly connection: Connection;
  readonly environment: Environment;
  readonly client: ClientAbilities;
  readonly parts: BrowserParts | null;
  readonly storage: string | null;
  readonly settings: CheckSettings;
  readonly keepsVerdicts: boolean;
  readonly hints: HintsWanted;
}

/** Between two refreshes while checks are under way: a lens that counts need not count faster. */
const PROGRESS_MS = 1000;
/** From the last word about a file until its fixes are looked for: it may be typed on. */
const FIXES_MS = 500;

export async function createSession(options: SessionOptions): Promise<Session> {
  const { connection, environment, client, parts } = options;
  const kept = keptVerdicts(options);
  const parser = await createParser(await environment.grammar(parts));
  const report = reporter();
  const checker = kept.before(environment.checker(parts));
  const inspector = createInspector({ checker, clock: environment.clock });
  const workspace = createWorkspace({
    parser,
    checker,
    clock: environment.clock,
    sources: {
      modules: MODULES, library, isOpenable, plain: unescaped,
      resolve: (from, path) => resolvePath(from, path, workspace.files),
      read: (uri) => readText(options, uri),
      find: () => findFiles(options),
    },
    onChange: (file, settled) => heed({ refresher, workspace, environment }, file, settled),
  });
  workspace.configure(options.settings);
  const told = statusTeller(options, workspace, report);
  const refresher = createRefresher({
    connection, clock: environment.clock,
    supports: {
      diagnostics: client.pullsDiagnostics, lenses: client.refreshesLenses,
      hints: client.refreshesHints,
    },
    answer: (file, asked) => {
      const snapshot = workspace.snapshot(file);
      return snapshot === null ? null : answerNow(session, snapshot, asked);
    },
    onFlush: (file) => told.tell(file),
  });
  const session: Session = {
    workspace, inspector, client, refresher, report, hints: options.hints, hinted: new Map(),
    note: (file, delayMs) => refresher.note(file, delayMs),
    closed(file) {
      refresher.forget(file);
      session.hinted.delete(file);
      inspector.forget(file);
      told.forget(file);
      if (!client.pullsDiagnostics) {
        void connection.sendDiagnostics({ uri: file, diagnostics: [] });
      }
    },
    keepVerdicts: (keeps) => kept.keep(keeps),
    dispose() {
      workspace.dispose();
      parser.dispose();
      return kept.flush();
    },
  };
  return session;
}

/** As text to compare. */
function answerNow(session: Session, snapshot: Snapshot, asked: Asked): string {
  switch (asked) {
    case 'diagnostics': return session.report(snapshot).resultId;
    case 'lenses': return lensesId(snapshot);
    case 'hints': return hintsId(session, snapshot);
    default: return unreachable(asked);
  }
}

/** Tells the client how the check of a file stands, and its problems if it cannot ask for them. */
function statusTeller(
  { connection, client }: SessionOptions, workspace: Workspace, report: Session['report'],
) {
  const told = new Map<string, string>();
  return {
    forget: (file: string): void => void told.delete(file),
    tell(file: string): void {
      const snapshot = workspace.snapshot(file);
      if (snapshot === null) return;
      if (!client.pullsDiagnostics) {
        const { version, file: uri } = snapshot;
        void connection.sendDiagnostics({ uri, version, diagnostics: report(snapshot).items });
      }
      const status: StatusParams = {
        uri: file, version: snapshot.version, ...fileStatus(snapshot),
      };
      const text = JSON.stringify(status);
      if (told.get(file) === text) return;
      told.set(file, text);
      void connection.sendNotification(STATUS, status);
    },
  };
}

/** Something is known now about a file; when all is, what would mend it is looked for. */
function heed(
  { refresher, workspace, environment }: Pick<Session, 'refresher' | 'workspace'>
    & Pick<SessionOptions, 'environment'>, file: string, settled: boolean,
): void {
  refresher.note(file, settled ? 0 : PROGRESS_MS);
  if (settled) environment.clock.after(FIXES_MS, () => lookForFixes({ workspace }, file));
}

/** The verdicts of earlier sessions, where the host has a place for them. */
function keptVerdicts({ environment, parts, storage, keepsVerdicts }: SessionOptions) {
  const keeping = environment.keeping({ storage, parts });
  const store = keeping === null ? null
    : createVerdictStore({ shelf: keeping.shelf, after: environment.clock.after });
  let keeps = true;
  const keep = (wanted: boolean): void => {
    if (keeps && !wanted) void store?.clear();
    keeps = wanted;
  };
  keep(keepsVerdicts);
  return {
    keep,
    before: (checker: Checker): Checker => (keeping === null || store === null ? checker
      : createStoredChecker({ checker, store, engine: keeping.engine, keeps: () => keeps })),
    flush: async (): Promise<void> => store?.flush(),
  };
}

export function lensesId(snapshot: Snapshot): string {
  return JSON.stringify(codeLenses(snapshot));
}

/** Of what the client has looked at: of a large file that is a small part. */
export function hintsId({ hints, hinted }: Session, snapshot: Snapshot): string {
  const range = hinted.get(snapshot.file) ?? { start: 0, end: snapshot.text.length };
  return JSON.stringify(inlayHints(snapshot, range, hints));
}

/** Asked for by the client and once more to see whether it must ask again: worked out once. */
function reporter(): Session['report'] {
  const known = new WeakMap<Snapshot, ReturnType<Session['report']>>();
  return (snapshot) => {
    const before = known.get(snapshot);
    if (before !== undefined) return before;
    const items = diagnostics(snapshot).map((problem) => toDiagnostic(snapshot, problem));
    const report = { items, resultId: fingerprint(JSON.stringify(items)) };
    known.set(snapshot, report);
    return report;
  };
}

async function readText(
  { connection, environment }: SessionOptions, uri: string,
): Promise<string | null> {
  const own = await environment.readFile(uri);
  if (own !== undefined) return own;
  try {
    const params: ReadFileParams = { uri };
    const found: ReadFileResult = await connection.sendRequest(READ_FILE, params);
    return found?.text ?? null;
  } catch {
    return null; // A client that knows nothing of it.
  }
}

/** Only the client knows what the workspace is, and what the user leaves out of searches. */
async function findFiles({ connection }: SessionOptions): Promise<FindFilesResult> {
  try {
    return await connection.sendRequest<FindFilesResult | null>(FIND_FILES) ?? NO_FILES;
  } catch {
    return NO_FILES;
  }
}

const NO_FILES: FindFilesResult = { files: [], more: false };
