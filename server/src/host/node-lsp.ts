// The language server in Node, over standard input and output or over what VS Code sets up.
import { createConnection } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';
import { nodeEnvironment, type NodeParts } from './node-environment.ts';

/** As they lie beside the bundle. */
function partsBeside(script: string): NodeParts {
  return {
    runtime: new URL('web-tree-sitter.wasm', script),
    grammar: new URL('mmlock.wasm', script),
    checker: new URL('checker.js', script),
  };
}

/** For any editor: `mmlock lsp --stdio`. Standard output belongs to the protocol from here on. */
export function startLspStdio(parts: NodeParts = partsBeside(import.meta.url)): void {
  console.log = console.info = console.debug = console.error;
  // Given the streams themselves, the connection ends the process when the editor is gone.
  startServer(createConnection(process.stdin, process.stdout), nodeEnvironment(parts));
}

/** By the arguments that VS Code starts it with: `--node-ipc`, `--stdio`, `--pipe=`. */
export function startLsp(parts: NodeParts = partsBeside(import.meta.url)): void {
  if (process.argv.includes('--stdio')) return startLspStdio(parts);
  startServer(createConnection(), nodeEnvironment(parts));
}
