// A checker with a store before it: what is asked again is not searched again, and what the store
// has is believed only where it is a whole verdict of the very program.
import assert from 'node:assert/strict';
import test from 'node:test';
import { canonicalProgram, meaningOf } from './fingerprint.ts';
import type { CheckJob } from './checker.ts';
import type { VerdictStore } from './store.ts';
import { createStoredChecker } from './stored-checker.ts';
import { createBench, fakeChecker, FILE, searched, type FakeChecker } from './testing.ts';

const TEXT = `lock outer: mutex
lock inner: mutex
struct vma[2] { lock vm_lock: rwsem  flags: 0..2 = 0 }
shared mm: ref vma = new vma {}
thread one { acquire outer  acquire inner  release inner  release outer }
thread two -> fine {
  acquire inner  acquire outer  let v = mm  acquire read v.vm_lock  v.flags = 1
  release v.vm_lock  outcome fine  release outer  release inner
}
invariant small: mm.flags < 2
scenario s { one  two x 2  expect fails }
`;

function jobOf(text: string, maxStates = 100_000): CheckJob {
  const { workspace } = createBench({ atOnce: false });
  workspace.open(FILE, 1, text);
  const found = workspace.program(FILE, 's');
  assert.ok(found !== null, 'the scenario cannot be lowered');
  const limits = { maxStates, maxMemory: 2 ** 28 };
  return { program: canonicalProgram(meaningOf(found.program)), limits, timeLimitMs: 1000 };
}

interface MemoryStore extends VerdictStore {
  readonly known: Map<string, unknown>;
}

function memoryStore(): MemoryStore {
  const known = new Map<string, unknown>();
  return {
    known,
    get: (key) => Promise.resolve(known.get(key)),
    put: (key, value) => void known.set(key, JSON.parse(JSON.stringify(value))),
    clear: () => Promise.resolve(known.clear()),
    flush: () => Promise.resolve(),
  };
}

async function ask(store: VerdictStore, job: CheckJob, engine = 'e') {
  const checker: FakeChecker = fakeChecker(true);
  const stored = createStoredChecker({
    checker, store, engine: Promise.resolve(engine), keeps: () => true,
  });
  const answer = await stored.check(job, () => {}).answer;
  return { answer, nSearched: checker.given.length };
}

test('a second session searches nothing and says the same', async () => {
  const [store, job] = [memoryStore(), jobOf(TEXT)];
  const first = await ask(store, job);
  const second = await ask(store, job);
  assert.deepEqual([first.nSearched, second.nSearched], [1, 0]);
  assert.deepEqual(second.answer, first.answer);
  assert.deepEqual(first.answer, searched(job));
});

test('a complete verdict holds under any limits, one that was cut short is not kept', async () => {
  const store = memoryStore();
  assert.equal((await ask(store, jobOf(TEXT, 10))).nSearched, 1);
  assert.equal(store.known.size, 0);
  assert.equal((await ask(store, jobOf(TEXT))).nSearched, 1);
  assert.equal((await ask(store, jobOf(TEXT, 10))).nSearched, 0);
});

test('another engine is not believed', async () => {
  const [store, job] = [memoryStore(), jobOf(TEXT)];
  await ask(store, job);
  assert.equal((await ask(store, job, 'f')).nSearched, 1);
});

test('where nothing is to be kept, nothing is looked for', async () => {
  const [store, job] = [memoryStore(), jobOf(TEXT)];
  await ask(store, job);
  const checker = fakeChecker(true);
  const options = { checker, store, engine: Promise.resolve('e') };
  await createStoredChecker({ ...options, keeps: () => false }).check(job, () => {}).answer;
  assert.equal(checker.given.length, 1);
});

test('a check that is cancelled while the store is asked never begins', async () => {
  const checker = fakeChecker(true);
  const stored = createStoredChecker({
    checker, store: memoryStore(), engine: Promise.resolve('e'), keeps: () => true,
  });
  const running = stored.check(jobOf(TEXT), () => {});
  running.cancel();
  assert.deepEqual(await running.answer, { kind: 'cancelled' });
  assert.equal(checker.given.length, 0);
});

test('data with any part missing or of another kind is searched anew', async () => {
  const [store, job] = [memoryStore(), jobOf(TEXT)];
  await ask(store, job);
  const [[key, whole] = ['', null]] = store.known;
  let tried = 0;
  for (const damaged of damages(whole)) {
    store.known.set(key, damaged);
    const { answer, nSearched } = await ask(store, job);
    assert.equal(nSearched, 1, String(JSON.stringify(damaged)).slice(0, 200));
    assert.deepEqual(answer, searched(job));
    tried++;
  }
  assert.ok(tried > 100);
});

/** The value with one part of it gone or replaced, for one of each shape of part. */
function* damages(whole: unknown): Generator<unknown> {
  const seen = new Set<string>();
  const paths: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    // What an engine adds to its verdicts may be missing in one that is kept.
    if (path.at(-1) === 'cycle') return;
    const shape = path.map((key) => (/^\d+$/.test(key) ? '*' : key)).join('.');
    if (!seen.has(shape)) paths.push(path);
    seen.add(shape);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) walk(each, [...path, key]);
  };
  walk(whole, []);
  for (const path of paths) {
    for (const wrong of ['@7', 1.5, -2, 1e9, {}, undefined]) {
      if (path.join('.') === 'elapsedMs' && typeof wrong === 'number' && wrong >= 0) continue;
      const isFree = /subject$|states$|transitions$|depth$|rcuDepth$|outcome$|choice$/;
      if (isFree.test(path.join('.')) || /cells\.\d+$/.test(path.join('.'))) {
        if (typeof wrong !== 'object' && wrong !== undefined) continue;
      }
      yield replaced(whole, path, wrong);
    }
  }
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  Reflect.set(copy, key, replaced(Reflect.get(copy, key), rest, by));
  return copy;
}
