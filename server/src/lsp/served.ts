// What the handlers of the protocol share.
import type { Connection, Position } from 'vscode-languageserver';
import type { Snapshot } from '../service/ide.ts';
import type { createGuard, Log } from './guard.ts';
import type { Session } from './session.ts';

export interface Served {
  readonly connection: Connection;
  readonly guard: ReturnType<typeof createGuard>;
  readonly log: Log;
  /** null before the client has introduced itself and after it has taken its leave. */
  session(): Session | null;
}

/** What a request about a whole file says of it. */
export interface AtFile {
  readonly textDocument: { readonly uri: string };
}

/** Where a request points: the file as it is now, and the offset in it. */
export function locate(
  session: Pick<Session, 'workspace'> | null,
  at: { readonly textDocument: { readonly uri: string }; readonly position: Position },
): { readonly snapshot: Snapshot; readonly offset: number } | null {
  const snapshot = session?.workspace.snapshot(at.textDocument.uri) ?? null;
  return snapshot === null ? null : { snapshot, offset: snapshot.lines.offset(at.position) };
}
