// The small parts at the protocol's edge: names of files, edits, settings, the guard.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CancellationTokenSource, ErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { edited } from '../service/edits.ts';
import { DEFAULT_SETTINGS } from '../service/settings.ts';
import { createGuard } from './guard.ts';
import { editsOf } from './server.ts';
import { readParts, readSettings } from './settings.ts';
import { isOpenable, library, pathBetween, resolvePath } from './uris.ts';

function checkPath(from: string, path: string, expected: string | null): void {
  test(`${path} in ${from}`, () => assert.equal(resolvePath(from, path, []), expected));
}

checkPath('file:///a/b/c.mmlock', './d.mmlock', 'file:///a/b/d.mmlock');
checkPath('file:///a/b/c.mmlock', '../d.mmlock', 'file:///a/d.mmlock');
checkPath('file:///a/b/c.mmlock', '../../../d.mmlock', null);
checkPath('file:///c%3A/b/c.mmlock', 'x y(1).mmlock', 'file:///c%3A/b/x%20y%281%29.mmlock');
checkPath('vscode-vfs://github%2B7b/o/r/a.mmlock', 'b.mmlock',
  'vscode-vfs://github%2B7b/o/r/b.mmlock');
checkPath('untitled:Untitled-1', './d.mmlock', null);
checkPath('file:///a/c.mmlock', '', null);
checkPath('file:///a/c.mmlock', '..\\d.mmlock', null);

const atCommit = (path: string): string =>
  `?${encodeURIComponent(JSON.stringify({ path, ref: 'HEAD~1' }))}`;
checkPath(`git:/a/b/c.mmlock${atCommit('/a/b/c.mmlock')}`, '../d "e".mmlock',
  `git:/a/d%20%22e%22.mmlock${atCommit('/a/d "e".mmlock')}`);
checkPath(`git:/c%3A/b/c.mmlock${atCommit('c:\\b\\c.mmlock')}`, 'd.mmlock',
  `git:/c%3A/b/d.mmlock${atCommit('c:\\b\\d.mmlock')}`);
checkPath('x:/a/c.mmlock?v=1', './d.mmlock', 'x:/a/d.mmlock?v=1');

test('the path from one file to another, and back', () => {
  const from = 'file:///a/b/c.mmlock';
  for (const [to, path] of [
    ['file:///a/b/d.mmlock', './d.mmlock'], ['file:///a/x%20y%281%29.mmlock', '../x y(1).mmlock'],
    ['file:///z/e.mmlock', '../../z/e.mmlock'],
  ] as const) {
    assert.equal(pathBetween(from, to), path);
    assert.equal(resolvePath(from, path, []), to);
  }
  assert.equal(pathBetween(from, 'vscode-vfs://github/a/b/d.mmlock'), null);
  assert.equal(pathBetween('file:///c%3A/d.mmlock', 'file:///d%3A/d.mmlock'), null);
});

test('an open file is the same file however its client escapes it', () => {
  const open = ['file:///a/x(1).mmlock'];
  assert.equal(resolvePath('file:///a/c.mmlock', 'x(1).mmlock', open), open[0]);
});

test('a bundled module has a text and no place in an editor', () => {
  const found = library('mm');
  assert.ok(found !== null && found.text.includes('PAGE_SIZE'));
  assert.equal(isOpenable(found.file), false);
  assert.equal(library('nothing'), null);
  assert.equal(library('toString'), null);
});

test('each change speaks of the text that the one before it left', () => {
  const at = (line: number, character: number) => ({ line, character });
  const text = 'one\ntwo\nthree\n';
  const edits = editsOf(text, [
    { range: { start: at(0, 3), end: at(1, 0) }, text: ' ' },
    { range: { start: at(0, 4), end: at(0, 7) }, text: '2\n' },
    { range: { start: at(9, 9), end: at(9, 9) }, text: 'end' },
  ]);
  assert.equal(edited(text, edits), 'one 2\n\nthree\nend');
  assert.equal(edited(text, editsOf(text, [{ text: 'all' }])), 'all');
});

test('settings of any kind give something to work with', () => {
  for (const value of [null, 3, {}, { check: null }, { check: { maxStates: -1, when: 'x' } },
    { check: { maxMemory: NaN, timeLimit: '9' } }]) {
    assert.deepEqual(readSettings(value), DEFAULT_SETTINGS);
  }
  const check = { when: 'onSave', maxStates: 5, maxMemory: 2, timeLimit: 0.5 };
  assert.deepEqual(readSettings({ check }), {
    when: 'onSave', limits: { maxStates: 5, maxMemory: 2 ** 21, timeLimitMs: 500 },
  });
  assert.equal(readParts({ parts: { runtime: 'no' } }), null);
});

test('a crash is logged and answered with the fallback, a cancelled one not at all', async () => {
  const logged: string[] = [];
  const guard = createGuard((message) => logged.push(message));
  const crashing = guard<null, string>('nothing', () => {
    throw new Error('ours');
  });
  assert.equal(await crashing(null), 'nothing');
  assert.match(logged[0] ?? '', /ours/);
  const source = new CancellationTokenSource();
  source.cancel();
  assert.ok(await crashing(null, source.token) instanceof ResponseError);
  assert.equal(logged.length, 1);
  const early = new ResponseError<never>(ErrorCodes.ServerNotInitialized, 'initialize comes first');
  const closed = createGuard(() => {}, () => early);
  assert.equal(await closed('nothing', () => 'something')(null), early);
});
