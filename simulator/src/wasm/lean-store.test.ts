// The lean table by itself, against a Set: with slots so narrow that many numbers are stashed, and
// doubled in place again and again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble, Code, I32, I64 } from './assembler.ts';
import { load, type Loaded } from './instance.ts';
import { emitDouble } from './lean-double.ts';
import { emitInsert } from './lean-store.ts';
import { GLOBAL_NAMES, GLOBALS, SIGHTINGS_AT, STASH } from './memory.ts';
import type { Quotient } from './quotient.ts';
import { createRegistry } from './registry.ts';

const PAGE = 65_536;
const TABLE_AT = Math.ceil(SIGHTINGS_AT / PAGE) * PAGE;

/** A table of 2^tableBits slots; `insert` takes the number's high and low 32 bits. */
function tableOf(q: Quotient, tableBits: number): Loaded {
  const insert = emitInsert(q);
  const halves = new Code([I32, I32], [I32]);
  halves.get(0).op(0xad).i64(32).op(0x86).get(1).op(0xad).op(0x84).call(0);
  assert.deepEqual(insert.params, [I64]);
  const bytes = assemble({
    functions: [
      { code: insert, name: null }, { code: emitDouble(q, 0), name: 'double' },
      { code: halves, name: 'put' }, { code: new Code([], []), name: 'run' },
    ],
    globals: GLOBAL_NAMES, memory: { initial: 1, shared: null },
  });
  const generated = { bytes, registry: createRegistry(), end: TABLE_AT, beside: false };
  const loaded = load(generated, TABLE_AT + q.slotBytes * 2 ** 16);
  assert.ok(loaded !== null);
  loaded.globals[GLOBALS.slotsAt]!.value = TABLE_AT;
  loaded.globals[GLOBALS.slotsMask]!.value = 2 ** tableBits - 1;
  loaded.globals[GLOBALS.tableBits]!.value = tableBits;
  loaded.globals[GLOBALS.stashEnd]!.value = STASH.start;
  return loaded;
}

/** Pseudo-random numbers of so many bits, from a linear congruence; some come twice. */
function* numbers(bits: number, seed: number): Generator<[high: number, low: number]> {
  let state = BigInt(seed);
  const mask = (1n << BigInt(bits)) - 1n;
  for (;;) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    const value = (state >> 20n) & mask & (state & 1n ? mask : ~0xffn);
    yield [Number(value >> 32n), Number(value & 0xffffffffn) | 0];
  }
}

function exercise(q: Quotient, seed: number): { stashed: number } {
  let tableBits = 10;
  const table = tableOf(q, tableBits);
  const known = new Set<string>();
  let stashed = 0;
  const source = numbers(q.bits, seed);
  while (known.size < 30_000) {
    if (known.size > 0.87 * 2 ** tableBits) {
      table.exported('double')();
      tableBits++;
      assert.equal(table.globals[GLOBALS.tableBits]!.value, tableBits);
    }
    const [high, low] = source.next().value ?? [0, 0];
    const isNew = !known.has(`${high} ${low}`);
    assert.equal(table.put(high, low), isNew ? 1 : 0, `${known.size} known`);
    known.add(`${high} ${low}`);
    stashed = Math.max(stashed, table.globals[GLOBALS.stashEnd]!.value - STASH.start);
  }
  for (const number of known) {
    const [high = 0, low = 0] = number.split(' ').map(Number);
    assert.equal(table.put(high, low), 0);
  }
  return { stashed };
}

test('narrow slots: what is displaced too far is stashed, and nothing is lost by doubling', () => {
  for (const seed of [1, 2, 3]) {
    const { stashed } = exercise({ low: 32, bits: 38, slotBytes: 4 }, seed);
    assert.ok(stashed > 0, 'the stash was used');
  }
});

test('slots with room for every displacement, and slots of the whole number', () => {
  for (const seed of [1, 2, 3]) {
    exercise({ low: 31, bits: 31, slotBytes: 4 }, seed);
    exercise({ low: 32, bits: 50, slotBytes: 8 }, seed);
    exercise({ low: 32, bits: 63, slotBytes: 8 }, seed);
  }
});
