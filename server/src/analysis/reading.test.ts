// What reading a file reports: one mistake a case, where it is (in brackets) and what is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as simulator from '../../../simulator/src/index.ts';
import { MAX_CELL_VALUE, MAX_THREADS } from './limits.ts';
import { problems } from './testing.ts';

const BASE = `
param N: 1..4 = 2
type page = 0..N-1
enum state { none, mapped }
enum other { none, gone }
flags flag { DEAD, LOCKED }
lock sem: rwsem
lock ptl: spinlock
lock m: mutex
lock many[N]: spinlock
struct vma[2] { lock vl: rwsem  st: state  flags: flag  next: ref vma }
shared cur: ref vma = new vma {}
shared pte: state[N]
shared n: 0..7
shared on: bool
shared f: flag
`;

type Case = readonly [text: string, ...problems: readonly string[]];

function table(title: string, cases: readonly Case[], wrap = (text: string): string => text): void {
  for (const [text, ...expected] of cases) {
    test(`${title}: ${text}`, async () => {
      assert.deepEqual(await problems(BASE + wrap(text)), expected);
    });
  }
}

const inThread = (text: string): string => `thread t(p: page) -> ok | never bad {\n${text}\n}`;

test('the bounds of the simulator are known here', () => {
  assert.equal(MAX_CELL_VALUE, simulator.MAX_CELL_VALUE);
  assert.equal(MAX_THREADS, simulator.MAX_THREADS);
});

table('constants', [
  ['const A = 4K * 2  const B = A / 0', 'type [0] division by zero in a constant'],
  ['const A = B  const B = A + 1', 'type [A] `A` is defined by itself'],
  ['const A = n', 'type [n] `n` is shared state, and this must be constant: only literals, consts '
    + 'and params may stand here'],
  ['const A = 1 + true', 'type [true] `+` works on numbers, not on `bool`'],
  ['const T = 3us / 2us  const U = 2us + 1', 'type [2us + 1] `+` between a duration and a number'],
  ['const A = {DEAD}',
    'type [{DEAD}] a constant is a number, a size, a duration or a bool, not `flag`'],
  ['param P: 0..3 = 4', 'type [4] 4 is outside of 0..3'],
  ['param P: 3..0 = 1', 'type [3..0] the range 3..0 is empty'],
  ['param P: 1us..2us = 1us'],
]);

table('types', [
  ['type a = b  type b = a', 'type [a] `a` is defined by itself',
    'type [b] `b` is defined by itself'],
  ['type a = 0..N-3', 'type [0..N-3] the range 0..-1 is empty'],
  ['type a = 0..4G', 'type [0..4G] the range 0..4294967296 is too large; its values and their '
    + 'distance must fit 32 bits (2147483647 at most)'],
  ['shared x: pages', 'name [pages] there is no type `pages`; did you mean `page`?'],
  ['shared x: vma', 'type [vma] `vma` is a struct, not a type; write `ref vma`'],
  ['shared x: ref page', 'type [page] `page` is a type, not a struct'],
  ['struct s[2] { a: page[2] }', 'type [page[2]] only shared state can be an array'],
  ['shared x: page[0]', 'type [0] an array has at least one element, not 0'],
  ['struct s[0] { }', 'type [0] a struct has at least one element, not 0'],
  [`flags wide { ${Array.from({ length: 32 }, (_, i) => `F${i}`).join(', ')} }`,
    'type [F31] a flags type has at most 31 members'],
]);

test('chains of declarations are followed only so far', async () => {
  const chain = (line: (i: number) => string): string =>
    Array.from({ length: 3000 }, (_, i) => line(i)).join('\n');
  const texts = [
    `${chain((i) => `const c${i} = c${i + 1} + 1`)} const c3000 = 1  shared x: 0..c0`,
    `${chain((i) => `type c${i} = c${i + 1}`)} type c3000 = bool  shared x: c0`,
    `${chain((i) => `proc c${i}() { c${i + 1}() }`)} proc c3000() { }  thread t { c0() }`,
  ];
  const said = [/defined through too many other constants/, /defined through too many other types/,
    /calls procs 3001 deep; 100 is possible/];
  for (const [i, text] of texts.entries()) {
    assert.match((await problems(text))[0] ?? '', said[i] ?? /never/);
  }
});

