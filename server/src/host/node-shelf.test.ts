// The folder of verdicts: made when it is needed, shared by two windows, silent about strangers.
import assert from 'node:assert/strict';
import {
  existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { folderShelf } from './node-shelf.ts';

const root = mkdtempSync(join(tmpdir(), 'mmlock-shelf-'));
after(() => rmSync(root, { recursive: true }));
const longAgo = new Date('2001-01-01');

test('nothing is made before something is written', async () => {
  const folder = join(root, 'a/verdicts');
  const shelf = folderShelf(folder);
  assert.equal(await shelf.read('k'), null);
  assert.deepEqual(await shelf.list(), []);
  await shelf.remove(['k']);
  assert.equal(existsSync(folder), false);
  await shelf.write('k', 'text');
  assert.deepEqual(readdirSync(folder), ['k.json']);
});

test('two windows see each other, and the last one to write is read', async () => {
  const folder = join(root, 'b');
  const [one, two] = [folderShelf(folder), folderShelf(folder)];
  await Promise.all([one.write('k', 'one'), two.write('l', 'two')]);
  await two.write('k', 'three');
  assert.deepEqual([await one.read('k'), await one.read('l')], ['three', 'two']);
  assert.deepEqual((await one.list()).map(({ key, bytes }) => [key, bytes]),
    [['k', 5], ['l', 3]]);
  await one.remove(['k']);
  assert.equal(await two.read('k'), null);
});

test('reading marks a file as used, once a day', async () => {
  const folder = join(root, 'c');
  const shelf = folderShelf(folder);
  await shelf.write('k', 'text');
  const path = join(folder, 'k.json');
  const written = statSync(path).mtimeMs;
  await shelf.read('k');
  assert.equal(statSync(path).mtimeMs, written);
  utimesSync(path, longAgo, longAgo);
  await shelf.read('k');
  assert.ok(statSync(path).mtimeMs >= Math.floor(written));
});

test('what a process left half written is removed, what one is writing now is not', async () => {
  const folder = join(root, 'd');
  const shelf = folderShelf(folder);
  await shelf.write('k', 'text');
  for (const name of ['1-0.tmp', '2-0.tmp', 'notes.txt']) writeFileSync(join(folder, name), '');
  utimesSync(join(folder, '1-0.tmp'), longAgo, longAgo);
  assert.deepEqual((await shelf.list()).map(({ key }) => key), ['k']);
  assert.deepEqual(readdirSync(folder).sort(), ['2-0.tmp', 'k.json', 'notes.txt']);
});

test('where no folder can be, writing says so', async () => {
  writeFileSync(join(root, 'file'), '');
  await assert.rejects(folderShelf(join(root, 'file')).write('k', 'text'));
});
