// What package.json promises to VS Code: nothing starts before it is needed, everything it names is
// there, and the settings are the ones the server knows.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SIMULATE_COMMAND } from '../server/src/lsp/protocol.ts';
import manifest from '../package.json' with { type: 'json' };
import texts from '../package.nls.json' with { type: 'json' };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { contributes } = manifest;

test('only opening a file of the language, or a command, starts the extension', () =>
  assert.deepEqual(manifest.activationEvents, []));

test('it works in folders that are not trusted, and in those on no disk', () => {
  assert.equal(manifest.capabilities.untrustedWorkspaces.supported, true);
  assert.equal(manifest.capabilities.virtualWorkspaces, true);
});

test('nothing is needed at run time but what is bundled', () =>
  assert.equal('dependencies' in manifest, false));

test('the files it names are there', () => {
  const named = [
    ...contributes.languages.map(({ configuration }) => configuration),
    ...contributes.grammars.map(({ path }) => path),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
  ];
  for (const path of named) assert.ok(existsSync(join(root, path)), path);
});

test('esbuild makes what it loads', () => {
  const build = readFileSync(join(root, 'esbuild.mjs'), 'utf8');
  for (const path of [manifest.main, manifest.browser, manifest.bin.mmlock]) {
    const name = /dist\/(\w+)\.js$/.exec(path)?.[1];
    assert.ok(name !== undefined && build.includes(`'${name}'`), path);
  }
});

test('the command of the lenses is one of its commands', () => {
  const commands = contributes.commands.map(({ command }) => command);
  assert.ok(commands.includes(SIMULATE_COMMAND));
});


test('the problem matcher reads what the command line prints', () => {
  const [matcher] = contributes.problemMatchers;
  const pattern = new RegExp(matcher?.pattern.regexp ?? '');
  const line = 'a/b.mmlock:31:5: error: data_race(pte): `pte` is written here';
  assert.deepEqual(pattern.exec(line)?.slice(1),
    ['a/b.mmlock', '31', '5', 'error', 'data_race', '`pte` is written here']);
});

test('at most 20 settings, each with a default, a scope, a place and a description', () => {
  const settings = Object.entries(contributes.configuration.properties);
  assert.ok(settings.length <= 20);
  const orders = settings.map(([, { order }]) => order);
  assert.equal(new Set(orders).size, orders.length);
  for (const [name, setting] of settings) {
    assert.match(name, /^mmlock\./);
    assert.ok('default' in setting && 'scope' in setting, name);
    assert.ok('description' in setting || 'markdownDescription' in setting, name);
    const values = 'enum' in setting ? setting.enum.length : 0;
    const described = 'enumDescriptions' in setting ? setting.enumDescriptions.length : 0;
    assert.ok(described === 0 || described === values, name);
  }
});

test('the manual has every command and every setting', () => {
  const manual = readFileSync(join(root, 'docs/editor.md'), 'utf8');
  for (const { category, title } of contributes.commands) {
    const text = new Map(Object.entries(texts)).get(title.slice(1, -1));
    assert.ok(manual.includes(`\`${category}: ${text}\``), `${category}: ${text}`);
  }
  for (const name of Object.keys(contributes.configuration.properties)) {
    assert.ok(manual.includes(`| \`${name}\` |`), name);
  }
});

/** They make sense anywhere. */
const ANYWHERE = new Set(['mmlock.openSample', 'mmlock.reportState']);

test('a command is offered only where it can do something', () => {
  for (const { command, ...more } of contributes.commands) {
    assert.equal('enablement' in more, !ANYWHERE.has(command), command);
  }
});

test('the commands it names are registered', () => {
  const sources = readdirSync(join(root, 'client/src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(root, 'client/src', path), 'utf8'));
  const protocols = ['protocol', 'protocol-compare'].map((name) =>
    readFileSync(join(root, `server/src/lsp/${name}.ts`), 'utf8'));
  for (const { command } of contributes.commands) {
    assert.ok([...sources, ...protocols].some((text) => text.includes(`'${command}'`)), command);
  }
});
