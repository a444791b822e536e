// What is certain of a thread's text, on random specs: a search of any scenario that runs it finds
// the same at the same step, or never gets there. STATIC_SEED and STATIC_COUNT choose the specs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../server/src/analysis/judgement.ts';
import type { Lowered } from '../server/src/analysis/lowered.ts';
import { siteOf } from '../server/src/analysis/trace.ts';
import { walksOf, type OneWalk } from '../server/src/analysis/walks.ts';
import { checkSpec } from './differential/reading.ts';
import { randomSpec } from './differential/spec.ts';
import { theParser } from './support/checking.ts';

const FIRST = Number(process.env['STATIC_SEED'] ?? 1);
const COUNT = Number(process.env['STATIC_COUNT'] ?? 250);

test('what is certain is confirmed by a search or never reached', async (context) => {
  const parser = await theParser();
  const wrong: string[] = [];
  let [claims, confirmed] = [0, 0];
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const report = checkSpec(parser, randomSpec(seed));
    const { model } = report.opened;
    const complete = report.judged.map(({ result }) => result)
      .filter(({ verdict }) => verdict.bound === null);
    for (const { decl, walks } of walksOf(model, [])) {
      for (const result of complete.filter((it) => runs(it, decl.name.text))) {
        const found = inAllOf(walks).map((event) => fate(result, event));
        claims += found.length;
        confirmed += found.filter((it) => it === 'confirmed').length;
        wrong.push(...found.filter((it) => it.startsWith('not')).map((it) =>
          `seed ${seed}, ${result.scenario.name.text}: ${decl.name.text}: ${it}`));
      }
    }
  }
  context.diagnostic(`STATIC_SEED=${FIRST} STATIC_COUNT=${COUNT}: ${claims} claims, `
    + `${confirmed} confirmed`);
  assert.deepEqual(wrong, []);
  assert.ok(confirmed > COUNT / 20, 'there is something to confirm');
});

interface Claim {
  readonly code: string;
  readonly subject: string | null;
  readonly place: string;
}

function eventsIn({ lowered, walk }: OneWalk): readonly Claim[] {
  return (walk?.certain ?? []).map(({ code, subject, site }) =>
    ({ code, subject, place: placeOf(lowered, site) }));
}

/** With every setting of the params. */
function inAllOf([first, ...others]: readonly OneWalk[]): readonly Claim[] {
  const same = (a: Claim, b: Claim): boolean =>
    a.code === b.code && a.subject === b.subject && a.place === b.place;
  return first === undefined ? [] : eventsIn(first).filter((claim) =>
    others.every((other) => eventsIn(other).some((it) => same(it, claim))));
}

function placeOf(lowered: Lowered, site: number): string {
  const { range } = siteOf(lowered, site);
  return `${range.start} ${range.end}`;
}

function runs({ lowered }: Result, decl: string): boolean {
  return lowered.program.threads.some((thread) => thread.decl === decl);
}

function fate({ lowered, verdict }: Result, { code, subject, place }: Claim): string {
  const violations = verdict.violations.map((it) => ({
    code: it.code, subject: it.subject, place: placeOf(lowered, it.site),
    step: it.step === null ? '' : placeOf(lowered, it.step),
  }));
  const isIt = violations.some((it) => it.code === code && it.place === place
    && (it.subject === subject || code === 'deadlock'));
  if (isIt) return 'confirmed';
  const reached = verdict.facts.reached.some((site) => placeOf(lowered, site) === place);
  if (!reached) return 'never reached';
  // The step itself broke down before.
  if (violations.some((it) => CUTS.has(it.code) && it.step === place)) return 'cut off';
  return `not confirmed: ${code}(${subject ?? ''}) at ${place}`;
}

const CUTS: ReadonlySet<string> = new Set([
  'range', 'null_ref', 'use_after_free', 'double_free', 'pool_exhausted', 'assert', 'deadlock',
]);
