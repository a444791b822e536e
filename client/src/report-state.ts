// `mmlock: Report State`: versions, settings and how the open files stand, as a text to be copied
// into a report. No name and no text of a file is in it.
import * as vscode from 'vscode';
import { LANGUAGE_ID, type StatusParams } from '../../server/src/lsp/protocol.ts';
import { currentSettings } from './settings.ts';

/** The version of the extension; how its files stand, by uri. */
export async function reportState(
  version: string, statuses: ReadonlyMap<string, StatusParams>,
): Promise<void> {
  const { check } = currentSettings();
  const host = vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop';
  const remote = vscode.env.remoteName ?? 'none';
  const trusted = vscode.workspace.isTrusted ? 'trusted' : 'restricted';
  const open = vscode.workspace.textDocuments
    .filter(({ languageId }) => languageId === LANGUAGE_ID);
  const lines = [
    `mmlock ${version}`,
    `editor ${vscode.version}, ${host}, remote: ${remote}, ${trusted}`,
    ...Object.entries(check).map(([name, value]) => `mmlock.check.${name}: ${String(value)}`),
    ...open.map((document, at) => {
      const status = statuses.get(document.uri.toString());
      const stale = status !== undefined && status.version !== document.version ? ', stale' : '';
      return `file ${at + 1}: ${document.uri.scheme}, ${document.lineCount} lines, `
        + `${status?.state ?? 'not checked'}${stale}`;
    }),
  ];
  const content = `${lines.join('\n')}\n`;
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: 'plaintext', content }));
}
