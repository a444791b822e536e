// One line a case for the tests of codes: a text, and the places where the code is found in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText, found, problemsOf } from './checking.ts';

/** The code is found at these places (their first lines), in the order of the text. */
export function finds(code: string, title: string, text: string, at: readonly string[]): void {
  test(`${code}: ${title}`, async () => {
    const report = await checkText(text);
    const wrong = report.opened.problems.map((problem) => problem.message);
    assert.deepEqual(wrong.filter(() => !READING.has(code)), [], 'the text itself is well-formed');
    assert.deepEqual(found(report, code), at,
      problemsOf(report).map((problem) => `${problem.code}: ${problem.message}`).join('\n'));
  });
}

/** The code is not found, though something near it is there. */
export function silent(code: string, title: string, text: string): void {
  finds(code, `silent ${title}`, text, []);
}

/** Codes of reading a file, which a well-formed text has none of. */
const READING: ReadonlySet<string> = new Set(['syntax', 'name', 'type', 'use']);
