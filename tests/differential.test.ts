// Random specs as text through the whole pipeline: they are read without complaint, and everyone
// who can say what a scenario comes to says the same. DIFF_SEED and DIFF_COUNT choose the specs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { countConstructs, EVERYTHING } from './differential/coverage.ts';
import { ORACLE, spinJudge, type Judge } from './differential/engines.ts';
import { examine } from './differential/examine.ts';
import { wrongReparse } from './differential/reading.ts';
import { randomSpec } from './differential/spec.ts';
import { findTools } from './spin/spin.ts';
import { ROOT, theParser } from './support/checking.ts';

const FIRST = Number(process.env['DIFF_SEED'] ?? 1);
const COUNT = Number(process.env['DIFF_COUNT'] ?? 300);
/** SPIN, for which a compiler has to run, is asked about one spec in so many, if not too large. */
const SPIN_EVERY = 12;
const SPIN_MAX_STATES = 2000;
const REPARSED_EVERY = 8;
const MAX_TOLD = 10;
/** In percent of the specs: well-formed to the generator and not so to the front end. */
const MAX_REFUSED = 2;

const seeds = Array.from({ length: COUNT }, (_, i) => FIRST + i);
const tools = await findTools();
const spin: readonly Judge[] = tools === null ? [] : [spinJudge(tools, SPIN_MAX_STATES)];

test('all engines agree on random specs', async (context) => {
  const parser = await theParser();
  const told: string[] = [];
  const refused: string[] = [];
  const asked = new Map<string, number>();
  let scenarios = 0;
  for (const seed of seeds) {
    if (told.length >= MAX_TOLD) break;
    const text = randomSpec(seed);
    const judges = seed % SPIN_EVERY === 0 ? [ORACLE, ...spin] : [ORACLE];
    const found = await examine(parser, text, { judges, turn: seed });
    scenarios += found.verdicts.length;
    for (const name of found.judged) asked.set(name, (asked.get(name) ?? 0) + 1);
    told.push(...found.differences.map((what) => `seed ${seed}: ${what}`));
    const why = found.refused.join('; ');
    if (why !== '') refused.push(`seed ${seed}: ${why}`);
    if (seed % REPARSED_EVERY !== 0) continue;
    told.push(...wrongReparse(parser, text, (seed * 37) % text.length)
      .map((what) => `seed ${seed}: ${what}`));
  }
  const shares = [...asked].map(([name, count]) => `${name} ${count}`).join(', ');
  context.diagnostic(`DIFF_SEED=${FIRST} DIFF_COUNT=${COUNT}: ${scenarios} scenarios; ${shares}`);
  for (const line of refused) context.diagnostic(`refused: ${line}`);
  assert.deepEqual(told, []);
  assert.ok((asked.get(ORACLE.name) ?? 0) > scenarios * 0.7, 'most scenarios are small enough');
  assert.ok(refused.length <= Math.max(2, COUNT * MAX_REFUSED / 100), refused.join('\n'));
});

test('a spec is the same each time its seed is given', () => {
  assert.equal(randomSpec(FIRST), randomSpec(FIRST));
});

/** Always the same ones, so that a rare construct is not missing by chance. */
const COVERING = 500;

test('random specs use every construct of the language', async () => {
  const parser = await theParser();
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= COVERING; seed++) {
    const syntax = parser.parse(randomSpec(seed), 'random');
    countConstructs(syntax.file, counts);
    syntax.dispose();
  }
  assert.deepEqual(EVERYTHING.filter((it) => (counts.get(it) ?? 0) === 0), []);
});

const REGRESSIONS = join(ROOT, 'tests/differential/regressions');

for (const name of readdirSync(REGRESSIONS).filter((it) => it.endsWith('.mmlock')).sort()) {
  test(`regression: ${name}`, async () => {
    const text = readFileSync(join(REGRESSIONS, name), 'utf8');
    const question = { judges: [ORACLE, ...spin], turn: 0 };
    const { refused, differences } = await examine(await theParser(), text, question);
    assert.deepEqual([...refused, ...differences], []);
  });
}
