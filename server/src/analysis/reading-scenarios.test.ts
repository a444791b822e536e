// What reading reports about scenarios, workloads, properties and used files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Files } from './testing.ts';
import { problems, read, told } from './testing.ts';

const BASE = `
param N: 1..4 = 2
type page = 0..N-1
type less = 0..N-2
lock m: mutex
struct vma[2] { lock vl: rwsem  st: page }
shared cur: ref vma = new vma {}
shared n: 0..7 guarded by m
thread t(p: page) -> ok | never bad { check: n = p  step "s" { inner: n = 1 }  outcome ok }
thread u { n = 0 }
thread w(p: less) { n = p }
invariant low: n < 7
`;

async function told1(text: string): Promise<readonly string[]> {
  return problems(BASE + text);
}

function table(title: string, cases: readonly (readonly [string, ...string[]])[]): void {
  for (const [text, ...expected] of cases) {
    test(`${title}: ${text}`, async () => assert.deepEqual(await told1(text), expected));
  }
}

table('properties', [
  ['invariant a: t.done => u.done  final b: t.outcome == ok && t.outcome in {ok, bad}'],
  ['invariant a: t.outcome == oK', 'name [oK] `t` has no outcome `oK`; did you mean `ok`?'],
  ['invariant a: t.outcom == ok',
    'name [outcom] a thread has `done` and `outcome`, no `outcom`; a place in it is asked by '
    + '`t at label`'],
  ['invariant a: t at check || exists x in t: x at check'],
  ['invariant a: t at chek', 'name [chek] `t` has no label `chek`; did you mean `check`?'],
  ['invariant a: t at inner', 'type [inner] `inner` lies inside an atomic step, where no thread is '
    + 'ever found; name the step itself: `step label "..." { ... }`'],
  ['invariant a: holds m',
    'type [holds m] `holds` asks about the thread itself; write `held` here'],
  ['invariant a: held write m && !held cur.vl'],
  ['invariant a: held m[0]', 'type [m[0]] `m` is a single lock; it has no `[...]`'],
  ['invariant a: forall i in page: i',
    'type [i] expected `bool`, found a number; compare it, as in `n != 0`'],
  ['invariant a: count(i in page: i == n) + 1 <= 2'],
  ['invariant a: nobody.done',
    'name [nobody] there is no variable, constant or enum member `nobody`'],
  ['thread x { if t.done { } }', 'type [t.done] what another thread does can be asked only in '
    + 'properties, `await` and `assert`'],
  ['thread x { await t.done  assert t at check || held m }'],
]);

table('scenarios', [
  ['scenario s { with N = 3  t(2)  a: t(0)  u x 2  expect safe }'],
  ['scenario s { with N = 9 }', 'type [9] 9 is outside of 1..4, the bounds of `N`'],
  ['param K: 1..N = 1  scenario s { with N = 3  with K = N }'],
  ['param K: 1..N = 1  scenario s { with N = 3  with K = N + 1 }',
    'type [N + 1] 4 is outside of 1..3, the bounds of `K`'],
  ['scenario s { with N = 1  with N = 2 }', 'name [N] `N` is set already'],
  ['scenario s { with n = 1 }',
    'type [n] `n` is shared state; only a `param` can be set by `with`'],
  ['scenario s { with M = 1 }', 'name [M] there is no param `M`'],
  ['scenario s { with N = 1  w(0) }', 'type [with N = 1] with this, the range 0..-1 is empty'],
  ['scenario s { with N = 1  u }'],
  ['scenario s { with N = 1  t(1) }', 'type [1] 1 is outside of 0..0, the range of `p`'],
  ['scenario s { t(2) }', 'type [2] 2 is outside of 0..1, the range of `p`'],
  ['scenario s { t }', 'type [t] `t` takes one argument; 0 given'],
  ['scenario s { t(true) }', 'type [true] expected a number, found `bool`'],
  ['scenario s { tt(1) }', 'name [tt] there is no thread `tt`'],
  ['scenario s { u x2 }',
    'name [x2] there is no thread `x2`; so many of a thread are written `t x 2`'],
  ['scenario s { u x 31 }', 'type [u x 31] a scenario runs at most 30 threads; with this line it '
    + 'runs 31'],
  ['scenario s { a: u  a: u }', 'name [a] `a` is already declared; choose another name'],
  ['scenario s { t: u }', 'name [t] `t` is the name of a thread; choose another alias'],
  ['scenario s { a: t(0)  final b: a.done && a at check && a.outcome == ok }'],
  ['scenario s { a: t(0) }  invariant b: a.done'],
  ['scenario s { invariant low: true }',
    'name [low] `low` is already declared; choose another name'],
]);

