// The cache of verdicts: what was used last stays, what weighs too much goes, breakdowns can be
// forgotten.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Bound } from '../../../simulator/src/verdict.ts';
import { createCache, keyOf, type Kept } from './cache.ts';

function verdict(states: number, bound: Bound | null = null): Kept {
  return {
    kind: 'verdict', elapsedMs: 1,
    verdict: {
      result: bound === null ? 'safe' : 'unknown', bound,
      states, transitions: 0, depth: 0, violations: [], outcomes: [],
      facts: { reached: Array<number>(936).fill(0), nestings: [], recursiveReads: [], rests: [] },
    },
  };
}

test('the least recently used goes first', () => {
  const cache = createCache(3000);
  for (const key of ['a', 'b', 'c']) cache.put(key, verdict(1));
  cache.get('a');
  cache.put('d', verdict(1));
  assert.deepEqual(['a', 'b', 'c', 'd'].map((key) => cache.get(key) !== undefined),
    [true, false, true, true]);
});

test('the newest stays, however much it weighs', () => {
  const cache = createCache(10);
  cache.put('a', verdict(1));
  cache.put('b', verdict(2));
  assert.deepEqual([cache.get('a'), cache.get('b')], [undefined, verdict(2)]);
});

test('putting again replaces', () => {
  const cache = createCache(2500);
  for (const states of [1, 2, 3, 4]) cache.put('a', verdict(states));
  cache.put('b', verdict(1));
  assert.deepEqual(cache.get('a'), verdict(4));
});

test('breakdowns can be forgotten, verdicts are not', () => {
  const cache = createCache();
  cache.put('a', { kind: 'failed', message: 'x' });
  cache.put('b', verdict(1));
  cache.forgetFailures();
  assert.deepEqual([cache.get('a'), cache.get('b') === undefined], [undefined, false]);
});

test('a complete verdict holds under other limits, one that was cut short does not', () => {
  const cache = createCache();
  const limits = { maxStates: 100, maxMemory: 1, timeLimitMs: 1 };
  const more = { ...limits, maxStates: 200 };
  cache.put(keyOf('a', limits), verdict(50));
  cache.put(keyOf('b', limits), verdict(100, { kind: 'states', limit: 100 }));
  assert.deepEqual(cache.get(keyOf('a', more)), verdict(50));
  assert.equal(cache.get(keyOf('b', more)), undefined);
  assert.notEqual(cache.get(keyOf('b', limits)), undefined);
});