table('declared twice', [
  ['lock n: mutex', 'name [n] `n` is already declared; choose another name'],
  ['enum e { a, b, a }', 'name [a] `a` is already declared; choose another name'],
  ['struct s[1] { a: bool  a: bool }', 'name [a] `a` is already declared; choose another name'],
  ['thread t(a: bool, a: bool) { }', 'name [a] `a` is already declared; choose another name'],
  ['thread t -> a | a { outcome a }', 'name [a] `a` is already declared; choose another name'],
  ['scenario n { }'],
]);

table('initial values', [
  ['shared x: 0..3 = 4', 'type [4] 4 is outside of 0..3'],
  ['shared x: 0..N = 3', 'type [3] 3 is outside of 0..2'],
  ['shared x: bool[N] = [true]', 'type [[true]] the list has 1 values, the array 2'],
  ['shared x: bool = [true]', 'type [[true]] expected `bool`, found a list'],
  ['shared x: 0..7 = y  shared y: 0..7', 'name [y] `y` is declared further down; an initial value '
    + 'may name only shared state declared above it'],
  ['shared x: state = cur.st  shared y: 0..7 = n'],
  ['shared x: ref vma[2] = new vma {}',
    'type [new vma {}] `vma[2]` has no object left for this'],
  ['shared x: ref vma = new vma { vl = 1 }',
    'type [vl] `vma.vl` is a lock; it has no initial value'],
  ['shared x: ref vma = new vma { stat = none }',
    'name [stat] `vma` has no field `stat`; it has `st`, `flags`, `next`'],
  ['shared x: state = DEAD', 'name [DEAD] `state` has no member `DEAD` (`DEAD` is a member of '
    + '`flag`); it has `none`, `mapped`'],
]);

table('guards and orders', [
  ['shared x: bool guarded by lock1', 'name [lock1] there is no lock `lock1`'],
  ['shared x: bool guarded by n', 'type [n] `n` is shared state, not a lock'],
  ['shared x: bool guarded by many',
    'type [many] `many` is an array of locks; say which: `many[0]`'],
  ['shared x: bool[3] guarded by many', 'type [many] `many` has 2 locks and what it guards has 3 '
    + 'elements; only arrays of one length go together'],
  ['shared x: bool[N] guarded by many'],
  ['struct s[1] { lock l: rwsem  a: bool read under l || rcu write under write l && write sem }'],
  ['shared x: bool guarded by rcu', 'name [rcu] there is no lock `rcu`; readers enter by '
    + '`rcu_read_lock`, a guard asks for them by `read under rcu`'],
  ['shared x: bool read under vl', 'name [vl] there is no lock `vl`'],
  ['order sem -> vma.vl -> many  order many -> sem',
    'type [sem] `many` outside of `sem` is against the order declared before'],
  ['order sem -> m -> sem', 'type [sem] `sem` stands in this order already'],
  ['order sem -> many[0]',
    'type [many[0]] an order is between lock classes; name the array as a whole'],
  ['order sem -> vma.vx', 'name [vx] `vma` has no lock `vx`; did you mean `vl`?'],
]);

table('locks', [
  ['acquire sem release sem', 'type [acquire sem] `sem` is an rwsem; say which mode: '
    + '`acquire read sem` or `acquire write sem`'],
  ['acquire read m', 'type [acquire read m] `m` is a mutex, which has no modes; write `acquire m`'],
  ['acquire m release write m',
    'type [release write m] `m` is a mutex, which has no modes; write `release m`'],
  ['acquire m downgrade m',
    'type [downgrade m] `m` is a mutex; only an rwsem can be downgraded'],
  ['acquire many', 'type [many] `many` is an array of locks; say which: `many[i]`'],
  ['acquire m[0]', 'type [m[0]] `m` is a single lock; it has no `[...]`'],
  ['acquire write cur.vl', ],
  ['acquire write vma.vl', 'type [vma] `vma` is a struct; name an object of it, as a variable of '
    + 'type `ref vma`'],
  ['acquire ptx', 'name [ptx] there is no lock `ptx`; did you mean `ptl`?'],
  ['if holds read m { }', 'type [holds read m] `m` is a mutex, which has no `read` mode'],
  ['if held m { }', 'type [held m] `held` may stand only in properties, `await` and `assert`; '
    + '`holds` asks about the thread itself'],
  ['if try acquire sem { }', 'type [if try acquire sem] `sem` is an rwsem; say which mode: '
    + '`acquire read sem` or `acquire write sem`'],
], inThread);

