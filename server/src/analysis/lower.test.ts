// What each construct becomes: instructions, cells, guards, in the notation of `testing.ts`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../../simulator/src/index.ts';
import { listing, lowered, printExpr, read } from './testing.ts';
import { lowerThread, lowerWorkload } from './lower.ts';

const BASE = `
param N: 1..4 = 2
type page = 0..N-1
enum st { s0, s1, s2 }
flags fl { F0, F1, F2 }
lock sem: rwsem
lock m: mutex
lock ptl[N]: spinlock
struct vma[2] { lock vl: rwsem  s: st = s1  f: fl = {F1}  next: ref vma }
shared cur: ref vma = new vma { s = s2 }
shared arr: page[N]
shared x: 0..7
shared on: bool
shared f: fl
`;

async function code(body: string, head = 'thread t(p: page)'): Promise<readonly string[]> {
  const args = head.includes('(p') ? '(1)' : '';
  return listing(await lowered(`${BASE} ${head} {\n${body}\n}\nscenario s { t${args} }`));
}

type Case = readonly [body: string, ...code: readonly string[]];

const CASES: readonly Case[] = [
  ['', '0  end'],
  // Simple statements: a step each.
  ['acquire write sem downgrade sem release sem release read sem',
    '0* acquire write sem', '1* downgrade sem', '2* release any sem', '3* release read sem',
    '4  end'],
  ['acquire ptl[p] nested release ptl[p]',
    '0* acquire write ptl[1] nested', '1* release any ptl[1]', '2  end'],
  ['acquire read cur.vl release cur.vl',
    '0* acquire read vma.vl(cur)', '1* release any vma.vl(cur)', '2  end'],
  ['x = x + 1  x += 2  x -= p', '0* x = (x + 1)', '1* x = (x + 2)', '2* x = (x - 1)', '3  end'],
  ['f += F1  f -= {F0, F2}  f = {}  cur.f += F0',
    '0* f = (f | 2)', '1* f = (f &~ 5)', '2* f = 0', '3* vma.f(cur) = (vma.f(cur) | 1)', '4  end'],
  ['if f has F2 { on = f has {F0, F1} }',
    '0* if ((f & 4) != 0) else 2', '1* on = ((f & 3) == 3)', '2  end'],
  ['WRITE_ONCE(arr[p], 1)  let v = READ_ONCE(x)', '0* @arr[1] = 1', '1* v = @x', '2  end'],
  ['let v = new vma { next = cur, s = s0 }  free v  free_rcu cur',
    '0* v = new vma {vma.next: cur, vma.s: 0}', '1* free v', '2* free_rcu cur', '3  end'],
  ['let v = any 1..3  x = any 0..v  let w = any page',
    '0* v = any 1..3', '1* x = any 0..v', '2* w = any 0..1', '3  end'],
  ['rcu_read_lock rcu_read_unlock synchronize_rcu',
    '0* rcu_lock', '1* rcu_unlock', '2* synchronize_rcu', '3  end'],
  ['await x in 1..3 && cur != null  assert x in {1, 2} => on, "odd"',
    '0* await (x in 1..3 && (cur != 0))', '1* assert (x in {1,2} => on) "odd"', '2  end'],
  // Conditions: steps where they read shared state.
  ['if on { x = 1 } else { x = 2 }', '0* if on else 2', '1* x = 1 -> 3', '2* x = 2', '3  end'],
  ['if p == 1 { x = 1 } else { x = 2 }', '0* x = 1 -> 2', '1* x = 2', '2  end'],
  ['let v = x  if v == 1 && holds m { x = 2 }',
    '0* v = x', '1  if ((v == 1) && holds any m) else 3', '2* x = 2', '3  end'],
  ['if p == 0 && on { x = 2 }', '0* if 0 else 2', '1* x = 2', '2  end'],
  ['if try acquire read sem { release sem } else { x = 1 }',
    '0* try read sem r0', '1  if r0 else 3', '2* release any sem -> 4', '3* x = 1', '4  end'],
  ['if !cmpxchg(x, 0, 1) { on = true }',
    '0* r0 = cmpxchg(@x, 0, 1)', '1  if r0 else 2 -> 3', '2* on = 1', '3  end'],
  ['let v = cmpxchg(x, 0, 1)  on = cmpxchg(x, 1, 2)',
    '0* r0 = cmpxchg(@x, 0, 1)', '1  v = r0', '2* r0 = cmpxchg(@x, 1, 2)', '3  on = r0', '4  end'],
  // Loops: silent turns.
  ['while on { x = 1 }', '0* if on else 2', '1* x = 1 -> 0', '2  end'],
  ['loop { if x == 1 { break } if on { continue } x = 2 }',
    '0* if (x == 1) else 2', '1* nop -> 5', '2* if on else 4', '3* nop -> 0', '4* x = 2 -> 0',
    '5  end'],
  ['loop { }', '0  nop -> 0'],
  ['for i in page { arr[i] = i }',
    '0  i = 0', '1* arr[i] = i', '2  if (i < 1) else 4', '3  i = (i + 1) -> 1', '4  end'],
  ['for i in p..x { arr[0] = 1 }',
    '0* i = 1', '1  last i = x', '2  if (i <= last i) else 6', '3* arr[0] = 1',
    '4  if (i < last i) else 6', '5  i = (i + 1) -> 3', '6  end'],
  // Jumps, choices, atomic steps.
  ['again: x = 1  if on { goto again }  return  x = 2',
    '0* x = 1', '1* if on else 3', '2* nop -> 0', '3* nop -> 5', '4* x = 2', '5  end'],
  ['choose { x = 1 } or { x = 2 } or { }',
    '0* choose 1 2 3', '1* x = 1 -> 3', '2* x = 2', '3  end'],
  ['step "a"  step "b" { x = 1  if on { x = 2 }  for i in 0..1 { arr[i] = 0 } }',
    '0* nop', '1* nop', '2  x = 1', '3  if on else 5', '4  x = 2', '5  i = 0', '6  arr[i] = 0',
    '7  if (i < 1) else 9', '8  i = (i + 1) -> 6', '9  end'],
  ['p = 0  x = p', '0* p = 0', '1* x = p', '2  end'],
];

