// `mmlock simulate`: one run of one scenario, drawn from a seed or replayed from a schedule.
import { openFile } from '../../service/check-file.ts';
import type { Opened } from '../../service/check-file.ts';
import { drawn } from '../../service/report/run-text.ts';
import type { RunQuestion } from '../../service/report/run-text.ts';
import { readText, TEXTS } from './files.ts';
import { loadParser } from './parts.ts';
import { parse, UsageError } from './usage.ts';
import type { Console } from './usage.ts';

const OPTIONS = {
  'scenario': { type: 'string' },
  'seed': { type: 'string' },
  'steps': { type: 'string' },
  'schedule': { type: 'string' },
} as const;

/** Nobody reads further. */
const STEPS_DEFAULT = 1000;

/** Returns the exit status: 1 where the run meets a violation, 2 where there is no such run. */
export async function runSimulate(args: readonly string[], console: Console): Promise<number> {
  const given = parse(args, OPTIONS);
  const [file, ...more] = given.positionals;
  const scenario = given.text('scenario');
  if (file === undefined || more.length > 0) throw new UsageError('simulate wants one file');
  if (scenario === undefined) throw new UsageError('simulate wants --scenario NAME');
  const question: RunQuestion = {
    scenario, seed: given.whole('seed', 0) ?? 0, steps: given.whole('steps', 1) ?? STEPS_DEFAULT,
    schedule: given.text('schedule') ?? null,
  };
  const read = readText(file);
  if (read.text === null) throw new UsageError(`${file}: ${read.why}`);
  const parser = await loadParser();
  const opened = openFile({ parser, texts: TEXTS, file, text: read.text, scenario });
  const answer = drawn(opened, question);
  if (answer.kind === 'none') throw new UsageError(why(opened, scenario, answer.why));
  console.out(answer.lines.map((line) => `${line}\n`).join(''));
  return answer.violated ? 1 : 0;
}

function why({ model }: Opened, scenario: string, reason: string): string {
  const known = model.scenarios.some((decl) => decl.name.text === scenario);
  return known ? reason : `there is no scenario ${scenario}`;
}
