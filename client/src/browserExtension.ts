// The extension in a browser: the language server is a web worker. It can read no file, so it is
// handed its two wasm files and the text of the checker it makes workers of.
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { LANGUAGE_ID } from '../../server/src/lsp/protocol.ts';
import { clientOptions, start } from './commands.ts';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const at = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'dist', name);
  const read = (name: string) => vscode.workspace.fs.readFile(at(name));
  const [runtime, grammar, checker] = await Promise.all([
    read('web-tree-sitter.wasm'), read('mmlock.wasm'), read('checker.js'),
  ]);
  const parts = { runtime, grammar, checker: new TextDecoder().decode(checker) };
  const worker = new Worker(at('browserServer.js').toString(true));
  client = new LanguageClient(LANGUAGE_ID, 'mmlock', worker, clientOptions(context, parts));
  await start(context, client);
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}