for (const [body, ...expected] of CASES) {
  test(`code: ${body}`, async () => assert.deepEqual(await code(body), expected));
}

test('procs are inlined; arguments that read shared state take a step', async () => {
  const found = await lowered(`${BASE}
    proc twice(a: 0..7) -> 0..7 { if a == 0 { return 0 }  let b = a * 2  return b }
    proc set(i: page) { arr[i] = 1 }
    thread t(p: page) {
      set(p)  let v = twice(x)  x = twice(v)  let w = twice(0)  for i in page { set(i) }
    }
    scenario s { t(1) }`);
  assert.deepEqual(listing(found), [
    '0* arr[1] = 1',
    '1* a = x', '2  if (twice.a == 0) else 4', '3* v = 0 -> 6', '4* b = (twice.a * 2)',
    '5* v = twice.b',
    '6  a = v', '7  if (twice.a == 0) else 9', '8* twice = 0 -> 11', '9* b = (twice.a * 2)',
    '10* twice = twice.b', '11* x = twice',
    '12* w = 0 -> 15', '13* b = 0', '14* w = twice.b',
    '15  i = 0', '16  i = i', '17* arr[set.i] = 1', '18  if (i < 1) else 20',
    '19  i = (i + 1) -> 16', '20  end',
  ]);
});

test('a call for its effects alone drops the value, but reads what it reads', async () => {
  const found = await lowered(`${BASE} proc get() -> bool { return on }
    thread t { get() } scenario s { t }`);
  assert.deepEqual(listing(found), ['0* r0 = on', '1  end']);
  assert.equal(found.program.nRegs, 1);
});

test('a label on a loop has steps of its own at the entry', async () => {
  const found = await lowered(`${BASE}
    thread t { zap: for i in page { inside: x = i }  if on { goto zap } }
    scenario s { t  invariant a: t at zap  invariant b: t at inside }`);
  assert.deepEqual(listing(found), [
    '0  i = 0 -> 7', '1* x = i', '2  if (i < 1) else 4', '3  i = (i + 1) -> 1',
    '4* if on else 6', '5* nop -> 0', '6  end', '7* x = i -> 2',
  ]);
  const told = found.program.properties.map((p) => printExpr(found, p.expr));
  assert.deepEqual(told, ['at 0 {7}', 'at 0 {1,7}']);
});

test('a label on an `if` over locals belongs to the step that follows', async () => {
  const found = await lowered(`${BASE}
    thread t(p: page) { let v = x  lab: if v == 1 { x = 1 }  x = 2 }
    scenario s { t(0)  invariant a: t at lab }`);
  const at = found.program.properties[0]?.expr;
  assert.deepEqual(listing(found), [
    '0* v = x -> 4', '1* x = 1', '2* x = 2', '3  end', '4  if (v == 1) else 6', '5* x = 1 -> 2',
    '6* x = 2 -> 3',
  ]);
  assert.equal(at === undefined ? '' : printExpr(found, at), 'at 0 {5,6}');
});

