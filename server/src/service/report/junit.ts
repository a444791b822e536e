// What `--format junit` prints: a test suite a file, a test case a scenario. What is unknown or
// could not be checked is an error, never a pass; only an unmet expectation is a failure.
import type { Problem } from '../../text/problem.ts';
import type { FileId } from '../../text/range.ts';
import type { Judged, Report } from '../check-file.ts';
import type { Every } from './every.ts';
import { seenNames } from './found.ts';
import { places, violationText } from './text.ts';
import { element, printXml } from './xml.ts';
import type { Element } from './xml.ts';

interface Case {
  readonly name: string;
  readonly line: number;
  readonly seconds: number;
  readonly fault: Element | null;
  readonly output: string;
}

export function junitReport(all: readonly Every[]): string {
  const suites = all.map((it) => (it.kind === 'report'
    ? suite(it.report.file, casesOf(it.report))
    : suite(it.path, [fileCase(element('error', { type: 'use', message: it.why }))])));
  return printXml(element('testsuites', {
    name: 'mmlock', ...totals(suites.map(({ counts }) => counts)),
  }, suites.map(({ xml }) => xml)));
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly seconds: number;
}

function totals(all: readonly Counts[]): Readonly<Record<string, string | number>> {
  const sum = (of: (counts: Counts) => number): number =>
    all.reduce((total, counts) => total + of(counts), 0);
  return {
    tests: sum((it) => it.tests), failures: sum((it) => it.failures),
    errors: sum((it) => it.errors), skipped: 0, time: sum((it) => it.seconds).toFixed(3),
  };
}

function suite(
  file: FileId, cases: readonly Case[],
): { readonly counts: Counts; readonly xml: Element } {
  const faults = (name: string): number =>
    cases.filter(({ fault }) => fault?.name === name).length;
  const counts = {
    tests: cases.length, failures: faults('failure'), errors: faults('error'),
    seconds: cases.reduce((total, { seconds }) => total + seconds, 0),
  };
  const xml = element('testsuite', { name: file, ...totals([counts]) },
    cases.map(({ name, line, seconds, fault, output }) => element('testcase', {
      name, classname: file, file, line, time: seconds.toFixed(3),
    }, [
      ...(fault === null ? [] : [fault]),
      ...(output === '' ? [] : [element('system-out', {}, [output])]),
    ])));
  return { counts, xml };
}

/** Beside the scenarios one for the file itself, where nothing else would say what is wrong. */
function casesOf(report: Report): readonly Case[] {
  const { opened, judged } = report;
  const lines = opened.linesOf(report.file);
  const errors = report.problems.filter(({ severity }) => severity === 'error');
  const scenarios = [
    ...judged.map((it) => ({ at: it.judgement.scenario, fault: faultOf(report, it), it })),
    ...opened.broken.map((at) => ({
      at, it: null,
      fault: problemsFault(report, 'not checked: errors in the file touch it', errors),
    })),
  ].sort((a, b) => a.at.range.start - b.at.range.start)
    .map(({ at, fault, it }): Case => ({
      name: at.name.text, line: lines.position(at.name.range.start).line + 1, fault,
      seconds: (it?.result.elapsedMs ?? 0) / 1000, output: it === null ? '' : outputOf(it),
    }));
  if (errors.length === 0 || scenarios.some(({ fault }) => fault?.name === 'error')) {
    return scenarios;
  }
  return [fileCase(problemsFault(report, 'the file has errors', errors)), ...scenarios];
}

function fileCase(fault: Element): Case {
  return { name: 'the file itself', line: 1, seconds: 0, fault, output: '' };
}

function faultOf(report: Report, judged: Judged): Element | null {
  const { judgement } = judged;
  if (judgement.expectation === 'met') return null;
  const isUnmet = judgement.expectation === 'unmet';
  const told = judgement.problems
    .filter(({ code }) => code === 'expectation' || code === 'unknown');
  const unexpected = judgement.violations.filter((it) => !it.expected);
  const message = told[0]?.message ?? `fails: ${seenNames(unexpected).join(', ')}`;
  const type = isUnmet ? unexpected[0]?.code ?? 'expectation' : 'unknown';
  const lines = [
    ...told.map((problem) => sentence(report, problem)),
    ...unexpected.flatMap((it) => violationText(report, judged, it)),
  ];
  return element(isUnmet ? 'failure' : 'error', { type, message }, [lines.join('\n')]);
}

function problemsFault(
  report: Report, message: string, errors: readonly Problem[],
): Element {
  const lines = errors.map((problem) => sentence(report, problem));
  return element('error', { type: errors[0]?.code ?? 'use', message }, [lines.join('\n')]);
}

function sentence(report: Report, { code, message, range }: Problem): string {
  return `${places(report)(report.file, range)}: ${code}: ${message}`;
}

function outputOf({ judgement, result }: Judged): string {
  const { states, transitions, depth } = result.verdict;
  const seen = judgement.violations.filter(({ expected }) => expected);
  const verdict = seen.length === 0 ? judgement.verdict
    : `fails as expected: ${seenNames(seen).join(', ')}`;
  return `${verdict}; ${states} states, ${transitions} transitions, ${depth} deep`;
}
