// The panel "the run": one webview, used again for every run. Shows a run, follows what is clicked
// in it to the line in the editor, and says when the text has moved on.
import * as vscode from 'vscode';
import type { RunParams, RunResult, RunView, StepView } from '../../../server/src/lsp/protocol.ts';
import { page, renderNone, renderRun } from './html.ts';
import { fromPage, type FromPage, type ToPage } from './messages.ts';
import { SourceMarker } from './marker.ts';
import { nonce } from './nonce.ts';

export type AskForRun = (params: RunParams) => Promise<RunResult>;

export class RunPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private asked: RunParams | undefined;
  private answer: RunResult | undefined;
  private selected = -1;
  /** Of the last random run; each further one of what is shown takes the next. */
  private seed = 0;
  /** Counts questions, so that a late answer to an old one is dropped. */
  private question = 0;
  private readonly marker = new SourceMarker();
  private readonly listener: vscode.Disposable;

  constructor(private readonly extension: vscode.Uri, private readonly ask: AskForRun) {
    this.listener = vscode.workspace.onDidChangeTextDocument(() => this.sayIfStale());
  }

  dispose(): void {
    this.listener.dispose();
    this.panel?.dispose();
    this.marker.dispose();
  }

  /** Opens the panel, or takes the one there is, and shows what the server answers. */
  async show(params: RunParams): Promise<void> {
    this.seed = 0;
    await this.load(params);
  }

  private async load(params: RunParams): Promise<void> {
    this.asked = params;
    const question = ++this.question;
    this.open().title = vscode.l10n.t('Run: {0}', params.scenario);
    this.post({ show: 'busy' });
    const answer = await this.ask(params).catch((error: unknown) => noneBecause(error));
    if (question !== this.question) return;
    this.answer = answer;
    this.selected = answer.kind === 'run' ? lastOf(answer.run) : -1;
    this.marker.clear();
    this.post(this.body(answer));
    this.sayIfStale();
  }

  private open(): vscode.WebviewPanel {
    if (this.panel !== undefined) {
      this.panel.reveal(undefined, false);
      return this.panel;
    }
    const assets = vscode.Uri.joinPath(this.extension, 'dist');
    const panel = vscode.window.createWebviewPanel(
      'mmlock.run', vscode.l10n.t('Run'), vscode.ViewColumn.Beside,
      { enableScripts: true, localResourceRoots: [assets] },
    );
    const address = (name: string) =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(assets, name)).toString();
    panel.webview.html = page({
      nonce: nonce(),
      title: vscode.l10n.t('the run'),
      cspSource: panel.webview.cspSource,
      script: address('runPanel.js'),
      style: address('runPanel.css'),
    });
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const known = fromPage(message);
      if (known !== undefined) void this.heed(known);
    });
    panel.onDidDispose(() => this.closed());
    this.panel = panel;
    return panel;
  }

  private closed(): void {
    this.panel = undefined;
    this.answer = undefined;
    this.question++;
    this.marker.clear();
  }

  private body(answer: RunResult): ToPage {
    const body = answer.kind === 'run' ? renderRun(answer.run) : renderNone(answer.reason);
    return { show: 'body', body, selected: this.selected };
  }

  private post(message: ToPage): void {
    void this.panel?.webview.postMessage(message);
  }

  private async heed(message: FromPage): Promise<void> {
    switch (message.do) {
      case 'ready': // Also when the panel was hidden: its page is made anew.
        if (this.answer !== undefined) this.post(this.body(this.answer));
        this.sayIfStale();
        return;
      case 'select':
        this.selected = message.step;
        return this.goTo(message.step, message.open);
      case 'choose':
        return this.askAgain({ kind: 'violation', index: message.violation });
      case 'random':
        return this.askAgain({ kind: 'random', seed: ++this.seed });
      case 'again':
        return this.askAgain({});
      default:
        return unreachable(message);
    }
  }

  private async askAgain(change: Partial<RunParams>): Promise<void> {
    if (this.asked !== undefined) await this.load({ ...this.asked, ...change });
  }

  private async goTo(step: number, takeFocus: boolean): Promise<void> {
    const view: StepView | undefined =
      this.answer?.kind === 'run' ? this.answer.run.steps[step] : undefined;
    if (view === undefined) this.marker.clear();
    else await this.marker.show(view, takeFocus);
  }

  /** The run is of one version of one text; the panel says so when the text is another one. */
  private sayIfStale(): void {
    if (this.answer?.kind !== 'run') return;
    const { uri, version } = this.answer.run;
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
    this.post({ show: 'stale', stale: document !== undefined && document.version !== version });
  }
}

/** Where it goes wrong, or what it shows; any other run is read from the start. */
function lastOf({ shown, shows, steps }: RunView): number {
  return shown === null && shows === null ? -1 : steps.length - 1;
}

function noneBecause(error: unknown): RunResult {
  return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
}

function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
