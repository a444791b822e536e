// "Comparison" in the side bar: each scenario with how it stands before and after, below it what is
// gained and lost; a click opens the run to it.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  LANGUAGE_ID, SCENARIOS, type RunParams, type ScenariosResult,
} from '../../../server/src/lsp/protocol.ts';
import {
  COMPARE, COMPARE_COMMAND, type ChangeView, type ComparedView, type CompareParams,
  type CompareResult,
} from '../../../server/src/lsp/protocol-compare.ts';
import { chooseSides } from './choose.ts';

const SHOWN = 'mmlock.comparison.shown';
const VIEW = 'mmlock.comparison';
const OPEN_RUN = 'mmlock.comparison.run';
const KINDS = { outcome: 'outcome', violation: 'violation', lock_order: 'lock order' } as const;

type Found = Extract<CompareResult, { kind: 'compared' }>;
type Node =
  | { readonly kind: 'scenario'; readonly of: ComparedView; readonly at: number }
  | { readonly kind: 'change'; readonly of: ChangeView; readonly scenario: ComparedView;
      readonly at: readonly [scenario: number, change: number] };

export class ComparisonView implements vscode.Disposable, vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view = vscode.window.createTreeView(VIEW, {
    treeDataProvider: this, showCollapseAll: true,
  });
  private readonly disposables: readonly vscode.Disposable[];
  private asked: CompareParams | undefined;
  private found: Found | undefined;

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly showRun: (params: RunParams) => Promise<void>,
  ) {
    const files = vscode.workspace.createFileSystemWatcher(`**/*.${LANGUAGE_ID}`);
    this.disposables = [
      this.changed, this.view, files,
      vscode.commands.registerCommand(COMPARE_COMMAND, () => this.choose()),
      vscode.commands.registerCommand('mmlock.comparison.again', () => this.compare()),
      vscode.commands.registerCommand('mmlock.comparison.text', () => this.openText()),
      vscode.commands.registerCommand(OPEN_RUN, (node: Node) => this.open(node)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.touched(document.uri);
      }),
      files.onDidChange((uri) => this.touched(uri)),
      files.onDidCreate((uri) => this.touched(uri)),
      files.onDidDelete((uri) => this.touched(uri)),
    ];
  }

  dispose(): void {
    for (const each of this.disposables) each.dispose();
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'scenario' ? scenarioItem(node.of) : changeItem(node);
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      return (this.found?.scenarios ?? []).map((of, at) => ({ kind: 'scenario', of, at }));
    }
    if (node.kind === 'change') return [];
    return node.of.changes.map((of, i) =>
      ({ kind: 'change', of, scenario: node.of, at: [node.at, i] }));
  }

  private async choose(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== LANGUAGE_ID) return;
    const ask = (uri: string) => this.client.sendRequest<ScenariosResult>(SCENARIOS, { uri });
    const params = await chooseSides(document.uri, ask);
    if (params === undefined) return;
    this.asked = params;
    await this.compare();
  }

  private async compare(): Promise<void> {
    const { asked } = this;
    if (asked === undefined) return;
    const found = await this.client.sendRequest<CompareResult>(COMPARE, asked);
    if (asked !== this.asked) return;
    if (found.kind === 'none') {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Not compared: {0}.', found.reason));
      return;
    }
    await vscode.commands.executeCommand('setContext', SHOWN, true);
    // First: a tree that changes while it is unfolded for the first time may stay without leaves.
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    this.found = found;
    this.view.description = `${asked.before.label} → ${asked.after.label}`;
    this.view.message = messageOf(found) ?? '';
    this.changed.fire();
  }

  /** What is shown is of the text as it was. */
  private touched(uri: vscode.Uri): void {
    if (this.found?.files.includes(uri.toString()) !== true) return;
    this.view.message = vscode.l10n.t('The text has changed since: compare again.');
  }

  private async open(node: Node): Promise<void> {
    if (node.kind !== 'change' || this.found === undefined || this.asked === undefined) return;
    const { of, at: [scenario, change], scenario: compared } = node;
    const side = of.change === 'gained' ? 'after' : 'before';
    if (of.runs) {
      return this.showRun({
        uri: this.asked[side].uri, scenario: compared[side].scenario ?? compared.name,
        kind: 'violation', change: { id: this.found.id, scenario, change },
      });
    }
    if (of.place === null) return;
    const { uri, line, character, endLine, endCharacter } = of.place;
    await vscode.window.showTextDocument(vscode.Uri.parse(uri, true), {
      selection: new vscode.Range(line, character, endLine, endCharacter),
      viewColumn: vscode.ViewColumn.One,
    });
  }

  private async openText(): Promise<void> {
    const { found, asked } = this;
    if (found === undefined || asked === undefined) return;
    const named = found.files.reduce((text, file) =>
      text.replaceAll(file, nameOf(file, asked)), found.text);
    const content = `Before: ${asked.before.label}\nAfter:  ${asked.after.label}\n\n${named}`;
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ content, language: 'plaintext' }));
  }
}

/** As git writes it: `HEAD:dir/a.mmlock`. */
function nameOf(file: string, { before }: CompareParams): string {
  const uri = vscode.Uri.parse(file, true);
  return uri.scheme !== 'git' ? vscode.workspace.asRelativePath(uri)
    : `${before.label}:${vscode.workspace.asRelativePath(vscode.Uri.file(uri.path))}`;
}

function messageOf({ scenarios }: Found): string | undefined {
  if (scenarios.length === 0) return vscode.l10n.t('There is no scenario to compare.');
  if (scenarios.some(({ changes, before, after }) =>
    changes.length > 0 || before.scenario === null || after.scenario === null)) return undefined;
  return scenarios.some(({ open }) => open)
    ? vscode.l10n.t('No difference so far: not all was searched to the end.')
    : vscode.l10n.t('No difference: the same outcomes, violations and lock orders.');
}

function scenarioItem(
  { name, before, after, summary, open, changes }: ComparedView,
): vscode.TreeItem {
  const renamed = before.scenario !== null && after.scenario !== null
    && before.scenario !== after.scenario ? `${before.scenario} → ${name}` : name;
  const item = new vscode.TreeItem(renamed, changes.length === 0
    ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Expanded);
  item.description = summary;
  item.tooltip = `${renamed}\nbefore: ${before.text}\nafter: ${after.text}\n${summary}`;
  item.iconPath = new vscode.ThemeIcon(
    changes.length > 0 ? 'diff-modified' : open ? 'question' : 'pass');
  return item;
}

function changeItem(node: Extract<Node, { kind: 'change' }>): vscode.TreeItem {
  const { kind, change, name, message, certain, place, runs } = node.of;
  const item = new vscode.TreeItem(name);
  const where = place === null ? '' : ` · line ${place.line + 1}`;
  const perhaps = certain ? '' : ' · perhaps: the other side was not searched to the end';
  item.description = `${KINDS[kind]}${where}${perhaps}`;
  item.tooltip = `${change}: ${KINDS[kind]} ${name}${message === '' ? '' : `\n${message}`}`;
  item.accessibilityInformation = { label: `${change}: ${name}, ${item.description}` };
  item.iconPath = new vscode.ThemeIcon(
    change === 'gained' ? 'diff-added' : 'diff-removed',
    new vscode.ThemeColor(change === 'gained' ? 'charts.green' : 'charts.red'));
  if (runs || place !== null) {
    item.command = {
      title: runs ? vscode.l10n.t('Show the run') : vscode.l10n.t('Go to'),
      command: OPEN_RUN, arguments: [node],
    };
  }
  return item;
}
