// Readings of the language as small specs: each says in its `expect` lines what must come out, and
// in a comment why. `//! code` at a line's end: the code is reported there; `//? code`: it may be.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Report } from '../server/src/service/check-file.ts';
import { checkText, problemsOf, ROOT } from './support/checking.ts';

const FOLDER = join(ROOT, 'tests/semantics');

/** Found by looking at a file as a whole: if a file marks one of them, it marks them all. */
const MARKED_ALL: ReadonlySet<string> = new Set([
  'lock_order', 'stale_after_relock', 'recursive_read', 'unreachable_step',
]);

interface Mark {
  readonly code: string;
  /** 1-based. */
  readonly line: number;
  readonly certain: boolean;
}

for (const name of readdirSync(FOLDER).filter((it) => it.endsWith('.mmlock')).sort()) {
  test(name, async () => {
    const file = join(FOLDER, name);
    const text = readFileSync(file, 'utf8');
    const report = await checkText(text, { file });
    const marks = marksOf(text);
    const wrong = [...unmet(report, marks), ...unmarked(report, marks)];
    assert.deepEqual(wrong, []);
  });
}

/** Expectations that are not met, though no mark wants it so, and what was found instead. */
function unmet(report: Report, marks: readonly Mark[]): readonly string[] {
  const unmetLines = marks.filter(({ code }) => code === 'expectation').map(({ line }) => line);
  return report.judged.flatMap(({ judgement }): string[] => {
    const { name, range } = judgement.scenario;
    const [first, last] = [range.start, range.end].map((at) => lineOf(report.opened.text, at));
    const wanted = unmetLines.some((line) => line >= (first ?? 0) && line <= (last ?? 0));
    if (judgement.expectation === (wanted ? 'unmet' : 'met')) return [];
    const found = judgement.violations
      .map(({ code, subject }) => (subject === null ? code : `${code}(${subject})`));
    return [`${name.text} is ${judgement.expectation}: ${judgement.verdict} ${found.join(', ')}`];
  });
}

/** Marks without a report, reports without a mark. */
function unmarked(report: Report, marks: readonly Mark[]): readonly string[] {
  const found = problemsOf(report).map(({ code, severity, range, message }) =>
    ({ code, severity, message, line: lineOf(report.opened.text, range.start) }));
  const missing = marks.filter((mark) => mark.certain
    && !found.some(({ code, line }) => code === mark.code && line === mark.line));
  const isMarked = (code: string, line: number): boolean =>
    marks.some((mark) => mark.code === code && mark.line === line);
  const marked = new Set(marks.map(({ code }) => code));
  // What an unmet `expect` did not want is an error wherever it happens.
  const unmetFile = marked.has('expectation');
  const extra = found.filter(({ code, severity, line }) => {
    if (isMarked(code, line) || (unmetFile && severity === 'error')) return false;
    if (MARKED_ALL.has(code)) return marked.has(code) || severity === 'error';
    return severity === 'error' || severity === 'warning';
  });
  return [
    ...missing.map(({ code, line }) => `line ${line}: no ${code}`),
    ...extra.map(({ code, line, message }) => `line ${line}: ${code}: ${message}`),
    ...uncertain(marks, found),
  ];
}

/** Of the places that may have a code, one has. */
function uncertain(
  marks: readonly Mark[], found: readonly { readonly code: string; readonly line: number }[],
): readonly string[] {
  const codes = new Set(marks.filter(({ certain }) => !certain).map(({ code }) => code));
  return [...codes].filter((code) => !marks.some((mark) => mark.code === code && !mark.certain
    && found.some((it) => it.code === code && it.line === mark.line)))
    .map((code) => `no ${code} at any of the places marked for it`);
}

function marksOf(text: string): readonly Mark[] {
  return text.split('\n').flatMap((line, index): Mark[] => {
    const [, sign, codes = ''] = /\/\/([!?]) ([a-z_, ]+)$/.exec(line) ?? [];
    if (sign === undefined) return [];
    return codes.split(',').map((code) =>
      ({ code: code.trim(), line: index + 1, certain: sign === '!' }));
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
