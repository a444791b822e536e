// The language server as a process of its own, as VS Code starts it.
import { startLsp } from './node-lsp.ts';

startLsp();
