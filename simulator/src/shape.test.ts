// Layouts are kept by the shape of a program: what is kept is what the program itself would have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut, layOutAnew } from './layout.ts';
import type { Expr, LockRef, Program } from './program.ts';
import { lockProgram } from './reduction/lock-programs.ts';
import { objectProgram } from './reduction/object-programs.ts';
import {
  accessTo, acquire, constant, load, lockRef, locks, nop, programOf, release, shared, store,
  type Step,
} from './testing.ts';

function sameAsAnew(...programs: readonly Program[]): void {
  for (const program of programs) assert.deepEqual(layOut(program), layOutAnew(program));
}

test('random programs have the layouts that they would have anew', () => {
  for (let seed = 1; seed <= 60; seed++) sameAsAnew(lockProgram(seed), objectProgram(seed));
});

const isLocal = (cell: number, value: number): Expr =>
  ({ kind: 'binary', op: '==', left: { kind: 'local', cell }, right: constant(value) });
const intoLocal = (cell: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: 'l' }, value });

test('values and assertions leave a layout as it is', () => {
  const program = (name: string, value: number): Program => programOf({
    [name]: [store(0, value), { op: 'assert', cond: constant(value), text: name }, nop],
    b: [acquire(0), store(0, value), release(0)],
  }, { ...shared('x'), ...locks({ L: 'rwsem' }) });
  const [one, other] = [program('a', 1), program('other', 2)];
  assert.equal(layOut(one), layOut(other));
  sameAsAnew(one, other);
});

/** By what is changed: programs that differ in that alone. */
const DIFFERENCES: Record<string, readonly Program[]> = {
  mode: (['read', 'write'] as const).map((mode) =>
    programOf({ a: [acquire(0, mode), nop, release(0)] }, locks({ L: 'rwsem' }))),
  'what is released': (['read', 'write'] as const).map((mode) => programOf({
    a: [acquire(0, 'read'), { op: 'release', lock: lockRef(0), mode }, nop],
  }, locks({ L: 'rwsem' }))),
  'kind of lock': (['mutex', 'rwsem'] as const).map((L) =>
    programOf({ a: [acquire(0, 'read'), nop], b: [acquire(0), nop] }, locks({ L }))),
  'which lock': [0, 1].map((lock) =>
    programOf({ a: [acquire(lock), nop, release(0)] }, locks({ L: 'mutex', M: 'mutex' }))),
  'index of a lock': [constant(0), constant(1), load(0)].map((index) => {
    const lock: LockRef = { base: 0, pool: null, ref: null, index, count: 2 };
    const steps: Step[] = [{ op: 'acquire', lock, mode: 'write', nested: false }, nop];
    return programOf({ a: steps }, { ...shared('x'), ...locks({ L: 'mutex', M: 'mutex' }) });
  }),
  'where a thread rests': [true, false].map((silent) => programOf(
    { a: [nop, silent ? { ...nop, silent } : nop, nop] })),
  'what a local becomes': [0, 1].map((value) => programOf({
    a: [
      intoLocal(0, constant(value)),
      { op: 'branch', cond: isLocal(0, 1), otherwise: 3, silent: true }, acquire(0), nop,
    ],
  }, { ...locks({ L: 'mutex' }), cells: [{ lo: 0, hi: 1, init: 0 }] })),
  'what a branch asks': [0, 1].map((value) => programOf({
    a: [{ op: 'branch', cond: isLocal(0, value), otherwise: 2, silent: true }, acquire(0), nop],
  }, { ...locks({ L: 'mutex' }), cells: [{ lo: 0, hi: 1, init: 0 }] })),
  'what a local begins with': [0, 1].map((init) => programOf({
    a: [{ op: 'branch', cond: isLocal(0, 1), otherwise: 2, silent: true }, acquire(0), nop],
  }, { ...locks({ L: 'mutex' }), cells: [{ lo: 0, hi: 1, init }] })),
  'who sets a local': [0, 1].map((cell) => programOf({
    a: [{ op: 'branch', cond: isLocal(0, 1), otherwise: 2, silent: true }, acquire(0), nop],
    b: [intoLocal(cell, constant(1))],
  }, { ...locks({ L: 'mutex' }), cells: [0, 1].map(() => ({ lo: 0, hi: 1, init: 0 })) })),
  'whether a cell is a place': [shared(), shared('x')].map(({ places }) => programOf({
    a: [{ op: 'branch', cond: isLocal(0, 1), otherwise: 2, silent: true }, acquire(0), nop],
  }, { ...locks({ L: 'mutex' }), places, cells: [{ lo: 0, hi: 1, init: 0 }] })),
  'range of a cell': [1, 2].map((hi) =>
    programOf({ a: [nop] }, { cells: [{ lo: 0, hi, init: 0 }] })),
  outcomes: [1, 2].map((count) => {
    const program = programOf({ a: [nop] });
    const outcomes = Array.from({ length: count }, (_, i) => ({ name: `${i}`, never: false }));
    return { ...program, threads: program.threads.map((thread) => ({ ...thread, outcomes })) };
  }),
  'who reads in RCU': [0, 1].map((reader) => {
    const steps: Step[] = [{ op: 'rcu_lock' }, nop, { op: 'rcu_unlock' }];
    const others = { a: [nop, nop, nop], b: [nop, nop, nop], c: [nop] };
    return programOf({
      ...others, [['a', 'b'][reader]!]: steps, c: [{ op: 'synchronize_rcu' }],
    });
  }),
  'when an object is freed': [true, false].map((deferred) => programOf({
    a: [{ op: 'free', pool: 0, value: load(0), deferred }], b: [{ op: 'rcu_lock' }, nop],
  }, { ...shared('x'), pools: [pool(1)] })),
  'how many objects there are': [1, 2].map((count) =>
    programOf({ a: [nop] }, { pools: [pool(count)] })),
  'what a local counts': [0, 1].map((by) => programOf({
    a: [{ ...intoLocal(0, { kind: 'binary', op: '+', left: { kind: 'local', cell: 0 },
      right: constant(by) }), silent: true, to: 0 }],
  }, { cells: [{ lo: 0, hi: 3, init: 0 }] })),
  'where a value goes': (['local', 'store'] as const).map((kind) => programOf({
    a: [{ op: 'set', value: constant(1), target: kind === 'store'
      ? { kind, access: accessTo(0) } : { kind, cell: 1, name: 'l' } },
    { op: 'branch', cond: isLocal(1, 1), otherwise: 3, silent: true }, acquire(0), nop],
  }, { ...locks({ L: 'mutex' }), places: shared('x').places,
    cells: [0, 1].map(() => ({ lo: 0, hi: 1, init: 0 })) })),
};

function pool(count: number): Program['pools'][number] {
  return { name: 'p', count, typesafe: false, nLive: 0, fields: [] };
}

for (const [what, programs] of Object.entries(DIFFERENCES)) {
  test(`another layout: ${what}`, () => {
    sameAsAnew(...programs);
    const [first, second] = programs.map(layOut);
    assert.notDeepEqual(first, second);
  });
}
