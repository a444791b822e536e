// Text → AST for every construct of the language. `show` in testing/load.test.ts says how an AST is
// written here: kinds and members, names and numbers as they are, nothing for null and false.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SyntaxParser } from './parse.ts';
import { loadParser, readSample, show } from './testing/load.test.ts';

let parser: SyntaxParser;
before(async () => {
  parser = await loadParser();
});

/** The last declaration of a text without problems. */
function declOf(text: string) {
  const { file, problems } = parser.parse(text);
  assert.deepEqual(problems, [], text);
  return file.decls[file.decls.length - 1];
}

const DECLARATIONS: readonly (readonly [string, string])[] = [
  ['use mm',
    '(use module="mm")'],
  ['use mm.tlb',
    '(use module="mm.tlb")'],
  ['use "./a \\"b\\" \\\\.mmlock"',
    '(use path="./a \\"b\\" \\\\.mmlock")'],
  ['const N = 0x1F',
    '(const name=N value=31)'],
  ['const S = 80G',
    '(const name=S value=(int value=85899345920 size=true))'],
  ['const D = 0.5us',
    '(const name=D value=(duration ns=500))'],
  ['param P: 1..4 = 2',
    '(param name=P lo=1 hi=4 value=2)'],
  ['type t = 0..N-1',
    '(type name=t type=(range lo=0 hi=(binary op="-" left=N right=1)))'],
  ['type u = bool',
    '(type name=u type=(bool))'],
  ['type v = ref vma',
    '(type name=v type=(ref struct=vma))'],
  ['type w = page[2]',
    '(type name=w type=(array element=(named name=page) length=2))'],
  ['enum e { a, b }',
    '(enum name=e members=[a b])'],
  ['flags f { A, B }',
    '(flags name=f members=[A B])'],
  ['struct s[2] { lock l[3]: mutex  a: bool = true guarded by l }',
    '(struct name=s members=[(lock name=l count=3 lockKind="mutex") (field name=a type=(bool) '
      + 'init=(bool value=true) guard=(by lock=l))] count=2)'],
  ['struct s[1] typesafe { }',
    '(struct name=s typesafe=true members=[] count=1)'],
  ['lock l: rwsem',
    '(lock name=l lockKind="rwsem")'],
  ['lock l[4]: rwlock',
    '(lock name=l count=4 lockKind="rwlock")'],
  ['shared x: bool',
    '(shared name=x type=(bool))'],
  ['shared atomic x: page[2] = [a, b]',
    '(shared atomic=true name=x type=(array element=(named name=page) length=2) init=(list '
      + 'items=[a b]))'],
  ['shared x: ref s = new s { a = b, c = {} }',
    '(shared name=x type=(ref struct=s) init=(new struct=s inits=[(field=a value=b) (field=c '
      + 'value=(set items=[]))]))'],
  ['shared x: bool read under read a || rcu write under write b && (c || d)',
    '(shared name=x type=(bool) guard=(sides read=(or left=(lock mode="read" lock=a) '
      + 'right=(rcu)) write=(and left=(lock mode="write" lock=b) right=(or left=(lock lock=c) '
      + 'right=(lock lock=d)))))'],
  ['order a -> v.l -> c',
    '(order classes=[a (field base=v field=l) c])'],
  ['proc p(a: page, b: bool) -> bool { return a }',
    '(proc name=p params=[(name=a type=(named name=page)) (name=b type=(bool))] result=(bool) '
      + 'body=(stmts=[(return value=a)]))'],
  ['thread t { }',
    '(thread name=t params=[] outcomes=[] body=(stmts=[]))'],
  ['background thread t(a: page) -> a | never b { }',
    '(thread background=true name=t params=[(name=a type=(named name=page))] '
      + 'outcomes=[(name=a) (name=b never=true)] body=(stmts=[]))'],
  ['invariant i: x',
    '(property name=i property="invariant" expr=x)'],
  ['final f: x',
    '(property name=f property="final" expr=x)'],
  ['eventually e: x',
    '(property name=e property="eventually" expr=x)'],
  ['reachable r: x',
    '(property name=r property="reachable" expr=x)'],
  ['scenario s "title" { with N = 1 t a: t(0, b) x 2 final f: x expect safe }',
    '(scenario name=s title="title" items=[(with name=N value=1) (run thread=t args=[]) (run '
      + 'alias=a thread=t args=[0 b] count=2) (property name=f property="final" expr=x) (expect '
      + 'expect="safe")])'],
  ['scenario s { expect fails expect fails a, b(c.d), e(f, g) expect refines r '
    + 'expect not refines q }',
    '(scenario name=s items=[(expect expect="fails" items=[]) (expect expect="fails" '
      + 'items=[(name=a subjects=[]) (name=b subjects=[c.d]) '
      + '(name=e subjects=[f g])]) (expect expect="refines" '
      + 'other=r) (expect expect="refines" negated=true other=q)])'],
  ['workload w "t" { with N = 1 cpus 2 seed 3 for 5s t at 1s t(1) x 2 every 3us }',
    '(workload name=w title="t" items=[(with name=N value=1) (setting value=2 setting="cpus") '
      + '(setting value=3 setting="seed") (setting value=(duration ns=5000000000) setting="for") '
      + '(arrive run=(run thread=t args=[]) at=(duration ns=1000000000)) (arrive run=(run '
      + 'thread=t args=[1] count=2) every=(duration ns=3000))])'],
  ['/// one\n///two\nlock l: mutex',
    '(lock doc="one\\ntwo" name=l lockKind="mutex")'],
  ['// no doc\nlock l: mutex',
    '(lock name=l lockKind="mutex")'],
  ['/// far\n\nlock l: mutex',
    '(lock name=l lockKind="mutex")'],
  ['lock a: mutex /// not above\nlock b: mutex',
    '(lock name=b lockKind="mutex")'],
];

