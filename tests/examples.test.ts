// Every example is its own snapshot: its notes say what is found in it. `UPDATE=1` writes them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSchedule } from '../server/src/analysis/schedule.ts';
import type { Judged, Report } from '../server/src/service/check-file.ts';
import type { Problem } from '../server/src/text/problem.ts';
import { run } from '../simulator/src/index.ts';
import { checkText, problemsOf, ROOT } from './support/checking.ts';
import { annotate, strip } from './support/notes.ts';

const FOLDERS = ['examples', 'library'];

function examples(): readonly string[] {
  return FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.mmlock')).map((path) => join(folder, path)).sort());
}

for (const path of examples()) {
  test(path, async () => {
    const full = join(ROOT, path);
    const before = readFileSync(full, 'utf8');
    const report = await checkText(strip(before), { file: full });
    const after = annotated(report);
    for (const judged of report.judged) replay(judged);
    if (process.env['UPDATE'] === '1' && after !== before) writeFileSync(full, after);
    else assert.equal(after, before);
  });
}

function annotated(report: Report): string {
  const notes = problemsOf(report).map((problem) => ({
    range: problem.range, text: noteOf(problem),
  }));
  const facts = report.judged.map(({ judgement, result }) => ({
    offset: judgement.scenario.range.end - 1,
    text: `${judgement.verdict}, ${result.verdict.states} states`,
  }));
  return annotate(report.opened.text, notes, facts);
}

function noteOf({ code, severity, message }: Problem): string {
  return severity === 'error' ? `${code}: ${message}` : `${code} (${severity}): ${message}`;
}

/** A schedule leads to what it was printed for. */
function replay({ judgement, result }: Judged): void {
  const { program } = result.lowered;
  for (const told of judgement.violations) {
    if (told.schedule === '' || told.code === 'eventually' || told.code === 'refines') continue;
    const parsed = parseSchedule(program, told.schedule);
    assert.equal(parsed.kind, 'turns');
    if (parsed.kind !== 'turns') continue;
    const { turns } = parsed;
    const { violations, end } = run(program, { schedule: turns, steps: turns.length });
    assert.notEqual(end, 'schedule_diverged', told.message);
    if (told.code === 'data_race' || told.code === 'deadlock') continue;
    const met = violations.some((it) => it.code === told.code && it.subject === told.subject);
    assert.ok(met, `${told.code}(${told.subject ?? ''}) is not met by ${told.schedule}`);
  }
}
