// The grammar as a package of its own: what `npm pack` puts into it, and that what it names is
// there. scripts/test-grammar.sh compiles it from the package and parses with it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import manifest from '../package.json' with { type: 'json' };
import own from '../grammars/tree-sitter-mmlock/package.json' with { type: 'json' };
import { ROOT } from './support/checking.ts';

const FOLDER = join(ROOT, 'grammars/tree-sitter-mmlock');

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

interface Settings {
  readonly grammars: readonly Readonly<Record<string, unknown>>[];
  readonly metadata: { readonly version: string };
}

const settings: Settings = JSON.parse(readFileSync(join(FOLDER, 'tree-sitter.json'), 'utf8'));
const [packed]: readonly Packed[] = JSON.parse(execFileSync('npm',
  ['pack', '--dry-run', '--json'], { cwd: FOLDER, encoding: 'utf8' }));
const files = packed?.files.map(({ path }) => path).sort() ?? [];

test('it holds the parser, the binding and the queries, and nothing that is built', () =>
  assert.deepEqual(files, [
    'LICENSE', 'README.md', 'binding.gyp', 'bindings/node/binding.cc', 'bindings/node/index.d.ts',
    'bindings/node/index.js', 'grammar.js', 'package.json', 'queries/folds.scm',
    'queries/highlights.scm', 'queries/injections.scm', 'queries/locals.scm', 'queries/tags.scm',
    'src/grammar.json', 'src/node-types.json', 'src/parser.c', 'src/tree_sitter/alloc.h',
    'src/tree_sitter/array.h', 'src/tree_sitter/parser.h', 'tree-sitter.json',
  ]));

test('what the manifests name is in it', () => {
  const [grammar] = settings.grammars;
  const queries = Object.values(grammar ?? {}).filter((value): value is string =>
    typeof value === 'string' && value.endsWith('.scm'));
  assert.ok(queries.length > 0);
  for (const path of [...queries, own.main, own.types]) assert.ok(files.includes(path), path);
});

test('all say the same version', () => {
  assert.equal(own.version, manifest.version);
  assert.equal(settings.metadata.version, manifest.version);
});