test('declarations', () => {
  for (const [text, ast] of DECLARATIONS) assert.equal(show(declOf(text)), ast, text);
});

const STATEMENTS: readonly (readonly [string, string])[] = [
  ['acquire m',
    '(acquire lock=m)'],
  ['acquire read a.b nested',
    '(acquire mode="read" lock=(field base=a field=b) nested=true)'],
  ['release m',
    '(release lock=m)'],
  ['release write m[1]',
    '(release mode="write" lock=(index base=m index=1))'],
  ['downgrade m',
    '(downgrade lock=m)'],
  ['if try acquire read m nested { x = 1 } else { }',
    '(try mode="read" lock=m nested=true then=(stmts=[(assign op="=" target=x value=1)]) '
      + 'otherwise=(block block=(stmts=[])))'],
  ['if try acquire m { } else if try acquire n { } else if x { }',
    '(try lock=m then=(stmts=[]) otherwise=(try lock=n then=(stmts=[]) otherwise=(if cond=x '
      + 'then=(stmts=[]))))'],
  ['x = 1',
    '(assign op="=" target=x value=1)'],
  ['a[i].b += {A}',
    '(assign op="+=" target=(field base=(index base=a index=i) field=b) value=(set '
      + 'items=[A]))'],
  ['x -= 1',
    '(assign op="-=" target=x value=1)'],
  ['WRITE_ONCE(x, 1)',
    '(write_once target=x value=1)'],
  ['let a = 1',
    '(let name=a value=1)'],
  ['let a: page = f(1)',
    '(let name=a type=(named name=page) value=(call proc=f args=[1]))'],
  ['let a = any 0..3',
    '(let name=a value=(any domain=(range lo=0 hi=3)))'],
  ['let a = any page',
    '(let name=a value=(any domain=(named name=page)))'],
  ['let a = new v { b = 1 c = 2 }',
    '(let name=a value=(new struct=v inits=[(field=b value=1) (field=c value=2)]))'],
  ['let a = cmpxchg(x, 1, 2)',
    '(let name=a value=(cmpxchg target=x old=1 value=2))'],
  ['if !cmpxchg(x, 1, 2) { }',
    '(if cond=(unary op="!" operand=(cmpxchg target=x old=1 value=2)) then=(stmts=[]))'],
  ['choose { a = 1 } or { } or { b = 2 }',
    '(choose branches=[(stmts=[(assign op="=" target=a value=1)]) (stmts=[]) (stmts=[(assign '
      + 'op="=" target=b value=2)])])'],
  ['step "t"',
    '(step text="t")'],
  ['step l "t \\"q\\" \\\\ \\n" { x = 1 }',
    '(step label=l text="t \\"q\\" \\\\ \\\\n" body=(stmts=[(assign op="=" target=x value=1)]))'],
  ['if a { } else if b { } else { c = 1 }',
    '(if cond=a then=(stmts=[]) otherwise=(if cond=b then=(stmts=[]) otherwise=(block '
      + 'block=(stmts=[(assign op="=" target=c value=1)]))))'],
  ['while a { break }',
    '(while cond=a body=(stmts=[(jump jump="break")]))'],
  ['loop { continue }',
    '(loop body=(stmts=[(jump jump="continue")]))'],
  ['for i in 0..3 { }',
    '(for name=i domain=(range lo=0 hi=3) body=(stmts=[]))'],
  ['for i in page { }',
    '(for name=i domain=(named name=page) body=(stmts=[]))'],
  ['z: goto z',
    '(labelled label=z stmt=(goto label=z))'],
  ['a: b: x = 1',
    '(labelled label=a stmt=(labelled label=b stmt=(assign op="=" target=x value=1)))'],
  ['p()',
    '(call proc=p args=[])'],
  ['p(1, a)',
    '(call proc=p args=[1 a])'],
  ['x = p()',
    '(assign op="=" target=x value=(call proc=p args=[]))'],
  ['await a',
    '(await cond=a)'],
  ['assert a',
    '(assert cond=a)'],
  ['assert a, "t"',
    '(assert cond=a text="t")'],
  ['outcome a',
    '(outcome name=a)'],
  ['return',
    '(return)'],
  ['return a',
    '(return value=a)'],
  ['free v',
    '(free value=v)'],
  ['free_rcu v',
    '(free deferred=true value=v)'],
  ['rcu_read_lock',
    '(rcu op="lock")'],
  ['rcu_read_unlock',
    '(rcu op="unlock")'],
  ['synchronize_rcu',
    '(rcu op="synchronize")'],
  ['x = 1 takes 5us',
    '(assign takes=(fixed value=(duration ns=5000)) op="=" target=x value=1)'],
  ['step "t" { } takes 1..2',
    '(step takes=(uniform lo=1 hi=2) text="t" body=(stmts=[]))'],
  ['acquire m takes exp(80G / 4K * 120ns)',
    '(acquire takes=(exp mean=(binary op="*" left=(binary op="/" left=(int value=85899345920 '
      + 'size=true) right=(int value=4096 size=true)) right=(duration ns=120))) lock=m)'],
  ['return takes 1ns',
    '(return takes=(fixed value=(duration ns=1)))'],
];

