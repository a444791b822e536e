// The table of what is expected: every form against what may be found, complete and cut off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Code } from '../text/problem.ts';
import type { ExpectItem, FailItem } from '../syntax/ast.ts';
import { judgeExpects, matches } from './expect.ts';
import type { Seen, State } from './expect.ts';

const range = { start: 0, end: 0 };
const name = (text: string) => ({ kind: 'name' as const, text, range });
const SAFE: ExpectItem = { kind: 'expect', expect: 'safe', range };

function item(text: string): FailItem {
  const [, code = '', subject] = /^([a-z_]+)(?:\((.*)\))?$/.exec(text) ?? [];
  return { name: name(code), subjects: subject?.split(', ').map(name) ?? [], range };
}
const fails = (...items: readonly string[]): ExpectItem =>
  ({ kind: 'expect', expect: 'fails', items: items.map(item), range });
const refines = (negated: boolean): ExpectItem =>
  ({ kind: 'expect', expect: 'refines', negated, other: name('other'), range });

const seen = (code: Code, subject: string | null = null): Seen => ({ code, subject });
const RACE = seen('data_race', 'pte');
const LOW = seen('invariant', 'low');
const LOCK = seen('deadlock', 'a, b');

interface Case {
  readonly expects: readonly ExpectItem[];
  readonly seen?: readonly Seen[];
  readonly cut?: boolean;
  readonly refined?: State;
}

function answer({ expects, seen: violations = [], cut = false, refined = 'met' }: Case) {
  return judgeExpects({
    expects, seen: violations, complete: !cut,
    refines: () => ({ state: refined, why: 't = zero is no outcome of it' }),
  });
}

function is(state: State, title: string, given: Case): void {
  test(`${state}: ${title}`, () => assert.equal(answer(given).state, state));
}

is('met', 'nothing written, nothing found', { expects: [] });
is('unmet', 'nothing written, something found', { expects: [], seen: [RACE] });
is('unknown', 'nothing written, nothing found in a part', { expects: [], cut: true });
is('unmet', 'nothing written, something found in a part', { expects: [], seen: [RACE], cut: true });
is('met', 'safe', { expects: [SAFE] });
is('unmet', 'safe, something found', { expects: [SAFE], seen: [LOW] });

is('met', 'fails', { expects: [fails()], seen: [RACE, LOW] });
is('unmet', 'fails, nothing found', { expects: [fails()] });
is('unknown', 'fails, nothing found in a part', { expects: [fails()], cut: true });
is('met', 'fails, found in a part', { expects: [fails()], seen: [RACE], cut: true });

is('met', 'a property by name', { expects: [fails('low')], seen: [LOW] });
is('met', 'a code', { expects: [fails('data_race')], seen: [RACE] });
is('met', 'a code with its subject', { expects: [fails('data_race(pte)')], seen: [RACE] });
is('unmet', 'another subject', { expects: [fails('data_race(vma)')], seen: [RACE] });
is('met', 'any lock of a deadlock', { expects: [fails('deadlock(b)')], seen: [LOCK] });
is('met', 'all locks of a deadlock', { expects: [fails('deadlock(b, a)')], seen: [LOCK] });
is('unmet', 'a lock too many', { expects: [fails('deadlock(a, c)')], seen: [LOCK] });
is('unmet', 'no lock of the deadlock', { expects: [fails('deadlock(c)')], seen: [LOCK] });
is('met', 'all of several', { expects: [fails('low', 'data_race')], seen: [RACE, LOW] });
is('met', 'all of several, on two lines',
  { expects: [fails('low'), fails('data_race')], seen: [RACE, LOW] });
is('unmet', 'one is missing', { expects: [fails('low', 'data_race')], seen: [LOW] });
is('unmet', 'one too many', { expects: [fails('low')], seen: [LOW, RACE] });
is('unknown', 'one is missing in a part',
  { expects: [fails('low', 'data_race')], seen: [LOW], cut: true });
is('unmet', 'one too many in a part', { expects: [fails('low')], seen: [RACE], cut: true });
is('unknown', 'there may be more in the rest',
  { expects: [fails('low')], seen: [LOW], cut: true });

is('met', 'refines', { expects: [refines(false)] });
is('unmet', 'does not refine', { expects: [refines(false)], refined: 'unmet' });
is('unknown', 'may refine', { expects: [refines(false)], refined: 'unknown' });
is('unmet', 'refines but is not safe', { expects: [refines(false)], seen: [RACE] });
is('met', 'not refines', { expects: [refines(true)], refined: 'unmet' });
is('unmet', 'not refines, and it does', { expects: [refines(true)] });
is('unmet', 'not refines, and not safe',
  { expects: [refines(true)], refined: 'unmet', seen: [LOW] });
is('met', 'not refines and fails as said',
  { expects: [refines(true), fails('low')], refined: 'unmet', seen: [LOW] });
is('unmet', 'safe and fails', { expects: [SAFE, fails()], seen: [LOW] });

test('a property is not named by a subject in brackets of another code', () => {
  assert.ok(matches(item('invariant(low)'), LOW));
  assert.ok(!matches(item('final(low)'), LOW));
  assert.ok(!matches(item('pte'), RACE));
});
test('what an expect asks for is expected, the rest is not', () => {
  assert.deepEqual(answer({ expects: [fails('low')], seen: [RACE, LOW] }).expected, [false, true]);
  assert.deepEqual(answer({ expects: [fails()], seen: [RACE, LOW] }).expected, [true, true]);
});
test('an unmet line says what was expected and what came', () => {
  const said = (given: Case) => answer(given).unmet.map((line) => line.message);
  assert.deepEqual(said({ expects: [], seen: [RACE, LOW] }),
    ['expected to be safe, but found data_race(pte), low']);
  assert.deepEqual(said({ expects: [fails('low')], seen: [LOCK] }),
    ['low is expected but not found; deadlock(a, b) is found but not expected']);
  assert.deepEqual(said({ expects: [refines(false)], refined: 'unmet' }),
    ['expected to refine other, but t = zero is no outcome of it']);
});
