// What is load-bearing: a tree of the statements, of what was tried with each and of what then
// fails, and a word behind each line while the answer holds for the text.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  LANGUAGE_ID, LOAD_BEARING, type BearingBreak, type BearingItem, type BearingTried, type Bears,
  type LoadBearingParams, type LoadBearingResult, type RunParams,
} from '../../server/src/lsp/protocol.ts';

/** After the last key press: the line's words go at once, and come back if they still hold. */
const PEEK_MS = 300;
const SHOWN = 'mmlock.loadBearing.shown';
const OPEN_RUN = 'mmlock.loadBearing.run';
const REVEAL = 'mmlock.loadBearing.reveal';

type Node =
  | { readonly kind: 'item'; readonly item: BearingItem; readonly at: number }
  | { readonly kind: 'tried'; readonly of: BearingTried; readonly item: number;
      readonly at: number }
  | { readonly kind: 'break'; readonly of: BearingBreak; readonly item: number;
      readonly tried: number };

const ICONS: Readonly<Record<Bears, string>> = {
  needed: 'pass', guard: 'shield', unneeded: 'circle-slash', unknown: 'question',
};

export class LoadBearing implements vscode.Disposable, vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly behind = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorCodeLens.foreground') },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  private readonly view = vscode.window.createTreeView('mmlock.loadBearing', {
    treeDataProvider: this, showCollapseAll: true,
  });
  private readonly disposables: vscode.Disposable[];
  private uri: string | undefined;
  private items: readonly BearingItem[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly showRun: (params: RunParams) => Promise<void>,
  ) {
    this.disposables = [
      this.changed, this.behind, this.view,
      vscode.commands.registerCommand(OPEN_RUN, (node: Node) => this.run(node)),
      vscode.commands.registerCommand(REVEAL, (node: Node) => this.reveal(node)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.uri.toString() === this.uri && contentChanges.length > 0) this.edited();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.decorate()),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const each of this.disposables) each.dispose();
  }

  /** From a lens: a thread; from the palette: the whole file. */
  async ask(uri: string, thread?: string): Promise<void> {
    const params: LoadBearingParams = thread === undefined ? { uri } : { uri, thread };
    const found = await this.client.sendRequest<LoadBearingResult>(LOAD_BEARING, params);
    if (found.kind === 'none') {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Load-bearing: {0}.', found.reason));
      return;
    }
    this.uri = uri;
    await vscode.commands.executeCommand('setContext', SHOWN, true);
    this.view.description = thread ?? vscode.l10n.t('all threads');
    this.show(found.items);
    await vscode.commands.executeCommand('mmlock.loadBearing.focus');
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'item': {
        const { text, owner, bears, summary, range } = node.item;
        const item = new vscode.TreeItem(text, vscode.TreeItemCollapsibleState.Collapsed);
        item.description = `${owner}:${range.start.line + 1} · ${summary}`;
        item.iconPath = new vscode.ThemeIcon(ICONS[bears]);
        item.tooltip = summary;
        item.command = { title: vscode.l10n.t('Go to'), command: REVEAL, arguments: [node] };
        return item;
      }
      case 'tried': {
        const { title, summary, bears, breaks } = node.of;
        const item = new vscode.TreeItem(title, breaks.length > 0
          ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
        item.description = summary;
        item.iconPath = new vscode.ThemeIcon(ICONS[bears]);
        item.tooltip = `${title}\n${summary}`;
        return item;
      }
      case 'break': {
        const item = new vscode.TreeItem(node.of.text);
        item.description = node.of.message;
        item.tooltip = node.of.message;
        item.iconPath = new vscode.ThemeIcon('debug-alt-small');
        item.command = {
          title: vscode.l10n.t('Show the run'), command: OPEN_RUN, arguments: [node],
        };
        return item;
      }
      default: return unreachable(node);
    }
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.items.map((item, at) => ({ kind: 'item', item, at }));
    if (node.kind === 'item') {
      return node.item.tried.map((of, at) => ({ kind: 'tried', of, item: node.at, at }));
    }
    if (node.kind === 'break') return [];
    return node.of.breaks.map((of) =>
      ({ kind: 'break', of, item: node.item, tried: node.at }));
  }

  private show(items: readonly BearingItem[]): void {
    this.items = items;
    this.changed.fire();
    this.decorate();
  }

  private decorate(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.languageId !== LANGUAGE_ID) continue;
      const own = editor.document.uri.toString() === this.uri ? this.items : [];
      editor.setDecorations(this.behind, own.map(({ range: { start }, summary, bears }) => ({
        range: editor.document.validateRange(new vscode.Range(
          start.line, Number.MAX_SAFE_INTEGER, start.line, Number.MAX_SAFE_INTEGER)),
        hoverMessage: summary,
        renderOptions: { after: { contentText: bears === 'needed' ? `✓ ${summary}` : summary } },
      })));
    }
  }

  /** A changed meaning has another answer, which nobody has asked for yet. */
  private edited(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.peek(), PEEK_MS);
  }

  private async peek(): Promise<void> {
    const { uri } = this;
    if (uri === undefined) return;
    const params: LoadBearingParams = { uri, peek: true };
    const found = await this.client.sendRequest<LoadBearingResult>(LOAD_BEARING, params);
    if (uri !== this.uri) return;
    this.view.message = found.kind === 'none'
      ? vscode.l10n.t('The text has changed. Ask again what is load-bearing.') : '';
    this.show(found.kind === 'none' ? [] : found.items);
  }

  private async run(node: Node): Promise<void> {
    if (node.kind !== 'break' || this.uri === undefined) return;
    const { item, tried, of: { scenario, index } } = node;
    await this.showRun({
      uri: this.uri, scenario, kind: 'violation', index, variant: { item, tried },
    });
  }

  private async reveal(node: Node): Promise<void> {
    if (node.kind !== 'item' || this.uri === undefined) return;
    const { start, end } = node.item.range;
    await vscode.window.showTextDocument(vscode.Uri.parse(this.uri, true), {
      selection: new vscode.Range(start.line, start.character, end.line, end.character),
      preserveFocus: true, viewColumn: vscode.ViewColumn.One,
    });
  }
}

function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