test('threads in conditions: all instances, aliases, and what is not run', async () => {
  const found = await lowered(`${BASE}
    thread t(p: page) -> a | b { here: outcome a }
    thread u { await v.done && !(v.outcome == k) && (t.done => !v.done) }
    thread v -> k { outcome k }
    invariant gone: v.done
    invariant i: t.outcome != a || t.outcome in {a, b}
    scenario s { t(0)  one: t(1)  u
      invariant j: exists q in t: q at here && q.done
      invariant k: count(q in t: q.outcome == b) == 1 && one.done }`);
  assert.deepEqual(listing(found, 2), ['0* await ((done 0 && done 1) => 1)', '1  end']);
  assert.deepEqual(found.program.properties.map((p) => `${p.name}: ${printExpr(found, p.expr)}`), [
    'i: (((outcome 0 != 1) && (outcome 1 != 1)) || (outcome 0 in {1,2} && outcome 1 in {1,2}))',
    'j: ((at 0 {0} && done 0) || (at 1 {0} && done 1))',
    'k: ((((outcome 0 == 2) + (outcome 1 == 2)) == 1) && done 1)',
  ]);
  assert.deepEqual(found.program.threads.map((t) => t.name), ['t', 'one', 'u']);
});

test('quantifiers nest in registers of their own', async () => {
  const found = await lowered(`${BASE} thread t { }
    scenario s { t invariant a: forall i in page: exists j in 0..i: arr[j] == i }`);
  const [property] = found.program.properties;
  assert.equal(property === undefined ? '' : printExpr(found, property.expr),
    'forall(r1 in 0..1: exists(r2 in 0..r1: (arr[r2] == r1)))');
  assert.equal(found.program.nRegs, 3);
});

test('cells, initial values and objects', async () => {
  const found = await lowered(`${BASE} thread t { cur.next = null  x = 1 } scenario s { t }`);
  const cells = found.program.cells.map((cell, i) =>
    `${found.cells[i]?.name}: ${cell.lo}..${cell.hi} = ${cell.init}`);
  assert.deepEqual(cells, [
    'vma#1.s: 0..2 = 2', 'vma#2.s: 0..2 = 1', 'vma#1.f: 0..7 = 2', 'vma#2.f: 0..7 = 2',
    'vma#1.next: 0..2 = 0', 'vma#2.next: 0..2 = 0', 'cur: 0..2 = 1', 'x: 0..7 = 0',
  ]);
  assert.deepEqual(found.program.pools, [{
    name: 'vma', count: 2, typesafe: false, nLive: 1,
    fields: [{ place: 0, init: 1 }, { place: 1, init: 2 }, { place: 2, init: 0 }],
  }]);
  assert.deepEqual(found.program.locks.map((lock) => lock.name), ['vma#1.vl', 'vma#2.vl']);
});

test('an object that nobody looks at is taken from the pool all the same', async () => {
  const found = await lowered(`${BASE} thread t { let v = new vma {} } scenario s { t }`);
  assert.equal(found.program.pools[0]?.nLive, 1);
});

test('params are worked out for each scenario', async () => {
  const text = `${BASE} thread t(p: page) { let v = N  for i in page { arr[i] = p } }
    scenario two { t(1) }  scenario three { with N = 3  t(2) }`;
  assert.deepEqual((await lowered(text, 'two')).program.places[0]?.count, 2);
  const three = await lowered(text, 'three');
  assert.deepEqual(three.program.places[0]?.count, 3);
  assert.deepEqual(listing(three).slice(0, 4),
    ['0* v = 3', '1  i = 0', '2* arr[i] = 2', '3  if (i < 2) else 5']);
});

test('arguments may name what is shared at the start', async () => {
  const found = await lowered(`${BASE} thread t(v: ref vma, s: st) { v.s = s }
    scenario s { t(cur, cur.s)  t(null, s1) }`);
  assert.deepEqual([listing(found, 0)[0], listing(found, 1)[0]],
    ['0* vma.s(1) = 2', '0* vma.s(0) = 1']);
});

