// `mmlock check`: every scenario of every file against its `expect`.
import { DEFAULT_LIMITS } from '../../../../simulator/src/index.ts';
import type { Program, Verdict } from '../../../../simulator/src/index.ts';
import { openFile, questionsOf, reportOn } from '../../service/check-file.ts';
import type { CheckInput, Report } from '../../service/check-file.ts';
import type { Result } from '../../analysis/judgement.ts';
import { exitStatus, worst } from '../../service/report/exit-status.ts';
import type { ExitStatus } from '../../service/report/exit-status.ts';
import { jsonFile, jsonUnread } from '../../service/report/json.ts';
import { textReport } from '../../service/report/text.ts';
import { findFiles, readText, TEXTS } from './files.ts';
import { checkerScript, loadParser } from './parts.ts';
import { progressLine } from './progress.ts';
import type { Progress } from './progress.ts';
import { searchHere, searchInWorkers } from './search.ts';
import type { Searcher, SearchLimits } from './search.ts';
import { parse, UsageError } from './usage.ts';
import type { Arguments, Console } from './usage.ts';

const OPTIONS = {
  'scenario': { type: 'string' },
  'format': { type: 'string' },
  'max-states': { type: 'string' },
  'max-memory': { type: 'string' },
  'time-limit': { type: 'string' },
  'jobs': { type: 'string' },
  'no-reduction': { type: 'boolean' },
  'stats': { type: 'boolean' },
} as const;

type Format = 'text' | 'json';
const LATER: ReadonlySet<string> = new Set(['sarif', 'junit', 'github']);

/** One argument: its report, or why there is none. */
type Checked =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'unread'; readonly path: string; readonly why: string };

/** Returns the exit status. */
export async function runCheck(args: readonly string[], console: Console): Promise<number> {
  const given = parse(args, OPTIONS);
  const format = formatOf(given);
  const searcher = searcherFor(given, limitsOf(given));
  if (given.positionals.length === 0) throw new UsageError('check wants files or folders');
  const paths = findFiles(given.positionals);
  const scenario = given.text('scenario') ?? null;
  const parser = await loadParser();
  const progress = progressLine(console);
  const all = await Promise.all(paths.map(async (path): Promise<Checked> => {
    const read = readText(path);
    if (read.text === null) return { kind: 'unread', path, why: read.why };
    const input = { parser, texts: TEXTS, file: path, text: read.text, scenario };
    return { kind: 'report', report: await checkWith(input, searcher, progress) };
  })).finally(() => searcher.dispose());
  progress.clear();
  if (scenario !== null) mustExist(scenario, all);
  print(all, { format, scenario, stats: given.flag('stats'), console });
  return worst(all.map(statusOf));
}

/** Without the built checker there are no workers: then one after the other. */
function searcherFor(given: Arguments, within: SearchLimits): Searcher {
  const nJobs = given.whole('jobs', 1) ?? 1;
  const script = checkerScript();
  return nJobs === 1 || script === null ? searchHere(within)
    : searchInWorkers(script, nJobs, within);
}

async function checkWith(
  input: CheckInput, searcher: Searcher, progress: Progress,
): Promise<Report> {
  const opened = openFile(input);
  const search = (name: string, program: Program): ReturnType<Searcher['search']> =>
    searcher.search(program, (states) =>
      progress.show(`${input.file}: ${name}: ${states} states`));
  const results = await Promise.all(opened.jobs.map(async (job): Promise<Result> =>
    ({ ...job, ...await search(job.scenario.name.text, job.lowered.program) })));
  const answers = await Promise.all([...questionsOf(opened, results)].map(
    async ([name, program]): Promise<[string, Verdict]> =>
      [name, (await search(name, program)).verdict]));
  return reportOn(input, { opened, results, answers: new Map(answers) });
}

function formatOf(given: Arguments): Format {
  const format = given.text('format') ?? 'text';
  if (format === 'text' || format === 'json') return format;
  const why = LATER.has(format) ? 'is not there yet' : 'is no format';
  throw new UsageError(`--format ${format} ${why}: text or json`);
}

function limitsOf(given: Arguments): SearchLimits {
  const mib = given.whole('max-memory', 1);
  const seconds = given.positive('time-limit');
  return {
    limits: {
      maxStates: given.whole('max-states', 1) ?? DEFAULT_LIMITS.maxStates,
      maxMemory: mib === undefined ? DEFAULT_LIMITS.maxMemory : mib * 2 ** 20,
    },
    timeLimitMs: seconds === undefined ? Infinity : seconds * 1000,
    reduction: !given.flag('no-reduction'),
  };
}

function mustExist(scenario: string, all: readonly Checked[]): void {
  const exists = all.some((it) => it.kind === 'report'
    && it.report.opened.model.scenarios.some((decl) => decl.name.text === scenario));
  if (!exists) throw new UsageError(`there is no scenario ${scenario}`);
}

function statusOf(checked: Checked): ExitStatus {
  return checked.kind === 'unread' ? 2 : exitStatus(checked.report);
}

interface Printing {
  readonly format: Format;
  readonly scenario: string | null;
  readonly stats: boolean;
  readonly console: Console;
}

function print(all: readonly Checked[], { format, scenario, stats, console }: Printing): void {
  if (format === 'json') {
    const files = all.map((it) =>
      it.kind === 'report' ? jsonFile(it.report) : jsonUnread(it.path, it.why));
    console.out(`${JSON.stringify({ version: 1, files }, null, 2)}\n`);
    return;
  }
  for (const [i, it] of all.entries()) {
    if (it.kind === 'unread') {
      console.error(`mmlock: ${it.path}: ${it.why}\n`);
      continue;
    }
    const lines = textReport(it.report, { showExpected: scenario !== null, stats });
    const title = all.length > 1 ? [...(i > 0 ? [''] : []), `${it.report.file}:`] : [];
    console.out([...title, ...lines].map((line) => `${line}\n`).join(''));
  }
}
