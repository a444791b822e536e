// `mmlock`, the command line: the same core as in an editor, for terminals and for CI.
import { main } from './cli/main.ts';

// A reader that has seen enough (`mmlock check | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
}).then((status) => {
  process.exitCode = status;
}, (error: unknown) => {
  // Our own mistake: not to be taken for an expectation that is not met.
  process.stderr.write(`mmlock: internal error: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 2;
});
