// What `mmlock check` prints of a file: each problem where it is, each run in columns, one line a
// scenario. Made to be pasted into a mail.
import type { FileId, Range } from '../../text/range.ts';
import type { Severity } from '../../text/problem.ts';
import type { Told } from '../../analysis/judgement.ts';
import { elapsed, THIN_SPACE } from '../../features/numbers.ts';
import type { Judged, Report } from '../check-file.ts';
import { drawRun, WIDTH } from './columns.ts';
import { plainCount } from './counts.ts';
import { seenNames, titleOf } from './found.ts';

export interface TextOptions {
  /** Runs that a scenario expects are drawn as well. */
  readonly showExpected: boolean;
  readonly stats: boolean;
}

/** Lines without line breaks. */
export function textReport(report: Report, options: TextOptions): readonly string[] {
  const where = places(report);
  // Hints are for an editor, which only fades what they are about.
  const told = report.problems.filter((problem) => problem.severity !== 'hint');
  const problems = told.flatMap((problem) =>
    wrapped(`${where(report.file, problem.range)}: ${level(problem.severity)}: `
      + `${problem.code}: ${problem.message}`));
  const scenarios = report.judged.flatMap((judged) => scenarioText(report, judged, options));
  const summary = table(report.judged.map((judged) => summaryRow(judged, options)));
  const broken = report.opened.broken
    .map((scenario) => `${scenario.name.text}  not checked: errors in the file touch it`);
  return [...problems, ...scenarios, ...summary, ...broken];
}

/** `examples/x.mmlock:31:5`. */
export function places(report: Report): (file: FileId, range: Range) => string {
  return (file, range) => {
    const { line, character } = report.opened.linesOf(file).position(range.start);
    return `${file}:${line + 1}:${character + 1}`;
  };
}

function level(severity: Severity): string {
  return severity === 'information' ? 'info' : severity;
}

function scenarioText(report: Report, judged: Judged, options: TextOptions): readonly string[] {
  const { judgement } = judged;
  const where = places(report);
  const shown = judgement.violations.filter((told) => !told.expected || options.showExpected);
  return [
    ...shown.flatMap((told) => violationText(report, judged, told)),
    ...judgement.problems
      .filter(({ code }) => code === 'expectation' || code === 'unknown')
      .flatMap((problem) => wrapped(`${where(report.file, problem.range)}: `
        + `${level(problem.severity)}: ${problem.code}: ${problem.message}`)),
  ];
}

export function violationText(report: Report, judged: Judged, told: Told): readonly string[] {
  const where = places(report)(told.file, told.range);
  const name = titleOf({ code: told.code, told });
  const head = `${where}: ${told.expected ? 'info' : 'error'}: ${name}: ${told.message}`;
  if (told.trace.length === 0) return [...wrapped(head), ''];
  const lanes = judged.result.lowered.program.threads.map((thread) => thread.name);
  const replay = told.schedule === '' ? [] : [
    '', `     ${judged.judgement.scenario.name.text}, replay with --schedule "${told.schedule}"`,
  ];
  const drawn = drawRun({ lanes, steps: told.trace, loop: told.loop });
  return [...wrapped(head), '', ...drawn, ...replay, ''];
}

/** No line longer than a mail's, unless a word is; the first one says where and what. */
export function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`    ${word}`);
  }
  return lines;
}

/** `one_fault  safe  1 204 states  4 ms  as expected`. */
function summaryRow({ judgement, result }: Judged, { stats }: TextOptions): readonly string[] {
  const { states, transitions, depth } = result.verdict;
  return [
    judgement.scenario.name.text,
    judgement.verdict === 'violated'
      ? `fails: ${names(judgement.violations)}` : judgement.verdict,
    plainCount(states, 'state'),
    ...(stats ? [plainCount(transitions, 'transition'), `${depth} deep`] : []),
    elapsed(result.elapsedMs),
    expectation(judgement.expectation),
  ];
}

function names(violations: readonly Told[]): string {
  const all = seenNames(violations);
  return all.length <= 2 ? all.join(', ') : `${all[0] ?? ''} and ${all.length - 1} more`;
}

function expectation(state: 'met' | 'unmet' | 'unknown'): string {
  if (state === 'met') return 'as expected';
  return state === 'unmet' ? 'NOT as expected' : 'unknown';
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows.map((row) => row
    .map((cell, i) => {
      const width = widths[i] ?? 0;
      return isNumber(cell) ? cell.padStart(width) : cell.padEnd(width);
    })
    .join('  ').replaceAll(THIN_SPACE, ' ').trimEnd());
}

function isNumber(cell: string): boolean {
  return /^[<0-9]/.test(cell);
}