test('statements', () => {
  for (const [text, ast] of STATEMENTS) {
    const decl = declOf(`thread t { ${text} }`);
    assert.ok(decl?.kind === 'thread');
    assert.equal(decl.body.stmts.map(show).join(' '), ast, text);
  }
});

const EXPRESSIONS: readonly (readonly [string, string])[] = [
  ['a || b && c == d < e + f * -g',
    '(binary op="||" left=a right=(binary op="&&" left=b right=(binary op="==" left=c '
      + 'right=(binary op="<" left=d right=(binary op="+" left=e right=(binary op="*" left=f '
      + 'right=(unary op="-" operand=g)))))))'],
  ['a - b - c / d % e',
    '(binary op="-" left=(binary op="-" left=a right=b) right=(binary op="%" left=(binary '
      + 'op="/" left=c right=d) right=e))'],
  ['a => b => c',
    '(binary op="=>" left=a right=(binary op="=>" left=b right=c))'],
  ['!a == b',
    '(binary op="==" left=(unary op="!" operand=a) right=b)'],
  ['a != b >= c',
    '(binary op="!=" left=a right=(binary op=">=" left=b right=c))'],
  ['a <= b > c',
    '(binary op=">" left=(binary op="<=" left=a right=b) right=c)'],
  ['f has A',
    '(has base=f flag=A)'],
  ['x in {a, b}',
    '(in_set value=x items=[a b])'],
  ['x in 0..N - 1 && y',
    '(binary op="&&" left=(in_range value=x lo=0 hi=(binary op="-" left=N right=1)) right=y)'],
  ['{} == {a}',
    '(binary op="==" left=(set items=[]) right=(set items=[a]))'],
  ['forall i in 0..3: a[i] && b',
    '(quantifier quantifier="forall" name=i domain=(range lo=0 hi=3) body=(binary op="&&" '
      + 'left=(index base=a index=i) right=b))'],
  ['a || exists i in page: b => c',
    '(binary op="||" left=a right=(quantifier quantifier="exists" name=i domain=(named '
      + 'name=page) body=(binary op="=>" left=b right=c)))'],
  ['count(i in page: a) + 1',
    '(binary op="+" left=(quantifier quantifier="count" name=i domain=(named name=page) '
      + 'body=a) right=1)'],
  ['held m',
    '(held who="anyone" lock=m)'],
  ['held read v.l || holds write m',
    '(binary op="||" left=(held who="anyone" mode="read" lock=(field base=v field=l)) '
      + 'right=(held who="self" mode="write" lock=m))'],
  ['t.done && t.outcome == a',
    '(binary op="&&" left=(field base=t field=done) right=(binary op="==" left=(field base=t '
      + 'field=outcome) right=a))'],
  ['t at l && u',
    '(binary op="&&" left=(at thread=t label=l) right=u)'],
  ['null == true',
    '(binary op="==" left=(null) right=(bool value=true))'],
  ['READ_ONCE(v.a) + 1',
    '(binary op="+" left=(read_once target=(field base=v field=a)) right=1)'],
  ['(a + b) * (c)',
    '(binary op="*" left=(binary op="+" left=a right=b) right=c)'],
  ['v.a.b[c[d]].e',
    '(field base=(index base=(field base=(field base=v field=a) field=b) index=(index base=c '
      + 'index=d)) field=e)'],
  ['e.member',
    '(field base=e field=member)'],
  ['4K + 0x10 + 12',
    '(binary op="+" left=(binary op="+" left=(int value=4096 size=true) right=16) right=12)'],
  ['1.5ms',
    '(duration ns=1500000)'],
  ['0s',
    '(duration ns=0)'],
];

