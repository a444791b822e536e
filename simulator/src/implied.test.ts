// What of a state follows from where its threads rest, on hand-made programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from './layout.ts';
import { acquire, lockRef, locks, nop, programOf, release, type Step } from './testing.ts';

/** By thread: what its writer slot of lock L is at each place and at its end; null: not implied. */
function impliedOf(
  threads: Record<string, readonly Step[]>,
): readonly (readonly number[] | null)[] {
  const layout = layOut(programOf(threads, locks({ L: 'mutex' })));
  return Object.keys(threads).map((_, t) => {
    const slot = layout.locks[0]?.writer[t];
    return layout.implied.find((each) => each.slot === slot)?.values ?? null;
  });
}

const tries: Step = { op: 'try', lock: lockRef(0), mode: 'write', nested: false, result: 0 };
const ifTaken = (otherwise: number): Step =>
  ({ op: 'branch', cond: { kind: 'reg', reg: 0 }, otherwise, silent: true });

test('what is held between an acquire and its release follows from the place', () => {
  assert.deepEqual(impliedOf({ a: [acquire(0), nop, release(0), nop] }), [[0, 1, 1, 0, 0]]);
});

test('the answer of a try says what is held behind it', () => {
  assert.deepEqual(impliedOf({ a: [tries, ifTaken(3), release(0), nop] }), [[0, 1, 0, 0]]);
});

test('a lock that may be held or not tells states apart, also of a thread that is done', () => {
  const b = [acquire(0), release(0)];
  assert.deepEqual(impliedOf({ a: [tries, nop, nop], b }), [null, [0, 1, 0]]);
  assert.deepEqual(impliedOf({ a: [tries], b }), [null, [0, 1, 0]]);
});
