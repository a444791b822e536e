// `mmlock check`: every scenario of every file against its `expect`.
import type { Every } from '../../service/report/every.ts';
import { exitStatus, worst } from '../../service/report/exit-status.ts';
import type { ExitStatus } from '../../service/report/exit-status.ts';
import { findFiles, readText, TEXTS } from './files.ts';
import { loadParser } from './parts.ts';
import { formatOf, print } from './print.ts';
import { progressLine } from './progress.ts';
import type { Searcher } from './search.ts';
import { checkWith, SEARCH_OPTIONS } from './searching.ts';
import { parse, UsageError } from './usage.ts';
import type { Arguments, Console } from './usage.ts';

const OPTIONS = {
  'scenario': { type: 'string' },
  'format': { type: 'string' },
  ...SEARCH_OPTIONS,
  'stats': { type: 'boolean' },
} as const;

/** Returns the exit status. `searcherFor`: what searches, by the options. */
export async function runCheck(
  args: readonly string[], console: Console, searcherFor: (given: Arguments) => Searcher,
): Promise<number> {
  const given = parse(args, OPTIONS);
  const format = formatOf(given.text('format') ?? 'text');
  if (given.positionals.length === 0) throw new UsageError('check wants files or folders');
  const paths = findFiles(given.positionals);
  const scenario = given.text('scenario') ?? null;
  const parser = await loadParser();
  const searcher = searcherFor(given);
  const progress = progressLine(console);
  const all = await Promise.all(paths.map(async (path): Promise<Every> => {
    const read = readText(path);
    if (read.text === null) return { kind: 'unread', path, why: read.why };
    const input = { parser, texts: TEXTS, file: path, text: read.text, scenario };
    return { kind: 'report', report: await checkWith(searcher, input, progress) };
  })).finally(() => searcher.dispose());
  progress.clear();
  if (scenario !== null) mustExist(scenario, all);
  const status = worst(all.map(statusOf));
  print(all, { format, scenario, status, stats: given.flag('stats'), console });
  return status;
}

function mustExist(scenario: string, all: readonly Every[]): void {
  const exists = all.some((it) => it.kind === 'unread'
    || it.report.opened.model.scenarios.some((decl) => decl.name.text === scenario));
  if (!exists) throw new UsageError(`there is no scenario ${scenario}`);
}

function statusOf(checked: Every): ExitStatus {
  return checked.kind === 'unread' ? 2 : exitStatus(checked.report);
}
