// The commands about changes of a protocol: fixes, what is load-bearing, before and after.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  LANGUAGE_ID, LOAD_BEARING_COMMAND, SCENARIOS, SHOW_FIXES_COMMAND, type RunParams,
  type ScenariosResult,
} from '../../server/src/lsp/protocol.ts';
import { ComparisonView } from './compare/view.ts';
import { showFixes } from './fixes.ts';
import { LoadBearing } from './load-bearing.ts';

export function registerChanges(
  client: BaseLanguageClient, showRun: (params: RunParams) => Promise<void>,
): vscode.Disposable {
  const bearing = new LoadBearing(client, showRun);
  return vscode.Disposable.from(
    bearing,
    new ComparisonView(client, showRun),
    vscode.commands.registerCommand(LOAD_BEARING_COMMAND, (uri?: unknown, thread?: unknown) => {
      const at = typeof uri === 'string' ? uri : currentUri();
      if (at !== undefined) return bearing.ask(at, typeof thread === 'string' ? thread : undefined);
    }),
    vscode.commands.registerCommand(SHOW_FIXES_COMMAND, (uri?: unknown, about?: unknown) =>
      fixesOf(client, uri, about)),
  );
}

/** From a code action: `[uri, about]`. From the palette: nothing, so it asks. */
async function fixesOf(
  client: BaseLanguageClient, uri: unknown, about: unknown,
): Promise<void> {
  if (typeof uri === 'string' && typeof about === 'string') {
    return showFixes(client, uri, about);
  }
  const here = currentUri();
  if (here === undefined) return;
  const scenarios = await client.sendRequest<ScenariosResult>(SCENARIOS, { uri: here });
  const chosen = await vscode.window.showQuickPick(
    scenarios.map(({ name, title, verdictText }) =>
      ({ label: name, description: title, detail: verdictText })),
    { placeHolder: vscode.l10n.t('Fixes of which scenario?'), matchOnDescription: true });
  if (chosen !== undefined) await showFixes(client, here, chosen.label);
}

function currentUri(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === LANGUAGE_ID ? document.uri.toString() : undefined;
}
