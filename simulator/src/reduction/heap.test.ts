// Which pools' objects can change places, and what a state comes to when they do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../layout.ts';
import { FREED, LIVE, PENDING } from '../objects.ts';
import type { Cell, Expr, Place, Pool, Program } from '../program.ts';
import { accessTo, constant, programOf, type Step } from '../testing.ts';
import { heapOf, tidyHeap } from './heap.ts';
import { refsOf } from './refs.ts';

const [P, Q, F, NEXT] = [0, 1, 2, 3];
const COUNT = 3;
/** Cells: p, q; `vma.f` and `vma.next` of three objects; a local of each thread; a number. */
const [LOCAL, OTHER, NUMBER] = [8, 9, 10];

const place = (name: string, base: number, pool: number | null): Place => ({
  name, base, count: pool === null ? 1 : COUNT, pool, atomic: false, readGuard: null,
  writeGuard: null,
});
const ref: Cell = { lo: 0, hi: COUNT, init: 0 };
const small: Cell = { lo: 0, hi: 4, init: 0 };
const local = (cell: number): Expr => ({ kind: 'local', cell });
const loaded = (at: number, of: Expr | null = null): Expr =>
  ({ kind: 'load', access: { ...accessTo(at), ref: of } });
const set = (cell: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: 'v' }, value });
const binary = (op: '==' | '<', left: Expr, right: Expr): Expr =>
  ({ kind: 'binary', op, left, right });
const allocate = (cell: number): Step =>
  ({ op: 'new', pool: 0, target: { kind: 'local', cell, name: 'r' }, inits: [] });
const publish = (cell: number): Step =>
  ({ op: 'set', target: { kind: 'store', access: accessTo(P) }, value: local(cell) });
const free = (deferred: boolean): Step =>
  ({ op: 'free', pool: 0, value: local(LOCAL), deferred });

/** Two threads allocate and publish; the first does something besides. */
function withObjects(
  more: readonly Step[], rest: Partial<Program> & { readonly pool?: Partial<Pool> } = {},
): Program {
  const { pool, ...others } = rest;
  return programOf({ a: [allocate(LOCAL), publish(LOCAL), ...more], b: [allocate(OTHER)] }, {
    cells: [ref, ref, small, small, small, ref, ref, ref, ref, ref, small],
    places: [place('p', 0, null), place('q', 1, null), place('vma.f', 2, 0),
      place('vma.next', 5, 0)],
    pools: [{
      name: 'vma', count: COUNT, typesafe: false, nLive: 0,
      fields: [{ place: F, init: 0 }, { place: NEXT, init: 0 }], ...pool,
    }],
    ...others,
  });
}

const isOpaque = (more: readonly Step[], rest: Partial<Program> = {}): boolean =>
  refsOf(withObjects(more, rest)).opaque[0]!;
const hasHeap = (program: Program): boolean => heapOf(program, layOut(program)) !== null;

/** `r = r.next` */
const followed = set(LOCAL, loaded(NEXT, local(LOCAL)));

test('a ref that only names, is passed on and compared does not say which object it is', () => {
  assert.ok(isOpaque([]));
  assert.ok(isOpaque([
    set(LOCAL, loaded(NEXT, loaded(P))), set(NUMBER, loaded(F, local(LOCAL))), free(false),
    { op: 'assert', cond: binary('==', local(LOCAL), loaded(Q)), text: null },
    { op: 'assert', cond: binary('==', constant(0), loaded(Q)), text: null },
    { op: 'assert', cond: { kind: 'one_of', value: loaded(P), items: [loaded(Q)] }, text: null },
  ]));
  const { poolOf } = refsOf(withObjects([followed]));
  const cells = [...poolOf.keys()].filter((cell) => poolOf[cell] === 0);
  assert.deepEqual(cells, [P, 5, 6, 7, LOCAL, OTHER]); // q has none: nothing flows there
});

