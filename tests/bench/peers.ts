// SPIN, Rumur, TLC and Quint on the protocol of the bench: how each is built and run, and where its
// output says how many states there were.
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  modelFile, murphiText, promelaFile, promelaFlags, quintText, tlcConfig, type Models, type Size,
  type Variant,
} from './models.ts';
import { run, works } from './stopwatch.ts';

export interface Counts {
  readonly states: number;
  /** As the tool counts and prints them. */
  readonly transitions: number;
  readonly violated: boolean;
}

/** Ready to run: what was to be compiled is. */
export interface Built {
  readonly name: string;
  readonly command: readonly string[];
  readonly folder: string;
  read(output: string): Counts;
}

export interface Tools {
  readonly spin: boolean;
  readonly gcc: boolean;
  readonly tcc: boolean;
  readonly rumur: boolean;
  /** Path of tla2tools.jar, from TLA2TOOLS. */
  readonly tlc: string | null;
  readonly quint: boolean;
}

/** RUMUR and QUINT may name the programs where they are not on the path. */
const RUMUR = process.env['RUMUR'] ?? 'rumur';
const QUINT = process.env['QUINT'] ?? 'quint';

export function findTools(): Tools {
  const jar = process.env['TLA2TOOLS'] ?? null;
  return {
    spin: works('spin', '-V'), gcc: works('gcc', '--version'), tcc: works('tcc', '-v'),
    rumur: works(RUMUR, '--version'), quint: works(QUINT, '--version'),
    tlc: jar !== null && works('java', '-version') ? jar : null,
  };
}

/** One line for each peer that is not there. */
export function missing(tools: Tools): readonly string[] {
  return [
    ...(tools.spin ? [] : ['SPIN is not installed: skipped.']),
    ...(tools.gcc ? [] : ['gcc is not installed: pan and Rumur with gcc are skipped.']),
    ...(tools.tcc ? [] : ['tcc is not installed: SPIN with tcc is skipped.']),
    ...(tools.rumur ? [] : ['Rumur is not installed: skipped.']),
    ...(tools.tlc === null ? ['TLA2TOOLS names no tla2tools.jar: TLC is skipped.'] : []),
    ...(tools.quint ? [] : ['Quint is not installed: skipped.']),
  ];
}

export interface Job {
  readonly models: Models;
  readonly size: Size;
  readonly variant: Variant;
  /** For files of the job's own; the caller removes it. */
  readonly folder: string;
}

const freshFolder = (job: Job, name: string): string => mkdtempSync(join(job.folder, `${name}-`));

/** SPIN's own reductions: dead variables, merged statements, partial order. */
export interface PanOptions {
  readonly reduced: boolean;
  readonly compiler: readonly string[];
}

/** Where statements are not merged and dead variables not reset, a step is a transition. */
const PLAIN_SPIN = ['-o1', '-o2', '-o3'];
/** Of an unreduced search no deeper than a quarter of the states and some was ever needed. */
const DEPTH_MIN = 10_000;

export function panFlags({ states }: Pick<Size, 'states'>): readonly string[] {
  const depth = DEPTH_MIN + Math.ceil(states / 4);
  const hash = Math.min(28, Math.max(12, Math.ceil(Math.log2(states)) + 1));
  return [`-m${depth}`, `-w${hash}`];
}

export function spinArguments(job: Job, reduced: boolean): readonly string[] {
  return ['spin', ...(reduced ? [] : PLAIN_SPIN), ...promelaFlags(job.size, job.variant), '-a',
    modelFile(job.models, promelaFile(job.size))];
}

export function ccFlags(reduced: boolean): readonly string[] {
  return ['-w', '-DSAFETY', '-DNOCLAIM', '-DMEMLIM=16000', ...(reduced ? [] : ['-DNOREDUCE'])];
}

