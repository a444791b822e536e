// A mistake is told once: what follows from it, of the same words or for a scenario, is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problems, read } from './testing.ts';

const BASE = `
enum state { on, off }
type page = 0..3
lock m: mutex
shared n: 0..3 = 0
shared b: bool = false
shared e: state = on
thread t -> ok { here: n = 1  outcome ok }
scenario s { t }
`;

test('a declaration with damage behind it on its line is broken, and what names it', async () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['invariant i: n = 1', ['i', 's']],
    ['invariant i: b b', ['i', 's']],
    ['lock k: mutex = 0\nthread u { acquire k release k }', ['k', 'u']],
    ['const c = 1 2\nthread u { n = c }', ['c', 'u']],
    ['lock k: mutex\nfoo', []],
    ['thread u { } foo', []],
  ];
  for (const [text, expected] of cases) {
    const { broken } = await read(BASE + text);
    const names = [...broken].flatMap((decl) => ('name' in decl ? [decl.name.text] : []));
    assert.deepEqual(names.sort(), expected, text);
  }
});

test('what damage makes of the words around it is not told', async () => {
  const damaged = [
    'invariant i: n | 1', 'invariant i: b & n', 'invariant i: t. => b', 'invariant i: t at && b',
    'thread u { n = n | 1 }', 'thread u { if n & 1 { } }',
    'scenario x { t reachable r: t  here && exists q in t: q at here }',
    'scenario x { t expect fails invariant b(n), guard(n), lost }',
    'scenario x { t expect fail }', 'scenario x { t expect refines s, s }',
  ];
  for (const text of damaged) {
    const found = await problems(BASE + text);
    const others = found.filter((problem) => !/has no label|not a value/.test(problem));
    assert.deepEqual(others, [], text);
  }
});

test('what stands before the damage of a scenario is told', async () => {
  assert.deepEqual(await problems(`${BASE}scenario x { nope t expect fail }`),
    ['name [nope] there is no thread `nope`']);
});

test('of one mistake in an expression one is told', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['invariant i: exists x in nope: x.done', 'name [nope] there is no range type `nope`'],
    ['invariant i: exists x in state: e == x',
      'type [state] `state` is an enum, not a range type; write `a..b`'],
    ['invariant i: e in on..off', 'type [e] `in a..b` works on numbers, not on `state`'],
    ['thread u { n = t.done }', 'type [t.done] what another thread does can be asked only in '
      + 'properties, `await` and `assert`'],
    ['thread u { for x in page { e = x } }', 'type [x] expected `state`, found a number'],
  ];
  for (const [text, expected] of cases) {
    assert.deepEqual(await problems(BASE + text), [expected], text);
  }
});

test('of what a `with` breaks the cause is told, not what names it', async () => {
  const text = `
param A: 0..8 = 2
param B: A..8 = 4
type r = A..B
shared v: r = A
thread t { v = B }
scenario s { with A = 5 t }`;
  assert.deepEqual(await problems(text),
    ['type [with A = 5] with this, `B` is 4, outside of 5..8']);
  const both = `
param A: 1..3 = 1
struct a[1] { b: ref b = null  n: 0..1 = A }
struct b[1] { a: ref a = null  n: 0..2 = A }
thread t { let x = new a { } let y = new b { } }
scenario s { with A = 3 t }`;
  assert.equal((await problems(both)).length, 2);
});

test('what a damaged declaration would have declared is not told where it is used', async () => {
  const uses = `shared g: state[2] = on  guarded by l
struct obj[2] { n: 0..1 }
thread u { acquire l[0] step "look" release l[0] let w = f() if w == on { } free o }
scenario r { with K = 2 t u }
shared o: ref obj = new obj { n = 1 }
proc f() -> state { let x = e return x }
param K: 1..3 = 2
lock l[K]: mutex
`;
  const damages: readonly (readonly [string, string])[] = [
    ['lock l[K]', 'lock [K]'], ['lock l[K]', 'lok l[K]'], ['let x =', 'let ='],
    ['let x =', 'leq x ='], ['param K:', 'parm K:'], ['1..3 = 2', '1..3 2'],
    ['struct obj[2] {', 'struct obj[] {'], ['-> state {', 'state {'], ['-> state {', '-> {'],
    ['return x', 'retur x'], ['{ n: 0..1', '{ n 0..1'], ['{ n: 0..1', '{ : 0..1'],
    ['shared o: ref', 'shard o: ref'], ['shared o: ref', 'shared : ref'],
    ['if w == on', 'if == on'], ['if w == on', 'if w on'], ['state[2]', 'state[]'],
    ['let w = f()', 'let = f()'], ['proc f()', 'proc ()'], ['1..3 = 2', '1.. = 2'],
  ];
  assert.deepEqual(await problems(BASE + uses), []);
  for (const [right, wrong] of damages) {
    assert.ok(uses.includes(right), right);
    assert.deepEqual(await problems(BASE + uses.replace(right, wrong)), [], wrong);
  }
});

test('names that the damage has nothing to do with are told', async () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['thread u { acquire k acquire\n release k }',
      ['name [k] there is no lock `k`']],
    ['thread u { let = 3\n n = 1 }\nthread v { n = lost }',
      ['name [lost] there is no variable, constant or enum member `lost`']],
    ['enum one { x, }\nenum two { y ) }\nthread u { let a = one.z }',
      ['name [z] `one` has no member `z`; it has `x`']],
    ['thread u { n = 1 +\n step "s"  b = 2 }',
      ['type [2] expected `bool`, found a number; compare it, as in `n != 0`']],
  ];
  for (const [text, expected] of cases) {
    assert.deepEqual(await problems(BASE + text), expected, text);
  }
});

test('a kind of lock where a type stands', async () => {
  const text = `shared k: mutex
struct obj[1] { k2: rwsem  v: bool guarded by k2 }
shared o: ref obj = null
thread u { acquire k release k acquire read o.k2 release o.k2 }
`;
  assert.deepEqual(await problems(text), [
    'name [mutex] there is no type `mutex`; a lock is declared as `lock L: mutex`',
    'name [rwsem] there is no type `rwsem`; a lock is declared as `lock L: rwsem`',
  ]);
});
