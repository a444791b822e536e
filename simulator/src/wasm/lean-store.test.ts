// The lean table by itself, against a Set: with slots so narrow that many numbers are stashed, and
// made larger in place again and again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble, Code, I32, I64 } from './assembler.ts';
import { load, type Loaded } from './instance.ts';
import { emitGrow } from './lean-grow.ts';
import { emitInsert } from './lean-store.ts';
import { GLOBAL_NAMES, GLOBALS, SIGHTINGS_AT, STASH } from './memory.ts';
import type { Quotient } from './quotient.ts';
import { createRegistry } from './registry.ts';

const PAGE = 65_536;
const TABLE_AT = Math.ceil(SIGHTINGS_AT / PAGE) * PAGE;

/** `insert` takes the number's high and low 32 bits. */
function tableOf(q: Quotient, homes: number): Loaded {
  const insert = emitInsert(q);
  const halves = new Code([I32, I32], [I32]);
  halves.get(0).op(0xad).i64(32).op(0x86).get(1).op(0xad).op(0x84).call(0);
  assert.deepEqual(insert.params, [I64]);
  const bytes = assemble({
    functions: [
      { code: insert, name: null }, { code: emitGrow(q, 0), name: 'grow' },
      { code: halves, name: 'put' }, { code: new Code([], []), name: 'run' },
    ],
    globals: GLOBAL_NAMES, memory: { initial: 1, shared: null },
  });
  const generated = {
    bytes, registry: createRegistry(), end: TABLE_AT, beside: false, exchange: null,
  };
  const loaded = load(generated, TABLE_AT + q.slotBytes * 2 ** 17);
  assert.ok(loaded !== null);
  loaded.globals[GLOBALS.slotsAt]!.value = TABLE_AT;
  loaded.globals[GLOBALS.homes]!.value = homes;
  loaded.globals[GLOBALS.stashEnd]!.value = STASH.start;
  return loaded;
}

/** Pseudo-random numbers of so many bits, from a linear congruence; some come twice. */
function* numbers(bits: number, seed: number): Generator<[high: number, low: number]> {
  let state = BigInt(seed);
  const mask = (1n << BigInt(bits)) - 1n;
  for (;;) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    const value = (state ^ (state >> 31n)) & mask & (state & 2n ** 40n ? mask : ~0xffn);
    yield [Number(value >> 32n), Number(value & 0xffffffffn) | 0];
  }
}

function exercise(q: Quotient, seed: number, growth: number): { stashed: number } {
  let homes = 1024;
  const table = tableOf(q, homes);
  const known = new Set<string>();
  let stashed = 0;
  const source = numbers(q.bits, seed);
  while (known.size < 30_000) {
    if (known.size > 0.87 * homes) {
      homes = Math.ceil(growth * homes);
      table.exported('grow')(homes);
      assert.equal(table.globals[GLOBALS.homes]!.value, homes);
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

test('narrow slots: what is displaced too far is stashed, and nothing is lost by growing', () => {
  for (const growth of [2, 4 / 3, 1.01]) {
    for (const slotBytes of [4, 5, 6] as const) {
      const bits = 8 * slotBytes + 6;
      const { stashed } = exercise({ low: 32, bits, slotBytes }, 1, growth);
      assert.ok(stashed > 0, 'the stash was used');
    }
  }
});

test('slots with room for every displacement, and slots of the whole number', () => {
  for (const growth of [2, 4 / 3]) {
    exercise({ low: 31, bits: 32, slotBytes: 4 }, 2, growth);
    exercise({ low: 32, bits: 33, slotBytes: 4 }, 2, growth);
    exercise({ low: 32, bits: 41, slotBytes: 6 }, 3, growth);
    exercise({ low: 32, bits: 50, slotBytes: 8 }, 2, growth);
    exercise({ low: 32, bits: 63, slotBytes: 8 }, 3, growth);
  }
});