test('a ref that is also a number tells objects apart', () => {
  const cond = (expr: Expr): Step => ({ op: 'assert', cond: expr, text: null });
  const access = accessTo(P);
  const told: readonly (readonly Step[])[] = [
    [cond(binary('<', local(LOCAL), loaded(P)))],
    [cond(binary('==', local(LOCAL), constant(2)))],
    [cond(local(LOCAL))],
    [cond({ kind: 'one_of', value: local(LOCAL), items: [constant(1)] })],
    [cond({ kind: 'between', value: local(LOCAL), lo: constant(0), hi: constant(1) })],
    [set(NUMBER, local(LOCAL)), set(LOCAL, { kind: 'neg', operand: local(NUMBER) })],
    [{ op: 'any', target: { kind: 'store', access }, lo: constant(0), hi: constant(1) }],
    [cond(loaded(F, constant(1)))],
    [cond(loaded(F))],
    [{ op: 'cmpxchg', access, old: constant(1), value: constant(0), result: 0 }],
    [{ op: 'new', pool: 0, target: { kind: 'local', cell: LOCAL, name: 'r' },
      inits: [{ place: NEXT, value: constant(1) }] }, followed],
    [{ op: 'free', pool: 0, value: constant(1), deferred: false }],
    [{ op: 'acquire', lock: { base: 0, pool: 0, ref: null, index: null, count: 1 }, mode: 'write',
      nested: false }],
  ];
  const locks = {
    classes: [{ name: 'vma.l', kind: 'mutex' as const }],
    locks: [1, 2, 3].map((r) => ({ name: `l#${r}`, cls: 0, object: { pool: 0, ref: r } })),
  };
  told.forEach((more, i) => assert.ok(!isOpaque(more, locks), `the ${i + 1}th`));
  const asked = binary('<', loaded(P), constant(2));
  const properties = [{ kind: 'invariant' as const, name: 'i', site: 900, expr: asked }];
  assert.ok(!isOpaque([], { properties }));
  const first = withObjects([followed], { pool: { fields: [{ place: NEXT, init: 1 }] } });
  assert.ok(!refsOf(first).opaque[0]);
});

test('two pools whose refs mix are told apart', () => {
  const { pools: [pool], ...rest } = withObjects([set(NUMBER, local(LOCAL))]);
  const other = { ...pool!, name: 'other', fields: [] };
  const mixed: Program = { ...rest, pools: [pool!, other] };
  assert.deepEqual(refsOf(mixed).opaque, [true, true]);
  const instr = { rest: true, site: 1, next: 0 };
  const [a, b] = mixed.threads;
  const more = { ...b!, code: [{ ...instr, ...free(false), pool: 1 } as const, ...b!.code] };
  assert.deepEqual(refsOf({ ...mixed, threads: [a!, more] }).opaque, [false, false]);
});

test('objects are exchanged where one is as good as another', () => {
  assert.ok(hasHeap(withObjects([])));
  const { cells, threads, ...rest } = withObjects([]);
  const changed = (at: number, cell: Partial<Cell>): Program =>
    ({ ...rest, threads, cells: cells.map((own, i) => (i === at ? { ...own, ...cell } : own)) });
  assert.ok(!hasHeap(changed(LOCAL, { hi: 2 }))); // the third does not fit
  assert.ok(!hasHeap(changed(3, { hi: 2 }))); // the second holds less
  assert.ok(!hasHeap(changed(P, { init: 1 }))); // of an object not yet there
  assert.ok(!hasHeap(withObjects([], { pool: { fields: [{ place: NEXT, init: 0 }] } })));
  assert.ok(!hasHeap(withObjects([], { pool: { count: 15 } })));
  assert.ok(!hasHeap({ ...rest, cells, threads: threads.slice(0, 1) })); // always in one order
  const lock = { base: 0, pool: 0, ref: local(LOCAL), index: null, count: 1 };
  const locks = {
    classes: [{ name: 'vma.l', kind: 'mutex' as const }],
    locks: [1, 2, 3].map((r) => ({ name: `l#${r}`, cls: 0, object: { pool: 0, ref: r } })),
  };
  assert.ok(hasHeap(withObjects([], locks)));
  const takes: Step = { op: 'acquire', lock, mode: 'write', nested: false };
  assert.ok(!hasHeap(withObjects([takes], locks))); // what is held is told by object
});

