// The language server as a process of its own, as VS Code starts it; and, for the extension's
// tasks, `check` of the command line from the same bundle: nothing else has to be installed.
import { runCheck } from './cli/check.ts';
import { runAsProcess } from './cli/process.ts';
import { workersFor } from './cli/searching.ts';
import { used } from './cli/usage.ts';
import { startLsp } from './node-lsp.ts';

const [command, ...rest] = process.argv.slice(2);

if (command === 'check') {
  runAsProcess((console) => used(console, () => runCheck(rest, console, workersFor)));
} else {
  startLsp();
}
