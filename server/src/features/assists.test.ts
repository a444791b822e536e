// What is offered at the cursor, and the text that comes of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cursor, settledSnapshot } from '../service/testing.ts';
import { assists } from './assists.ts';

/** Titles, each with the text after it. */
async function offered(marked: string): Promise<ReadonlyMap<string, string>> {
  const { text, offset } = cursor(marked);
  const found = assists(await settledSnapshot(text), { start: offset, end: offset });
  return new Map(found.map(({ title, edits }) => [title, edits.reduceRight(
    (before, edit) => before.slice(0, edit.start) + edit.text + before.slice(edit.end), text)]));
}

const checks = (what: string, marked: string, title: string, after: string): void => {
  test(what, async () => {
    const found = await offered(marked);
    assert.equal(found.get(title), after, [...found.keys()].join('\n'));
  });
};
const checksNone = (what: string, marked: string): void => {
  test(what, async () => assert.deepEqual([...(await offered(marked)).keys()], []));
};

const RACE = 'shared x: 0..1\nthread t { x = 1 }\n';
checks('a verdict, where nothing is expected', `${RACE}scenario s {\n  t x 2<|>\n}\n`,
  'Accept what was found: expect fails data_race(x)',
  `${RACE}scenario s {\n  t x 2\n  expect fails data_race(x)\n}\n`);
checks('on one line', `${RACE}scenario <|>s { t x 2 }\n`,
  'Accept what was found: expect fails data_race(x)',
  `${RACE}scenario s { t x 2  expect fails data_race(x) }\n`);
checks('where something else is', `${RACE}scenario s { t x 2  <|>expect safe }\n`,
  'Accept what was found: expect fails data_race(x)',
  `${RACE}scenario s { t x 2  expect fails data_race(x) }\n`);
checks('where more is expected, on several lines',
  `${RACE}scenario s {\n  t\n  <|>expect fails data_race(x)\n  expect fails deadlock\n}\n`,
  'Accept what was found: expect safe', `${RACE}scenario s {\n  t\n  expect safe\n}\n`);
checks('a property and an assertion',
  'thread t { assert 1 == 2, "all \\"good\\"" }\nscenario s { t  final f: 1 == 2 <|> }\n',
  'Accept what was found: expect fails assert("all \\"good\\"")',
  'thread t { assert 1 == 2, "all \\"good\\"" }\nscenario s { t  final f: 1 == 2'
    + '  expect fails assert("all \\"good\\"")  }\n');
checksNone('a verdict that is met', `${RACE}scenario <|>s { t }\n`);

checks('an outcome more', 'thread t -> a | never b { outcome c<|> }\n',
  'Add c to the outcomes of t', 'thread t -> a | never b | c { outcome c }\n');
checks('the first outcome', 'thread t(p: 0..1) {\n  outcome <|>c\n}\n',
  'Add c to the outcomes of t', 'thread t(p: 0..1) -> c {\n  outcome c\n}\n');
checksNone('an outcome that is there', 'thread t -> a { outcome a<|> }\n');

checks('a lock behind the last', 'lock a: mutex\nthread t { acquire <|>b }\n',
  'Declare lock b: mutex', 'lock a: mutex\nlock b: mutex\nthread t { acquire b }\n');
checks('the first lock, with a mode', '// x\n/// Doc.\n/// More.\nthread t { acquire read <|>b }\n',
  'Declare lock b: rwsem',
  '// x\nlock b: rwsem\n\n/// Doc.\n/// More.\nthread t { acquire read b }\n');
checksNone('a lock that is there', 'lock a: mutex\nthread t { acquire <|>a }\n');

checks('more threads', `${RACE}scenario s "one" { t<|> }\nscenario s_2 { t }\n`,
  'Add scenario s_3, with two of t',
  `${RACE}scenario s "one" { t }\n\nscenario s_3 "one" { t x 2 }\nscenario s_2 { t }\n`);
checksNone('more of a thread that is several already', `${RACE}scenario s {
  t<|> x 2
  expect fails
}
`);

const USES = 'enum st { there, gone }\nshared a: 0..3\n';
checks('a flag that nothing declares', 'thread t { <|>done = true }\n',
  'Declare shared done: bool', 'shared done: bool\n\nthread t { done = true }\n');
checks('behind the other variables, as large as its values',
  `${USES}thread t { n = 2  if <|>n == 5 { step } }\n`, 'Declare shared n: 0..5',
  `${USES}shared n: 0..5\nthread t { n = 2  if n == 5 { step } }\n`);
checks('by a member', `${USES}thread t { WRITE_ONCE(<|>vma, gone) }\n`, 'Declare shared vma: st',
  `${USES}shared vma: st\nthread t { WRITE_ONCE(vma, gone) }\n`);
checks('by what it is compared with elsewhere',
  `${USES}thread t { await <|>b }\nthread u { if !b { a = c } }\n`, 'Declare shared b: bool',
  `${USES}shared b: bool\nthread t { await b }\nthread u { if !b { a = c } }\n`);
checksNone('a member of an enum is no variable', `${USES}thread t { a = <|>gone }\n`);
checksNone('a local is declared', 'thread t { let v = 1  await <|>v == 1 }\n');
