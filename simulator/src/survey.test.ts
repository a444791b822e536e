// Surveys and witnesses: what they say of small programs, in all engines alike, and that what was
// cut short claims nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_LIMITS } from './index.ts';
import type { Program } from './program.ts';
import { createSurvey, type Survey } from './survey.ts';
import { acquire, load, locks, nop, programOf, release, shared, store } from './testing.ts';
import type { Limits } from './verdict.ts';
import { createWitness, type Wanted, type Witness } from './witness.ts';

/** One writes 1 and 2 under the lock, the other looks at it twice, once without. */
const PROGRAM = programOf({
  writer: [acquire(0), store(0, 1), store(0, 2), release(0)],
  reader: [{ op: 'assert', cond: load(1), text: null, silent: true, to: 1 }, acquire(0), nop,
    release(0), nop],
}, {
  ...shared('x', 'one'), ...locks({ l: 'mutex' }),
});
const READER: Program = {
  ...PROGRAM, cells: PROGRAM.cells.map((cell, i) => (i === 1 ? { ...cell, init: 1 } : cell)),
};

function surveyed(program: Program, limits: Limits = DEFAULT_LIMITS): Survey {
  const search = createSurvey(program, limits);
  while (!search.advance(3));
  return search.survey();
}

function witnessed(wanted: Wanted, limits: Limits = DEFAULT_LIMITS): Witness {
  const search = createWitness(READER, wanted, limits);
  while (!search.advance(3));
  return search.witness();
}

function restAt(survey: Survey, t: number, pc: number) {
  const rest = survey.rests[t]?.find((each) => each.pc === pc);
  assert.ok(rest !== undefined, `thread ${t} rests at ${pc}`);
  return rest;
}

test('values, neighbours and ways in, exactly', () => {
  const survey = surveyed(READER);
  assert.equal(survey.bound, null);
  const inside = restAt(survey, 1, 2);
  assert.deepEqual(inside.always, [{ lock: 0, mode: 'write' }]);
  assert.deepEqual(inside.values?.[0]?.each, [0, 2]); // never 1: the lock is held
  assert.deepEqual(inside.beside, [{ thread: 0, pcs: [0, -1] }]);
  assert.deepEqual(inside.from, [1]);
  const between = restAt(survey, 0, 2);
  assert.deepEqual(between.values?.map(({ each }) => each), [[1], [1]]);
  assert.deepEqual(between.beside, [{ thread: 1, pcs: [1, 4, -1] }]);
  assert.deepEqual(restAt(survey, 1, 1).from, [-1]);
});

test('a shortest witness with the fewest switches, or that there is none', () => {
  const at = (thread: number, pc: number) => ({ kind: 'at', thread, pcs: [pc] }) as const;
  const value = { kind: 'value', cell: 0, value: 2 } as const;
  const { trace, bound } = witnessed([at(1, 2), value]);
  assert.equal(bound, null);
  assert.deepEqual(trace?.steps.map(({ thread }) => thread), [0, 0, 0, 0, 1]);
  assert.equal(trace?.steps.at(-1)?.after.cells[0], 2);
  assert.deepEqual(witnessed([at(1, 2), { ...value, value: 1 }]).trace, null);
  assert.deepEqual(witnessed([at(1, 2), { ...value, value: 1 }]).bound, null);
  assert.deepEqual(witnessed([at(1, 1)]).trace?.steps, []);
  const held = { kind: 'held', thread: 0, lock: 0, mode: 'write' } as const;
  assert.equal(witnessed([at(1, 1), held]).trace?.steps.length, 1);
  assert.equal(witnessed([at(1, 2), held]).trace, null);
  assert.equal(witnessed([at(1, -1), at(0, -1)]).trace?.steps.length, 8);
});

test('what is cut short says so', () => {
  const limits = { ...DEFAULT_LIMITS, maxStates: 5 };
  assert.equal(surveyed(READER, limits).bound?.kind, 'states');
  const done = (thread: number) => ({ kind: 'at', thread, pcs: [-1] }) as const;
  const far = witnessed([done(0), done(1)], limits);
  assert.deepEqual([far.trace, far.bound?.kind], [null, 'states']);
  assert.equal(createSurvey(READER, DEFAULT_LIMITS).survey().bound?.kind, 'stopped');
});