table('expectations', [
  ['scenario s { t(0) expect fails low, deadlock, data_race(n), guard(vma.st), range(p) }'],
  ['scenario s { expect fails los }',
    'name [los] there is no property or code `los`; did you mean `low`?'],
  ['scenario s { expect fails recursive_read }', 'type [recursive_read] `recursive_read` does not '
    + 'count for `expect`: only errors that a scenario runs into do'],
  ['scenario s { t(0) expect fails deadlock(m, vma.vl), deadlock(vma.vl, rcu, m) }'],
  ['scenario s { expect fails deadlock(m, no) }', 'name (warning) [no] `deadlock` is about a lock, '
    + 'or `rcu`, and none is called `no`: this is never met'],
  ['scenario s { expect fails guard(n, vma.st) }', 'type [vma.st] `guard` is about one thing; only '
    + 'a `deadlock` is about several'],
  ['scenario s { expect fails data_race(m) }', 'name (warning) [m] `data_race` is about a shared '
    + 'variable, an array or a field (`struct.field`), and none is called `m`: this is never met'],
  ['scenario s { t(0) expect fails forbidden_outcome(bad), missing_outcome(t) }'],
  ['scenario s { expect fails deadlock(vma.vl), lock_not_held(rcu), use_after_free(vma) }'],
  ['scenario s { expect safe  expect fails }',
    'type [expect fails] `expect safe` and `expect fails` cannot both be met'],
  ['scenario s { expect refines s }',
    'type [s] every scenario refines itself; name another one'],
  ['scenario s { expect refines r }  scenario r { }'],
  ['scenario s { expect not refines q }', 'name [q] there is no scenario `q`'],
]);

table('workloads', [
  ['workload l { with N = 2 cpus 4 u at 0s t(0) x 16 every 20us for 5s seed 3 }'],
  ['workload l { cpus 0 }', 'type [0] a workload needs at least one CPU, not 0'],
  ['workload l { u every 0ns }', 'type [0ns] `every` needs a duration above zero'],
  ['workload l { u at 5 }', 'type [5] expected a duration, found a number'],
]);

const LIBRARY: Files = {
  mm: 'lock mmap_lock: rwsem  scenario s { }',
  'mm.tlb': 'use mm  shared tlb: bool guarded by mmap_lock',
  './bad': 'lock l: mutx  shared x: bool = 1',
  './same': 'lock mmap_lock: mutex',
  './circle': 'use "./back"',
  './back': 'use "./main"',
  './own_circle': 'use "./own_circle"  lock own: mutex',
};

const USES: readonly (readonly [string, ...string[]])[] = [
  ['use mm  use mm.tlb  thread t { acquire read mmap_lock  tlb = true }  scenario s { t }'],
  ['use mmm', 'use [mmm] there is no module `mmm`; did you mean `mm`?'],
  ['use "./none"  thread t { acquire what }',
    'use ["./none"] there is no file `./none`; the path is relative to this file'],
  ['use ""  thread t { acquire what }', 'use [""] no file is named here'],
  ['use mm  lock mmap_lock: mutex', 'name [mmap_lock] `mmap_lock` is already declared by `use mm`; '
    + 'names are one flat space, choose another'],
  ['use mm  use "./same"', 'name ["./same"] `mmap_lock` is declared by both `mm` and `./same`; '
    + 'names are one flat space, use only one of them'],
  ['use "./bad"',
    'use ["./bad"] `./bad` has errors; what they touch is not checked here'],
];

for (const [text, ...expected] of USES) {
  test(`use: ${text}`, async () => {
    assert.deepEqual(await problems(text, LIBRARY), expected);
  });
}

test('a circle of uses is named', async () => {
  const text = 'use "./circle"';
  const model = await read(text, LIBRARY, './main');
  assert.deepEqual(told(text, model), ['use ["./circle"] `use` goes in a circle: this file takes '
    + 'in `./circle`, which takes in `./back`, which takes in `./main`, which is this file; move '
    + 'what both need into a third file']);
});

test('a circle of others is an error of the file that is used', async () => {
  const text = 'use "./own_circle"  thread t { acquire own release own }';
  assert.deepEqual(await problems(text, LIBRARY),
    ['use ["./own_circle"] `./own_circle` has errors; what they touch is not checked here']);
});

test('what an error touches is broken, and nothing else', async () => {
  const model = await read(`${BASE}
    proc p() { n = nothing }  thread x { p() }  thread y { n = 1 }
    scenario sx { x }  scenario sy { y }`);
  const broken = [...model.broken].flatMap((decl) => ('name' in decl ? [decl.name.text] : []));
  assert.deepEqual(broken.sort(), ['p', 'sx', 'x']);
});

test('a broken property or order touches every scenario that would check it', async () => {
  const model = await read(`${BASE} scenario su { u }  scenario st { t(0) } invariant b: t.dome`);
  const broken = [...model.broken].flatMap((decl) => ('name' in decl ? [decl.name.text] : []));
  assert.deepEqual(broken.sort(), ['b', 'st']);
});

test('what is lost in a damaged part is not called unknown', async () => {
  const found = await problems('lock 1 sem: rwsem thread t { acquire read sem }');
  assert.ok(found.every((problem) => problem.startsWith('syntax')), found.join('\n'));
});

test('of half an expression no type is told', async () => {
  for (const text of ['invariant i: n <', 'thread t { assert n == }', 'thread t { await n + }']) {
    assert.deepEqual(await problems(`shared n: 0..3 = 0  ${text}`), [], text);
  }
  const named = await problems('thread t { assert what < }');
  assert.deepEqual(named.map((problem) => problem.split(' ')[0]), ['name']);
});