export function buildPan(job: Job, { reduced, compiler }: PanOptions): Built {
  const folder = freshFolder(job, 'pan');
  run(spinArguments(job, reduced), folder);
  run([...compiler, ...ccFlags(reduced), '-o', 'pan', 'pan.c'], folder);
  const name = `SPIN ${reduced ? 'reduced' : ''} ${compiler.join(' ')}`.replace(/ +/g, ' ');
  return { name, folder, command: ['./pan', '-n', ...panFlags(job.size)], read: readPan };
}

const numberAt = (output: string, pattern: RegExp): number =>
  Number((pattern.exec(output)?.[1] ?? 'NaN').replaceAll(',', ''));

export function readPan(output: string): Counts {
  if (/max search depth too small|out of memory|Search not completed/.test(output)
    && !/assertion violated/.test(output)) {
    throw new Error(`pan did not finish:\n${output}`);
  }
  return {
    states: numberAt(output, /^\s*([0-9.e+]+) states, stored/m),
    transitions: numberAt(output, /^\s*([0-9.e+]+) transitions/m),
    violated: /assertion violated/.test(output),
  };
}

export interface RumurOptions {
  readonly symmetric: boolean;
  readonly level: '-O0' | '-O2';
}

export function rumurCommands({ symmetric, level }: RumurOptions): readonly (readonly string[])[] {
  return [
    [RUMUR, '--threads', '1', '--symmetry-reduction', symmetric ? 'heuristic' : 'off',
      '--output', 'model.c', 'model.m'],
    ['gcc', level, '-w', '-mcx16', '-o', 'model', 'model.c', '-lpthread'],
  ];
}

export function buildRumur(job: Job, options: RumurOptions): Built {
  const folder = freshFolder(job, 'rumur');
  const text = murphiText(job.models, job.size, job.variant, options.symmetric);
  writeFileSync(join(folder, 'model.m'), text);
  for (const command of rumurCommands(options)) run(command, folder);
  const name = options.symmetric ? 'Rumur symmetry' : 'Rumur';
  return { name, folder, command: ['./model'], read: readRumur };
}

function readRumur(output: string): Counts {
  return {
    states: numberAt(output, /(\d+) states, \d+ rules fired in/),
    transitions: numberAt(output, /\d+ states, (\d+) rules fired in/),
    violated: !/No error found/.test(output),
  };
}

export function buildTlc(job: Job, jar: string): Built {
  const folder = freshFolder(job, 'tlc');
  copyFileSync(modelFile(job.models, 'Unmap.tla'), join(folder, 'Unmap.tla'));
  writeFileSync(join(folder, 'Unmap.cfg'), tlcConfig(job.size, job.variant));
  const command = ['java', '-XX:+UseParallelGC', '-cp', jar, 'tlc2.TLC', '-workers', '1',
    '-metadir', 'states', 'Unmap'];
  return { name: 'TLC', folder, command, read: readTlc };
}

function readTlc(output: string): Counts {
  const pattern = /^([\d,]+) states generated, ([\d,]+) distinct states found/m;
  const [, generated = 'NaN', distinct = 'NaN'] = pattern.exec(output) ?? [];
  return {
    states: Number(distinct.replaceAll(',', '')),
    transitions: Number(generated.replaceAll(',', '')),
    violated: /^Error:/m.test(output),
  };
}

/** Its random simulator: `verify` fetches another tool, and `run` counts no states. */
export function buildQuint(job: Job): Built {
  const folder = freshFolder(job, 'quint');
  writeFileSync(join(folder, 'unmap.qnt'), quintText(job.models, job.size, job.variant));
  const command = [QUINT, 'run', '--backend', 'typescript', '--invariant', 'safe',
    '--max-samples', '100', '--max-steps', '60', '--seed', '0x1', 'unmap.qnt'];
  const read = (output: string): Counts =>
    ({ states: NaN, transitions: NaN, violated: /\[violation\]/.test(output) });
  return { name: 'Quint, 100 random runs', folder, command, read };
}
