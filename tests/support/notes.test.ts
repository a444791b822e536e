// The notes of the examples: where they are written, and that taking them away undoes it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { annotate, strip } from './notes.ts';
import type { Note } from './notes.ts';

const TEXT = 'lock a: mutex\nthread t {\n  acquire a\n}\n';

function noteAt(part: string, text: string): Note {
  const start = TEXT.indexOf(part);
  assert.notEqual(start, -1);
  return { range: { start, end: start + part.length }, text };
}

test('a note stands under the code it speaks of', () => {
  const noted = annotate(TEXT, [noteAt('acquire a', 'deadlock: yes')]);
  assert.equal(noted.split('\n')[3], '//^^^^^^^^^ deadlock: yes');
  assert.equal(annotate(TEXT, [noteAt('mutex', 'type: no')]).split('\n')[1],
    '//      ^^^^^ type: no');
});
test('in the first two columns it points there', () => {
  assert.equal(annotate(TEXT, [noteAt('thread', 'name: t')]).split('\n')[2], '// <- name: t');
});
test('of several lines the first is marked', () => {
  const noted = annotate(TEXT, [noteAt('t {\n  acquire', 'x: y')]);
  assert.equal(noted.split('\n')[2], '//     ^^^ x: y');
});
test('an empty place gets one caret', () => {
  const at = TEXT.indexOf('mutex');
  const noted = annotate(TEXT, [{ range: { start: at, end: at }, text: 'a: b' }]);
  assert.equal(noted.split('\n')[1], '//      ^ a: b');
});
test('notes of one line come in its order, facts last', () => {
  const notes = [noteAt('mutex', 'b: 2'), noteAt('a: m', 'a: 1')];
  const noted = annotate(TEXT, notes, [{ offset: 3, text: 'safe, 3 states' }]);
  assert.deepEqual(noted.split('\n').slice(1, 4),
    ['//   ^^^^ a: 1', '//      ^^^^^ b: 2', '//: safe, 3 states']);
});
test('taking them away gives the text back, other comments stay', () => {
  const text = `// a comment\n//- another\n${TEXT}  // ^ indented\n`;
  const notes = [noteAt('acquire a', 'deadlock: yes'), noteAt('lock', 'name: no')];
  assert.equal(strip(annotate(text, notes, [{ offset: 0, text: 'safe' }])), text);
  assert.equal(strip(text), text);
});
