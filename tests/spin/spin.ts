// SPIN on one program: exports it, compiles the checker that SPIN writes, runs it, reads what it
// saw. Every run has a folder of its own that is removed afterwards.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../simulator/src/index.ts';
import type { Lowered } from '../../server/src/analysis/lowered.ts';
import { toPromela } from '../../server/src/analysis/export/promela.ts';

export interface Tools {
  readonly compiler: string;
  /** Asked before an answer that differs is believed: tcc gets some constant conditions wrong. */
  readonly second: string | null;
}

/** What SPIN saw in the whole state space. */
export interface Answer {
  readonly states: number;
  readonly steps: number;
  /** `code(subject)`; `reachable(...)`: a state in which it is true. */
  readonly seen: ReadonlySet<string>;
  /** Deadlocks of threads that no step of theirs can follow, from the whole graph. */
  readonly stuck: ReadonlySet<string>;
  /** Classes of the locks waited for on circles of waiting threads, sorted and joined. */
  readonly cycles: ReadonlySet<string>;
  /** As in `Verdict.outcomes`, as JSON. */
  readonly outcomes: ReadonlySet<string>;
  /** Names of eventuallys that some fair run never fulfils. */
  readonly unfulfilled: ReadonlySet<string>;
}

const MAX_OUTPUT = 2 ** 26;
const TIME_LIMIT_MS = 120_000;

async function execute(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: MAX_OUTPUT, timeout: TIME_LIMIT_MS };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`));
    });
  });
}

/** null where SPIN or a C compiler is missing. tcc compiles ten times faster than gcc. */
export async function findTools(): Promise<Tools | null> {
  const works = async (command: string, flag: string): Promise<boolean> =>
    execute(command, [flag], tmpdir()).then(() => true, () => false);
  if (!await works('spin', '-V')) return null;
  const found: string[] = [];
  for (const compiler of ['tcc', 'gcc', 'cc']) {
    if (await works(compiler, compiler === 'tcc' ? '-v' : '--version')) found.push(compiler);
  }
  const [compiler, second] = found;
  return compiler === undefined ? null : { compiler, second: second ?? null };
}

/** A program without a text: sites say nothing, cells have numbers for names. */
export const bare = (program: Program): Lowered => ({
  program,
  sites: [], passages: [],
  cells: program.cells.map((_, cell) => ({ name: `c${cell}`, thread: null,
    print: { kind: 'int' } })),
  threads: program.threads.map(({ name, decl }) => ({ name, decl, runRange: null })),
});

export async function askSpin(tools: Tools, lowered: Lowered): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'mmlock-spin-'));
  try {
    const text = toPromela(lowered, { title: 'test', where: () => null, collect: true });
    writeFileSync(join(folder, 'model.pml'), text);
    const safety = await pan(tools, folder, { spin: [], cc: ['-DSAFETY'], pan: [] });
    const unfulfilled = new Set<string>();
    const asked = lowered.program.properties.filter(({ kind }) => kind === 'eventually');
    for (const [i, { name }] of asked.entries()) {
      const output = await pan(tools, folder, {
        spin: [`-DEVENTUALLY=${i + 1}`], cc: [], pan: ['-a', '-f'],
      });
      if (/acceptance cycle/.test(output)) unfulfilled.add(name);
    }
    return { ...read(lowered.program, safety), unfulfilled };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Flags {
  readonly spin: readonly string[];
  readonly cc: readonly string[];
  readonly pan: readonly string[];
}

async function pan({ compiler }: Tools, folder: string, flags: Flags): Promise<string> {
  await execute('spin', [...flags.spin, '-a', 'model.pml'], folder);
  await execute(compiler, ['-w', '-DNOREDUCE', '-DMEMLIM=2048', ...flags.cc, '-o', 'pan', 'pan.c'],
    folder);
  const output = await execute(join(folder, 'pan'),
    ['-m200000', '-w18', '-E', '-n', ...flags.pan], folder);
  if (/max search depth too small|Search not completed|out of memory/.test(output)
    && !/acceptance cycle|assertion violated/.test(output)) {
    throw new Error(`pan did not finish:\n${output}`);
  }
  return output;
}

function read(program: Program, output: string): Omit<Answer, 'unfulfilled'> {
  const lines = (head: string): string[] => output.split('\n')
    .filter((line) => line.startsWith(head)).map((line) => line.slice(head.length).trim());
  const [states, steps] = (lines('mm counts')[0] ?? '').split(' ').map(Number);
  if (states === undefined || steps === undefined) throw new Error(`pan said:\n${output}`);
  const names = new Set(program.classes.map(({ name }) => name));
  const sorted = (line: string): string =>
    [...new Set(line.split(' ').filter((name) => names.has(name)))].sort().join(', ');
  return {
    states, steps,
    seen: new Set(lines('mm seen')),
    stuck: new Set(lines('mm stuck')),
    cycles: new Set(lines('mm cycle').map(sorted)),
    outcomes: new Set(lines('mm outcome').map((line) => JSON.stringify(
      line.split(' ').filter((part) => part !== '')
        .map((part) => (part === '0' ? null : Number(part) - 1))))),
  };
}

/** The name in the first assertion that fails in a model for people; null where none does. */
export async function firstViolation(
  tools: Tools, model: string, spin: readonly string[],
): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'mmlock-spin-'));
  try {
    writeFileSync(join(folder, 'model.pml'), model);
    const output = await pan(tools, folder, { spin, cc: ['-DSAFETY'], pan: [] });
    return /assertion violated {2}!\(([A-Za-z0-9_]+)\)/.exec(output)?.[1] ?? null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
