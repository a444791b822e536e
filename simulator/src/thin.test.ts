// Searches that count their transitions, against those that keep them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, createSearch, type SearchOptions, type Verdict } from './index.ts';
import { advance, startSearch } from './search.ts';
import {
  accessTo, constant, COUNTED, counters, load, nop, programOf, shared, type Step,
} from './testing.ts';

const LIMITS = { maxStates: 10_000_000, maxMemory: 2 ** 28 };
const steps = Array.from({ length: 15 }, () => nop);
const apart = programOf({ a: steps, b: steps, c: steps });
/** Adds a digit to a number that says who has come when: no two orders come to the same. */
const writes = (digit: number): Step => ({
  op: 'set', target: { kind: 'store', access: accessTo(0) },
  value: {
    kind: 'binary', op: '+', right: constant(digit),
    left: { kind: 'binary', op: '*', left: load(0), right: constant(3) },
  },
});
const racing = programOf({
  a: [writes(0), writes(0), writes(0)],
  b: [writes(1), writes(1), writes(1)],
  c: [writes(2), writes(2), writes(2)],
}, {
  cells: [{ lo: 0, hi: 3 ** 9, init: 0 }],
  places: [{ ...shared('order').places[0]!, atomic: true }],
});

/** A few states at a time: the engine is changed between two calls. */
function checkSlowly(options: SearchOptions): Verdict {
  const search = createSearch(racing, LIMITS, { ...options, codeAt: 0, reduction: false });
  while (!search.advance(7));
  return search.verdict();
}

test('transitions are counted, and no longer kept', () => {
  const search = startSearch(apart, LIMITS, { codeAt: 0, thinAt: 100 });
  while (!advance(search, 64));
  assert.deepEqual([search.table.count, search.graph.nEdges], [16 ** 3, 3 * 15 * 16 ** 2]);
  assert.deepEqual([search.graph.lean, search.graph.target.length], [true, 0]);
});

test('what was in memory before means nothing', () => {
  for (const thinAt of [0, 500, 900]) {
    const plain = checkSlowly({ thinAt: Infinity });
    assert.deepEqual(checkSlowly({ thinAt }), plain);
  }
});

test('a thin search finds every state, however its memory grows', () => {
  for (const padding of [0, 1, 2]) {
    const program = counters(padding);
    const plain = check(program, LIMITS, { codeAt: 0, thinAt: Infinity, leanAt: Infinity });
    const thin = check(program, LIMITS, { codeAt: 0, thinAt: 0, leanAt: Infinity });
    assert.deepEqual(thin, plain);
    assert.equal(thin.states, COUNTED);
  }
});