/** What the state with these values comes to: by object its status, f and next; then the refs. */
function tidied(
  program: Program, of: { objects: readonly (readonly number[])[]; refs: readonly number[] },
): unknown {
  const layout = layOut(program);
  const frame = new Int32Array(layout.size);
  const [status, cells] = [layout.objects[0]!.map((slots) => slots.status), [P, Q, LOCAL, OTHER]];
  const at = (i: number): readonly number[] => [status[i]!, 2 + i, 5 + i];
  of.objects.forEach((values, i) => values.forEach((value, k) => { frame[at(i)[k]!] = value; }));
  of.refs.forEach((value, i) => { frame[cells[i]!] = value; });
  tidyHeap(heapOf(program, layout)!, frame);
  return {
    objects: status.map((_, i) => at(i).map((slot) => frame[slot]!)),
    refs: cells.map((cell) => frame[cell]!),
  };
}

const linked = withObjects([set(LOCAL, loaded(NEXT, loaded(P))), set(LOCAL, loaded(Q))]);

test('objects come in the order in which refs lead to them', () => {
  const state = {
    objects: [[LIVE, 1, 0], [LIVE, 2, 1], [FREED, 3, 2]], refs: [0, 3, 0, 2],
  };
  assert.deepEqual(tidied(linked, state), {
    objects: [[FREED, 3, 2], [LIVE, 2, 3], [LIVE, 1, 0]], refs: [0, 1, 0, 2],
  });
  const chain = { objects: [[LIVE, 1, 0], [LIVE, 2, 1], [LIVE, 3, 2]], refs: [3, 0, 0, 0] };
  assert.deepEqual(tidied(linked, chain), {
    objects: [[LIVE, 3, 2], [LIVE, 2, 3], [LIVE, 1, 0]], refs: [1, 0, 0, 0],
  });
});

test('what an object waits for goes with it', () => {
  const program = withObjects([
    { op: 'rcu_lock' }, { op: 'rcu_unlock' }, free(true), set(LOCAL, loaded(Q)),
  ]);
  const layout = layOut(program);
  const frame = new Int32Array(layout.size);
  const slots = layout.objects[0]!;
  const reader = slots[0]!.grace.findIndex((slot) => slot !== -1);
  slots.slice(0, 2).forEach(({ status }) => { frame[status] = LIVE; });
  [frame[slots[1]!.status], frame[slots[1]!.grace[reader]!], frame[P]] = [PENDING, 1, 2];
  tidyHeap(heapOf(program, layout)!, frame);
  const found = slots.map(({ status, grace }) => [frame[status], frame[grace[reader]!]]);
  assert.deepEqual(found, [[PENDING, 1], [FREED, 0], [0, 0]]);
});

test('of an object that no ref names it is kept that it was used', () => {
  const state = { objects: [[LIVE, 1, 2], [PENDING, 2, 1], [0, 0, 0]], refs: [0, 0, 0, 0] };
  assert.deepEqual(tidied(linked, state), {
    objects: [[FREED, 0, 0], [FREED, 0, 0], [0, 0, 0]], refs: [0, 0, 0, 0],
  });
  const typesafe = { ...linked, pools: [{ ...linked.pools[0]!, typesafe: true }] };
  const used = { objects: [[FREED, 1, 0], [PENDING, 2, 0], [LIVE, 3, 0]], refs: [0, 0, 0, 0] };
  assert.deepEqual(tidied(typesafe, used), {
    objects: [[LIVE, 0, 0], [PENDING, 0, 0], [FREED, 0, 0]], refs: [0, 0, 0, 0],
  });
});
