// How the check of the file in the editor stands: in the status bar, and with more words beside the
// name of the language. Of the active editor; each last word is kept until its file is closed.
import * as vscode from 'vscode';
import { LANGUAGE_ID, RAISE_COMMAND, type StatusParams } from '../../server/src/lsp/protocol.ts';
import { raisedText } from './raise-limit.ts';

const SEVERITIES = {
  checking: vscode.LanguageStatusSeverity.Information,
  safe: vscode.LanguageStatusSeverity.Information,
  stale: vscode.LanguageStatusSeverity.Information,
  unknown: vscode.LanguageStatusSeverity.Warning,
  violated: vscode.LanguageStatusSeverity.Error,
  errors: vscode.LanguageStatusSeverity.Error,
} as const;

const SHORT = {
  checking: `$(loading~spin) ${vscode.l10n.t('mmlock: checking')}`,
  safe: `$(pass) ${vscode.l10n.t('mmlock: as expected')}`,
  stale: `$(circle-large-outline) ${vscode.l10n.t('mmlock: not checked')}`,
  unknown: `$(question) ${vscode.l10n.t('mmlock: unknown')}`,
  violated: `$(error) ${vscode.l10n.t('mmlock: fails')}`,
  errors: `$(error) ${vscode.l10n.t('mmlock: errors')}`,
} as const;

export class CheckStatus implements vscode.Disposable {
  /** The last word on each open file, by uri. */
  readonly said = new Map<string, StatusParams>();
  private readonly item = vscode.languages.createLanguageStatusItem(
    'mmlock.check', { language: LANGUAGE_ID });
  /** A click opens the list of problems. */
  private readonly bar = vscode.window.createStatusBarItem(
    'mmlock.status', vscode.StatusBarAlignment.Right, 100);
  /** There while a check of the file in the editor ended at a limit. */
  private raise: vscode.LanguageStatusItem | undefined;
  private readonly listeners = [
    vscode.window.onDidChangeActiveTextEditor(() => this.show()),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.said.delete(uri.toString())),
  ];

  constructor() {
    this.item.name = 'mmlock';
    this.item.command = { command: 'mmlock.check', title: vscode.l10n.t('Check now') };
    this.bar.name = 'mmlock';
    this.bar.command = 'workbench.actions.view.problems';
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.item.dispose();
    this.bar.dispose();
    this.raise?.dispose();
  }

  hear(status: StatusParams): void {
    this.said.set(status.uri, status);
    this.show();
  }

  private show(): void {
    const document = vscode.window.activeTextEditor?.document;
    const status = document === undefined ? undefined : this.said.get(document.uri.toString());
    this.item.text = status?.text ?? vscode.l10n.t('not checked yet');
    this.item.busy = status?.state === 'checking';
    this.item.severity = SEVERITIES[status?.state ?? 'stale'];
    this.bar.text = SHORT[status?.state ?? 'stale'];
    this.bar.tooltip = `${this.item.text}\n${vscode.l10n.t('Click for the list of problems')}`;
    if (document?.languageId === LANGUAGE_ID) this.bar.show();
    else this.bar.hide();
    this.offerMore(status);
  }

  private offerMore(status: StatusParams | undefined): void {
    this.raise?.dispose();
    this.raise = undefined;
    if (status === undefined || status.limit === null) return;
    const { uri, limit } = status;
    this.raise = vscode.languages.createLanguageStatusItem(
      'mmlock.limit', { language: LANGUAGE_ID });
    this.raise.name = vscode.l10n.t('mmlock limit');
    this.raise.text = vscode.l10n.t('{0} is reached', `mmlock.check.${limit}`);
    this.raise.severity = vscode.LanguageStatusSeverity.Warning;
    this.raise.command = {
      command: RAISE_COMMAND, title: vscode.l10n.t('Raise to {0}', raisedText(limit)),
      arguments: [uri, limit],
    };
  }
}
