// Code actions: what every source has to offer at a place, and the edit of the one that is chosen.
import type { CodeAction, CodeActionParams } from 'vscode-languageserver';
import type { Range } from '../text/range.ts';
import type { Snapshot } from '../service/ide.ts';
import { assistActions } from './assists.ts';
import { fixActions } from './fixes.ts';
import { limitActions } from './limit-actions.ts';
import type { Served } from './served.ts';
import type { Session } from './session.ts';

export interface ActionPlace {
  readonly session: Session;
  readonly snapshot: Snapshot;
  readonly range: Range;
  readonly params: CodeActionParams;
}

export interface ActionSource {
  /** Answers at once; edits may be left to `resolve`. */
  actions(place: ActionPlace): readonly CodeAction[];
  /** null: not one of this source. */
  resolve?(session: Session, action: CodeAction): CodeAction | null;
}

const SOURCES: readonly ActionSource[] = [fixActions, assistActions, limitActions];

export function onCodeActions({ connection, guard, session }: Served): void {
  connection.onCodeAction(guard<CodeActionParams, CodeAction[]>([], (params) => {
    const current = session();
    const snapshot = current?.workspace.snapshot(params.textDocument.uri) ?? null;
    if (current === null || snapshot === null) return [];
    const { start, end } = params.range;
    const range = { start: snapshot.lines.offset(start), end: snapshot.lines.offset(end) };
    const only = params.context.only;
    const place = { session: current, snapshot, range, params };
    return SOURCES.flatMap((source) => source.actions(place))
      .filter(({ kind }) => only === undefined || only.some((wanted) =>
        kind === wanted || kind?.startsWith(`${wanted}.`) === true));
  }));
  connection.onCodeActionResolve(async (action) => {
    const current = session();
    const resolve = guard<CodeAction, CodeAction>(action, (asked) => {
      if (current === null) return asked;
      for (const source of SOURCES) {
        const answer = source.resolve?.(current, asked) ?? null;
        if (answer !== null) return answer;
      }
      return asked;
    });
    return resolve(action);
  });
}
