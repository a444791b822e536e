// `felt-server ROOT`: our language server as a process over standard input and output, from the
// bench's own bundles, as `mmlock lsp --stdio` is from a release's.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startLspStdio } from '../../server/src/host/node-lsp.ts';

const root = process.argv[2] ?? '.';
const at = (path: string): URL => pathToFileURL(join(root, path));

startLspStdio({
  runtime: at('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
  grammar: at('grammars/mmlock.wasm'),
  checker: new URL('checkerNode.cjs', import.meta.url),
});
