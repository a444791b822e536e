// Generated code that is kept from edit to edit: random programs, a few instructions of which are
// changed again and again. Each time the verdict is the interpreter's. EDITED_SEED and EDITED_COUNT
// choose the programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../simulator/src/index.ts';
import { layOut } from '../simulator/src/layout.ts';
import { partsOf } from '../simulator/src/wasm/parts.ts';
import { randomFrom } from './oracle/random.ts';
import { edited, programOf } from './support/edited.ts';

const FIRST = Number(process.env['EDITED_SEED'] ?? 1);
const COUNT = Number(process.env['EDITED_COUNT'] ?? 60);
const EDITS = 4;
const LIMITS = { maxStates: 4_000, maxMemory: 2 ** 28 };

test('code that is kept after an edit is what would have been made anew', (context) => {
  const told: string[] = [];
  let patched = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const random = randomFrom(seed);
    let program = programOf(seed);
    for (let edit = 0; edit <= EDITS; edit++) {
      const expected = check(program, LIMITS, { engine: 'interpreted' });
      const thinAt = edit % 2 === 0 ? Infinity : 0;
      const found = check(program, LIMITS, { codeAt: 0, thinAt, reduction: false });
      if (JSON.stringify(found) !== JSON.stringify(expected)) told.push(`seed ${seed}, ${edit}`);
      const parts = partsOf(program, layOut(program));
      if (parts !== null && parts.turns.some(({ base }) => base !== null)) patched++;
      program = edited(program, random);
    }
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}, ${patched} times with a base`);
  assert.deepEqual(told, []);
  assert.ok(patched > COUNT / 4, 'a base is used');
});
