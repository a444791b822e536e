// How the check of the file in the editor stands, beside the name of the language in the status
// bar. Shown for the active editor only; each file's last word is kept until it is closed.
import * as vscode from 'vscode';
import { LANGUAGE_ID, type StatusParams } from '../../server/src/lsp/protocol.ts';

const SEVERITIES = {
  checking: vscode.LanguageStatusSeverity.Information,
  safe: vscode.LanguageStatusSeverity.Information,
  stale: vscode.LanguageStatusSeverity.Information,
  unknown: vscode.LanguageStatusSeverity.Warning,
  violated: vscode.LanguageStatusSeverity.Error,
  errors: vscode.LanguageStatusSeverity.Error,
} as const;

export class CheckStatus implements vscode.Disposable {
  /** The last word on each open file, by uri. */
  readonly said = new Map<string, StatusParams>();
  private readonly item = vscode.languages.createLanguageStatusItem(
    'mmlock.check', { language: LANGUAGE_ID });
  private readonly listeners = [
    vscode.window.onDidChangeActiveTextEditor(() => this.show()),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.said.delete(uri.toString())),
  ];

  constructor() {
    this.item.name = 'mmlock';
    this.item.command = { command: 'mmlock.check', title: 'Check now' };
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.item.dispose();
  }

  hear(status: StatusParams): void {
    this.said.set(status.uri, status);
    this.show();
  }

  private show(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const status = uri === undefined ? undefined : this.said.get(uri);
    this.item.text = status?.text ?? 'not checked yet';
    this.item.busy = status?.state === 'checking';
    this.item.severity = SEVERITIES[status?.state ?? 'stale'];
  }
}
