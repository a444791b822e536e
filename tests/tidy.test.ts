// The house rules hold in every file. What each rule means is shown in tidy-rules.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broken, idle, RULES } from './tidy/check.ts';
import { allSources } from './tidy/source.ts';

const sources = allSources();

for (const [name, rule] of Object.entries(RULES)) {
  test(name, () => assert.deepEqual(broken(rule, sources), []));
}

test('every exception is needed as it stands', () => assert.deepEqual(idle(sources), []));
