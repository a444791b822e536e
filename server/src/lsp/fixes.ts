// Checked fixes as code actions, and the list of all of them, with those that were rejected.
import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import {
  failing, fixableAt, fixTitle, plain, type Fix, type Fixes, type Snapshot,
} from '../service/ide.ts';
import type { ActionSource } from './code-actions.ts';
import { toRange } from './convert.ts';
import { trackProgress } from './progress.ts';
import { FIXES, SHOW_FIXES_COMMAND, type FixesParams, type FixesResult } from './protocol.ts';
import type { Served } from './served.ts';
import type { Session } from './session.ts';
import { member } from './settings.ts';

/** A menu with more is not read; the command lists all. */
const SHOWN_MAX = 5;

export const fixActions: ActionSource = {
  actions({ session, snapshot, range, params }) {
    const places = fixableAt(snapshot, range);
    const seen = new Set<string>();
    return places.flatMap(({ scenario }): readonly CodeAction[] => {
      const { desk } = session.workspace;
      const question = { file: snapshot.file, scenario };
      const fixes = desk.known(question);
      if (fixes === null) void desk.find(question);
      const diagnostics = params.context.diagnostics;
      const shown = (fixes?.offered ?? []).filter(({ id }) => !seen.has(id)).slice(0, SHOWN_MAX);
      for (const { id } of shown) seen.add(id);
      return [
        ...shown.map((fix): CodeAction => ({
          title: fixTitle(fix), kind: CodeActionKind.QuickFix, diagnostics,
          data: {
            source: 'fix', uri: snapshot.file, version: snapshot.version, scenario, id: fix.id,
          },
        })),
        {
          title: listTitle(scenario, fixes), kind: CodeActionKind.QuickFix, diagnostics,
          command: {
            title: 'Show Fixes', command: SHOW_FIXES_COMMAND, arguments: [snapshot.file, scenario],
          },
        },
      ];
    });
  },
  resolve(session, action) {
    const data: unknown = action.data;
    if (member(data, 'source') !== 'fix') return null;
    const [uri, scenario, id] = [member(data, 'uri'), member(data, 'scenario'), member(data, 'id')];
    if (typeof uri !== 'string' || typeof scenario !== 'string') return action;
    const snapshot = session.workspace.snapshot(uri);
    if (snapshot === null || member(data, 'version') !== snapshot.version) return action;
    const fixes = session.workspace.desk.known({ file: uri, scenario });
    const fix = fixes?.offered.find((each) => each.id === id);
    return fix === undefined ? action : { ...action, edit: editOf(session, snapshot, fix) };
  },
};

function listTitle(scenario: string, fixes: Fixes | null): string {
  if (fixes === null) return `Look for fixes of ${scenario}…`;
  const rejected = `${fixes.rejected.length} rejected`;
  return fixes.offered.length === 0 ? `No checked fix of ${scenario} (${rejected})…`
    : `All fixes of ${scenario} (${fixes.offered.length} checked, ${rejected})…`;
}

function editOf(session: Session, { file, version, lines }: Snapshot, fix: Fix) {
  const edits = fix.splices.map(({ text, ...range }) =>
    ({ range: toRange(lines, range), newText: text }));
  return session.client.versionedEdits
    ? { documentChanges: [{ textDocument: { uri: file, version }, edits }] }
    : { changes: { [file]: edits } };
}

/** Unasked: for what fails unexpectedly, so that the menu has it when it is opened. */
export function lookForFixes({ workspace }: Pick<Session, 'workspace'>, file: string): void {
  const snapshot = workspace.snapshot(file);
  if (snapshot === null) return;
  for (const scenario of failing(snapshot)) void workspace.desk.find({ file, scenario });
}

export function onFixes({ connection, guard, session }: Served): void {
  const none: FixesResult = { kind: 'none', reason: 'the fixes could not be worked out' };
  connection.onRequest(FIXES, guard<FixesParams, FixesResult>(none, async (params) => {
    const current = session();
    if (current === null) return none;
    const { uri, scenario } = params;
    await current.workspace.complete(uri);
    await current.workspace.demand(uri, scenario);
    const snapshot = current.workspace.snapshot(uri);
    if (snapshot === null) return { kind: 'none', reason: 'the file is not open' };
    const tracked = await trackProgress(connection, `Fixes of ${scenario}`);
    const fixes = await current.workspace.desk.find({ file: uri, scenario }, tracked)
      .finally(() => tracked.done());
    if (fixes === null) return { kind: 'none', reason: 'stopped: the text was edited' };
    const { tried, cut, rejected } = fixes;
    return {
      kind: 'fixes', version: snapshot.version, tried, cut,
      offered: fixes.offered.map((fix) => ({
        title: plain(fix.title), cost: plain(fix.cost), expects: fix.expects,
        edits: fix.splices.map(({ text, ...range }) =>
          ({ range: toRange(snapshot.lines, range), newText: text })),
      })),
      rejected: rejected.map(({ title, reason }) =>
        ({ title: plain(title), reason: plain(reason) })),
    };
  }));
}
