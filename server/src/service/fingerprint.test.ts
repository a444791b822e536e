// What changes the meaning of a scenario's program, and what does not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { check } from '../../../simulator/src/index.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { canonicalProgram, meaningOf } from './fingerprint.ts';
import { fingerprint } from './hash.ts';
import { inWordsOf } from './legend.ts';
import { createBench, FILE } from './testing.ts';

const BASE = `lock outer: mutex
lock inner: mutex
shared pte: 0..2 = 0   guarded by inner

thread one { acquire outer  acquire inner  pte = 1  release inner  release outer }
thread two(n: 0..1) -> fine | never bad {
  acquire inner
  if pte == n { outcome fine } else { outcome bad }
  acquire outer  release outer  release inner
}

scenario s {
  one
  two(1)
  expect fails deadlock, forbidden_outcome(bad)
}
scenario other { one }
`;

function lowered(text: string): Lowered {
  const { workspace } = createBench({ atOnce: false });
  workspace.open(FILE, 1, text);
  const found = workspace.program(FILE, 's');
  assert.ok(found !== null, 'the scenario cannot be lowered');
  return found;
}

function keyOf(text: string): string {
  return meaningOf(lowered(text).program).print;
}

function same(what: string, change: (text: string) => string): void {
  test(`the same: ${what}`, () => {
    assert.notEqual(change(BASE), BASE);
    assert.equal(keyOf(change(BASE)), keyOf(BASE));
  });
}

function different(what: string, change: (text: string) => string): void {
  test(`different: ${what}`, () => assert.notEqual(keyOf(change(BASE)), keyOf(BASE)));
}

same('a comment', (text) => `// one\n${text.replace('pte = 1', '/* here */ pte = 1')}`);
same('white space and new lines', (text) => text.replaceAll('  acquire', '\n\n   acquire'));
same('another name for a lock', (text) => text.replaceAll('inner', 'zzz'));
same('another name for shared state', (text) => text.replaceAll('pte', 'value'));
same('another name for a thread', (text) => text.replaceAll('two', 'another'));
same('another name for a parameter', (text) => text.replace('n: 0..1', 'm: 0..1')
  .replace('pte == n', 'pte == m'));
same('another name for an outcome', (text) => text.replaceAll('bad', 'worse'));
same('another name of another scenario', (text) =>
  text.replace('scenario other', 'scenario elsewhere'));
same('a doc comment', (text) => text.replace('lock outer', '/// Taken first.\nlock outer'));
same('an edit of another scenario', (text) => text.replace('other { one }', 'other { one one }'));
same('a declaration that it does not use', (text) => `${text}\nthread three { pte = 2 }\n`);
same('a wider range that nothing uses', (text) => text.replace('pte: 0..2', 'pte: 0..9'));
same('another expectation', (text) => text.replace('expect fails deadlock', 'expect fails guard'));

different('another step', (text) => text.replace('pte = 1', 'pte = 2'));
different('another order of locks', (text) =>
  text.replace('acquire outer  acquire inner', 'acquire inner  acquire outer'));
different('another argument', (text) => text.replace('two(1)', 'two(0)'));
different('one thread more', (text) => text.replace('two(1)', 'two(1) x 2'));
different('another kind of lock', (text) => text.replace('inner: mutex', 'inner: spinlock'));
different('another guard', (text) => text.replace('guarded by inner', 'guarded by outer'));
different('a range that is too small', (text) => text.replace('pte: 0..2', 'pte: 0..0'));
different('an outcome that may be', (text) => text.replace('never bad', 'bad'));

test('a verdict in canonical form, said in words, is the verdict', () => {
  const { program } = lowered(BASE);
  const { legend } = meaningOf(program);
  const limits = { maxStates: 10_000, maxMemory: 2 ** 28 };
  const verdict = check(program, limits);
  assert.ok(verdict.violations.length >= 2);
  assert.deepEqual(inWordsOf(legend, check(canonicalProgram(meaningOf(program)), limits)), verdict);
});

test('texts that differ in one place have different fingerprints', () => {
  const text = 'abcdefghij'.repeat(20);
  const all = new Set([...text].map((_, i) => fingerprint(`${text.slice(0, i)}X${text.slice(i)}`)));
  assert.equal(all.size, text.length);
});

function threadsOf(text: string): readonly string[] {
  const { program } = lowered(text);
  return canonicalProgram(meaningOf(program)).threads.map((thread) => JSON.stringify(thread));
}

test('a property more leaves all threads as they were', () => {
  assert.deepEqual(threadsOf(`${BASE}\ninvariant small: pte < 2\n`), threadsOf(BASE));
});

test('an access more in one thread leaves the others as they were', () => {
  const [one, two] = threadsOf(BASE);
  const [more, still] = threadsOf(BASE.replace('pte = 1', 'pte = pte + 1'));
  assert.notEqual(more, one);
  assert.equal(still, two);
});
