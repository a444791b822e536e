// One file from text to report, without an editor: what the command line and the tests do. Split in
// two, so that the caller runs the searches between as it likes: in turn, or in workers.
import type { FileId } from '../text/range.ts';
import { createLines } from '../text/lines.ts';
import type { Lines } from '../text/lines.ts';
import type { Problem } from '../text/problem.ts';
import type { ScenarioDecl, UseDecl } from '../syntax/ast.ts';
import type { SyntaxParser } from '../syntax/parse.ts';
import { analyze, lowerScenario } from '../analysis/analyze.ts';
import { fileFindings } from '../analysis/file-findings.ts';
import type { UsedFile, UseFailure } from '../analysis/input.ts';
import { judge, refinesQuestion, scenariosNeeded } from '../analysis/judge.ts';
import type { Judgement, Result } from '../analysis/judgement.ts';
import type { Lowered } from '../analysis/lowered.ts';
import type { Model } from '../analysis/model.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Verdict } from '../../../simulator/src/verdict.ts';

export { createParser, type SyntaxParser } from '../syntax/parse.ts';

/** Where the texts of used files come from. */
export interface Texts {
  /** What `use "path"` in `from` means; null where no file can be named so. */
  resolve(from: FileId, path: string): FileId | null;
  /** null: there is no such file. */
  read(file: FileId): string | null;
  /** A bundled module; null where there is none of that name. */
  library(module: string): { readonly file: FileId; readonly text: string } | null;
  readonly modules: readonly string[];
}

export interface CheckInput {
  readonly parser: SyntaxParser;
  readonly texts: Texts;
  readonly file: FileId;
  readonly text: string;
  /** Only this scenario is judged; null: all. */
  readonly scenario: string | null;
}

/** One scenario to be searched. */
export interface Job {
  readonly scenario: ScenarioDecl;
  readonly lowered: Lowered;
}

export interface Opened {
  readonly model: Model;
  /** Of reading the file: syntax, names, types. */
  readonly problems: readonly Problem[];
  /** Also those that are only needed to judge another by. */
  readonly jobs: readonly Job[];
  /** Scenarios that an error touches. */
  readonly broken: readonly ScenarioDecl[];
  readonly text: string;
  /** Of the file and of those it takes in. */
  linesOf(file: FileId): Lines;
}

export interface Report {
  readonly file: FileId;
  readonly opened: Opened;
  /** Of reading the file and of the file as a whole; those of scenarios are in `judged`. */
  readonly problems: readonly Problem[];
  /** In the order of the file. */
  readonly judged: readonly Judged[];
}
export interface Judged {
  readonly judgement: Judgement;
  readonly result: Result;
}

export interface Answered {
  readonly verdict: Verdict;
  readonly elapsedMs: number;
}

/** The whole way in one call; `search` runs one program to its end or to its limits. */
export function checkFile(input: CheckInput, search: (program: Program) => Answered): Report {
  const opened = openFile(input);
  const results = opened.jobs.map((job): Result => ({ ...job, ...search(job.lowered.program) }));
  const answers = new Map([...questionsOf(opened, results)]
    .map(([name, program]) => [name, search(program).verdict]));
  return reportOn(input, { opened, results, answers });
}

/** The same where a search takes its time; `name` is the scenario's. */
export async function reportBy(
  input: CheckInput, opened: Opened,
  search: (name: string, program: Program) => Promise<Answered>,
): Promise<Report> {
  const results = await Promise.all(opened.jobs.map(async (job): Promise<Result> =>
    ({ ...job, ...await search(job.scenario.name.text, job.lowered.program) })));
  const answers = await Promise.all([...questionsOf(opened, results)].map(
    async ([name, program]): Promise<[string, Verdict]> =>
      [name, (await search(name, program)).verdict]));
  return reportOn(input, { opened, results, answers: new Map(answers) });
}

export function openFile({ parser, texts, file, text, scenario }: CheckInput): Opened {
  const known = new Map([[file, text]]);
  const syntax = parser.parse(text, file);
  const used = new Map<FileId, UsedFile>();
  const model = analyze({
    file, text, source: syntax.file,
    damaged: syntax.problems.map((problem) => problem.range),
    use: (from, decl) => {
      const found = find(texts, from, decl);
      if ('failure' in found) return found;
      known.set(found.file, found.text);
      const before = used.get(found.file);
      if (before !== undefined) return before;
      const parsed = parser.parse(found.text, found.file);
      const it = { ...found, source: parsed.file, syntaxProblems: parsed.problems };
      parsed.dispose();
      used.set(found.file, it);
      return it;
    },
  });
  syntax.dispose();
  const wanted = scenario === null ? null : withNeeded(model, scenario);
  const asked = model.scenarios.filter((it) => wanted === null || wanted.has(it.name.text));
  const jobs = asked.flatMap((it): Job[] => {
    const lowered = lowerScenario(model, it);
    return lowered === null ? [] : [{ scenario: it, lowered }];
  });
  return {
    model, jobs, text,
    broken: asked.filter((it) => jobs.every((job) => job.scenario !== it)),
    problems: [...syntax.problems, ...model.problems],
    linesOf: linesAmong(known),
  };
}

/** Each file's lines, looked for once. */
function linesAmong(texts: ReadonlyMap<FileId, string>): (file: FileId) => Lines {
  const known = new Map<FileId, Lines>();
  return (file) => {
    const lines = known.get(file) ?? createLines(texts.get(file) ?? '');
    known.set(file, lines);
    return lines;
  };
}

function find(
  texts: Texts, from: FileId, decl: UseDecl,
): { readonly file: FileId; readonly text: string } | UseFailure {
  if (decl.module !== null) {
    return texts.library(decl.module) ?? { failure: 'no_module', candidates: texts.modules };
  }
  const file = decl.path === null ? null : texts.resolve(from, decl.path);
  const text = file === null ? null : texts.read(file);
  if (file === null || text === null) return { failure: 'no_file' };
  return { file, text };
}

function withNeeded(model: Model, name: string): ReadonlySet<string> {
  const scenario = model.scenarios.find((it) => it.name.text === name);
  return new Set([name, ...(scenario === undefined ? [] : scenariosNeeded(scenario))]);
}

/** By scenario: a second program to be searched before that one can be judged. */
export function questionsOf(
  { model }: Opened, results: readonly Result[],
): ReadonlyMap<string, Program> {
  return new Map(results.flatMap((result): [string, Program][] => {
    const question = refinesQuestion({ model, result, others: results });
    return question === null ? [] : [[result.scenario.name.text, question]];
  }));
}

export interface Found {
  readonly opened: Opened;
  readonly results: readonly Result[];
  /** To `questionsOf`, by scenario. */
  readonly answers: ReadonlyMap<string, Verdict>;
}

export function reportOn(
  { file, scenario }: Pick<CheckInput, 'file' | 'scenario'>, found: Found,
): Report {
  const { opened, results, answers } = found;
  const { model } = opened;
  const judged = results
    .filter((result) => scenario === null || result.scenario.name.text === scenario)
    .map((result): Judged => {
      const answer = answers.get(result.scenario.name.text) ?? null;
      return { result, judgement: judge({ model, result, others: results, answer }) };
    });
  const problems = [...opened.problems, ...fileFindings(model, results)];
  return { file, opened, problems, judged };
}
