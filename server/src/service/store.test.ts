// The store of verdicts on a shelf in memory: written late and together, bounded, silent about what
// goes wrong.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createVerdictStore, ENTRY_LENGTH_MAX, WRITE_DELAY_MS, type Shelf } from './store.ts';
import { fakeClock } from './testing.ts';

interface MemoryShelf extends Shelf {
  readonly texts: Map<string, { text: string; usedAt: number }>;
  /** What was done, one word each. */
  readonly done: string[];
}

function memoryShelf(): MemoryShelf {
  const texts: MemoryShelf['texts'] = new Map();
  const done: string[] = [];
  let time = 0;
  return {
    texts, done,
    read(key) {
      const entry = texts.get(key);
      if (entry !== undefined) entry.usedAt = ++time;
      return Promise.resolve(entry?.text ?? null);
    },
    write(key, text) {
      done.push(`write ${key}`);
      texts.set(key, { text, usedAt: ++time });
      return Promise.resolve();
    },
    list() {
      done.push('list');
      return Promise.resolve([...texts].map(([key, { text, usedAt }]) =>
        ({ key, bytes: text.length, usedAt })));
    },
    remove(keys) {
      for (const key of keys) texts.delete(key);
      return Promise.resolve();
    },
  };
}

function bench(bounds?: { readonly bytes: number; readonly entries: number }) {
  const [shelf, clock] = [memoryShelf(), fakeClock()];
  const options = bounds === undefined ? {} : { bounds };
  return { shelf, clock, store: createVerdictStore({ shelf, after: clock.after, ...options }) };
}

test('what was put is there at once, and written a little later, together', async () => {
  const { shelf, clock, store } = bench();
  store.put('a', { n: 1 });
  store.put('b', { n: 2 });
  assert.deepEqual(await store.get('a'), { n: 1 });
  assert.deepEqual(shelf.done, []);
  clock.advance(WRITE_DELAY_MS);
  await store.flush();
  assert.deepEqual(shelf.done, ['write a', 'write b', 'list']);
  assert.deepEqual(await store.get('b'), { n: 2 });
});

test('reading writes nothing, and neither does having nothing to write', async () => {
  const { shelf, clock, store } = bench();
  assert.equal(await store.get('a'), undefined);
  clock.advance(10 * WRITE_DELAY_MS);
  await store.flush();
  assert.deepEqual(shelf.done, []);
});

test('what is no JSON is none', async () => {
  const { shelf, store } = bench();
  shelf.texts.set('a', { text: '{"verdict":', usedAt: 0 });
  assert.equal(await store.get('a'), undefined);
});

test('what is too large is not kept', async () => {
  const { shelf, store } = bench();
  store.put('a', 'x'.repeat(ENTRY_LENGTH_MAX));
  await store.flush();
  assert.equal(await store.get('a'), undefined);
  assert.equal(shelf.texts.size, 0);
});

test('beyond the bounds the least recently used go', async () => {
  const { shelf, store } = bench({ bytes: 1000, entries: 8 });
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) store.put(key, 1);
  await store.flush();
  await store.get('a');
  store.put('i', 1);
  await store.flush();
  assert.deepEqual([...shelf.texts.keys()], ['a', 'd', 'e', 'f', 'g', 'h', 'i']);
  const { done } = shelf;
  const before = done.length;
  store.put('j', 1);
  await store.flush();
  assert.deepEqual(done.slice(before), ['write j'], 'the room that was made is used first');
});

test('the bytes are bounded too, counting what other sessions have put there', async () => {
  const { shelf, store } = bench({ bytes: 1000, entries: 100 });
  for (const key of ['x', 'y', 'z']) shelf.texts.set(key, { text: '1'.repeat(400), usedAt: -1 });
  store.put('a', 1);
  await store.flush();
  assert.deepEqual([...shelf.texts.keys()], ['x', 'y', 'a']);
});

test('a shelf that fails is as good as an empty one', async () => {
  const broken = (): Promise<never> => Promise.reject(new Error('disk full'));
  const store = createVerdictStore({
    shelf: { read: broken, write: broken, list: broken, remove: broken }, after: () => () => {},
  });
  store.put('a', 1);
  await store.flush();
  await store.clear();
  assert.equal(await store.get('a'), undefined);
});

test('clearing forgets what is written and what is not', async () => {
  const { shelf, store } = bench();
  store.put('a', 1);
  await store.flush();
  store.put('b', 1);
  await store.clear();
  await store.flush();
  assert.equal(shelf.texts.size, 0);
});
