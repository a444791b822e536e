// The packaged extension: it holds what runs and what is read, nothing else, and is small.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/checking.ts';
import { required } from './hosts.ts';

const BYTES_MAX = 1_000_000;
const vsix = required('MMLOCK_VSIX');

const LISTED = [
  'LICENSE.txt', 'changelog.md', 'package.json', 'package.nls.json', 'readme.md',
  'dist/THIRD-PARTY-NOTICES.txt', 'dist/browserExtension.js', 'dist/browserServer.js',
  'dist/checker.js', 'dist/extension.js', 'dist/lockState.css', 'dist/lockState.js',
  'dist/mmlock.wasm', 'dist/package.json', 'dist/runPanel.css', 'dist/runPanel.js',
  'dist/server.js', 'dist/web-tree-sitter.wasm',
  'grammars/language-configuration.json', 'grammars/markdown-injection.tmLanguage.json',
  'grammars/mmlock.tmLanguage.json',
];

function filesOf(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(join(ROOT, folder)).filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);
}

test('it holds what runs and what is read', () => {
  const all = execFileSync('unzip', ['-Z1', vsix], { encoding: 'utf8' }).trim().split('\n');
  const expected = [
    ...LISTED, ...filesOf('walkthrough', /\.md$/), ...filesOf('l10n', /^bundle\.l10n\..+\.json$/),
  ];
  assert.deepEqual(all.filter((path) => path.startsWith('extension/')).sort(),
    expected.map((path) => `extension/${path}`).sort());
});

test('it is small', () => assert.ok(statSync(vsix).size <= BYTES_MAX,
  `${statSync(vsix).size} bytes; at most ${BYTES_MAX}`));
