// Paths as URI references: relative ones stay so, everything odd is escaped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uriOf } from './uri.ts';

const is = (path: string, uri: string): void => {
  test(path, () => assert.equal(uriOf(path), uri));
};

is('examples/a.mmlock', 'examples/a.mmlock');
is('../a b#1.mmlock', '../a%20b%231.mmlock');
is('/tmp/a.mmlock', 'file:///tmp/a.mmlock');
is('C:\\mm\\100%.mmlock', 'file:///C:/mm/100%25.mmlock');
