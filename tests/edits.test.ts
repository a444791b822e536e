// Programs as they are while somebody edits: each differs from the one before in one place, and
// generated code takes over what it made for that one. The verdict is the interpreter's, to the
// last field. EDITS_SEED and EDITS_COUNT choose the programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, type Program } from '../simulator/src/index.ts';
import { randomFrom, type Random } from './oracle/random.ts';
import { randomProgram } from './oracle/random-program.ts';

const FIRST = Number(process.env['EDITS_SEED'] ?? 1);
const COUNT = Number(process.env['EDITS_COUNT'] ?? 60);
const EDITS = 8;
const LIMITS = { maxStates: 3_000, maxMemory: 2 ** 28 };

/** Numbers and flags in code, properties and declarations that can be changed by themselves. */
const EDITED = new Set([
  'value', 'marked', 'background', 'nested', 'atomic', 'write', 'never', 'typesafe',
]);

/** The same data with some of its fields changed, wherever they are. */
function changed(data: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(data)) return data.map((each) => changed(each, change));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) =>
    [key, typeof value === 'object' ? changed(value, change) : change(key, value)]));
}

function edit(program: Program, random: Random): Program {
  if (random.chance(15)) {
    // A line more above: every step has another number.
    return programFrom(changed(program, (key, value) =>
      (key === 'site' ? Number(value) + 1 : value)));
  }
  let left = -1;
  const count = (key: string): boolean => EDITED.has(key) && left-- === 0;
  changed(program, (key) => count(key));
  left = random.below(-1 - left);
  return programFrom(changed(program, (key, value) => {
    if (!count(key)) return value;
    return typeof value === 'boolean' ? !value : value === 0 ? 1 : 0;
  }));
}

function programFrom(data: unknown): Program {
  assert.ok(isProgram(data));
  return data;
}

const isProgram = (data: unknown): data is Program =>
  typeof data === 'object' && data !== null && 'threads' in data && 'cells' in data;

test('what an edit leaves as it was is as good as new', (context) => {
  const told: string[] = [];
  let compared = 0;
  for (let seed = FIRST; seed < FIRST + COUNT && told.length === 0; seed++) {
    const random = randomFrom(seed);
    let program = randomProgram(seed);
    for (let i = 0; i <= EDITS; i++, program = edit(program, random)) {
      const expected = check(program, LIMITS, { engine: 'interpreted' });
      if (expected.bound !== null) break;
      compared++;
      const found = check(program, LIMITS, { engine: 'generated', reduction: false });
      if (JSON.stringify(found) !== JSON.stringify(expected)) told.push(`seed ${seed}, edit ${i}`);
    }
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}: ${compared} programs compared`);
  assert.deepEqual(told, []);
  assert.ok(compared > 3 * COUNT);
});
