// Verdicts that stand after an edit: random programs, an instruction or a property of which is
// changed again and again. Each time the verdict is that of a search. STANDING_SEED and
// STANDING_COUNT choose the programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, KeptSearches } from '../simulator/src/index.ts';
import { randomFrom } from './oracle/random.ts';
import { edited, programOf, reworded } from './support/edited.ts';

const FIRST = Number(process.env['STANDING_SEED'] ?? 1);
const COUNT = Number(process.env['STANDING_COUNT'] ?? 200);
const EDITS = 6;
const LIMITS = { maxStates: 2_000, maxMemory: 2 ** 28 };

test('a verdict that stands after an edit is that of a search', (context) => {
  const told: string[] = [];
  let stood = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = randomFrom(seed);
    const kept = new KeptSearches();
    const versions = [programOf(seed)];
    for (let edit = 0; edit <= EDITS; edit++) {
      const program = versions.at(-1)!;
      const standing = kept.standing(program, LIMITS);
      if (standing !== null) stood++;
      const found = standing ?? check(program, LIMITS, { kept, reduction: false });
      const expected = check(program, LIMITS, { engine: 'interpreted' });
      if (JSON.stringify(found) !== JSON.stringify(expected)) told.push(`seed ${seed}, ${edit}`);
      // from time to time an edit is taken back
      const from = random.chance(25) ? random.pick(versions) : program;
      versions.push(random.chance(50) ? edited(from, random) : reworded(from, random));
    }
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}, ${stood} stood`);
  assert.deepEqual(told, []);
  assert.ok(stood > COUNT / 4, 'some stand');
});
