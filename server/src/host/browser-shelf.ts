// Verdicts in the browser's own database, as far as it lets a worker have one. What each entry is
// and when it was used stand in a table of their own, so that giving entries up reads no texts.
import type { Shelf } from '../service/store.ts';

/** What is used of IndexedDB. */
export interface Databases {
  open(name: string, version: number): OpenRequest;
}
interface Asked<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: Heard;
  onerror: Heard;
}
interface OpenRequest extends Asked<Database> {
  onupgradeneeded: Heard;
}
export type Heard = ((this: never, event: never) => unknown) | null;
export interface Database {
  createObjectStore(name: string): unknown;
  transaction(names: string[], mode: 'readonly' | 'readwrite'): Transaction;
}
export interface Transaction {
  readonly error: unknown;
  oncomplete: Heard;
  onabort: Heard;
  objectStore(name: string): Table;
}
export interface Table {
  get(key: string): Asked<unknown>;
  getAll(): Asked<unknown[]>;
  put(value: unknown, key: string): unknown;
  delete(key: string): unknown;
}

const NAME = 'mmlock';
const VERSION = 1;
const TEXTS = 'texts';
const USES = 'uses';
/** An entry that is used is marked so once a day: using it is hardly ever a write. */
const MARK_AFTER_MS = 24 * 60 * 60 * 1000;

/** `now`: milliseconds since a moment that is the same for every session. */
export function databaseShelf(databases: Databases, now: () => number): Shelf {
  let opened: Promise<Database> | null = null;
  const database = (): Promise<Database> => opened ??= openIn(databases);
  const change = async (work: (texts: Table, uses: Table) => void): Promise<void> => {
    const transaction = (await database()).transaction([TEXTS, USES], 'readwrite');
    work(transaction.objectStore(TEXTS), transaction.objectStore(USES));
    await ended(transaction);
  };
  const read = async (key: string): Promise<{ readonly text: unknown; readonly use: unknown }> => {
    const transaction = (await database()).transaction([TEXTS, USES], 'readonly');
    const [text, use] = await Promise.all([
      answered(transaction.objectStore(TEXTS).get(key)),
      answered(transaction.objectStore(USES).get(key)),
    ]);
    return { text, use };
  };
  const useOf = (key: string, text: string): unknown =>
    ({ key, bytes: text.length, usedAt: now() });
  return {
    async read(key) {
      const { text, use } = await read(key);
      if (typeof text !== 'string') return null;
      if (now() - numberIn(use, 'usedAt') > MARK_AFTER_MS) {
        await change((_, uses) => uses.put(useOf(key, text), key));
      }
      return text;
    },
    write: (key, text) => change((texts, uses) => {
      texts.put(text, key);
      uses.put(useOf(key, text), key);
    }),
    async list() {
      const transaction = (await database()).transaction([USES], 'readonly');
      const all = await answered(transaction.objectStore(USES).getAll());
      return all.flatMap((use) => {
        const key = memberOf(use, 'key');
        if (typeof key !== 'string') return [];
        return [{ key, bytes: numberIn(use, 'bytes'), usedAt: numberIn(use, 'usedAt') }];
      });
    },
    remove: (keys) => change((texts, uses) => {
      for (const key of keys) {
        texts.delete(key);
        uses.delete(key);
      }
    }),
  };
}

async function openIn(databases: Databases): Promise<Database> {
  const request = databases.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(TEXTS);
    request.result.createObjectStore(USES);
  };
  return answered(request);
}

function answered<T>(request: Asked<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: Transaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function numberIn(value: unknown, key: string): number {
  const found = memberOf(value, key);
  return typeof found === 'number' ? found : 0;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
