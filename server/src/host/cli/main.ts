// Which command is asked for, what goes wrong before it can run, and the help text.
import { runCheck } from './check.ts';
import { runCompare } from './compare.ts';
import { exportCommand } from './export.ts';
import { runFmt } from './fmt.ts';
import { used, UsageError } from './usage.ts';
import type { Console } from './usage.ts';
import { nodeParts } from './parts.ts';
import { searcherFor } from './search-here.ts';
import { runSimulate } from './simulate.ts';
import { version } from './version.ts';

const HELP = `mmlock - find the races in a locking protocol of Linux memory management

  mmlock check FILE|DIR...      check every scenario against its \`expect\`
      --scenario NAME           only this one
      --format FORMAT           text, json, sarif, junit or github (text)
      --max-states N            give up after so many states: the verdict is \`unknown\`
      --max-memory MIB          ... or so much memory (1024)
      --time-limit S            ... or so many seconds for one scenario
      --jobs N                  threads: for scenarios at the same time, or for one that is large
      --no-reduction            explore every interleaving, equivalent ones too
      --stats                   more numbers
  mmlock simulate FILE --scenario NAME
                                one run, step by step
      --seed N                  which one (0)
      --steps N                 at most so many steps (1000)
      --schedule S              this one, as printed by \`check\`
  mmlock compare A B            two files, or FILE:SCENARIO: what is gained and lost
      --format text|json        (text); and the limits of \`check\`
  mmlock export FILE --scenario NAME --to promela
                                the scenario as a model for SPIN
  mmlock fmt [--check] FILE|DIR|-...
                                puts the text in order; --check only names the files that are not
  mmlock lsp --stdio            the language server
  mmlock --help | --version

Exit status of \`check\`: 0 every expectation is met, 1 one is not, 2 a file has errors or cannot be
read, or bad usage, 3 a limit was reached and nothing is claimed. Of \`compare\`: 0 no difference,
1 a difference, 2 and 3 as before.
`;

/** Planned, so a clearer answer than "unknown command". */
const LATER: ReadonlySet<string> = new Set(['time']);

/** Resolves with the exit status. */
export function main(args: readonly string[], console: Console): Promise<number> {
  return used(console, () => dispatch(args, console));
}

async function dispatch(args: readonly string[], console: Console): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined) throw new UsageError('a command is missing; try mmlock --help');
  if (command === '--help' || command === '-h' || command === 'help'
    || rest.includes('--help') || rest.includes('-h')) {
    console.out(HELP);
    return 0;
  }
  if (command === '--version' || command === '-V') {
    console.out(`${version()}\n`);
    return 0;
  }
  switch (command) {
    case 'check': return runCheck(rest, console, searcherFor);
    case 'simulate': return runSimulate(rest, console);
    case 'compare': return runCompare(rest, console);
    case 'export': return exportCommand(rest, console);
    case 'fmt': return runFmt(rest, console);
    case 'lsp': return runLsp(rest);
    default: {
      // Anything may be typed here.
      const why = LATER.has(command) ? 'is not there yet' : 'is no command';
      throw new UsageError(`${command} ${why}; try mmlock --help`);
    }
  }
}

async function runLsp(args: readonly string[]): Promise<number> {
  if (args.length !== 1 || args[0] !== '--stdio') {
    throw new UsageError('the language server talks on standard input and output: lsp --stdio');
  }
  // Loaded only here: nothing else needs the protocol.
  const { startLspStdio } = await import('../node-lsp.ts');
  startLspStdio(nodeParts());
  return 0;
}
