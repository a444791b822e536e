// What `--format json` prints of a file: the shapes of docs and design, lines and columns from 1.
import type { FileId, Range } from '../../text/range.ts';
import type { Problem } from '../../text/problem.ts';
import type { Told, ToldStep } from '../../analysis/judgement.ts';
import type { Judged, Opened, Report } from '../check-file.ts';

export interface JsonPosition {
  readonly line: number;
  readonly column: number;
}
/** `path` only where it is not the file itself. */
export interface JsonRange {
  readonly path?: string;
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}
export interface JsonProblem {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly range: JsonRange;
}
export interface JsonStep {
  readonly thread: string;
  readonly text: string;
  readonly move: string;
  readonly range: JsonRange;
  readonly changes: Readonly<Record<string, string>>;
}
export interface JsonViolation {
  readonly code: string;
  readonly subject: string | null;
  readonly message: string;
  readonly expected: boolean;
  readonly thread: string | null;
  readonly range: JsonRange;
  readonly schedule: string;
  readonly loop?: number;
  readonly trace: readonly JsonStep[];
}
export interface JsonScenario {
  readonly name: string;
  readonly verdict: string;
  readonly expectation: string;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly elapsedMs: number;
  readonly reduction: string;
  readonly outcomes: readonly Readonly<Record<string, string | null>>[];
  readonly violations: readonly JsonViolation[];
  /** What its `expect` lines came to: `expectation`, `unknown`, what `not refines` is met by. */
  readonly problems: readonly JsonProblem[];
}
export interface JsonFile {
  readonly path: string;
  readonly problems: readonly JsonProblem[];
  readonly scenarios: readonly JsonScenario[];
  readonly workloads: readonly never[];
}

export type RangeOf = (file: FileId, range: Range) => JsonRange;

export function jsonFile(report: Report): JsonFile {
  const { file, opened } = report;
  const range = ranges(file, opened);
  return {
    path: file,
    problems: report.problems.map((problem) => jsonProblem(file, problem, range)),
    scenarios: report.judged.map((judged) => jsonScenario(file, judged, range)),
    workloads: [],
  };
}

/** A file that could not be read, or an argument that names none. */
export function jsonUnread(path: string, message: string): JsonFile {
  const start = { line: 1, column: 1 };
  return {
    path, scenarios: [], workloads: [],
    problems: [{ code: 'use', severity: 'error', message, range: { start, end: start } }],
  };
}

export function ranges(own: FileId, opened: Opened): RangeOf {
  return (file, range) => {
    const lines = opened.linesOf(file);
    const at = (offset: number): JsonPosition => {
      const { line, character } = lines.position(offset);
      return { line: line + 1, column: character + 1 };
    };
    const places = { start: at(range.start), end: at(range.end) };
    return file === own ? places : { path: file, ...places };
  };
}

function jsonProblem(file: FileId, problem: Problem, range: RangeOf): JsonProblem {
  const { code, severity, message } = problem;
  return { code, severity, message, range: range(file, problem.range) };
}

function jsonScenario(file: FileId, judged: Judged, range: RangeOf): JsonScenario {
  const { judgement, result } = judged;
  const { states, transitions, depth } = result.verdict;
  return {
    name: judgement.scenario.name.text,
    verdict: judgement.verdict,
    expectation: judgement.expectation,
    states, transitions, depth,
    elapsedMs: Math.round(result.elapsedMs * 10) / 10,
    reduction: result.verdict.reduction ?? 'none',
    outcomes: judgement.outcomes,
    violations: judgement.violations.map((told) => jsonViolation(told, range)),
    problems: judgement.remarks.map((problem) => jsonProblem(file, problem, range)),
  };
}

function jsonViolation(told: Told, range: RangeOf): JsonViolation {
  const { code, subject, message, expected, thread, schedule, loop } = told;
  return {
    code, subject, message, expected, thread, schedule,
    range: range(told.file, told.range),
    ...(loop === null ? {} : { loop }),
    trace: told.trace.map((step) => jsonStep(step, range)),
  };
}

export function jsonStep(step: ToldStep, range: RangeOf): JsonStep {
  const { thread, text, move, changes } = step;
  return { thread, text, move, range: range(step.file, step.range), changes };
}