table('names in bodies', [
  ['m = 1', 'type [m] `m` is a lock, not a value; ask `held m`'],
  ['nn = 1',
    'name [nn] there is no variable, constant or enum member `nn`; did you mean `on`?'],
  ['cur.flag = {}', 'name [flag] `vma` has no field `flag`; did you mean `flags`?'],
  ['pte[0] = nome', 'name [nome] `state` has no member `nome`; did you mean `none`?'],
  // A variable is meant only where it could stand.
  ['pte[0] = cure', 'name [cure] `state` has no member `cure`; it has `none`, `mapped`'],
  ['let s = none',
    'name [none] `none` is a member of 2 types; write `state.none` or `other.none`'],
  ['let s = mapped  pte[0] = s'],
  ['let none = mapped  pte[0] = none  pte[1] = state.none'],
  ['let s = 1  let s = 2', 'name [s] `s` is already declared; choose another name'],
  ['assert held', 'name [held] `held` asks about a lock: `held L`'],
  ['if on { let s = 1 }  n = s',
    'name [s] there is no variable, constant or enum member `s`'],
  ['step "peek" { let s = n }  n = s'],
  ['let vma = new vma {}  let more = new vma {}  free vma  free more'],
  ['outcome okay', 'name [okay] `t` has no outcome `okay`; it has `ok`, `bad`'],
  ['goto away', 'name [away] `t` has no label `away`'],
  ['a: n = 1  a: n = 2', 'name [a] `a` is already declared; choose another name'],
  ['call_it(1)', 'name [call_it] there is no proc `call_it`'],
  ['down_read(n)',
    'name [down_read] there is no proc `down_read`; here it is written `acquire read`'],
], inThread);

table('types in bodies', [
  ['if n { }', 'type [n] expected `bool`, found a number; compare it, as in `n != 0`'],
  ['if cur { }', 'type [cur] expected `bool`, found `ref vma`; compare it, as in `v != null`'],
  ['n = on', 'type [on] expected a number, found `bool`'],
  ['n = pte', 'type [pte] expected a number, found an array; say which element: `[i]`'],
  ['pte = none', 'type [pte] this is an array; say which element: `[i]`'],
  ['n[0] = 1', 'type [n] this is a number, not an array; it has no `[...]`'],
  ['n.x = 1', 'type [n] this is a number; only a `ref` has fields'],
  ['if pte[0] == on { }', 'type [pte[0] == on] `bool` and `state` cannot be compared'],
  ['if on < on { }',
    'type [on] `<` works on numbers, not on `bool`'],
  ['if n has DEAD { }', 'type [n] `has` asks a flags value, not a number'],
  ['if !f has DEAD { }', 'type [!f] `!` binds first; write `!(f has FLAG)`'],
  ['if !n == 1 { }', 'type [n] expected `bool`, found a number; compare it, as in `n != 0`'],
  ['f += LOCKED  f -= {DEAD}  f = {}  f = {DEAD, LOCKED}  if f has DEAD { }'],
  ['f = f + DEAD', 'type [f] `+` works on numbers, not on `flag`; change flags with `f += FLAG` '
    + 'and `f -= FLAG`'],
  ['on += true', 'type [on] `+=` works on numbers and flags, not on `bool`'],
  ['cur = null  if cur == null { }'],
  ['let v = null', 'type [null] say what `v` refers to: `let v: ref STRUCT = null`'],
  ['let d = 5ns',
    'type [5ns] a duration may stand only in constants, after `takes` and in workloads'],
  ['free n', 'type [n] `free` takes an object, not a number'],
  ['let v = 1  WRITE_ONCE(v, 2)', 'type [v] `WRITE_ONCE` works on shared state; `v` is a local, '
    + 'which no other thread sees'],
  ['n = READ_ONCE(p)', 'type [p] `READ_ONCE` works on shared state; `p` is a parameter, which no '
    + 'other thread sees'],
  ['N = 3', 'type [N] `N` is a param and cannot be assigned'],
  ['for i in page { i = 0 }', 'type [i] `i` runs over its range and cannot be assigned'],
  ['for i in state { }', 'type [state] `state` is an enum, not a range type; write `a..b`'],
  ['n = 1 takes 5', 'type [5] expected a duration, found a number'],
  ['n = 1 takes 5us..1us', 'type [5us..1us] the first duration is longer than the second'],
  ['let s = any state  p = 1'],
], inThread);

