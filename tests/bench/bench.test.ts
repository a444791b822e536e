// The protocol of the bench is one protocol: its smallest configurations count what they are said
// to count in mmlock and, where they are installed, in SPIN and in Rumur. Nothing is timed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT, theParser } from '../support/checking.ts';
import { inFolder, median, programOf, table } from './bench.ts';
import { finish, startSearch, UNREDUCED } from './engine.ts';
import { mmlockText, murphiText, PLAIN, SIZES, tlcConfig, type Size } from './models.ts';
import { buildPan, buildRumur, findTools, type Built, type Job } from './peers.ts';
import { run } from './stopwatch.ts';

const MODELS = { root: ROOT };
const RACY = { racy: true, serial: 1000 };
const tools = findTools();
const compiler = tools.tcc ? 'tcc' : 'gcc';
const SMALL: readonly Size[] = [SIZES.tiny, SIZES.small];

async function counted(size: Size, queued: boolean, racy = false): Promise<string> {
  const text = mmlockText(MODELS, size, racy ? RACY : PLAIN, queued);
  const program = programOf(await theParser(), text);
  const { result, states, transitions } = finish(startSearch(program, UNREDUCED));
  return `${result} ${states} ${transitions}`;
}

for (const size of [...SMALL, SIZES.medium, SIZES.smallCoarse]) {
  test(`mmlock counts the states of ${size.name}`, async () => {
    assert.equal(await counted(size, false), `safe ${size.states} ${size.transitions}`);
  });
}

test('the racy variant is violated, with and without a queue', async () => {
  assert.match(await counted(SIZES.small, false, true), /^violated/);
  assert.match(await counted(SIZES.tiny, true, true), /^violated/);
});

test('the queue has states of its own', async () => {
  assert.equal(await counted(SIZES.tiny, true), 'safe 2650 6243');
});

function peer(name: string, skip: string | false, build: (job: Job) => Built): void {
  for (const size of SMALL) {
    test(`${name} counts the states of ${size.name}`, { skip }, () => {
      inFolder((folder) => {
        const job = { models: MODELS, size, variant: PLAIN, folder };
        const built = build(job);
        const counts = built.read(run(built.command, built.folder));
        const initial = name === 'SPIN' ? 1 : 0;
        assert.deepEqual(counts, {
          states: size.states, transitions: size.transitions + initial, violated: false,
        });
      });
    });
  }
}

const noSpin = tools.spin && (tools.tcc || tools.gcc) ? false : 'SPIN is not installed';
peer('SPIN', noSpin, (job) => buildPan(job, { reduced: false, compiler: [compiler] }));
test('SPIN counts the states of coarse steps', { skip: noSpin }, () => {
  inFolder((folder) => {
    const size = SIZES.smallCoarse;
    const job = { models: MODELS, size, variant: PLAIN, folder };
    const built = buildPan(job, { reduced: false, compiler: [compiler] });
    const { states, transitions, violated } = built.read(run(built.command, built.folder));
    assert.deepEqual([states, violated], [size.states, false]);
    assert.ok(transitions < size.transitions, 'who waits takes no step');
  });
});

const noRumur = tools.rumur && tools.gcc ? false : 'Rumur is not installed';
peer('Rumur', noRumur, (job) => buildRumur(job, { symmetric: false, level: '-O0' }));

test('SPIN finds the racy variant violated', { skip: noSpin }, () => {
  inFolder((folder) => {
    const job = { models: MODELS, size: SIZES.tiny, variant: RACY, folder };
    const built = buildPan(job, { reduced: true, compiler: [compiler] });
    assert.equal(built.read(run(built.command, built.folder)).violated, true);
  });
});

test('the numbers of a configuration are written into the models', () => {
  const text = murphiText(MODELS, SIZES.large, RACY, true);
  for (const line of ['PAGES: 3;', 'FAULTS: 2;', 'RACY: 1;', 'fault_id: scalarset(FAULTS);']) {
    assert.ok(text.includes(line), line);
  }
  assert.match(tlcConfig(SIZES.large, RACY), /RACY = TRUE/);
});

test('medians and tables', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(table([['a', 'b'], ['1', '2']]), '| a | b |\n| --- | --- |\n| 1 | 2 |');
});
