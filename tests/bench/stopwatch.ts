// What a command costs: wall and processor time, and the largest resident set of the process, from
// getrusage by way of stopwatch.c. Node itself can tell none of these of a child.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Cost {
  /** All in seconds; user and system are sums over the threads. */
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  /** Largest resident set of any process of the command, in bytes. */
  readonly resident: number;
  readonly output: string;
}

export type Measure = (command: readonly string[], folder: string) => Cost;

const MAX_OUTPUT = 2 ** 26;

export function works(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).error === undefined;
}

export function run(command: readonly string[], folder: string): string {
  const [name = '', ...args] = command;
  const options = { cwd: folder, encoding: 'utf8', maxBuffer: MAX_OUTPUT } as const;
  const { status, stdout, stderr, error } = spawnSync(name, args, options);
  if (status === 0) return stdout;
  const why = error?.message ?? `status ${status ?? 'none'}`;
  throw new Error(`${command.join(' ')}: ${why}\n${stdout}${stderr}`);
}

/**
 * Builds the stopwatch in `folder`; null without a C compiler. A command may fail: a peer that
 * finds a violation says so with its status.
 */
export function createMeasure(source: string, folder: string): Measure | null {
  const compiler = ['gcc', 'cc', 'tcc'].find((name) => works(name, '-v'));
  if (compiler === undefined) return null;
  const binary = join(folder, 'stopwatch');
  run([compiler, '-o', binary, source], folder);
  return (command, where) => {
    const report = join(folder, 'stopwatch.txt');
    const options = { cwd: where, encoding: 'utf8', maxBuffer: MAX_OUTPUT } as const;
    const { status, stdout, stderr } = spawnSync(binary, [report, ...command], options);
    if (status !== 0) throw new Error(`${command.join(' ')} could not be run: ${stderr}`);
    const [wall = 0, user = 0, system = 0, kibibytes = 0, code = 0] =
      readFileSync(report, 'utf8').trim().split(' ').map(Number);
    if (code >= 126) throw new Error(`${command.join(' ')} ended with ${code}\n${stderr}`);
    return { wall, user, system, resident: kibibytes * 1024, output: stdout + stderr };
  };
}
