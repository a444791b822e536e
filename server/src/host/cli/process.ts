// A command as what this process was started for: its streams, and its exit status at the end.
import type { Console } from './usage.ts';

export function runAsProcess(command: (console: Console) => Promise<number>): void {
  // A reader that has seen enough (`mmlock check | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  void command({
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  }).then((status) => {
    process.exitCode = status;
  }, (error: unknown) => {
    // Our own mistake: not to be taken for an expectation that is not met.
    process.stderr.write(`mmlock: internal error: ${
      error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 2;
  });
}
