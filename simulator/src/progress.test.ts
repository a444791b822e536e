// Threads that can never go on, found without a graph: lean and reduced searches of programs that
// wait and go round for ever, against the search that keeps everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, createSearch, type Expr, type Program, type Property } from './index.ts';
import { askedThreads } from './progress.ts';
import {
  accessTo, acquire, constant, load, locks, nop, programOf, release, shared, store, type Step,
} from './testing.ts';

const LIMITS = { maxStates: 1_000_000, maxMemory: 2 ** 28 };
const LEAN = { codeAt: 0, leanAt: 0, tableBits: 8, reduction: false } as const;
const REDUCED = { reduceAt: 1, traceStates: 0 } as const;

const again: Step = { op: 'nop', to: 0 };
const L = 0;
const turn = (steps: number): Step[] => [
  acquire(L), ...Array.from({ length: steps }, () => nop), release(L), again,
];
/** Waits until place 0 is 1. */
const waits: Step = {
  op: 'await', cond: { kind: 'binary', op: '==', left: load(0), right: constant(1) },
};

const minus = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '-', left, right });
const over = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '/', left, right });

/** `padding` cells of 31 bits widen the state beyond what a slot can tell. */
function programWith(
  threads: Record<string, readonly Step[]>, padding: number, properties: readonly Property[] = [],
): Program {
  const { cells, places } = shared('x');
  const wide = Array.from({ length: padding }, () => ({ lo: 0, hi: 2 ** 31 - 1, init: 12_345 }));
  return programOf(threads, {
    ...locks({ L: 'mutex' }), cells: [...cells, ...wide],
    places: places.map((place) => ({ ...place, atomic: true })), properties,
  });
}

/** Lean searches say what the interpreter says; a reduced one has its verdict and violations. */
function agree(
  threads: Record<string, readonly Step[]>, properties: readonly Property[] = [],
): readonly string[] {
  let told: readonly string[] = [];
  for (const padding of [0, 1, 2]) {
    const program = programWith(threads, padding, properties);
    assert.ok(askedThreads(program).length > 0, 'only the graph would say who is stuck');
    const plain = check(program, LIMITS, { engine: 'interpreted' });
    assert.deepEqual(check(program, LIMITS, LEAN), plain);
    const labels = (found: typeof plain): readonly string[] =>
      found.violations.map(({ code, subject, step }) => `${code} ${subject} ${step}`).sort();
    const reduced = check(program, LIMITS, REDUCED);
    assert.deepEqual([reduced.result, labels(reduced)], [plain.result, labels(plain)]);
    told = labels(plain);
  }
  return told;
}

test('threads that take turns for ever are not stuck', () => {
  assert.deepEqual(agree({ a: turn(3), b: turn(3), c: turn(3) }), []);
});

test('a thread waits behind one that goes round for ever with the lock', () => {
  const holder: Step[] = [acquire(L), { op: 'nop', to: 1 }];
  assert.deepEqual(agree({ a: holder, b: [acquire(L), release(L)] }), ['deadlock L 100']);
});

test('a thread is stuck from one choice on, and only from there', () => {
  const chooser: Step[] = [store(0, 1), store(0, 2), { op: 'nop', to: 2 }];
  assert.deepEqual(agree({ a: chooser, b: [nop, waits], c: turn(2) }), ['deadlock null 101']);
});

test('who waits is freed after many steps of the others', () => {
  const steps = Array.from({ length: 300 }, () => nop);
  const late: Step[] = [...steps, store(0, 1), { op: 'nop', to: 300 }];
  assert.deepEqual(agree({ a: late, b: [waits] }), []);
});

test('a run that was cut off before frees nobody who is stuck later', () => {
  const chooser: Step[] = [store(0, 1), store(0, 2), { op: 'nop', to: 2 }];
  const early: Step[] = [
    { op: 'branch', cond: load(0), otherwise: 2 }, { op: 'nop', to: 1 }, release(L),
  ];
  assert.deepEqual(agree({ a: chooser, b: [nop, waits], c: early }),
    ['deadlock null 101', 'lock_not_held L 202']);
});

test('what lies behind a state that cannot be judged could have freed who waits', () => {
  const late: Step[] = [nop, store(0, 2), store(0, 1), again];
  const unjudged: Property = {
    kind: 'invariant', name: 'i', site: 900,
    expr: {
      kind: 'binary', op: '>=', left: constant(9),
      right: over(constant(1), minus(load(0), constant(2))),
    },
  };
  assert.deepEqual(agree({ a: late, b: [waits] }, [unjudged]), ['range null 900']);
});

test('a thread in the background may be stuck', () => {
  const made = programWith({ a: [store(0, 2), again], b: [waits], c: turn(2) }, 0);
  const threads = made.threads.map((thread, t) => ({ ...thread, background: t === 1 }));
  const program = { ...made, threads };
  assert.deepEqual(askedThreads(program), [2]);
  const plain = check(program, LIMITS, { engine: 'interpreted' });
  assert.equal(plain.result, 'safe');
  assert.deepEqual(check(program, LIMITS, LEAN), plain);
});

test('the one choice in many that frees who waits', () => {
  const values = 5_000; // more than a batch holds
  const chooser: Step[] = [
    { op: 'any', lo: constant(0), hi: constant(values), target: { kind: 'reg', reg: 0 } },
    { op: 'branch', cond: { kind: 'reg', reg: 0 }, otherwise: 4, silent: true },
    {
      op: 'branch', silent: true, otherwise: 4,
      cond: {
        kind: 'binary', op: '==', left: { kind: 'reg', reg: 0 }, right: constant(values),
      },
    },
    { op: 'set', target: { kind: 'store', access: accessTo(0) }, value: constant(1), silent: true },
    { op: 'nop', to: 0 },
  ];
  assert.deepEqual(agree({ a: chooser, b: [waits] }), []);
});

test('the sweeps are made in parts, and keep to the memory', () => {
  const threads = { a: turn(20), b: turn(20), c: turn(20) };
  for (const padding of [0, 2]) {
    const program = programWith(threads, padding);
    const whole = check(program, LIMITS, LEAN);
    const search = createSearch(program, LIMITS, LEAN);
    while (!search.advance(7));
    assert.deepEqual(search.verdict(), whole);
    let refused = 0;
    for (let maxMemory = 2 ** 19; maxMemory < 2 ** 21; maxMemory += 2 ** 14) {
      const { result, bound } = check(program, { ...LIMITS, maxMemory }, LEAN);
      if (bound === null) assert.equal(result, 'safe');
      else {
        assert.deepEqual([result, bound], ['unknown', { kind: 'memory', limit: maxMemory }]);
        refused++;
      }
    }
    assert.ok(refused > 0, 'some searches were refused the memory');
  }
});
