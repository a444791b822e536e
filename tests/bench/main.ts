// `npm run bench`: the parts that are asked for, as Markdown on standard output. Nothing here says
// what is fast enough.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inFolder, type Bench } from './bench.ts';
import { facts } from './facts.ts';
import { felt } from './felt.ts';
import { latency } from './latency.ts';
import { parallel } from './parallel.ts';
import { buildQuint, findTools, missing, type Tools } from './peers.ts';
import { PLAIN, SIZES } from './models.ts';
import { reduction } from './reduction.ts';
import { createMeasure } from './stopwatch.ts';
import { memory, throughput } from './throughput.ts';
import { theParser } from './warm-server.ts';

const PARTS: Readonly<Record<string, (bench: Bench) => void | Promise<void>>> = {
  felt, facts, latency, throughput, reduction, memory, parallel, quint,
};

const USAGE =
  `usage: npm run bench -- [--full] [--size=SIZE] [${Object.keys(PARTS).join('|')}]...`;

/** `root` of the repository; `args` as they were given. */
async function main([root = '.', ...args]: readonly string[]): Promise<void> {
  const size = args.find((arg) => arg.startsWith('--size='))?.slice('--size='.length) ?? null;
  const full = args.includes('--full') || size !== null;
  const asked = args.filter((arg) => arg !== '--full' && !arg.startsWith('--size='));
  const wrong = asked.filter((name) => !Object.hasOwn(PARTS, name));
  if (wrong.length > 0) {
    process.stderr.write(`no part ${wrong.join(', ')}\n${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mmlock-bench-'));
  try {
    const measure = createMeasure(join(root, 'tests/bench/stopwatch.c'), folder);
    if (measure === null) throw new Error('the stopwatch needs a C compiler: gcc, cc or tcc');
    const here = dirname(process.argv[1] ?? '');
    const tools = findTools();
    const say = (line: string): void => { process.stdout.write(`${line}\n`); };
    const children = {
      search: join(here, 'search-child.cjs'), latency: join(here, 'latency-child.cjs'),
      felt: join(here, 'felt-server.cjs'),
    };
    const parser = await theParser(root);
    const bench: Bench = { models: { root }, children, tools, measure, parser, full, size, say };
    say(`${machine(tools)}\n`);
    for (const line of missing(tools)) say(line);
    const names = asked.length > 0 ? asked : Object.keys(PARTS);
    for (const name of names) await PARTS[name]?.(bench);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function machine(tools: Tools): string {
  const firstLine = (command: string, flag: string): string => {
    const { stdout, stderr } = spawnSync(command, [flag], { encoding: 'utf8' });
    return (stdout + stderr).split('\n')[0]?.trim() ?? '';
  };
  const all = cpus();
  return [
    `${all.length} x ${all[0]?.model ?? 'CPU'}`, `Node ${process.version}`,
    ...(tools.spin ? [firstLine('spin', '-V')] : []),
    ...(tools.gcc ? [firstLine('gcc', '--version')] : []),
    ...(tools.tcc ? [firstLine('tcc', '-v')] : []),
  ].join('; ');
}

/** Its simulator draws runs and proves nothing: said apart, in no ratio. */
function quint(bench: Bench): void {
  if (!bench.tools.quint) return;
  bench.say('\n## Quint: random runs, no verdict\n');
  inFolder((folder) => {
    const job = { models: bench.models, size: SIZES.medium, variant: PLAIN, folder };
    const { name, command, folder: where } = buildQuint(job);
    const { wall } = bench.measure(command, where);
    bench.say(`${name} of at most 60 steps: ${wall.toFixed(1)} s wall.`);
  });
}

void main(process.argv.slice(2));
