// The smallest change between two texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeBetween } from './edit.ts';

test('changes', () => {
  const cases: [string, string, [number, number, number]][] = [
    ['ab', 'aXb', [1, 1, 2]], ['aXb', 'ab', [1, 2, 1]], ['aXb', 'aYb', [1, 2, 2]],
    ['', 'a', [0, 0, 1]], ['a', '', [0, 1, 0]], ['aa', 'aaa', [2, 2, 3]],
    ['aXbYc', 'aZbWc', [1, 4, 4]],
  ];
  for (const [before, after, [start, oldEnd, newEnd]] of cases) {
    assert.deepEqual(changeBetween(before, after), { start, oldEnd, newEnd }, `${before} ${after}`);
  }
  assert.equal(changeBetween('a', 'a'), null);
});

test('surrogate pairs stay whole', () => {
  // Both start with the same half, or end with the same half.
  assert.deepEqual(changeBetween('a\u{1f600}', 'a\u{1f601}'), { start: 1, oldEnd: 3, newEnd: 3 });
  assert.deepEqual(changeBetween('\u{1f600}b', '\u{1fa00}b'), { start: 0, oldEnd: 2, newEnd: 2 });
});

test('a change applied to the old text gives the new one', () => {
  const texts = ['', 'a', 'ab', 'aba', 'abab', 'b\nab', '\u{1f600}', 'x\u{1f601}y'];
  for (const before of texts) {
    for (const after of texts) {
      const change = changeBetween(before, after);
      if (change === null) continue;
      const { start, oldEnd, newEnd } = change;
      const made = before.slice(0, start) + after.slice(start, newEnd) + before.slice(oldEnd);
      assert.equal(made, after);
    }
  }
});
