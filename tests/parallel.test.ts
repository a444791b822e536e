// Searches that several threads share, against the interpreter's: the whole verdict is the same,
// with counts, traces and facts. On random programs, in real threads; with wide states; to limits.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  createSearch, type Limits, type Program, type SearchOptions, type Verdict,
} from '../simulator/src/index.ts';
import { itemProgram } from '../simulator/src/reduction/item-programs.ts';
import { lockProgram } from '../simulator/src/reduction/lock-programs.ts';
import { COUNTED, counters } from '../simulator/src/testing.ts';
import { randomProgram } from './oracle/random-program.ts';
import { ROOT, theParser } from './support/checking.ts';
import { helpingThreads } from './support/threads.ts';
import { programOf } from './bench/bench.ts';
import { mmlockText, SIZES } from './bench/models.ts';

const FIRST = Number(process.env['PARALLEL_SEED'] ?? 1);
const COUNT = Number(process.env['PARALLEL_COUNT'] ?? 60);
const LIMITS: Limits = { maxStates: 20_000, maxMemory: 2 ** 28 };
const LARGE: Limits = { maxStates: 10_000_000, maxMemory: 2 ** 30 };

const two = helpingThreads(2);
const three = helpingThreads(3);
after(async () => {
  await two.end();
  await three.end();
});

/** Shared from so many states on. */
const sharing = (threads: typeof two, shareAt: number): SearchOptions =>
  ({ codeAt: 0, leanAt: 0, tableBits: 10, reduction: false, threads, shareAt });

/** In small steps, so that it is not over before it is shared. */
function searched(program: Program, options: SearchOptions, limits = LIMITS, step = 7): Verdict {
  const search = createSearch(program, limits, options);
  while (!search.advance(step));
  return search.verdict();
}

test('threads that share a search come to the verdict of one', (context) => {
  const told: string[] = [];
  let nShared = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const make = seed % 4 === 0 ? lockProgram : seed % 4 === 3 ? itemProgram : randomProgram;
    const program = make(seed);
    const expected = searched(program, { engine: 'interpreted' });
    if (expected.bound !== null) continue;
    const threads = seed % 2 === 0 ? two : three;
    const before = threads.started();
    const found = searched(program, sharing(threads, seed % 3 === 0 ? 1 : 30));
    if (threads.started() > before) nShared++;
    if (JSON.stringify(found) !== JSON.stringify(expected)) told.push(`seed ${seed}`);
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}, ${nShared} of them shared`);
  assert.deepEqual(told, []);
  assert.ok(COUNT < 60 || nShared > COUNT / 5, 'some programs are shared');
});

test('states of every width are shared', () => {
  for (const padding of [0, 1, 2]) {
    const program = counters(padding);
    const alone = searched(program, { engine: 'generated', reduction: false }, LARGE, 4_096);
    const before = two.started();
    const shared = searched(program, sharing(two, 5_000), LARGE, 1_000);
    assert.deepEqual(shared, alone);
    assert.equal(two.started(), before + 1);
  }
});

test('the protocol of the bench, racy and not, is the same to the last trace', async () => {
  const parser = await theParser();
  for (const racy of [false, true]) {
    const text = mmlockText({ root: ROOT }, SIZES.large, { racy, serial: 1000 });
    const program = programOf(parser, text);
    const alone = searched(program, { reduction: false }, LARGE, 4_096);
    const shared = searched(program, { reduction: false, threads: two, shareAt: 2_000, codeAt: 0,
      leanAt: 500 }, LARGE, 1_000);
    assert.deepEqual(shared, alone);
  }
});

test('a limit on states is met as by one thread', () => {
  for (const maxStates of [6_000, 20_000, 50_000]) {
    const within = { ...LARGE, maxStates };
    const alone = searched(counters(0), { codeAt: 0, leanAt: 0, reduction: false }, within);
    const shared = searched(counters(0), sharing(two, 5_000), within, 500);
    assert.equal(alone.bound?.kind, 'states');
    assert.deepEqual(shared, alone);
  }
});

test('a limit on memory holds for all threads together', () => {
  for (const padding of [0, 1, 2]) {
    const within = { maxStates: 10_000_000, maxMemory: 2 ** 23 };
    const { bound, result, states } = searched(counters(padding), sharing(two, 2_000), within, 500);
    if (bound === null) assert.equal(states, COUNTED);
    else assert.deepEqual([result, bound], ['unknown', { kind: 'memory', limit: 2 ** 23 }]);
  }
});

test('what is stopped says how far it got, and what it found', () => {
  const search = createSearch(counters(0), LARGE, sharing(two, 2_000));
  while (search.progress().states < 10_000 && !search.advance(500));
  const { result, bound, states, facts } = search.verdict();
  assert.deepEqual([result, bound], ['unknown', { kind: 'stopped' }]);
  assert.ok(states >= 10_000 && states <= COUNTED, String(states));
  assert.equal(facts.rests.length, 3);
});

test('a search that is given up leaves its threads free', () => {
  const search = createSearch(counters(0), LARGE, sharing(two, 2_000));
  while (search.progress().states < 5_000 && !search.advance(500));
  search.stop();
  assert.equal(searched(counters(0), sharing(two, 2_000), LARGE, 500).states, COUNTED);
});

test('where a thread fails or is never there, the search goes on alone', () => {
  const alone = searched(counters(0), { codeAt: 0, leanAt: 0, reduction: false }, LARGE, 1_000);
  const never: SearchOptions = {
    ...sharing(two, 2_000), threads: { count: 2, start: () => ({ stop: () => {} }) },
  };
  const none: SearchOptions = {
    ...sharing(two, 2_000), threads: { count: 2, start: () => null },
  };
  const fails: SearchOptions = {
    ...sharing(two, 2_000),
    threads: {
      count: 2, start: (job) => two.start({ ...job, limits: { ...job.limits, maxMemory: 0 } }),
    },
  };
  for (const options of [never, none, fails]) {
    assert.deepEqual(searched(counters(0), options, LARGE, 500), alone);
  }
});
