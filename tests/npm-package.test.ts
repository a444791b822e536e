// The npm package as its users get it: packed, installed into an empty folder without a network,
// and run from there: the command line, and the language server as an editor starts it.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import {
  createMessageConnection, StreamMessageReader, StreamMessageWriter,
  type DocumentDiagnosticReport, type InitializeResult,
} from 'vscode-languageserver/node';
import manifest from '../package.json' with { type: 'json' };
import { ROOT } from './support/checking.ts';
import { folderWith } from './support/cli.ts';

const RACE = `lock m: mutex
shared n: 0..3 = 0
thread adder {
  let v = n
  acquire m
  n = v + 1
  release m
}
scenario two { adder x 2 }
`;

const folder = folderWith({ 'home/race.mmlock': RACE, 'packed/.keep': '' });
const home = join(folder, 'home');
const command = join(home, 'node_modules/.bin/mmlock');

before(() => {
  const packed = join(folder, 'packed');
  execFileSync(process.execPath, [join(ROOT, 'scripts/package-cli.mjs'), '--out', packed]);
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
  assert.ok(tarball !== undefined);
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', join(packed, tarball)],
    { cwd: home, stdio: 'pipe' });
});

test('it holds what runs, and needs no other package', () => {
  assert.deepEqual(readdirSync(join(home, 'node_modules')).filter((name) => !/^\./.test(name)),
    ['mmlock']);
  const own = join(home, 'node_modules/mmlock');
  assert.deepEqual(readdirSync(own, { recursive: true, encoding: 'utf8' }).sort(), [
    'LICENSE', 'README.md', 'dist', 'dist/THIRD-PARTY-NOTICES.txt', 'dist/checker.js',
    'dist/cli.js', 'dist/mmlock.wasm', 'dist/package.json', 'dist/web-tree-sitter.wasm',
    'package.json',
  ]);
  assert.match(readFileSync(join(own, 'README.md'), 'utf8'), /mmlock lsp --stdio/);
  const notices = readFileSync(join(own, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  const named = ['vscode-languageserver', 'vscode-jsonrpc', 'web-tree-sitter'];
  for (const name of named) assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
});

test('its version is that of the extension', () =>
  assert.equal(execFileSync(command, ['--version'], { encoding: 'utf8' }),
    `${manifest.version}\n`));

test('it checks a file', () => {
  const { status, stdout } = spawnSync(command, ['check', 'race.mmlock', '--jobs', '2'],
    { cwd: home, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stdout, /^race\.mmlock:\d+:\d+: error: data_race\(n\)/m);
});

test('it is a language server, whose checker finds the same', async () => {
  const server = spawn(command, ['lsp', '--stdio'], { cwd: home, stdio: ['pipe', 'pipe', 'pipe'] });
  const exit = new Promise((resolve) => server.once('exit', resolve));
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  connection.onRequest(() => null);
  connection.listen();
  const { capabilities, serverInfo }: InitializeResult = await connection.sendRequest('initialize',
    { processId: process.pid, rootUri: null, capabilities: {
      textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } },
    } });
  assert.equal(serverInfo?.name, 'mmlock');
  assert.ok(capabilities.hoverProvider === true && capabilities.diagnosticProvider !== undefined);
  await connection.sendNotification('initialized', {});
  const textDocument = { uri: 'file:///race.mmlock', languageId: 'mmlock', version: 1, text: RACE };
  await connection.sendNotification('textDocument/didOpen', { textDocument });
  await connection.sendRequest('mmlock/test', { uri: textDocument.uri, scenario: 'two' });
  const report: DocumentDiagnosticReport = await connection.sendRequest('textDocument/diagnostic',
    { textDocument: { uri: textDocument.uri } });
  assert.ok(report.kind === 'full');
  assert.ok(report.items.some(({ code }) => code === 'data_race'));
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  assert.equal(await exit, 0);
  connection.dispose();
});
