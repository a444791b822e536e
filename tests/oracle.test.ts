// The engine against the naive checker of tests/oracle, on small random programs. ORACLE_SEED and
// ORACLE_COUNT choose which programs; a failure names the seed of the one that differs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../simulator/src/index.ts';
import { differences } from './oracle/compare.ts';
import { opinionOf } from './oracle/oracle.ts';
import { randomProgram } from './oracle/random-program.ts';

const FIRST = Number(process.env['ORACLE_SEED'] ?? 1);
const COUNT = Number(process.env['ORACLE_COUNT'] ?? 400);
/** Programs with more states are passed over: the naive checker is slow. */
const MAX_STATES = 500;
const MAX_TOLD = 10;

/** What differs in the program of this seed; null where it is too large to say. */
function differencesAt(seed: number): readonly string[] | null {
  const program = randomProgram(seed);
  const opinion = opinionOf(program, MAX_STATES);
  if (opinion === null) return null;
  return differences(program, opinion, check(program)).map((what) => `seed ${seed}: ${what}`);
}

test('the engine and the naive checker agree on random programs', (context) => {
  const told: string[] = [];
  let compared = 0;
  for (let seed = FIRST; seed < FIRST + COUNT && told.length < MAX_TOLD; seed++) {
    const found = differencesAt(seed);
    if (found === null) continue;
    compared++;
    told.push(...found);
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}: ${compared} compared`);
  assert.deepEqual(told, []);
  assert.ok(compared > COUNT / 2, 'most programs are small enough');
});

test('a program is the same each time its seed is given', () => {
  assert.deepEqual(randomProgram(FIRST), randomProgram(FIRST));
});
