// All fixes of a scenario in one list: those that were checked, to be taken, and those that were
// rejected, each with its reason.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  FIXES, type FixesParams, type FixesResult, type FixView,
} from '../../server/src/lsp/protocol.ts';

interface Item extends vscode.QuickPickItem {
  readonly fix?: FixView;
}

/** From a code action: `[uri, about]`. */
export async function showFixes(
  client: BaseLanguageClient, uri: string, about: string,
): Promise<void> {
  const params: FixesParams = { uri, about };
  const found = await client.sendRequest<FixesResult>(FIXES, params);
  if (found.kind === 'none') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No fixes of {0}: {1}.', about.replace(/@.*/, ''), found.reason));
    return;
  }
  const chosen = await vscode.window.showQuickPick(itemsOf(found), {
    title: vscode.l10n.t('Fixes of {0}: {1} checked, {2} rejected',
      found.of, found.offered.length, found.rejected.length),
    placeHolder: found.offered.length === 0
      ? vscode.l10n.t('None of the changes that were tried leaves every scenario as expected')
      : vscode.l10n.t('Each was checked: every scenario of the file is as expected afterwards'),
    matchOnDetail: true, ignoreFocusOut: false,
  });
  if (chosen?.fix !== undefined) await apply(uri, found.version, chosen.fix);
}

function itemsOf({ offered, rejected }: Extract<FixesResult, { kind: 'fixes' }>): readonly Item[] {
  const separator = (label: string): Item =>
    ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items = offered.map((fix): Item => ({
    label: `$(check) ${fix.title}`, fix,
    detail: [
      fix.cost, ...fix.expects.map(({ scenario, text }) => `${scenario}: ${text}`),
    ].join('; '),
  }));
  return [
    ...(items.length > 0 ? [separator(vscode.l10n.t('checked: safe')), ...items] : []),
    ...(rejected.length > 0 ? [separator(vscode.l10n.t('rejected'))] : []),
    ...rejected.map(({ title, reason }): Item => ({ label: `$(x) ${title}`, detail: reason })),
  ];
}

async function apply(uri: string, version: number, { edits }: FixView): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
  if (document.version !== version) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The text has changed: look for fixes again.'));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, edits.map(({ range: { start, end }, newText }) => new vscode.TextEdit(
    new vscode.Range(start.line, start.character, end.line, end.character), newText)));
  await vscode.workspace.applyEdit(edit);
}
