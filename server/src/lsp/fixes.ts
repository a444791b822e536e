// Checked fixes as code actions, and the list of all of them, with those that were rejected.
import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import {
  aboutText, aboutWarning, diagnostics, failing, fixableAt, fixTitle, isMendable, plain,
  warningCode, type About, type Fix, type Fixes, type Snapshot,
} from '../service/ide.ts';
import { touches, type Range } from '../text/range.ts';
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
    const seen = new Set<string>();
    return aboutsAt(snapshot, range).flatMap((about): readonly CodeAction[] => {
      const { desk } = session.workspace;
      const question = { file: snapshot.file, about };
      const fixes = desk.known(question);
      if (fixes === null) void desk.find(question);
      const diagnostics = params.context.diagnostics;
      const shown = (fixes?.offered ?? []).filter(({ id }) => !seen.has(id)).slice(0, SHOWN_MAX);
      for (const { id } of shown) seen.add(id);
      return [
        ...shown.map((fix): CodeAction => ({
          title: fixTitle(fix), kind: CodeActionKind.QuickFix, diagnostics,
          data: {
            source: 'fix', uri: snapshot.file, version: snapshot.version, about, id: fix.id,
          },
        })),
        {
          title: listTitle(about, fixes), kind: CodeActionKind.QuickFix, diagnostics,
          command: {
            title: 'Show Fixes', command: SHOW_FIXES_COMMAND, arguments: [snapshot.file, about],
          },
        },
      ];
    });
  },
  resolve(session, action) {
    const data: unknown = action.data;
    if (member(data, 'source') !== 'fix') return null;
    const [uri, about, id] = [member(data, 'uri'), member(data, 'about'), member(data, 'id')];
    if (typeof uri !== 'string' || typeof about !== 'string') return action;
    const snapshot = session.workspace.snapshot(uri);
    if (snapshot === null || member(data, 'version') !== snapshot.version) return action;
    const fixes = session.workspace.desk.known({ file: uri, about });
    const fix = fixes?.offered.find((each) => each.id === id);
    return fix === undefined ? action : { ...action, edit: editOf(session, snapshot, fix) };
  },
};

/** The scenarios that fail there, then the warnings that stand there. */
function aboutsAt(snapshot: Snapshot, range: Range): readonly About[] {
  const warnings = diagnostics(snapshot).filter((it) =>
    isMendable(it) && touches(it.range, range));
  return [
    ...fixableAt(snapshot, range).map(({ scenario }) => scenario), ...warnings.map(aboutWarning),
  ];
}

function listTitle(about: About, fixes: Fixes | null): string {
  const what = aboutText(about);
  if (fixes === null) return `Look for fixes of ${what}…`;
  const rejected = `${fixes.rejected.length} rejected`;
  return fixes.offered.length === 0 ? `No checked fix of ${what} (${rejected})…`
    : `All fixes of ${what} (${fixes.offered.length} checked, ${rejected})…`;
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
  for (const scenario of failing(snapshot)) void workspace.desk.find({ file, about: scenario });
}

export function onFixes({ connection, guard, session }: Served): void {
  const none: FixesResult = { kind: 'none', reason: 'the fixes could not be worked out' };
  connection.onRequest(FIXES, guard<FixesParams, FixesResult>(none, async (params) => {
    const current = session();
    if (current === null) return none;
    const { uri, about } = params;
    await current.workspace.complete(uri);
    if (warningCode(about) === null) await current.workspace.demand(uri, about);
    const snapshot = current.workspace.snapshot(uri);
    if (snapshot === null) return { kind: 'none', reason: 'the file is not open' };
    const tracked = await trackProgress(connection, `Fixes of ${aboutText(about)}`);
    const fixes = await current.workspace.desk.find({ file: uri, about }, tracked)
      .finally(() => tracked.done());
    if (fixes === null) return { kind: 'none', reason: 'stopped: the text was edited' };
    const { tried, cut, rejected } = fixes;
    return {
      kind: 'fixes', version: snapshot.version, tried, cut, of: aboutText(about),
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
