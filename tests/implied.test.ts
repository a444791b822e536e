// What is said to follow from where a thread rests is so in every state of random runs: of random
// programs, and of the examples. IMPLIED_SEED and IMPLIED_COUNT choose the programs.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFile } from '../server/src/service/check-file.ts';
import type { Layout } from '../simulator/src/layout.ts';
import type { Program } from '../simulator/src/program.ts';
import { lockProgram } from '../simulator/src/reduction/lock-programs.ts';
import { takeChosen } from '../simulator/src/replay.ts';
import { createEngine, enter } from '../simulator/src/step.ts';
import { randomFrom } from './oracle/random.ts';
import { randomProgram } from './oracle/random-program.ts';
import { ROOT, textsOf, theParser } from './support/checking.ts';

const FIRST = Number(process.env['IMPLIED_SEED'] ?? 1);
const COUNT = Number(process.env['IMPLIED_COUNT'] ?? 120);
const RUNS = 4;
const MOVES = 80;

/** Slots that have another value than where their thread rests says. */
function wrongIn(layout: Layout, frame: Int32Array): string[] {
  return layout.implied.flatMap(({ thread, slot, values }) => {
    const rest = frame[layout.threads[thread]?.pc ?? -1] ?? -1;
    return frame[slot] === values[rest] ? [] : [`thread ${thread} at ${rest}: slot ${slot}`];
  });
}

/** How many slots are implied; fails where one is wrong. */
function walked(program: Program, seed: number): number {
  const random = randomFrom(seed);
  let implied = 0;
  for (let run = 0; run < RUNS; run++) {
    const engine = createEngine(program);
    const { layout, frame } = engine.machine;
    implied = layout.implied.length;
    if (!enter(engine)) break; // a thread cannot even get to its first step: there is no state
    for (let move = 0; move < MOVES; move++) {
      assert.deepEqual(wrongIn(layout, frame), [], `seed ${seed}, run ${run}, move ${move}`);
      const before = frame.slice();
      const outcome = takeChosen(engine, random.below(program.threads.length), random.below(2));
      if (outcome === null || outcome === 'cut') frame.set(before);
    }
  }
  return implied;
}

const SORTS = [
  ['random programs', randomProgram], ['programs of locks', lockProgram],
] as const;

for (const [name, make] of SORTS) {
  test(`${name} hold what their places say`, (context) => {
    let implied = 0;
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) implied += walked(make(seed), seed);
    context.diagnostic(`${implied} slots`);
    assert.ok(implied > COUNT / 2, 'much is implied');
  });
}

test('examples hold what their places say', async () => {
  const parser = await theParser();
  let implied = 0;
  for (const path of readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.mmlock')) continue;
    const file = join(ROOT, 'examples', path);
    const text = readFileSync(file, 'utf8');
    const { jobs } = openFile({ parser, texts: textsOf(null), file, text, scenario: null });
    for (const { lowered } of jobs) implied += walked(lowered.program, 1);
  }
  assert.ok(implied > 0);
});
