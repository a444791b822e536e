// Surveys of real protocols: they see what the check of the scenario sees, also in generated code,
// and what they say can be is shown by a run that ends in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createSurvey, createWitness, DEFAULT_LIMITS, type Survey, type Wanted,
} from '../simulator/src/index.ts';
import type { Program } from '../simulator/src/program.ts';
import type { Snapshot } from '../simulator/src/verdict.ts';
import { checkText, ROOT } from './support/checking.ts';
import { unreachable } from '../server/src/text/unreachable.ts';
import { strip } from './support/notes.ts';

/** Larger ones are surveyed in part, which this is not about. */
const STATES_MAX = 30_000;
/** Claims of one survey that are asked for. */
const CLAIMS = 12;

for (const path of ['first-look', 'munmap/two_phases', 'munmap/brk', 'munmap/binder_shrinker']) {
  test(path, async () => {
    const full = join(ROOT, `examples/${path}.mmlock`);
    const { judged } = await checkText(strip(readFileSync(full, 'utf8')), { file: full });
    let compared = 0;
    for (const { result: { lowered: { program }, verdict } } of judged) {
      if (verdict.states > STATES_MAX || verdict.reduction !== undefined) continue;
      const survey = surveyed(program);
      assert.deepEqual([survey.bound, survey.states], [null, verdict.states]);
      assert.deepEqual(survey.rests.map((all) => all.map(
        ({ values: _, objects: __, from: ___, ...rest }) => rest)), verdict.facts.rests);
      claimsOf(survey).forEach((claim) => confirm(program, claim));
      compared++;
    }
    assert.ok(compared > 0);
  });
}

function surveyed(program: Program): Survey {
  const search = createSurvey(program, DEFAULT_LIMITS);
  while (!search.advance(5_000));
  return search.survey();
}

/** Spread over all that the survey says. */
function claimsOf(survey: Survey): readonly Wanted[] {
  const all = survey.rests.flatMap((rests, thread) => rests.flatMap((rest): Wanted[] => {
    const at = { kind: 'at', thread, pcs: [rest.pc] } as const;
    return [
      ...rest.beside.flatMap((other) => other.pcs.map((pc): Wanted =>
        [at, { kind: 'at', thread: other.thread, pcs: [pc] }])),
      ...(rest.values ?? []).flatMap(({ each }, cell) => (each ?? []).map((value): Wanted =>
        [at, { kind: 'value', cell, value }])),
      ...[...rest.always, ...rest.sometimes].map(({ lock, mode }): Wanted =>
        [at, { kind: 'held', thread, lock, mode }]),
    ];
  }));
  const every = Math.max(1, Math.floor(all.length / CLAIMS));
  return all.filter((_, i) => i % every === 0);
}

function confirm(program: Program, wanted: Wanted): void {
  const search = createWitness(program, wanted, DEFAULT_LIMITS);
  while (!search.advance(5_000));
  const { trace } = search.witness();
  assert.ok(trace !== null, JSON.stringify(wanted));
  const end = trace.steps.at(-1)?.after ?? trace.initial;
  for (const each of wanted) assert.ok(isSo(end, each), JSON.stringify(each));
}

function isSo(state: Snapshot, wanted: Wanted[number]): boolean {
  switch (wanted.kind) {
    case 'at': return wanted.pcs.includes(state.threads[wanted.thread]?.pc ?? -2);
    case 'value': return state.cells[wanted.cell] === wanted.value;
    case 'object': return state.objects[wanted.pool]?.[wanted.ref - 1] === wanted.state;
    case 'held': {
      const lock = state.locks[wanted.lock];
      const mode = lock?.writer === wanted.thread ? 'write'
        : lock?.readers.includes(wanted.thread) === true ? 'read' : null;
      return mode === wanted.mode;
    }
    default: return unreachable(wanted);
  }
}
