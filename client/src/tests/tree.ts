// The tests of the explorer: a file, and below it its scenarios, as the language server reads them.
// Files are looked for when the explorer is opened, and read when one is unfolded or edited.
import * as vscode from 'vscode';
import {
  LANGUAGE_ID, type ScenariosParams, type ScenariosResult,
} from '../../../server/src/lsp/protocol.ts';
import { findProtocols } from '../files.ts';
import { rangeOf } from './coverage.ts';

export type AskForScenarios = (params: ScenariosParams) => Promise<ScenariosResult>;

/** A folder with more protocols than this is no folder of protocols. */
const MOST_FILES = 1000;

export class TestTree implements vscode.Disposable {
  private readonly listeners: vscode.Disposable[];
  /** Set once somebody has looked. */
  private watcher: vscode.FileSystemWatcher | undefined;

  constructor(
    private readonly controller: vscode.TestController, private readonly ask: AskForScenarios,
  ) {
    controller.resolveHandler = (item) =>
      (item === undefined ? this.findFiles() : this.read(item));
    controller.refreshHandler = () => this.findFiles();
    this.listeners = [
      vscode.workspace.onDidOpenTextDocument((document) => this.opened(document)),
    ];
  }

  dispose(): void {
    this.watcher?.dispose();
    for (const listener of this.listeners) listener.dispose();
  }

  /** Documents that were open before. */
  start(): void {
    for (const document of vscode.workspace.textDocuments) this.opened(document);
  }

  private opened({ languageId, uri }: vscode.TextDocument): void {
    if (languageId === LANGUAGE_ID && !uri.scheme.startsWith('git')) {
      void this.read(this.fileItem(uri));
    }
  }

  /** The file's checks have moved on: its text may have other scenarios. */
  async update(uri: vscode.Uri): Promise<void> {
    const item = this.controller.items.get(uri.toString());
    if (item !== undefined) await this.read(item);
  }

  private async findFiles(): Promise<void> {
    this.watch();
    const files = await findProtocols(MOST_FILES);
    for (const uri of files) this.fileItem(uri);
  }

  private watch(): void {
    if (this.watcher !== undefined) return;
    this.watcher = vscode.workspace.createFileSystemWatcher('**/*.mmlock', false, true, false);
    this.watcher.onDidCreate((uri) => this.fileItem(uri));
    this.watcher.onDidDelete((uri) => this.controller.items.delete(uri.toString()));
  }

  private fileItem(uri: vscode.Uri): vscode.TestItem {
    const id = uri.toString();
    const before = this.controller.items.get(id);
    if (before !== undefined) return before;
    const label = vscode.workspace.asRelativePath(uri);
    const item = this.controller.createTestItem(id, label, uri);
    item.canResolveChildren = true;
    this.controller.items.add(item);
    return item;
  }

  async read(file: vscode.TestItem): Promise<void> {
    const { uri } = file;
    if (uri === undefined || file.parent !== undefined) return;
    try {
      await vscode.workspace.openTextDocument(uri);
      const scenarios = await this.ask({ uri: uri.toString() });
      file.children.replace(scenarios.map(({ name, title, place }, at) => {
        const item = file.children.get(name) ?? this.controller.createTestItem(name, name, uri);
        item.description = title;
        item.range = rangeOf(place);
        item.sortText = String(at).padStart(6, '0');
        return item;
      }));
      file.error = undefined;
    } catch (error) {
      file.error = error instanceof Error ? error.message : String(error);
    }
  }
}
