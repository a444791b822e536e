// `mmlock compare`: two files, or two scenarios, side by side.
import { existsSync } from 'node:fs';
import { normalize } from 'node:path';
import { compare, compareStatus } from '../../service/compare.ts';
import type { Sided } from '../../service/compare.ts';
import type { SyntaxParser } from '../../service/check-file.ts';
import { compareJson } from '../../service/report/compare-json.ts';
import { compareText } from '../../service/report/compare-text.ts';
import { places } from '../../service/report/text.ts';
import { readText, TEXTS } from './files.ts';
import { loadParser } from './parts.ts';
import { progressLine } from './progress.ts';
import { searcherFor } from './search-here.ts';
import { checkWith, SEARCH_OPTIONS } from './searching.ts';
import type { Progress } from './progress.ts';
import type { Searcher } from './search.ts';
import { parse, UsageError } from './usage.ts';
import type { Console } from './usage.ts';

const OPTIONS = { 'format': { type: 'string' }, ...SEARCH_OPTIONS } as const;

interface Named {
  readonly file: string;
  readonly scenario: string | null;
}

/** Returns the exit status: 0 no difference, 1 a difference, 2 errors, 3 not known. */
export async function runCompare(args: readonly string[], console: Console): Promise<number> {
  const given = parse(args, OPTIONS);
  const format = given.text('format') ?? 'text';
  if (format !== 'text' && format !== 'json') {
    throw new UsageError(`--format ${format} is no format of compare: text, json`);
  }
  const [a, b, ...more] = given.positionals;
  if (a === undefined || b === undefined || more.length > 0) {
    throw new UsageError('compare wants two of FILE or FILE:SCENARIO');
  }
  const [first, second] = [named(a), named(b)];
  const parser = await loadParser();
  const searcher = searcherFor(given);
  const progress = progressLine(console);
  try {
    const sides = [
      await sided(first, second.scenario, { parser, searcher, progress }),
      await sided(second, first.scenario, { parser, searcher, progress }),
    ] as const;
    const all = await compare(...sides, async (_, program) =>
      (await searcher.search(program, () => {})).verdict);
    progress.clear();
    for (const side of sides) sayErrors(side, console);
    if (format === 'json') console.out(`${JSON.stringify(compareJson(all, sides), null, 2)}\n`);
    else console.out(compareText(all, sides).map((line) => `${line}\n`).join(''));
    return compareStatus(all, sides);
  } finally {
    searcher.dispose();
  }
}

/** `dir/x.mmlock:one_fault`; a file that is called so comes first. */
function named(arg: string): Named {
  const at = arg.lastIndexOf(':');
  if (at <= 0 || existsSync(arg)) return { file: normalize(arg), scenario: null };
  return { file: normalize(arg.slice(0, at)), scenario: arg.slice(at + 1) };
}

interface Means {
  readonly parser: SyntaxParser;
  readonly searcher: Searcher;
  readonly progress: Progress;
}

/** `otherwise`: the scenario to look for where none is named here. */
async function sided(
  { file, scenario }: Named, otherwise: string | null, { parser, searcher, progress }: Means,
): Promise<Sided> {
  const read = readText(file);
  if (read.text === null) throw new UsageError(`${file}: ${read.why}`);
  const input = { parser, texts: TEXTS, file, text: read.text, scenario: scenario ?? otherwise };
  const report = await checkWith(searcher, input, progress);
  const known = report.opened.model.scenarios.some((decl) => decl.name.text === scenario);
  if (scenario !== null && !known) throw new UsageError(`${file} has no scenario ${scenario}`);
  return { report, scenario };
}

/** They are why a scenario could not be compared; the rest is. */
function sayErrors({ report }: Sided, console: Console): void {
  for (const { code, message, range } of report.opened.problems) {
    console.error(`${places(report)(report.file, range)}: ${code}: ${message}\n`);
  }
}
