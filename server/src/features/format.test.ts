// The formatter: white space before and after; what it leaves alone.
import assert from 'node:assert/strict';
import test from 'node:test';
import { formatted } from '../service/formatting.ts';
import { parser } from '../service/testing.ts';

const inOrder = (text: string): string => formatted(parser, text).text;

const checks = (title: string, before: string, after: string): void => {
  test(title, () => {
    assert.equal(inOrder(before), after);
    assert.equal(inOrder(after), after, 'a second time');
  });
};
/** One line of a thread. */
const checksLine = (before: string, after: string): void =>
  checks(`${before} → ${after}`, `thread t {\n${before}\n}\n`, `thread t {\n  ${after}\n}\n`);

checksLine('acquire   read  L', 'acquire read L');
checksLine('acquire m release m', 'acquire m  release m');
checksLine('acquire m    release m', 'acquire m    release m');
checksLine('x=1 ;y+=2', 'x = 1; y += 2');
checksLine('pte[ i ]=none takes 120ns', 'pte[i] = none takes 120ns');
checksLine('step "zap"takes 80G/4K*120ns', 'step "zap"  takes 80G / 4K * 120ns');
checksLine('for i in 0 .. N - 1{x=i}', 'for i in 0..N-1 { x = i }');
checksLine('v . flags={ A , B }', 'v.flags = {A, B}');
checksLine('v.flags={ }', 'v.flags = {}');
checksLine('while!done{}', 'while !done { }');
checksLine('let x=- 1', 'let x = -1');
checksLine('let x = a - -b', 'let x = a - -b');
checksLine('let x: 0..9 = f ( a ,b )', 'let x: 0..9 = f(a, b)');
checksLine('if( a&&b )||c{return}else{break}', 'if (a && b) || c { return } else { break }');
checksLine('if try acquire read L{}', 'if try acquire read L { }');
checksLine('choose{x=1}or{x=2}', 'choose { x = 1 } or { x = 2 }');
checksLine('let v=new vma{state=a,flags={ }}', 'let v = new vma { state = a, flags = {} }');
checksLine('let v = new vma{ }', 'let v = new vma {}');
checksLine('await forall i in page:pte[i]==none', 'await forall i in page: pte[i] == none');
checksLine('assert count ( i in page:p[i] )==2 ,"two"',
  'assert count(i in page: p[i]) == 2, "two"');
checksLine('zap :x=1// why', 'zap: x = 1  // why');
checksLine('x = 1 // one space is kept', 'x = 1 // one space is kept');
checksLine('WRITE_ONCE ( x,1 )', 'WRITE_ONCE(x, 1)');

checks('declarations',
  'lock  L [ 2 ]:rwsem\nshared x:T[2]=[a ,b]guarded by L\norder A->B\nuse mm . tlb\n',
  'lock L[2]: rwsem\nshared x: T[2] = [a, b]  guarded by L\norder A -> B\nuse mm.tlb\n');
checks('a struct with a guard of two sides', `struct vma[2]typesafe{
lock l:rwsem
f:fl={A}
read under read l||rcu
write under write l
}
`, `struct vma[2] typesafe {
  lock l: rwsem
  f: fl = {A}
    read under read l || rcu
    write under write l
}
`);
checks('a scenario', `scenario s"title"{
with N=3
g:grow( 0 )x 2
expect fails data_race( x ),deadlock
}
`, `scenario s "title" {
  with N = 3
  g: grow(0) x 2
  expect fails data_race(x), deadlock
}
`);
checks('braces of what has several lines', `thread t
{
if a
{ x = 1
y = 2 }
else
{ z = 3 }
}
`, `thread t {
  if a {
    x = 1
    y = 2
  } else { z = 3 }
}
`);
checks('lines that go on', `final f: a =>
b &&
(c
|| d)
thread t(a: bool,
b: bool) -> x
| y {
x = a &&
b
}
`, `final f: a =>
  b &&
  (c
    || d)
thread t(a: bool,
  b: bool) -> x
  | y {
  x = a &&
    b
}
`);
checks('a label above its statement', 'thread t {\nout:\nrelease m\n}\n',
  'thread t {\n  out:\n  release m\n}\n');
checks('semicolons', 'lock a:mutex ;\n  ;lock b:mutex;\nthread t {\nacquire a ;release a\n;\n};\n',
  'lock a: mutex;\n; lock b: mutex;\nthread t {\n  acquire a; release a\n  ;\n};\n');
checks('empty lines',
  '\n\nlock a: mutex\n\n\n\nthread t {\n\n  acquire a\n\n\n  release a\n\n}\n\n\n',
  'lock a: mutex\n\nthread t {\n  acquire a\n\n  release a\n}\n');
checks('comments', `/// doc   
thread t { // behind the brace
// above
x = 1
  // above the bracket
}
`, `/// doc
thread t { // behind the brace
  // above
  x = 1
  // above the bracket
}
`);
checks('comments at the edge among indented lines stay', `thread t {
//^ note
   x = 1
//^ note
}
`, `thread t {
//^ note
  x = 1
//^ note
}
`);
checks('a comment between a brace and else', `thread t {
if a { x = 1 }
// or
else { x = 2 }
}
`, `thread t {
  if a { x = 1 }
  // or
  else { x = 2 }
}
`);
checks('line ends stay as they are', 'lock a:mutex\r\nlock b:mutex\r\n',
  'lock a: mutex\r\nlock b: mutex\r\n');
checks('no line end at the end', 'lock a: mutex', 'lock a: mutex\n');
checks('nothing', '', '');
checks('what cannot be read stays', 'lock  a:mutex\nthread t  { x = = 1 }\nlock  b:mutex\n',
  'lock a: mutex\nthread t  { x = = 1 }\nlock b: mutex\n');
checks('a brace that lacks', 'lock  a:mutex\nthread t  {\nacquire  a\n',
  'lock a: mutex\nthread t  {\nacquire  a\n');
