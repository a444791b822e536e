// The extension on the desktop and in a remote host: the language server is a process of its own.
import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { LANGUAGE_ID } from '../../server/src/lsp/protocol.ts';
import { clientOptions, start } from './commands.ts';
import { registerTasks } from './tasks.ts';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath('dist/server.js');
  const server = { module, transport: TransportKind.ipc };
  client = new LanguageClient(LANGUAGE_ID, 'mmlock', server, clientOptions(context));
  context.subscriptions.push(registerTasks(module));
  await start(context, client);
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}
