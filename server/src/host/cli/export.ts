// `mmlock export`: a scenario in another tool's language.
import { basename } from 'node:path';
import { openFile } from '../../service/check-file.ts';
import { exported } from '../../service/report/promela.ts';
import { readText, TEXTS } from './files.ts';
import { loadParser } from './parts.ts';
import { parse, UsageError } from './usage.ts';
import type { Console } from './usage.ts';

const OPTIONS = { 'scenario': { type: 'string' }, 'to': { type: 'string' } } as const;
const LATER: ReadonlySet<string> = new Set(['tla', 'mermaid', 'svg', 'dot', 'mail']);

/** Returns the exit status. */
export async function exportCommand(args: readonly string[], console: Console): Promise<number> {
  const given = parse(args, OPTIONS);
  const [file, ...more] = given.positionals;
  const scenario = given.text('scenario');
  if (file === undefined || more.length > 0) throw new UsageError('export wants one file');
  if (scenario === undefined) throw new UsageError('export wants --scenario NAME');
  const to = given.text('to') ?? 'promela';
  if (to !== 'promela') {
    const why = LATER.has(to) ? 'is not there yet' : 'is no format';
    throw new UsageError(`--to ${to} ${why}: promela`);
  }
  const read = readText(file);
  if (read.text === null) throw new UsageError(`${file}: ${read.why}`);
  const parser = await loadParser();
  const opened = openFile({ parser, texts: TEXTS, file, text: read.text, scenario });
  if (!opened.model.scenarios.some((decl) => decl.name.text === scenario)) {
    throw new UsageError(`there is no scenario ${scenario}`);
  }
  const answer = exported(opened, { scenario, name: basename(file) });
  if (answer.kind === 'none') throw new UsageError(answer.why);
  console.out(answer.text);
  return 0;
}