test('expressions', () => {
  for (const [text, ast] of EXPRESSIONS) {
    const decl = declOf(`invariant i: ${text}`);
    assert.ok(decl?.kind === 'property');
    assert.equal(show(decl.expr), ast, text);
  }
});

test('the samples have no problems and no holes', () => {
  for (const name of ['every-construct', 'words-as-names']) {
    const { file, problems } = parser.parse(readSample(name));
    assert.deepEqual(problems, [], name);
    assert.doesNotMatch(show(file), /\(hole/, name);
  }
});

test('ranges are exact', () => {
  const text = '/// doc\nthread t {\n  if x == 1 /* c */ { a = b  takes 3us // end\n  }\n}'
    + '  // behind\n';
  const decl = declOf(text);
  assert.ok(decl?.kind === 'thread');
  const at = (range: { start: number; end: number }): string => text.slice(range.start, range.end);
  assert.equal(at(decl.range).slice(0, 8), 'thread t');
  assert.equal(at(decl.range).slice(-2), '\n}');
  const [branch] = decl.body.stmts;
  assert.ok(branch?.kind === 'if');
  assert.equal(at(branch.head), 'if x == 1');
  assert.equal(at(branch.cond.range), 'x == 1');
  const [assign] = branch.then.stmts;
  assert.ok(assign?.kind === 'assign' && assign.takes !== null);
  assert.equal(at(assign.range), 'a = b  takes 3us');
  assert.equal(at(assign.takes.range), '3us');
});

test('what lacks is a hole or an empty name at its place', () => {
  const { file } = parser.parse('lock : mutex\nshared x\nthread t { acquire }\nconst c =');
  const [lock, shared, thread] = file.decls;
  assert.ok(lock?.kind === 'lock' && shared?.kind === 'shared' && thread?.kind === 'thread');
  assert.deepEqual(lock.name, { kind: 'name', text: '', range: { start: 4, end: 4 } });
  assert.equal(shared.type.kind, 'hole');
  assert.equal(show(thread.body.stmts), '[(acquire lock=(hole))]');
});

test('a thread the parser gave up on keeps its name and its statements', () => {
  const { file } = parser.parse('lock m: mutex\nthread a(p: page) { acquire m x = ((((1');
  const thread = file.decls.find((decl) => decl.kind === 'thread');
  assert.ok(thread?.kind === 'thread');
  assert.equal(thread.name.text, 'a');
  assert.match(show(thread.body), /acquire lock=m/);
  assert.match(show(thread.body), /hole/);
});
