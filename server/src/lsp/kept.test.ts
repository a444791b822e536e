// The server started again: what an earlier session found out is not worked out again, unless the
// user wants nothing kept.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { folderShelf } from '../host/node-shelf.ts';
import { fakeChecker } from '../service/testing.ts';
import { createClient, items, PULLING } from './testing.ts';

const RACY = `shared x: 0..3 = 0
lock l: mutex
thread t { x = 1 }
thread u { acquire l  x = 2  release l }
scenario s "two writers" { t t }
scenario r "one of them locked" { t u }
`;

const root = mkdtempSync(join(tmpdir(), 'mmlock-kept-'));
after(() => rmSync(root, { recursive: true }));

interface Told {
  readonly nSearched: number;
  readonly problems: readonly string[];
  readonly lenses: readonly string[];
}

async function session(
  folder: string, text: string, { keepVerdicts = true, storage = true } = {},
): Promise<Told> {
  const checker = fakeChecker(true);
  const client = await createClient(PULLING, {
    settings: { check: { keepVerdicts } }, ...(storage ? { storage: 'file:///given' } : {}),
  }, {
    checker: () => checker,
    keeping: (given) => (given.storage === null ? null
      : { shelf: folderShelf(folder), engine: Promise.resolve('test') }),
  });
  client.open(text);
  let lenses = await client.lenses();
  while (lenses.some((title) => title.startsWith('checking'))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    lenses = await client.lenses();
  }
  const problems = items(await client.pull()).map(({ message }) => String(message));
  await client.stop();
  return { nSearched: checker.given.length, problems, lenses };
}

test('a second session says the same without a check, a third checks what was edited', async () => {
  const folder = join(root, 'verdicts');
  const first = await session(folder, RACY);
  assert.deepEqual([first.nSearched, readdirSync(folder).length], [2, 2]);
  assert.match(first.lenses[1] ?? '', /^fails: data_race\(x\)/);
  const second = await session(folder, RACY);
  assert.deepEqual(second, { ...first, nSearched: 0 });
  const renamed = await session(folder, RACY.replaceAll('x', 'pte'));
  assert.equal(renamed.nSearched, 0);
  assert.match(renamed.lenses[1] ?? '', /^fails: data_race\(pte\)/);
  const edited = await session(folder, RACY.replace('x = 2', 'x = 3'));
  assert.equal(edited.nSearched, 1);
});

test('damaged files are passed over and written anew', async () => {
  const folder = join(root, 'damaged');
  const first = await session(folder, RACY);
  const names = readdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), '{"verdict":{"result":"safe"');
  assert.deepEqual(await session(folder, RACY), first);
  assert.equal((await session(folder, RACY)).nSearched, 0);
  assert.deepEqual(readdirSync(folder), names);
});

test('a client that gives no folder gets nothing kept', async () => {
  const folder = join(root, 'none');
  const first = await session(folder, RACY, { storage: false });
  const second = await session(folder, RACY, { storage: false });
  assert.deepEqual([first.nSearched, second.nSearched], [2, 2]);
});

test('turned off, nothing is used or written, and what was kept is gone', async () => {
  const folder = join(root, 'off');
  await session(folder, RACY);
  const off = await session(folder, RACY, { keepVerdicts: false });
  assert.deepEqual([off.nSearched, readdirSync(folder)], [2, []]);
  assert.equal((await session(folder, RACY)).nSearched, 2);
});
