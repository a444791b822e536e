// Dead locals, like threads, and ends, on hand-made programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../layout.ts';
import type { Cell, Expr, Program, Property } from '../program.ts';
import { createEngine, enter, takeStep } from '../step.ts';
import {
  acquire, constant, locks, nop, programOf, release, shared, store, type Step,
} from '../testing.ts';
import { ampleTable } from './ample.ts';
import { canonicalize, classSlots } from './canonical.ts';
import { heldTable } from './held.ts';
import { liveTable } from './live.ts';
import { reducedSearch } from './reduced-search.ts';
import { symmetryClasses } from './symmetry.ts';
import { mayDiverge, terminates } from './terminates.ts';

const local = (cell: number): Expr => ({ kind: 'local', cell });
const put = (cell: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: 'v' }, value });
const cells = (...inits: readonly number[]): Pick<Program, 'cells'> =>
  ({ cells: inits.map((init): Cell => ({ lo: 0, hi: 3, init })) });
const plus = (cell: number, by: number): Expr =>
  ({ kind: 'binary', op: '+', left: local(cell), right: constant(by) });

test('a local is dead before it is set and after it was looked at', () => {
  const program = programOf({
    a: [nop, put(0, constant(1)), nop, { op: 'assert', cond: local(0), text: null }, nop],
  }, cells(0));
  assert.deepEqual(liveTable(program).dead, [[[0], [0], [], [], [0], [0], [0]]]);
});

test('what a property or another thread looks at is not dead', () => {
  const watched: Property = { kind: 'invariant', name: 'p', site: 9000, expr: local(0) };
  const a = [put(0, constant(1)), nop];
  for (const program of [
    programOf({ a }, { ...cells(0), properties: [watched] }),
    programOf({ a, b: [put(0, constant(2))] }, cells(0)),
  ]) assert.deepEqual(liveTable(program).dead.flat(2), []);
});

test('a way round ends if it counts', () => {
  const counts: Step[] = [put(0, plus(0, 1)), { ...nop, to: 0 }];
  const ends = (a: readonly Step[]): boolean => terminates(programOf({ a }, cells(0, 0)));
  assert.equal(ends([nop, nop]), true);
  assert.equal(ends(counts), true);
  assert.equal(ends([nop, { ...nop, to: 0 }]), false);
  assert.equal(ends([put(0, plus(0, 1)), put(0, plus(0, -1)), { ...nop, to: 0 }]), false);
  const inner: Step = { op: 'branch', cond: local(1), otherwise: 4, to: 1 };
  const turns = [put(1, constant(0)), put(1, plus(1, 1)), inner, nop];
  assert.equal(ends([...turns, put(0, plus(0, 1)), { ...nop, to: 0 }]), true);
  assert.equal(ends([...turns, { ...nop, to: 0 }]), false);
});

test('a step can go round for ever only in silence', () => {
  const silent: Step = { ...nop, silent: true };
  const made = programOf({
    a: [nop, { ...nop, to: 0 }], b: [nop, silent, { ...silent, to: 1 }],
    c: [nop, { ...put(0, plus(0, 1)), silent: true, to: 1 }],
  }, cells(0));
  assert.deepEqual(mayDiverge(made), [false, true, false]);
});

/** Threads with the code, and so the sites, of the first, each with a local of its own. */
function twins(steps: (cell: number) => readonly Step[], inits: readonly number[]): Program {
  const codes = inits.map((_, t) => [`t${t}`, steps(t)] as const);
  const made = programOf(Object.fromEntries(codes), cells(...inits));
  const threads = made.threads.map((thread) => ({
    ...thread, decl: 't',
    code: thread.code.map((instr, pc) => ({ ...instr, site: made.threads[0]!.code[pc]!.site })),
  }));
  return { ...made, threads };
}

test('threads are like each other up to their locals, if these begin alike', () => {
  const code = (cell: number): Step[] => [put(cell, plus(cell, 1)), nop];
  assert.deepEqual(symmetryClasses(twins(code, [0, 0, 1, 0])),
    [{ threads: [0, 1, 3], locals: [[0], [1], [3]] }]);
});

test('who is asked about by name is like nobody, who is asked about like the others is', () => {
  const at = (thread: number): Expr => ({ kind: 'at', thread, pcs: [1] });
  const made = twins((cell) => [put(cell, plus(cell, 1)), nop], [0, 0, 0]);
  const asking = (expr: Expr): Program =>
    ({ ...made, properties: [{ kind: 'invariant', name: 'p', site: 9000, expr }] });
  const any = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '||', left, right });
  const classesOf = (expr: Expr): unknown =>
    symmetryClasses(asking(expr)).map(({ threads }) => threads);
  assert.deepEqual(classesOf(at(0)), [[1, 2]]);
  assert.deepEqual(classesOf(any(at(0), any(at(1), at(2)))), [[0, 1, 2]]);
  assert.deepEqual(classesOf(any(at(2), at(0))), [[0, 2]]);
});