test('guards and orders', async () => {
  const found = await lowered(`
    lock a: rwsem  lock b[2]: spinlock  lock c: mutex
    order a -> c -> s.l
    struct s[1] { lock l: rwsem
      x: bool read under a || rcu write under write a && write l
      y: bool guarded by l }
    shared cur: ref s = new s {}
    shared arr: bool[2] guarded by b
    thread t { cur.x = true  cur.y = true  arr[0] = true } scenario s0 { t }`);
  const [x, y, , arr] = found.program.places;
  const [A, B] = [0, 1];
  const l = { base: 3, pool: 0, ref: { kind: 'self_ref' }, index: null, count: 1 };
  const a = { base: A, pool: null, ref: null, index: null, count: 1 };
  assert.deepEqual(x?.readGuard,
    { kind: 'or', left: { kind: 'lock', lock: a, write: false }, right: { kind: 'rcu' } });
  assert.deepEqual(x?.writeGuard, {
    kind: 'and', left: { kind: 'lock', lock: a, write: true },
    right: { kind: 'lock', lock: l, write: true },
  });
  assert.deepEqual(y?.readGuard, { kind: 'lock', lock: l, write: false });
  assert.deepEqual(arr?.writeGuard, {
    kind: 'lock', write: true,
    lock: { base: B, pool: null, ref: null, index: { kind: 'self_index' }, count: 2 },
  });
  // `c` is not in the program; the order goes through it.
  const names = found.program.orders.map(({ outer, inner }) =>
    [outer, inner].map((cls) => found.program.classes[cls]?.name).join(' -> '));
  assert.deepEqual(names, ['a -> s.l']);
});

test('sites: one for a statement, in every instance; the text as people read it', async () => {
  const found = await lowered(`${BASE}
    thread t(p: page) { x = 1  takes 120ns  step "zap" takes 1us..2us  if x == p { } }
    scenario s { t(0) t(1) }`);
  const [first, second] = found.program.threads.map((t) => t.code.map((instr) => instr.site));
  assert.deepEqual(first, second);
  const sites = (first ?? []).map((site) => found.sites[site]);
  assert.deepEqual(sites.map((site) => `${site?.owner}: ${site?.text}`),
    ['t: x = 1', 't: zap', 't: if x == p', 't: t']);
  assert.deepEqual(sites.map((site) => site?.takes), [
    { kind: 'fixed', ns: 120 }, { kind: 'uniform', lo: 1000, hi: 2000 }, null, null,
  ]);
});

test('a thread alone has its parameters as cells that start at the least', async () => {
  const model = await read(`${BASE} thread t(p: page, q: 2..3) { x = p + q }`);
  const [thread] = model.threads;
  const found = thread === undefined ? null : lowerThread(model, thread);
  assert.ok(found !== null);
  assert.deepEqual(listing(found), ['0* x = (p + q)', '1  end']);
  assert.deepEqual(found.program.cells.slice(1).map((cell) => cell.init), [0, 2]);
});

test('a workload has its threads', async () => {
  const model = await read(`${BASE} thread t(p: page) { x = p }
    workload w { with N = 4  t(3) x 2 every 1us  for 1ms }`);
  const workload = model.decls.map((it) => it.decl).find((decl) => decl.kind === 'workload');
  const found = workload?.kind === 'workload' ? lowerWorkload(model, workload) : null;
  assert.deepEqual(found?.program.threads.map((t) => t.name), ['t#1', 't#2']);
});

test('the first look of the language, to the end', async () => {
  const found = await lowered(`
    param PAGES: 1..4 = 2
    type page = 0..PAGES-1
    lock mmap_sem: rwsem
    lock ptl: spinlock
    enum vma_state { attached, detached }
    enum pte_state { none, file_page, zero_page }
    shared vma: vma_state = attached   guarded by mmap_sem
    shared pte: pte_state[PAGES] = file_page   guarded by ptl
    thread munmap {
      acquire write mmap_sem
      step "find and split vmas"
      vma = detached
      downgrade mmap_sem
      zap: for i in page { acquire ptl  pte[i] = none  takes 120ns  release ptl }
      release mmap_sem
    }
    thread fault(p: page) -> content | sigsegv | never zero {
      acquire read mmap_sem
      if vma == detached { outcome sigsegv } else {
        acquire ptl
        if pte[p] == none { pte[p] = zero_page }
        if pte[p] == zero_page { outcome zero } else { outcome content }
        release ptl
      }
      release mmap_sem
    }
    final nothing_left: forall i in page: pte[i] == none
    scenario one_fault "munmap against a fault on each page" {
      munmap  fault(0)  fault(1)  expect safe
    }`);
  const verdict = check(found.program);
  assert.equal(verdict.result, 'safe');
  assert.deepEqual(verdict.outcomes.map((o) => o.join(' ')).sort(),
    ['0 0', '0 1', '1 0', '1 1']);
});
