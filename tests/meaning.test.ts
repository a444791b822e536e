// The canonical form of a program, which verdicts are known by: its verdict, said in the program's
// own words, is the program's own verdict to the last count, fact and step of a trace.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canonicalProgram, meaningOf } from '../server/src/service/fingerprint.ts';
import { inWordsOf } from '../server/src/service/legend.ts';
import { isVerdictOf } from '../server/src/service/verdict-shape.ts';
import { check, type Limits, type Program, type Verdict } from '../simulator/src/index.ts';
import { randomProgram } from './oracle/random-program.ts';
import { checkText, ROOT } from './support/checking.ts';

const FIRST = Number(process.env['ORACLE_SEED'] ?? 1);
const COUNT = 200;
const MAX_STATES = 3000;
const LIMITS: Limits = { maxStates: MAX_STATES, maxMemory: 2 ** 28 };

/** How many cells and locks the canonical form leaves out; fails where the verdicts differ. */
function compare(what: string, program: Program, verdict: Verdict): number {
  const { legend } = meaningOf(program);
  const made = canonicalProgram({ legend });
  const canonical: Program = JSON.parse(JSON.stringify(made));
  assert.deepEqual(made, canonical, `${what}: as made, and as read`);
  const found = check(canonical);
  assert.deepEqual(inWordsOf(legend, found), verdict, what);
  const nSites = legend.frame.sites.length;
  assert.ok(isVerdictOf(canonical, nSites, JSON.parse(JSON.stringify(found))), what);
  return program.cells.length - canonical.cells.length
    + program.locks.length - canonical.locks.length;
}

function files(): readonly string[] {
  return ['examples', 'tests/semantics'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.mmlock')).map((path) => join(folder, path)).sort());
}

for (const path of files()) {
  test(path, async () => {
    const file = join(ROOT, path);
    const report = await checkText(readFileSync(file, 'utf8'), { file });
    for (const { result: { lowered, verdict, scenario } } of report.judged) {
      const small = verdict.bound === null && verdict.states < MAX_STATES;
      if (small) compare(scenario.name.text, lowered.program, verdict);
    }
  });
}

test('random programs', () => {
  let compared = 0;
  let leftOut = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const program = randomProgram(seed);
    const verdict = check(program, LIMITS);
    if (verdict.bound !== null) continue;
    compared++;
    leftOut += compare(`seed ${seed}`, program, verdict);
  }
  assert.ok(compared > COUNT / 2, 'most programs are small enough');
  assert.ok(leftOut > COUNT, 'programs have parts that do not matter');
});
