// mmlock against SPIN, through the exporter: what is violated, outcomes, states and transitions of
// hand-made and random programs, of the examples and of the readings of the language. SPIN_SEED and
// SPIN_COUNT choose the random programs. Skipped where SPIN or a C compiler is missing.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check, type Program } from '../simulator/src/index.ts';
import {
  accessTo, acquire, constant, load, locks, nop, programOf, release, shared, store, type Step,
} from '../simulator/src/testing.ts';
import { toPromela } from '../server/src/analysis/export/promela.ts';
import type { Lowered } from '../server/src/analysis/lowered.ts';
import { randomProgram } from './oracle/random-program.ts';
import { differences } from './spin/differences.ts';
import { askSpin, bare, findTools, firstViolation, type Tools } from './spin/spin.ts';
import { checkText, ROOT } from './support/checking.ts';

const FIRST = Number(process.env['SPIN_SEED'] ?? 1);
const COUNT = Number(process.env['SPIN_COUNT'] ?? 150);
/** Larger ones take too long beside hundreds of others. */
const MAX_STATES = 5000;
const AT_ONCE = 2;

const tools = await findTools();
const skip = tools === null ? 'spin or a C compiler is not installed' : false;

function withTools(title: string, body: (tools: Tools) => Promise<void>): void {
  test(title, { skip }, async () => { if (tools !== null) await body(tools); });
}

/** What differs; null where the program is too large to ask. */
async function differ(found: Tools, lowered: Lowered): Promise<readonly string[] | null> {
  const { program } = lowered;
  const verdict = check(program, { maxStates: MAX_STATES, maxMemory: 2 ** 28 });
  if (verdict.bound !== null) return null;
  const parted = differences(program, verdict, await askSpin(found, lowered));
  if (parted.length === 0 || found.second === null) return parted;
  const again = await askSpin({ compiler: found.second, second: null }, lowered);
  return differences(program, verdict, again);
}

