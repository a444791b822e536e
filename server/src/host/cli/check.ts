// `mmlock check`: every scenario of every file against its `expect`.
import { DEFAULT_LIMITS } from '../../../../simulator/src/index.ts';
import type { Program, Verdict } from '../../../../simulator/src/index.ts';
import { openFile, questionsOf, reportOn } from '../../service/check-file.ts';
import type { CheckInput, Report } from '../../service/check-file.ts';
import type { Result } from '../../analysis/judgement.ts';
import type { Every } from '../../service/report/every.ts';
import { exitStatus, worst } from '../../service/report/exit-status.ts';
import type { ExitStatus } from '../../service/report/exit-status.ts';
import { findFiles, readText, TEXTS } from './files.ts';
import { checkerScript, loadParser } from './parts.ts';
import { formatOf, print } from './print.ts';
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

/** Returns the exit status. */
export async function runCheck(args: readonly string[], console: Console): Promise<number> {
  const given = parse(args, OPTIONS);
  const format = formatOf(given.text('format') ?? 'text');
  if (given.positionals.length === 0) throw new UsageError('check wants files or folders');
  const paths = findFiles(given.positionals);
  const scenario = given.text('scenario') ?? null;
  const parser = await loadParser();
  const searcher = searcherFor(given, limitsOf(given));
  const progress = progressLine(console);
  const all = await Promise.all(paths.map(async (path): Promise<Every> => {
    const read = readText(path);
    if (read.text === null) return { kind: 'unread', path, why: read.why };
    const input = { parser, texts: TEXTS, file: path, text: read.text, scenario };
    return { kind: 'report', report: await checkWith(input, searcher, progress) };
  })).finally(() => searcher.dispose());
  progress.clear();
  if (scenario !== null) mustExist(scenario, all);
  const status = worst(all.map(statusOf));
  print(all, { format, scenario, status, stats: given.flag('stats'), console });
  return status;
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

function mustExist(scenario: string, all: readonly Every[]): void {
  const exists = all.some((it) => it.kind === 'unread'
    || it.report.opened.model.scenarios.some((decl) => decl.name.text === scenario));
  if (!exists) throw new UsageError(`there is no scenario ${scenario}`);
}

function statusOf(checked: Every): ExitStatus {
  return checked.kind === 'unread' ? 2 : exitStatus(checked.report);
}