test('a state with like threads exchanged has the same representative', () => {
  const made = twins((cell) => [
    { op: 'rcu_lock' }, acquire(0, 'read'), put(cell, plus(cell, 1)), release(0),
    { op: 'rcu_unlock' },
  ], [0, 0, 0]);
  const program: Program = { ...made, ...locks({ S: 'rwsem' }) };
  const layout = layOut(program);
  const [members] = classSlots(program, layout, null);
  const one = new Int32Array(layout.size);
  members!.blocks.forEach((slots, i) => {
    slots.forEach((slot, k) => { one[slot] = (i * 7 + k) % 3; });
  });
  const other = one.slice();
  const [a, c] = [members!.blocks[0]!, members!.blocks[2]!];
  a.forEach((slot, k) => { [other[slot], other[c[k]!]] = [one[c[k]!]!, one[slot]!]; });
  const orders = [one, other].map((frame) => {
    const order = new Int32Array(3);
    canonicalize([members!], frame, order);
    return [...order];
  });
  assert.deepEqual(one, other);
  assert.notDeepEqual(orders[0], orders[1]);
});

/** The frame after these threads have moved, each once, with the members of the class sorted. */
function sortedAfter(program: Program, moves: readonly number[]): Int32Array {
  const engine = createEngine(program);
  const { machine: m } = engine;
  enter(engine);
  for (const t of moves) assert.notEqual(takeStep(engine, t), 'blocked');
  const order = new Int32Array(program.threads.length);
  canonicalize(classSlots(program, m.layout, null), m.frame, order);
  return m.frame;
}

test('grace periods know like threads by what they are, not by their numbers', () => {
  const made = twins(() => [
    { op: 'rcu_lock' }, nop, { op: 'rcu_unlock' }, { op: 'synchronize_rcu' },
  ], [0, 0]);
  const waits: Step[] = [
    { op: 'free', pool: 0, value: constant(1), deferred: true }, { op: 'synchronize_rcu' },
    { op: 'rcu_lock' }, { op: 'rcu_unlock' }, { op: 'rcu_lock' },
  ];
  const program: Program = {
    ...made, threads: [...made.threads, ...programOf({ w: waits }).threads],
    pools: [{ name: 'vma', count: 1, typesafe: false, nLive: 1, fields: [] }],
  };
  const w = 2;
  const runs = (a: number, b: number): number[][] => [
    [a, w, b], // the object waits for a
    [a, w, w, b], // so does the stranger
    [a, a, a, b, a], // a waits for b
    [w, w, a, a, a, b, b, b, w, a, w, w, b], // a's wait for the stranger is over, b's is not
  ];
  const [some, others] = [runs(0, 1), runs(1, 0)];
  some.forEach((moves, i) => {
    assert.deepEqual(sortedAfter(program, others[i]!), sortedAfter(program, moves), `run ${i}`);
  });
});

test('a step under a lock that keeps the others out stands alone; of a loop one never does', () => {
  const body = [acquire(0), store(0, 1), release(0)];
  const program = programOf({ a: body, b: [...body, { ...nop, to: 0 }] },
    { ...shared('x'), ...locks({ L: 'mutex' }) });
  const { rows } = ampleTable(program, heldTable(program));
  const open = (t: number, rest: number, at: number): boolean => {
    const row = rows[t]![rest]!;
    return row !== null && ((row[1 - t]![0]! >> at) & 1) === 0;
  };
  assert.deepEqual([open(0, 0, 0), open(0, 1, 0), open(0, 2, 0)], [false, true, true]);
  // b may come back to the lock from its loop; once it were done, it would not.
  assert.deepEqual([open(0, 0, 3), open(0, 0, 4)], [false, true]);
  assert.ok(rows[1]!.some((row) => row === null));
});

test('what is passed through is neither stored nor lost', () => {
  const body = [acquire(0), store(0, 1), store(0, 0), release(0)];
  const program = programOf(
    { a: body, b: body, c: body }, { ...shared('x'), ...locks({ L: 'mutex' }) },
  );
  const off = { ample: false, chains: false, dead: false, symmetry: false, objects: false };
  const [plain, reduced] = [off, { ...off, ample: true, chains: true }]
    .map((switches) => reducedSearch(program, switches, 10_000));
  assert.deepEqual([plain?.result, reduced?.result], ['safe', 'safe']);
  assert.ok(reduced!.states * 5 < plain!.states, `${reduced!.states} of ${plain!.states}`);
});