/** Does all, a few at a time, in order of beginning. */
async function each<T>(items: readonly T[], body: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) await body(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

withTools('on random programs', async (found) => {
  const told: string[] = [];
  let compared = 0;
  const seeds = Array.from({ length: COUNT }, (_, i) => FIRST + i);
  await each(seeds, async (seed) => {
    const parted = await differ(found, bare(randomProgram(seed)));
    if (parted === null) return;
    compared++;
    told.push(...parted.map((what) => `seed ${seed}: ${what}`));
  });
  assert.deepEqual(told, []);
  assert.ok(compared > COUNT * 0.8, 'most programs are small enough');
});

for (const folder of ['examples', 'tests/semantics']) {
  withTools(`on the scenarios in ${folder}`, async (found) => {
    const told: string[] = [];
    const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.mmlock')).sort().map((path) => join(folder, path));
    await each(paths, async (path) => {
      const file = join(ROOT, path);
      const report = await checkText(readFileSync(file, 'utf8'), { file });
      for (const { scenario, lowered } of report.opened.jobs) {
        const parted = await differ(found, lowered) ?? [];
        told.push(...parted.map((what) => `${path} ${scenario.name.text}: ${what}`));
      }
    });
    assert.deepEqual(told, []);
  });
}

const branch = (place: number, otherwise: number): Step =>
  ({ op: 'branch', cond: load(place), otherwise });
const hold = (...order: readonly number[]): readonly Step[] =>
  [...order.map((lock) => acquire(lock)), ...order.map((lock) => release(lock))];

const HAND_MADE: Readonly<Record<string, Program>> = {
  'two threads of two steps': programOf({ a: [nop, nop], b: [nop, nop] }),
  'three threads in a circle of locks': programOf(
    { a: hold(0, 1), b: hold(1, 2), c: hold(2, 0) },
    locks({ A: 'mutex', B: 'mutex', C: 'mutex' })),
  'a writer between two reads': programOf({
    a: [acquire(0, 'read'), acquire(0, 'read'), release(0), release(0)], w: hold(0),
  }, locks({ S: 'rwsem' })),
  'a race only inside an atomic step': programOf({
    a: [nop, { ...store(0, 1), silent: true }, { ...branch(0, 4), silent: true },
      { ...store(1, 1), silent: true }],
    b: [store(1, 2)],
  }, shared('x', 'y')),
  'readers and a grace period': programOf({
    a: [{ op: 'rcu_lock' }, nop, { op: 'rcu_unlock' }], b: [{ op: 'synchronize_rcu' }, nop],
    c: [{ op: 'rcu_lock' }, { op: 'synchronize_rcu' }, { op: 'rcu_unlock' }],
  }),
  'an await that nobody fulfils': programOf(
    { a: [{ op: 'await', cond: load(0) }], b: [store(1, 1)] }, shared('x', 'y')),
  'a thread that turns in a circle without steps': programOf({
    a: [store(0, 1), { op: 'nop', silent: true, to: 1 }], b: [nop, store(1, 1)],
  }, { ...shared('x', 'y'), properties: [{ kind: 'eventually', name: 'y_set', site: 1,
    expr: load(1) }] }),
  'threads that do nothing': programOf({ a: [], b: [{ op: 'nop', silent: true, to: 0 }] }),
  'a circle in an atomic step that ends': programOf({
    a: [nop, { op: 'set', silent: true, value: { kind: 'binary', op: '+', left: load(0),
      right: constant(1) }, target: { kind: 'store', access: accessTo(0) } },
    { op: 'branch', silent: true, otherwise: 1,
      cond: { kind: 'binary', op: '==', left: load(0), right: constant(3) } }],
    b: [store(0, 2)],
  }, shared('x')),
  'a property and a choice': programOf({
    a: [{ op: 'any', lo: constant(0), hi: constant(5),
      target: { kind: 'store', access: accessTo(0) } }],
  }, {
    ...shared('x'),
    properties: [
      { kind: 'reachable', name: 'three', site: 1,
        expr: { kind: 'binary', op: '==', left: load(0), right: constant(3) } },
      { kind: 'eventually', name: 'two', site: 2,
        expr: { kind: 'binary', op: '==', left: load(0), right: constant(2) } },
    ],
  }),
};

for (const [title, program] of Object.entries(HAND_MADE)) {
  withTools(title, async (found) => {
    assert.deepEqual(await differ(found, bare(program)), []);
  });
}

withTools('the model for people names what it finds', async (found) => {
  const program = programOf({ a: [store(0, 1)], b: [store(0, 2)] }, shared('x'));
  const model = toPromela(bare(program), { title: 'a race', where: () => null, collect: false });
  assert.equal(await firstViolation(found, model, []), 'data_race_x');
  const other = /^ \*\s+([0-9]+) {2}deadlock$/m.exec(model)?.[1];
  assert.ok(other !== undefined, model);
  assert.equal(await firstViolation(found, model, [`-DONLY=${other}`]), null);
});

withTools('the model for people finds something where there is something', async (found) => {
  const told: string[] = [];
  const seeds = Array.from({ length: Math.ceil(COUNT / 5) }, (_, i) => FIRST + i);
  await each(seeds, async (seed) => {
    const lowered = bare(randomProgram(seed));
    const options = { title: 'random', where: () => null };
    const model = toPromela(lowered, { ...options, collect: false });
    const variable = await firstViolation(found, model, []);
    const name = new RegExp(`^hidden byte ${variable} = .* /\\* (.*) \\*/$`, 'm').exec(model)?.[1];
    const { seen, cycles } = await askSpin(found, lowered);
    const violated = [...seen].filter((label) => !label.startsWith('reachable('));
    const isOne = name === undefined ? violated.length === 0 && cycles.size === 0
      : seen.has(name) || (cycles.size > 0 && name.startsWith('deadlock'));
    if (!isOne) told.push(`seed ${seed}: ${name ?? 'nothing'} is not among ${violated.join(' ')}`);
  });
  assert.deepEqual(told, []);
});

test('names of Promela, of C and of pan are not taken', () => {
  const names = shared('active', 'int', 'now', 'P0', 'mm_x', 'vma.flags', 'vma_flags');
  const program = programOf({ init: [store(0, 1)] }, names);
  const model = toPromela(bare(program), { title: '*/', where: () => null, collect: false });
  for (const name of ['active_2', 'int_2', 'now_2', 'the_P0', 'the_mm_x', 'vma_flags',
    'vma_flags_2']) {
    assert.match(model, new RegExp(`byte ${name} = 0;`));
  }
});
