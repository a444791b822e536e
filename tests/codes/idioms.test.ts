// Idioms of locking, right ones and broken ones, each a thread in `idioms/`: what is said of it
// with no scenario at all, before its scenario is searched, and after, at exactly which place.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { staticFindings } from '../../server/src/analysis/file-findings.ts';
import { openFile } from '../../server/src/service/check-file.ts';
import type { Problem } from '../../server/src/text/problem.ts';
import { checkText, problemsOf, ROOT, textsOf, theParser } from '../support/checking.ts';
import { readIdioms, type Claim, type Idioms } from './idioms-file.ts';

const FOLDER = join(ROOT, 'tests/codes/idioms');

/** Told of a file as a whole, once its scenarios are searched. */
function waits({ code, subject }: Claim): boolean {
  // A circle is about no single lock; what is against a declared order is an error like others.
  if (code === 'lock_order') return subject === null;
  return code === 'recursive_read' || code === 'stale_after_relock' || code === 'unreachable_step';
}

for (const name of readdirSync(FOLDER).filter((it) => it.endsWith('.mmlock')).sort()) {
  const file = join(FOLDER, name);
  const idioms = readIdioms(readFileSync(file, 'utf8'));
  if (!idioms.runsItself) {
    test(`${name}: threads that no scenario runs`, async () => {
      const report = await checkText(idioms.text, { file });
      agree(idioms, wholeFile(problemsOf(report)), ({ when }) => when !== 'searched');
    });
  }
  test(`${name}: before a search`, async () => {
    const opened = openFile({
      parser: await theParser(), texts: textsOf(null), file, text: idioms.all, scenario: null,
    });
    assert.deepEqual(opened.problems.map(({ message }) => message), [], 'it is well-formed');
    agree(idioms, wholeFile(staticFindings(opened.model)), (claim) =>
      claim.when !== 'searched' && !waits(claim));
  });
  test(`${name}: after the search`, async () => {
    const report = await checkText(idioms.all, { file });
    const cut = report.judged.filter(({ result }) => result.verdict.bound !== null);
    assert.deepEqual(cut.map(({ judgement }) => judgement.scenario.name.text), []);
    const violations = report.judged.flatMap(({ judgement }) => judgement.violations);
    const found = [...wholeFile(report.problems), ...violations];
    agree(idioms, oncePerPlace(found), ({ when }) => when !== 'alone');
  });
}

interface Found extends Pick<Problem, 'code' | 'range' | 'message'> {
  /** undefined: only the words say what it is about. */
  readonly subject?: string | null;
}

const wholeFile = (problems: readonly Problem[]): readonly Found[] => problems;

/** Several scenarios may run into the same, each with its own words. */
function oncePerPlace(all: readonly Found[]): readonly Found[] {
  return [...new Map(all.map((it) =>
    [`${it.code} ${it.range.start} ${it.range.end} ${it.subject ?? ''}`, it])).values()];
}

/** Every claim is found at its place and about its subject, once; and nothing else is found. */
function agree(
  { text, claims, aside }: Idioms, all: readonly Found[], wanted: (it: Claim) => boolean,
): void {
  const placed = (code: string, { start, end }: Problem['range']): string =>
    `${text.slice(0, start).split('\n').length}: ${code} at \`${text.slice(start, end)}\``;
  const told = all.filter(({ code }) => !aside.has(code));
  const open = claims.filter(wanted);
  const wrong = told.flatMap((problem) => {
    const { code, range, message } = problem;
    const isAbout = (subject: string): boolean => (problem.subject === undefined
      ? message.includes(wordFor(subject)) : problem.subject === subject);
    const at = open.findIndex((claim) => claim.code === code
      && claim.range.start === range.start && claim.range.end === range.end
      && (claim.subject === null || isAbout(claim.subject)));
    if (at === -1) return [`${placed(code, range)}: ${message}`];
    open.splice(at, 1);
    return [];
  });
  const missing = open.map(({ code, range, subject }) =>
    `not found: ${placed(code, range)} about ${subject ?? 'nothing'}`);
  assert.deepEqual([...wrong, ...missing], []);
}

function wordFor(subject: string): string {
  return subject === 'rcu' ? 'rcu_read_lock' : `\`${subject}\``;
}
