// What every part of the bench has at hand, medians, and the tables that are printed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../simulator/src/index.ts';
import type { SyntaxParser } from '../../server/src/service/check-file.ts';
import { openFile } from '../../server/src/service/check-file.ts';
import { toPromela } from '../../server/src/analysis/export/promela.ts';
import type { Lowered } from '../../server/src/analysis/lowered.ts';
import type { EngineOptions } from './engine.ts';
import { mmlockText, type Models, type Size, type Variant } from './models.ts';
import type { Built, Counts, Tools } from './peers.ts';
import type { Searched } from './search-child.ts';
import type { Cost, Measure } from './stopwatch.ts';

export interface Bench {
  readonly models: Models;
  /** The child programs, bundled. */
  readonly children: Readonly<Record<'search' | 'latency' | 'felt', string>>;
  readonly tools: Tools;
  readonly measure: Measure;
  readonly parser: SyntaxParser;
  /** Everything, also what takes long or much memory. */
  readonly full: boolean;
  /** Only sizes whose name begins so; null: all. */
  readonly size: string | null;
  /** To standard output: Markdown. */
  say(line: string): void;
}

export interface Run {
  readonly cost: Cost;
  readonly counts: Counts;
}

/** In a folder that is gone afterwards. */
/** Whether the size is among those that were asked for. */
export function isAsked({ size }: Bench, { name }: Size): boolean {
  return size === null || name.startsWith(size);
}

export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'mmlock-bench-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lowered scenario `bench` of a text of ours. */
export function loweredOf(parser: SyntaxParser, text: string): Lowered {
  const texts = { resolve: () => null, read: () => null, library: () => null, modules: [] };
  const opened = openFile({ parser, texts, file: 'bench.mmlock', text, scenario: 'bench' });
  const lowered = opened.jobs[0]?.lowered;
  if (lowered === undefined) {
    throw new Error(opened.problems.map(({ message }) => message).join('\n'));
  }
  return lowered;
}

export function programOf(parser: SyntaxParser, text: string): Program {
  return loweredOf(parser, text).program;
}

export function promelaOf(parser: SyntaxParser, text: string): string {
  const options = { title: 'bench', where: () => null, collect: false };
  return toPromela(loweredOf(parser, text), options);
}

export interface OurJob {
  readonly size: Size;
  readonly variant: Variant;
  readonly queued: boolean;
  readonly options: EngineOptions;
  readonly folder: string;
}

/** Ours, as a process that does nothing but the search; the heap is bounded by the machine. */
export function buildOurs(bench: Bench, job: OurJob): Built {
  const { models, parser, children } = bench;
  const text = mmlockText(models, job.size, job.variant, job.queued);
  const file = join(job.folder, `program-${job.size.name}-${job.queued ? 'queued' : 'tried'}.json`);
  writeFileSync(file, JSON.stringify(programOf(parser, text)));
  const read = (output: string): Counts => {
    const searched: Searched = JSON.parse(output);
    if (searched.bound !== null) throw new Error(`mmlock stopped at its limit: ${output}`);
    const { states, transitions, result } = searched;
    return { states, transitions, violated: result === 'violated' };
  };
  const command = [process.execPath, '--max-old-space-size=12288', children.search, file,
    JSON.stringify(job.options)];
  const name = `mmlock${job.options.reduction ? ' reduced' : ''}`;
  return { name, folder: job.folder, command, read };
}

/** Runs all in turn, and that `rounds` times: what disturbs one disturbs all. */
export function interleaved(
  bench: Bench, all: readonly Built[], rounds: number,
): ReadonlyMap<Built, readonly Run[]> {
  const runs = new Map(all.map((built): [Built, Run[]] => [built, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [built, so] of runs) {
      const cost = bench.measure(built.command, built.folder);
      so.push({ cost, counts: built.read(cost.output) });
    }
  }
  return runs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
}

export type Row = readonly string[];

/** A Markdown table; the first row is its head. */
export function table([head = [], ...rows]: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const whole = (value: number): string =>
  (Number.isNaN(value) ? '-' : Math.round(value).toLocaleString('en'));
/** Three digits that count. */
export function short(value: number): string {
  if (Number.isNaN(value)) return '-';
  return value >= 100 ? whole(value) : value.toPrecision(value >= 10 ? 3 : 2);
}
export const mebibytes = (bytes: number): string => whole(bytes / 2 ** 20);
export const ratio = (value: number): string => (Number.isNaN(value) ? '-' : `${short(value)}x`);
