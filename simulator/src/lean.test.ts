// Lean searches that outgrow their first table and queue, in each way of keeping states, against
// one that keeps everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './index.ts';
import { constant, COUNTED, counters, nop, programOf } from './testing.ts';

const LIMITS = { maxStates: 10_000_000, maxMemory: 2 ** 28 };
test('a lean search finds every state, however its table and queue grow', () => {
  for (const padding of [0, 1, 2]) {
    const program = counters(padding);
    const plain = check(program, LIMITS, { engine: 'generated', reduction: false });
    const lean = check(program, LIMITS, { codeAt: 0, leanAt: 0, tableBits: 10, reduction: false });
    assert.deepEqual(lean, plain);
    assert.equal(lean.states, COUNTED);
  }
});

test('a reduced search takes one way where the threads have nothing to do with each other', () => {
  const steps = Array.from({ length: 20 }, () => nop);
  const program = programOf({ a: steps, b: steps, c: steps });
  const reduced = check(program, LIMITS, { reduceAt: 1 });
  assert.deepEqual([reduced.result, reduced.reduction], ['safe', 'por']);
  assert.ok(reduced.states < 10, `${reduced.states} states`);
});

test('a lean search keeps to its memory', () => {
  const most = 2 ** 23;
  for (const padding of [0, 1, 2]) {
    const within = { maxStates: 10_000_000, maxMemory: most };
    const { bound, result, states } = check(counters(padding), within, {
      codeAt: 0, leanAt: 0, tableBits: 10, reduction: false,
    });
    if (bound === null) assert.equal(states, COUNTED);
    else assert.deepEqual([result, bound], ['unknown', { kind: 'memory', limit: most }]);
  }
});

test('one state has more successors than a run of the code finds', () => {
  const values = 30_000;
  for (const padding of [0, 2]) {
    const made = counters(padding);
    const program = {
      ...programOf({
        a: [
          {
            op: 'any', lo: constant(0), hi: constant(values),
            target: { kind: 'local', cell: 0, name: 'n' },
          },
          nop,
        ],
        b: [nop, nop],
      }),
      cells: made.cells.map((cell, i) => (i === 0 ? { ...cell, hi: values } : cell)),
    };
    const plain = check(program, LIMITS, { engine: 'interpreted' });
    for (const tableBits of [10, 18]) {
      const lean = check(program, LIMITS, { codeAt: 0, leanAt: 0, tableBits, reduction: false });
      assert.deepEqual(lean, plain);
    }
  }
});
