// The worlds of tiny programs: a little shared state, and the statements to combine over it.
import type { LockClass, Program, Property } from '../../simulator/src/index.ts';
import {
  acquire, allocate, any, assert_, await_, both, branching, choosing, downgrade, equals,
  exchanged, fetch, free, load, lockObject, outcome, rcuLock, rcuUnlock, release, return_, store,
  synchronize, through, tried, unpublish, type World,
} from './parts.ts';

type Shared = World['shared'];
type Kinds = Readonly<Record<string, LockClass['kind']>>;

/** Variables x and y (0..2), and a, atomic; locks by name. */
function variables(kinds: Kinds, rest: Partial<Program> = {}): Shared {
  const names = ['x', 'y', 'a'];
  return {
    cells: names.map(() => ({ lo: 0, hi: 2, init: 0 })),
    places: names.map((name, base) => ({
      name, base, count: 1, pool: null, atomic: name === 'a', readGuard: null, writeGuard: null,
    })),
    pools: [], orders: [], properties: [], nRegs: 1,
    classes: Object.entries(kinds).map(([name, kind]) => ({ name, kind })),
    locks: Object.keys(kinds).map((name, cls) => ({ name, cls, object: null })),
    ...rest,
  };
}

/** Two objects with a field and a lock; `p` refers to the first. */
function objects(typesafe: boolean, kind: LockClass['kind']): Shared {
  const place = { count: 1, atomic: false, readGuard: null, writeGuard: null };
  return {
    cells: [{ lo: 0, hi: 2, init: 1 }, { lo: 0, hi: 1, init: 0 }, { lo: 0, hi: 1, init: 0 }],
    places: [
      { ...place, name: 'p', base: 0, pool: null },
      { ...place, name: 'vma.f', base: 1, count: 2, pool: 0 },
    ],
    pools: [{ name: 'vma', count: 2, typesafe, nLive: 1, fields: [{ place: 1, init: 0 }] }],
    classes: [{ name: 'vma.lock', kind }],
    locks: [1, 2].map((ref) => ({ name: `vma#${ref}.lock`, cls: 0, object: { pool: 0, ref } })),
    orders: [], properties: [], nRegs: 1,
  };
}

const [X, Y, A] = [0, 1, 2];

const ASKED: readonly Property[] = [
  { kind: 'invariant', name: 'apart', site: 701,
    expr: { kind: 'not', operand: { kind: 'binary', op: '&&', left: equals(load(X), 1),
      right: equals(load(Y), 1) } } },
  { kind: 'final', name: 'no_two', site: 702,
    expr: { kind: 'not', operand: equals(load(X), 2) } },
  { kind: 'eventually', name: 'x_set', site: 703, expr: equals(load(X), 1) },
  { kind: 'reachable', name: 'y_set', site: 704, expr: equals(load(Y), 1) },
];
const write = store('x = 1', X, 1);
const read = fetch('v = x', load(X));

export const WORLDS: readonly World[] = [
  { name: 'a mutex', outcomes: false, shared: variables({ m: 'mutex' }),
    words: [acquire('lock', 0), release('unlock', 0), tried(0, 'write', X), write, read] },
  { name: 'two mutexes', outcomes: false,
    shared: variables({ m: 'mutex', n: 'mutex' }, { orders: [{ outer: 0, inner: 1 }] }),
    words: [acquire('lock m', 0), release('unlock m', 0), acquire('lock n', 1),
      release('unlock n', 1), write] },
  { name: 'a spinlock and a mutex', outcomes: false,
    shared: variables({ s: 'spinlock', m: 'mutex' }),
    words: [acquire('spin', 0), release('spin off', 0), acquire('lock', 1), release('unlock', 1),
      rcuLock, synchronize] },
  { name: 'an rwsem', outcomes: false, shared: variables({ s: 'rwsem' }),
    words: [acquire('down_read', 0, 'read'), acquire('down_write', 0), release('up', 0),
      downgrade(0), tried(0, 'read', X), write] },
  { name: 'an rwlock', outcomes: false, shared: variables({ s: 'rwlock' }),
    words: [acquire('read_lock', 0, 'read'), acquire('write_lock', 0), release('unlock', 0),
      tried(0, 'write', X), read] },
  { name: 'variables', outcomes: false, shared: variables({}, { properties: ASKED }),
    words: [write, fetch('v = READ_ONCE(x)', load(X, true)), store('WRITE_ONCE(y)', Y, 1, true),
      exchanged(A, Y), await_(equals(load(X), 1)), both(X, Y)] },
  { name: 'control', outcomes: true, shared: variables({}, { properties: ASKED }),
    words: [choosing(X), branching(equals(load(X, true), 1), Y), any(Y, 1), outcome(0),
      assert_(equals(load(Y), 0)), return_] },
  { name: 'readers', outcomes: false, shared: objects(false, 'mutex'),
    words: [rcuLock, rcuUnlock, synchronize, through, unpublish, free(false), free(true)] },
  { name: 'objects that stay', outcomes: false, shared: objects(true, 'spinlock'),
    words: [rcuLock, rcuUnlock, through, free(true), allocate, lockObject('spinlock')] },
  { name: 'locks in objects', outcomes: false, shared: objects(false, 'rwsem'),
    words: [lockObject('rwsem'), through, free(false), allocate, unpublish] },
];
