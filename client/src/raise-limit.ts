// `mmlock: Raise the Limit and Check Again`: doubles the setting that left a file unknown, where it
// is set: in the workspace, else for the user.
import * as vscode from 'vscode';
import { LANGUAGE_ID, type LimitName, type StatusParams } from '../../server/src/lsp/protocol.ts';
import { currentSettings } from './settings.ts';

const UNITS: Readonly<Record<LimitName, string>> = {
  maxStates: 'states', maxMemory: 'MiB', timeLimit: 's',
};

/** `20 000 000 states`: what the setting would be. */
export function raisedText(limit: LimitName): string {
  const value = 2 * currentSettings().check[limit];
  return `${value.toLocaleString('en').replaceAll(',', '\u202f')} ${UNITS[limit]}`;
}

/** `uri`, `limit`: as of the command, or of the active file. `check` checks that file. */
export async function raiseLimit(
  uri: string | undefined, status: StatusParams | undefined, limit: unknown,
  check: (uri: string) => Promise<void>,
): Promise<void> {
  const name = isLimitName(limit) ? limit : status?.limit ?? null;
  if (uri === undefined || name === null) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No check of this file ended at a limit.'));
    return;
  }
  const settings = vscode.workspace.getConfiguration(`${LANGUAGE_ID}.check`);
  const inWorkspace = settings.inspect(name)?.workspaceValue !== undefined;
  const target = inWorkspace
    ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update(name, 2 * currentSettings().check[name], target);
  await check(uri);
}

function isLimitName(value: unknown): value is LimitName {
  return typeof value === 'string' && value in UNITS;
}
