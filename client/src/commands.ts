// The commands, and what the server asks of the client: the same in both hosts. The language
// client itself is made by the entries, which differ in how a server is started.
import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import {
  CHECK, LANGUAGE_ID, LOCK_STATE, RAISE_COMMAND, RUN, SCENARIOS, SIMULATE_COMMAND,
  STATUS, TEST,
  type BrowserParts, type CheckParams, type InitializationOptions, type LockStateResult,
  type RunResult, type ScenariosResult,
  type StatusParams, type TestResult,
} from '../../server/src/lsp/protocol.ts';
import { answerAboutFiles } from './files.ts';
import { LOCK_STATE_VIEW, LockStatePanel } from './lock-state/view.ts';
import { raiseLimit } from './raise-limit.ts';
import { reportState } from './report-state.ts';
import { registerChanges } from './changes.ts';
import { openSample } from './sample.ts';
import { currentSettings } from './settings.ts';
import { CheckStatus } from './status.ts';
import { ScenarioTests } from './tests/explorer.ts';
import { RunPanel } from './trace/panel.ts';

export function clientOptions(
  context: vscode.ExtensionContext, parts?: BrowserParts,
): LanguageClientOptions {
  const options: InitializationOptions = {
    settings: currentSettings(),
    storage: (context.storageUri ?? context.globalStorageUri).toString(),
    ...(parts === undefined ? {} : { parts }),
  };
  return {
    documentSelector: [{ language: LANGUAGE_ID }],
    synchronize: {
      configurationSection: LANGUAGE_ID,
      fileEvents: vscode.workspace.createFileSystemWatcher('**/*.mmlock'),
    },
    initializationOptions: options,
    middleware: {
      // What was wrong at a commit is no problem of today.
      provideDiagnostics: (document, previous, token, next) =>
        (('uri' in document ? document.uri : document).scheme === 'git' ? undefined
          : next(document, previous, token)),
    },
    outputChannel: vscode.window.createOutputChannel('mmlock', { log: true }),
  };
}

/** Registers everything and starts the server. */
export async function start(
  context: vscode.ExtensionContext, client: BaseLanguageClient,
): Promise<void> {
  const panel = new RunPanel(context.extensionUri, (params) =>
    client.sendRequest<RunResult>(RUN, params));
  const lockState = new LockStatePanel(context.extensionUri, (params, token) =>
    client.sendRequest<LockStateResult>(LOCK_STATE, params, token), panel);
  const status = new CheckStatus();
  const tests = new ScenarioTests({
    scenarios: (params) => client.sendRequest<ScenariosResult>(SCENARIOS, params),
    test: (params, token) => client.sendRequest<TestResult>(TEST, params, token),
    show: (params) => panel.show(params),
  });
  context.subscriptions.push(
    panel,
    status,
    registerChanges(client, (params) => panel.show(params)),
    lockState,
    tests,
    client.onNotification(STATUS, async (params: StatusParams) => {
      status.hear(params);
      lockState.heard(params.uri);
      await tests.hear(params);
    }),
    answerAboutFiles(client),
    vscode.commands.registerCommand(SIMULATE_COMMAND, (uri?: unknown, ...rest: unknown[]) =>
      simulate(client, panel, [uri, ...rest])),
    vscode.commands.registerCommand('mmlock.lockState.show', () =>
      vscode.commands.executeCommand(`${LOCK_STATE_VIEW}.focus`)),
    vscode.commands.registerCommand('mmlock.check', () => checkNow(client, currentUri())),
    vscode.commands.registerCommand(RAISE_COMMAND, (given?: unknown, limit?: unknown) => {
      const uri = typeof given === 'string' ? given : currentUri();
      return raiseLimit(uri, status.said.get(uri ?? ''), limit, (at) => checkNow(client, at));
    }),
    vscode.commands.registerCommand('mmlock.openSample', openSample),
    vscode.commands.registerCommand('mmlock.reportState', () =>
      reportState(versionOf(context), status.said)),
  );
  await client.start();
  tests.start();
}

/** From a lens: `[uri, scenario, violation?]`. From the palette: nothing, so it asks. */
async function simulate(
  client: BaseLanguageClient, panel: RunPanel, args: readonly unknown[],
): Promise<void> {
  const [uri, scenario, index] = args;
  if (typeof uri === 'string' && typeof scenario === 'string') {
    const violation = typeof index === 'number' ? { index } : {};
    return panel.show({ uri, scenario, kind: 'violation', ...violation });
  }
  const here = currentUri();
  if (here === undefined) return;
  const scenarios = await client.sendRequest<ScenariosResult>(SCENARIOS, { uri: here });
  const chosen = await choose(scenarios);
  if (chosen !== undefined) await panel.show({ uri: here, scenario: chosen, kind: 'violation' });
}

async function choose(scenarios: ScenariosResult): Promise<string | undefined> {
  const [first, second] = scenarios;
  if (first === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This file has no scenario to simulate.'));
    return undefined;
  }
  if (second === undefined) return first.name;
  const items = scenarios.map(({ name, title, verdictText }) =>
    ({ label: name, description: title, detail: verdictText }));
  const item = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Which scenario?'), matchOnDescription: true,
  });
  return item?.label;
}

function versionOf({ extension }: vscode.ExtensionContext): string {
  const manifest: unknown = extension.packageJSON;
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version) : 'of unknown version';
}

async function checkNow(client: BaseLanguageClient, uri: string | undefined): Promise<void> {
  if (uri === undefined) return;
  const params: CheckParams = { uri };
  await client.sendNotification(CHECK, params);
}

/** Of the active editor; beside a walkthrough, of one that is seen. */
function currentUri(): string | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor];
  return editors.find(({ document }) => document.languageId === LANGUAGE_ID)
    ?.document.uri.toString();
}
