// Programs that differ in one place, one after the other in generated code: what the second takes
// over from the first is what it would have made itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../index.ts';
import { layOut } from '../layout.ts';
import type { Expr, Program } from '../program.ts';
import {
  acquire, constant, load, locks, nop, programOf, release, shared, store, type Step,
} from '../testing.ts';
import { partsOf, type Part } from './parts.ts';

const LIMITS = { maxStates: 10_000, maxMemory: 2 ** 28 };

function sameAsInterpreted(...programs: readonly Program[]): void {
  for (const program of programs) {
    const generated = check(program, LIMITS, { engine: 'generated', reduction: false });
    assert.deepEqual(generated, check(program, LIMITS, { engine: 'interpreted' }));
  }
}

const isNot = (value: number): Expr =>
  ({ kind: 'binary', op: '!=', left: load(0), right: constant(value) });
const held = (mode: 'read' | 'write'): Step[] => [acquire(0, mode), nop, release(0)];

test('an edit of one thread, or of a property, leaves the parts of the others', () => {
  const body = (...values: readonly number[]): Step[] =>
    [acquire(0), ...values.map((value) => store(0, value)), release(0)];
  const partsWith = (first: readonly Step[], value: number): readonly unknown[] => {
    const final = { kind: 'final', name: 'end', site: 900, expr: constant(value) } as const;
    const program = programOf({ a: first, b: body(1), c: body(2, 1) },
      { ...shared('x'), ...locks({ l: 'rwsem' }), properties: [final] });
    const parts = partsOf(program, layOut(program));
    assert.ok(parts !== null);
    return [parts.judge, ...parts.turns];
  };
  const before = partsWith(body(1, 2), 0);
  const same = (after: readonly unknown[]): boolean[] => after.map((part, i) => part === before[i]);
  assert.deepEqual(same(partsWith(body(1, 2), 0)), [true, true, true, true]);
  assert.deepEqual(same(partsWith(body(1, 3), 0)), [true, false, true, true]);
  assert.deepEqual(same(partsWith(body(1, 2), 1)), [false, true, true, true]);
});

/** A thread of stores alone, beside another. */
const storing = (...values: readonly number[]): Program =>
  programOf({ a: [nop], b: values.map((value) => store(0, value)) }, shared('x'));
function lastPart(program: Program): Part {
  const parts = partsOf(program, layOut(program));
  assert.ok(parts !== null);
  return parts.turns.at(-1)!;
}

test('of a thread that is much as it was, only what is other is made anew', () => {
  const [one, other] = [storing(1, 2, 1, 2, 1, 2), storing(1, 2, 1, 3, 1, 2)];
  const before = lastPart(one);
  const after = lastPart(other);
  assert.equal(after.base, before);
  assert.ok(after.bytes.length < before.bytes.length, 'it is shorter');
  assert.equal(lastPart(one), before);
  sameAsInterpreted(one, other, storing(1, 2, 1, 3, 1, 3), one, storing(3, 2, 1, 2, 1, 2));
});

test('a base can be another one for the same steps', () => {
  const edited = storing(1, 2, 1, 3, 1, 2);
  lastPart(storing(1, 2, 1, 2, 1, 2));
  lastPart(edited);
  lastPart(storing(3, 3, 3, 3, 3, 3));
  const base = lastPart(storing(1, 2, 1, 1, 1, 2));
  assert.equal(base.base, null);
  assert.equal(lastPart(edited).base, base);
});

test('a step is another one where other locks are held', () => {
  const rest = [...held('read'), ...held('write'), nop, nop];
  const program = (mode: 'read' | 'write'): Program => programOf(
    { a: [acquire(0, mode), nop, release(0), ...rest], b: held('read') }, locks({ l: 'rwsem' }));
  sameAsInterpreted(program('read'), program('write'), program('read'));
});

test('a step is another one where what it comes to is', () => {
  const rest = [0, 2].flatMap((lock) => [acquire(lock), release(lock), nop]);
  const program = (lock: number): Program => programOf(
    { a: [acquire(1), nop, acquire(lock), release(lock), release(1), ...rest] },
    { ...locks({ a: 'mutex', b: 'mutex', c: 'mutex' }), orders: [{ outer: 0, inner: 1 }] });
  sameAsInterpreted(program(2), program(0), program(2));
});

test('what a thread does in a queue depends on how others wait', () => {
  const program = (...modes: readonly ('read' | 'write')[]): Program =>
    programOf({ a: held('read'), b: held('write'), c: modes.flatMap(held) },
      locks({ l: 'rwsem' }));
  sameAsInterpreted(program('read', 'write'), program('write', 'read'));
});

test('an invariant is asked as it is now', () => {
  const program = (value: number): Program => programOf({ a: [store(0, 1), store(0, 2)] }, {
    ...shared('x'),
    properties: [{ kind: 'invariant', name: 'never', site: 900, expr: isNot(value) }],
  });
  sameAsInterpreted(program(3), program(2), program(1));
});

test('what one search has told and seen is not known to the next', () => {
  const program = (first: Step): Program => programOf(
    { a: [first, nop], b: [nop, store(0, 1), { op: 'assert', cond: isNot(1), text: null }] },
    shared('x'));
  sameAsInterpreted(program(nop), program(nop), program({ op: 'await', cond: load(0) }));
});

test('what may race is worked out anew when either thread has changed', () => {
  const program = (...of: readonly [Step, Step]): Program =>
    programOf({ a: [of[0]], b: [of[1]] }, shared('x'));
  const [quiet, one, two] = [nop, store(0, 1), store(0, 2)];
  sameAsInterpreted(program(one, quiet), program(one, two), program(quiet, two),
    program(two, one), program(one, two), program(quiet, quiet));
});

test('numbers that may not be exact leave a program to the interpreter, and no other', () => {
  const power = (n: number): Expr => (n === 1 ? load(0)
    : { kind: 'binary', op: '*', left: load(0), right: power(n - 1) });
  const made = (n: number): boolean => {
    const cond: Expr = { kind: 'binary', op: '>=', left: power(n), right: constant(0) };
    const program = programOf({ a: [{ op: 'assert', cond, text: null }] }, shared('x'));
    return partsOf(program, layOut(program)) !== null;
  };
  assert.deepEqual([2, 200, 2, 200, 3].map(made), [true, false, true, false, true]);
});