table('jumps and atomic steps', [
  ['break', 'type [break] `break` stands in no loop'],
  ['loop { step "a" { break } }',
    'type [break] `break` would jump out of an atomic step; leave the loop after the step'],
  ['step "a" { loop { break } }'],
  ['step "a" { return }', 'type [return] `return` would jump out of an atomic step; set a local '
    + 'and return after the step'],
  ['step "a" { goto b }  b: n = 1', 'type [goto b] `goto` would jump out of an atomic step'],
  ['goto b  step "a" { b: n = 1 }',
    'type [goto b] `b` lies inside an atomic step; no jump goes into it'],
  ['goto b  for i in page { b: n = 1 }',
    'type [goto b] `b` lies inside a `for`, whose variable would have no value'],
  ['step "a" { acquire m }', 'type [acquire m] `acquire` can block, and nothing inside an atomic '
    + 'step may; take the lock before the step, or use `if try acquire`'],
  ['step "a" { if try acquire m { release m } }'],
  ['step "a" { await on }', 'type [await on] `await` can block, and nothing inside an atomic step '
    + 'may; do it before the step'],
  ['step "a" { synchronize_rcu }', 'type [synchronize_rcu] `synchronize_rcu` can block, and '
    + 'nothing inside an atomic step may; do it before the step'],
  ['return 1', 'type [return 1] a thread returns no value; say how it ended with `outcome NAME`'],
], inThread);

table('locals without a type', [
  ['let c = 0  c = c + 1', 'type [c] the values of `c` have no end; give it a type, as in '
    + '`let c: 0..7 = ...`'],
  ['let c = 0  c += 1', 'type [c] the values of `c` have no end; give it a type, as in '
    + '`let c: 0..7 = ...`'],
  ['let a = 0  let b = a  a = b  b = a + 1',
    'type [a] the values of `a` have no end; give it a type, as in `let a: 0..7 = ...`',
    'type [b] the values of `b` have no end; give it a type, as in `let b: 0..7 = ...`'],
  ['let c = 0  c = (c + 1) % 4'],
  ['let c: 0..7 = 0  c = c + 1'],
  ['let c = 8G', 'type [c] the values of `c` have no end; give it a type, as in '
    + '`let c: 0..7 = ...`'],
], inThread);

table('procs', [
  ['proc a() { b() }  proc b() { c() }  proc c() { a() }',
    'type [b] a proc is inlined and cannot recurse: `a` calls `b` calls `c` calls `a`'],
  ['proc a(x: page) -> page { if x == 0 { return 1 } }',
    'type [a] not every path of `a` ends in `return e`'],
  ['proc a(x: page) -> page { if x == 0 { return 1 } else { loop { } } }'],
  ['proc a() -> page { return }',
    'type [return] `a` returns a value on every path; write `return e`'],
  ['proc a() { return 1 }',
    'type [return 1] `a` returns nothing; declare what: `proc a(...) -> T`'],
  ['proc a() { }  thread t { let v = a() }',
    'type [a] `a` returns nothing; declare what: `proc a(...) -> T`'],
  ['proc a(x: page, y: bool) { }  thread t { a(1) }', 'type [a] `a` takes 2 arguments; 1 given'],
  ['proc a(x: page) { }  thread t { a(1, 2) }', 'type [2] `a` takes one argument; 2 given'],
  ['proc a() { b() }  proc b() { acquire m }  thread t { step "s" { a() } }',
    'type [a] `a` can block, and nothing inside an atomic step may; call it outside'],
  ['proc a() { outcome done }  thread t -> done { a() }'],
  ['proc a() { outcome done }  thread t -> dome { a() }',
    'name [done] `t` has no outcome `done`; did you mean `dome`?'],
  [Array.from({ length: 16 }, (_, i) => `proc p${i}() { p${i + 1}() p${i + 1}() }`).join('\n')
    + ' proc p16() { n = 1 } thread t { p0() }',
  'type [t] with its procs inlined, `t` has 196607 statements; 20000 are possible'],
]);
