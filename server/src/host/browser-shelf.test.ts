// The shelf in the browser's database, on a database in memory that answers as a browser's does:
// later, and not at all where it was refused.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  databaseShelf, type Database, type Databases, type Table,
} from './browser-shelf.ts';

type Later = (() => unknown) | null;

/** A request of IndexedDB: its handlers are called once the caller has set them. */
interface Request<T> {
  readonly result: T;
  readonly error: null;
  onsuccess: Later;
  onerror: Later;
  onupgradeneeded: Later;
}

function asked<T>(result: T, before: (request: Request<T>) => void = () => {}): Request<T> {
  const request: Request<T> = {
    result, error: null, onsuccess: null, onerror: null, onupgradeneeded: null,
  };
  setImmediate(() => {
    before(request);
    request.onsuccess?.();
  });
  return request;
}

interface Memory extends Databases {
  readonly tables: Map<string, Map<string, unknown>>;
  /** `read` and `write` for each transaction. */
  readonly done: string[];
  refuses: boolean;
}

function memory(): Memory {
  const tables: Memory['tables'] = new Map();
  const done: string[] = [];
  const tableOf = (name: string): Table => {
    const rows = tables.get(name) ?? new Map<string, unknown>();
    return {
      get: (key) => asked(rows.get(key)),
      getAll: () => asked([...rows.values()]),
      put: (value, key) => rows.set(key, value),
      delete: (key) => rows.delete(key),
    };
  };
  const database: Database = {
    createObjectStore: (name) => tables.set(name, new Map()),
    transaction(names, mode) {
      assert.ok(names.every((name) => tables.has(name)));
      done.push(mode === 'readwrite' ? 'write' : 'read');
      const heard: { oncomplete: Later; onabort: Later } = { oncomplete: null, onabort: null };
      const transaction = Object.assign(heard, { error: null, objectStore: tableOf });
      setImmediate(() => transaction.oncomplete?.());
      return transaction;
    },
  };
  const self: Memory = {
    tables, done, refuses: false,
    open() {
      if (self.refuses) throw new Error('SecurityError');
      return asked(database, (request) => {
        if (tables.size === 0) request.onupgradeneeded?.();
      });
    },
  };
  return self;
}

const DAY_MS = 24 * 60 * 60 * 1000;

test('what was written is read, listed and removed', async () => {
  const databases = memory();
  let now = 5;
  const shelf = databaseShelf(databases, () => now);
  assert.equal(await shelf.read('k'), null);
  await shelf.write('k', 'text');
  now = 6;
  await shelf.write('l', 'more text');
  assert.deepEqual(await databaseShelf(databases, () => now).read('k'), 'text');
  assert.deepEqual(await shelf.list(), [
    { key: 'k', bytes: 4, usedAt: 5 }, { key: 'l', bytes: 9, usedAt: 6 },
  ]);
  await shelf.remove(['k']);
  assert.deepEqual([await shelf.read('k'), await shelf.read('l')], [null, 'more text']);
  assert.deepEqual([...databases.tables.values()].map(({ size }) => size), [1, 1]);
});

test('reading marks an entry as used, once a day', async () => {
  const databases = memory();
  let now = 0;
  const shelf = databaseShelf(databases, () => now);
  await shelf.write('k', 'text');
  now = DAY_MS;
  await shelf.read('k');
  assert.deepEqual(databases.done, ['write', 'read']);
  now = DAY_MS + 1;
  await shelf.read('k');
  assert.deepEqual(databases.done, ['write', 'read', 'read', 'write']);
  assert.deepEqual((await shelf.list()).map(({ usedAt }) => usedAt), [DAY_MS + 1]);
});

test('a browser that refuses is asked once', async () => {
  const databases = memory();
  databases.refuses = true;
  const shelf = databaseShelf(databases, () => 0);
  await assert.rejects(shelf.read('k'), /SecurityError/);
  databases.refuses = false;
  await assert.rejects(shelf.write('k', 'text'), /SecurityError/);
});

test('what others have put there is passed over', async () => {
  const databases = memory();
  const shelf = databaseShelf(databases, () => 0);
  await shelf.write('k', 'text');
  databases.tables.get('uses')?.set('x', { size: 3 });
  databases.tables.get('texts')?.set('x', { text: 3 });
  assert.deepEqual((await shelf.list()).map(({ key }) => key), ['k']);
  assert.equal(await shelf.read('x'), null);
});
