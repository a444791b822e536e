// Plain data that says the same, and what does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSame } from './same.ts';

test('data is the same where all that is in it is', () => {
  const data = (): unknown => ({ a: 1, b: [{ c: null }, 'd', true], e: {} });
  assert.ok(isSame(data(), data()));
  assert.ok(isSame({ a: 1, b: 2 }, { b: 2, a: 1 }));
});

test('one thing more, one less or another one makes a difference', () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [1, 2], [1, '1'], [0, false], [null, {}], [[], {}], [[1], [1, 2]], [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }], [{ a: undefined }, { b: 1 }],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }],
  ];
  for (const [a, b] of pairs) {
    assert.ok(!isSame(a, b), JSON.stringify([a, b]));
    assert.ok(!isSame(b, a), JSON.stringify([b, a]));
  }
});
