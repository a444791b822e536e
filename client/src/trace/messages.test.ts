// What the page posts is believed only if it has the shape agreed on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromPage } from './messages.ts';

test('the messages there are', () => {
  for (const message of [
    { do: 'ready' }, { do: 'random' }, { do: 'again' }, { do: 'choose', violation: 1 },
    { do: 'select', step: 2, open: true },
  ]) assert.deepEqual(fromPage(message), message);
});

test('anything else is none', () => {
  for (const message of [
    null, undefined, 'ready', 3, {}, { do: 'rm' }, { do: 'select' }, { do: 'select', step: '1' },
    { do: 'choose', violation: null },
  ]) assert.equal(fromPage(message), undefined);
});
