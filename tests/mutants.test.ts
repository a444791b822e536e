// Mutants: single faults planted in the engine. Each must be noticed in the cases that are kept
// with it; in the same cases the engine as it is agrees with itself. MUTANTS_SEARCH=1 looks for
// cases against those that are not (MUTANTS_SEARCH=all: against all) and tells them.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { after, before, test } from 'node:test';
import {
  caseOf, createExaminer, differing, failsTest, mutated, soundEngine, type Examiner,
} from './mutants/examine.ts';
import { casesAgainst, pool } from './mutants/hunt.ts';
import { CODE } from './mutants/list-code.ts';
import { CONTROLS } from './mutants/list-controls.ts';
import { HEAP } from './mutants/list-heap.ts';
import { JUDGING } from './mutants/list-judging.ts';
import { LEAN } from './mutants/list-lean.ts';
import { LOCKS } from './mutants/list-locks.ts';
import { OBJECTS } from './mutants/list-objects.ts';
import { PROGRESS } from './mutants/list-progress.ts';
import { REDUCTIONS } from './mutants/list-reductions.ts';
import { SHARING } from './mutants/list-sharing.ts';
import { SLEEP } from './mutants/list-sleep.ts';
import { STORES } from './mutants/list-stores.ts';
import { STANDING } from './mutants/list-standing.ts';
import { THIN } from './mutants/list-thin.ts';
import type { Mutant, MutantList } from './mutants/mutant.ts';
import { engineSources } from './mutants/sources.ts';

const LISTS = [
  LOCKS, OBJECTS, JUDGING, STORES, CODE, THIN, STANDING, LEAN, PROGRESS, REDUCTIONS, HEAP,
  SHARING, SLEEP,
];
const SECONDS = 10;
const SEARCH = process.env['MUTANTS_SEARCH'];
const SEEDS = {
  from: Number(process.env['MUTANTS_SEED'] ?? 1),
  count: Number(process.env['MUTANTS_COUNT'] ?? 200),
};

let examiner: Examiner;
before(async () => { examiner = await createExaminer(engineSources()); });
after(() => examiner.sound.close());

/** Each of them, as many at a time as there are processors. */
async function each<T>(all: readonly T[], body: (it: T) => Promise<void>): Promise<void> {
  const pending = [...all];
  const work = async (): Promise<void> => {
    for (let it = pending.shift(); it !== undefined; it = pending.shift()) await body(it);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/** `test FILE: TITLE` names a test. */
const testOf = (kill: string): string | null =>
  (kill.startsWith('test ') ? kill.slice('test '.length) : null);

/** The first case in which the mutant gives itself away; null: it does not. */
async function caught(mutant: Mutant): Promise<string | null> {
  const engine = await mutated(examiner, mutant, SECONDS);
  let found: string | null = null;
  for (const kill of mutant.kills) {
    const path = testOf(kill);
    const gone = path !== null ? await failsTest(examiner, mutant, path)
      : (await differing(examiner, engine, caseOf(kill))).length > 0;
    if (gone) {
      found = kill;
      break;
    }
  }
  await engine.close();
  return found;
}

for (const small of [false, true]) {
  test(`the engine agrees with itself${small ? ' with small tables' : ''}`, async () => {
    const all = [...LISTS, CONTROLS].flatMap(({ mutants }) => mutants)
      .filter((mutant) => (mutant.small === true) === small)
      .flatMap(({ kills }) => kills.slice(0, 1));
    const engine = await soundEngine(examiner, small);
    const told: string[] = [];
    for (const it of new Set(all)) {
      const path = testOf(it);
      const differs = path !== null ? await failsTest(examiner, null, path)
        : (await differing(examiner, engine, caseOf(it))).length > 0;
      if (differs) told.push(it);
    }
    await engine.close();
    assert.deepEqual(told, []);
  });
}

for (const { title, mutants } of LISTS) {
  test(`mutants are caught: ${title}`, async (context) => {
    const alive: string[] = [];
    await each(mutants, async (mutant) => {
      const by = await caught(mutant).catch((thrown: unknown) => {
        alive.push(`${mutant.name}: ${String(thrown)}`);
        return 'not asked';
      });
      if (by === null) alive.push(mutant.name);
    });
    context.diagnostic(`${mutants.length - alive.length} of ${mutants.length}`);
    assert.deepEqual(alive, []);
  });
}

test('what costs time only is not told from the engine', async () => {
  await each(CONTROLS.mutants, async (control) => {
    const engine = await mutated(examiner, control, SECONDS);
    const told: string[] = [];
    for (const it of control.kills) {
      const parts = await differing(examiner, engine, caseOf(it));
      if (parts.length > 0) told.push(`${control.name}: ${it}: ${parts.join(', ')}`);
    }
    await engine.close();
    assert.deepEqual(told, []);
  });
});

async function search(list: MutantList, tell: (line: string) => void): Promise<void> {
  const programs = await pool(SEEDS);
  await each(list.mutants, async (mutant) => {
    if (SEARCH !== 'all' && await caught(mutant) !== null) return;
    const among = { programs, modes: list.modes, want: 3 };
    const cases = await casesAgainst(examiner, mutant, among);
    tell(`${list.title}: ${mutant.name}: ${cases.length === 0 ? 'none' : ''}`);
    for (const { text, parts } of cases) tell(`  ${text} (${parts.join(', ')})`);
  });
}

if (SEARCH !== undefined) {
  for (const list of LISTS) {
    test(`cases against ${list.title}`, (context) => search(list, (line) => {
      context.diagnostic(line);
    }));
  }
}
