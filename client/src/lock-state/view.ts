// The view "Lock state here": follows the cursor while it is visible, asks the server at once for
// what is known and patiently for the rest, and hands the runs that are wanted to the run panel.
import * as vscode from 'vscode';
import {
  LANGUAGE_ID, type LockStateParams, type LockStateResult,
} from '../../../server/src/lsp/protocol.ts';
import { page } from '../trace/html.ts';
import type { RunPanel } from '../trace/panel.ts';
import { nonce } from '../trace/nonce.ts';
import { renderLockState } from './html.ts';
import { fromPage, type FromPage, type ToPage } from './messages.ts';

export const LOCK_STATE_VIEW = 'mmlock.lockState';

export type AskForLockState =
  (params: LockStateParams, token: vscode.CancellationToken) => Promise<LockStateResult>;

/** Shorter than anyone reads, longer than a key that is held down repeats. */
const PAUSE_MS = 80;

export class LockStatePanel implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private shown: LockStateResult | undefined;
  private uri: string | undefined;
  private asking = new vscode.CancellationTokenSource();
  private pause: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners: readonly vscode.Disposable[];

  constructor(
    private readonly extension: vscode.Uri, private readonly ask: AskForLockState,
    private readonly runs: RunPanel,
  ) {
    this.listeners = [
      vscode.window.registerWebviewViewProvider(LOCK_STATE_VIEW, this),
      vscode.window.onDidChangeTextEditorSelection(() => this.follow()),
      vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
    ];
  }

  dispose(): void {
    clearTimeout(this.pause);
    this.asking.cancel();
    for (const listener of this.listeners) listener.dispose();
  }

  /** More is known of the file now. */
  heard(uri: string): void {
    if (uri === this.uri) this.follow();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const assets = vscode.Uri.joinPath(this.extension, 'dist');
    const address = (name: string) =>
      view.webview.asWebviewUri(vscode.Uri.joinPath(assets, name)).toString();
    view.webview.options = { enableScripts: true, localResourceRoots: [assets] };
    view.webview.html = page({
      nonce: nonce(), cspSource: view.webview.cspSource, title: vscode.l10n.t('lock state here'),
      script: address('lockState.js'), style: address('lockState.css'),
    });
    view.webview.onDidReceiveMessage((message: unknown) => {
      const known = fromPage(message);
      if (known !== undefined) this.heed(known);
    });
    view.onDidChangeVisibility(() => this.follow());
    view.onDidDispose(() => {
      this.view = undefined;
    });
    this.follow();
  }

  private heed(message: FromPage): void {
    if (message.do === 'ready') {
      if (this.shown !== undefined) this.show(this.shown);
      return;
    }
    if (this.uri === undefined) return;
    const { scenario, claim } = message;
    void this.runs.show({ uri: this.uri, scenario, kind: 'witness', claim });
  }

  private follow(): void {
    clearTimeout(this.pause);
    this.asking.cancel();
    if (this.view?.visible === true) this.pause = setTimeout(() => void this.look(), PAUSE_MS);
  }

  /** Where the cursor is; in another editor what was last shown stays. */
  private async look(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== LANGUAGE_ID) {
      if (this.shown === undefined) {
        const reason = vscode.l10n.t('Point at a statement of a thread or proc.');
        this.show({ kind: 'none', reason });
      }
      return;
    }
    const source = new vscode.CancellationTokenSource();
    this.asking = source;
    const uri = editor.document.uri.toString();
    const { line, character } = editor.selection.active;
    for (const patient of [false, true]) {
      const params = { uri, line, character, patient };
      const answer = await this.ask(params, source.token).catch(noneBecause);
      if (source.token.isCancellationRequested) return;
      this.uri = uri;
      this.show(answer);
      if (answer.kind === 'none' || !answer.state.pending) return;
    }
  }

  private show(answer: LockStateResult): void {
    this.shown = answer;
    const said = answer.kind === 'none' ? answer.reason
      : vscode.l10n.t('Line {0}: {1}', answer.state.line, answer.state.summary);
    const message: ToPage = { show: 'body', body: renderLockState(answer), said };
    void this.view?.webview.postMessage(message);
  }
}

function noneBecause(error: unknown): LockStateResult {
  return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
}
