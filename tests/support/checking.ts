// Texts through the whole pipeline, for tests: parse, analyse, lower, search, judge.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { theParser } from '../../server/src/analysis/testing.ts';
import { BUNDLED } from '../../server/src/service/bundled.ts';
import { checkFile } from '../../server/src/service/check-file.ts';
import type { Report, Texts } from '../../server/src/service/check-file.ts';
import type { Problem } from '../../server/src/text/problem.ts';
import { check, DEFAULT_LIMITS } from '../../simulator/src/index.ts';
import type { Limits } from '../../simulator/src/index.ts';

export { ROOT, theParser } from '../../server/src/analysis/testing.ts';

export interface CheckOptions {
  /** The texts that `use` may name, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  readonly scenario?: string;
  readonly file?: string;
}

export async function checkText(text: string, options: CheckOptions = {}): Promise<Report> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return checkFile({
    parser: await theParser(), texts: textsOf(options.files ?? null),
    file: options.file ?? 'test.mmlock', text, scenario: options.scenario ?? null,
  }, (program) => ({ verdict: check(program, limits), elapsedMs: 0 }));
}

/** From memory, or from the disk. */
export function textsOf(files: Readonly<Record<string, string>> | null): Texts {
  const library = (module: string): { file: string; text: string } | null => {
    const text = BUNDLED[module];
    return text === undefined ? null : { file: `library/${module}.mmlock`, text };
  };
  return {
    library,
    modules: Object.keys(BUNDLED),
    resolve: (from, path) => join(dirname(from), path),
    read: (file) => {
      if (files !== null) return files[file] ?? null;
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    },
  };
}

/** Every problem an editor would show, in the order of the text. */
export function problemsOf(report: Report): readonly Problem[] {
  return [...report.problems, ...report.judged.flatMap(({ judgement }) => judgement.problems)]
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/** `guard(x)` at `x = 1`: what a code's test compares. */
export function found(report: Report, code: string): readonly string[] {
  const { text } = report.opened;
  return problemsOf(report).filter((problem) => problem.code === code)
    .map((problem) => text.slice(problem.range.start, problem.range.end).split('\n')[0] ?? '');
}

/** The violations of a scenario as `code(subject)`, sorted. */
export function violationsOf(report: Report, scenario?: string): readonly string[] {
  const judged = report.judged.find(({ judgement }) =>
    scenario === undefined || judgement.scenario.name.text === scenario);
  return (judged?.judgement.violations ?? [])
    .map(({ code, subject }) => (subject === null ? code : `${code}(${subject})`)).sort();
}
