// Offsets and lines: every kind of line break, surrogates, places outside.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createLines } from './lines.ts';

test('every offset goes to its line and back', () => {
  const text = 'a\nbc\r\n\rd😀\n';
  const lines = createLines(text);
  assert.equal(lines.count, 5);
  for (let offset = 0; offset <= text.length; offset++) {
    const at = lines.position(offset);
    const inBreak = offset > lines.end(at.line);
    assert.equal(lines.offset(at), inBreak ? lines.end(at.line) : offset);
  }
});

test('a line ends before its break, whichever it is', () => {
  const lines = createLines('a\nbc\r\n\rd');
  assert.deepEqual([0, 1, 2, 3].map((line) => lines.end(line)), [1, 4, 6, 8]);
  assert.deepEqual([0, 1, 2, 3, 9].map((line) => lines.start(line)), [0, 2, 6, 7, 8]);
});

test('a place outside is the nearest one inside', () => {
  const lines = createLines('ab\ncd');
  assert.equal(lines.offset({ line: 0, character: 9 }), 2);
  assert.equal(lines.offset({ line: 7, character: 0 }), 5);
  assert.equal(lines.offset({ line: -1, character: 3 }), 0);
  assert.deepEqual(lines.position(99), { line: 1, character: 2 });
  assert.deepEqual(lines.position(-3), { line: 0, character: 0 });
});
