// Reduced searches against the plain one: the same verdict, violations, outcomes, reached steps
// and reachables, under every combination of switches, on random programs, on the examples and on
// the readings of the language. PARITY_SEED and PARITY_COUNT choose the random programs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFile } from '../server/src/service/check-file.ts';
import { check, type Program, type Verdict, type Violation } from '../simulator/src/index.ts';
import { layOut } from '../simulator/src/layout.ts';
import { canonicalize, classSlots } from '../simulator/src/reduction/canonical.ts';
import { heapOf } from '../simulator/src/reduction/heap.ts';
import { lockProgram } from '../simulator/src/reduction/lock-programs.ts';
import { objectProgram } from '../simulator/src/reduction/object-programs.ts';
import {
  reducedSearch, type ReducedVerdict, type Switches,
} from '../simulator/src/reduction/reduced-search.ts';
import { takeChosen } from '../simulator/src/replay.ts';
import { createEngine, enter } from '../simulator/src/step.ts';
import { randomProgram } from './oracle/random-program.ts';
import { randomFrom } from './oracle/random.ts';
import { ROOT, textsOf, theParser } from './support/checking.ts';

const FIRST = Number(process.env['PARITY_SEED'] ?? 1);
const COUNT = Number(process.env['PARITY_COUNT'] ?? 300);
/** Larger ones take too long beside hundreds of others. */
const MAX_STATES = 4000;
const MAX_TOLD = 10;
const MAX_MOVES = 14;
const FOLDERS = ['examples', 'tests/semantics'];

const NAMES = ['ample', 'chains', 'dead', 'symmetry', 'objects'] as const;
/** Every combination; the first has all switches off. */
const COMBINATIONS: readonly Switches[] = Array.from({ length: 32 }, (_, i) => ({
  ample: (i & 1) !== 0, chains: (i & 2) !== 0, dead: (i & 4) !== 0, symmetry: (i & 8) !== 0,
  objects: (i & 16) !== 0,
}));
const PLAIN: Switches = {
  ample: false, chains: false, dead: false, symmetry: false, objects: false,
};

const nameOf = (switches: Switches): string =>
  NAMES.filter((name) => switches[name]).join('+') || 'plain';

function compareSets(what: string, ours: Iterable<unknown>, theirs: Iterable<unknown>): string[] {
  const [a, b] = [new Set(ours), new Set(theirs)];
  return [
    ...[...a].filter((it) => !b.has(it)).map((it) => `${what}: reduced alone has ${String(it)}`),
    ...[...b].filter((it) => !a.has(it)).map((it) => `${what}: reduced lacks ${String(it)}`),
  ];
}

/** A reduced search against the same one with all switches off. */
function againstPlain(reduced: ReducedVerdict, plain: ReducedVerdict): string[] {
  if (plain.bound !== null || reduced.bound !== null) {
    return plain.bound?.kind === reduced.bound?.kind ? []
      : [`bound ${String(reduced.bound?.kind)}, should be ${String(plain.bound?.kind)}`];
  }
  const all = [
    ...compareSets('violations', reduced.violations, plain.violations),
    ...compareSets('outcomes', reduced.outcomes, plain.outcomes),
    ...compareSets('reached', reduced.reached, plain.reached),
    ...compareSets('reachables', reduced.reachables, plain.reachables),
  ];
  if (reduced.result !== plain.result) all.push(`result ${reduced.result}`);
  if (reduced.states > plain.states) all.push(`${reduced.states} states of ${plain.states}`);
  return all;
}

const keysOf = (violation: Violation): string[] => {
  const about = `${violation.code}|${violation.subject ?? ''}|`;
  const keys = [`${about}${violation.step}`];
  if (violation.cycle !== true) return keys;
  const steps = [violation, ...violation.others].map(({ step }) => step).sort((a, b) => a - b);
  return [...keys, `${about}${steps.join('+')}`];
};

/**
 * The reference with all switches off against the engine, which tells a circle once, whoever
 * closes it.
 */
function againstEngine(plain: ReducedVerdict, verdict: Verdict): string[] {
  if (verdict.bound?.kind !== plain.bound?.kind) {
    return [`bound ${String(plain.bound?.kind)}, the engine's is ${String(verdict.bound?.kind)}`];
  }
  if (verdict.bound !== null) return [];
  const told = verdict.violations.filter(({ code }) => code !== 'eventually');
  const isCircle = (key: string): boolean => key.startsWith('deadlock|');
  const ours = [...plain.violations].filter((key) => !isCircle(key));
  const theirs = told.flatMap(keysOf).filter((key) => !isCircle(key));
  const lost = told.flatMap(keysOf).filter((key) => !plain.violations.has(key));
  const hasCircles = [...plain.violations].some(isCircle);
  const all = [
    ...compareSets('violations', ours, theirs), ...lost.map((key) => `plain lacks ${key}`),
    ...compareSets('outcomes', plain.outcomes, verdict.outcomes.map((it) => JSON.stringify(it))),
    ...compareSets('reached', plain.reached, verdict.facts.reached),
  ];
  if (hasCircles !== told.some(({ code }) => code === 'deadlock')) all.push('a deadlock');
  if (plain.states !== verdict.states) all.push(`${plain.states} states, not ${verdict.states}`);
  if (plain.transitions !== verdict.transitions) all.push('another number of transitions');
  return all;
}

/** What differs; null where the program is too large to say. */
function differences(program: Program, maxStates: number): readonly string[] | null {
  const verdict = check(program, { maxStates, maxMemory: 2 ** 28 });
  if (verdict.bound?.kind === 'states') return null;
  const plain = reducedSearch(program, PLAIN, maxStates);
  const hasHeap = heapOf(program, layOut(program)) !== null; // else that switch does nothing
  return [
    ...againstEngine(plain, verdict),
    ...COMBINATIONS.slice(1).filter(({ objects }) => hasHeap || !objects).flatMap((switches) =>
      againstPlain(reducedSearch(program, switches, maxStates), plain)
        .map((what) => `${nameOf(switches)}: ${what}`)),
  ];
}

const SORTS = [
  { title: 'random programs', make: randomProgram },
  { title: 'random programs about locks', make: lockProgram },
  { title: 'random programs about objects', make: objectProgram },
] as const;

for (const { title, make } of SORTS) {
  test(`all reductions agree with the plain search on ${title}`, (context) => {
    const told: string[] = [];
    let compared = 0;
    for (let seed = FIRST; seed < FIRST + COUNT && told.length < MAX_TOLD; seed++) {
      const found = differences(make(seed), MAX_STATES);
      if (found === null) continue;
      compared++;
      told.push(...found.map((what) => `seed ${seed}: ${what}`));
    }
    context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}: ${compared} compared`);
    assert.deepEqual(told, []);
    assert.ok(compared > COUNT / 2, 'most programs are small enough');
  });
}

/** The frame after some random moves, each by the thread that stands in for the one drawn. */
function frameAfter(program: Program, seed: number, standsIn: readonly number[]): Int32Array {
  const engine = createEngine(program);
  const random = randomFrom(seed);
  enter(engine);
  for (let i = 0; i < MAX_MOVES; i++) {
    const drawn = random.below(program.threads.length);
    const before = engine.machine.frame.slice();
    const outcome = takeChosen(engine, standsIn[drawn] ?? drawn, random.below(2));
    if (outcome === null || outcome === 'cut') engine.machine.frame.set(before);
  }
  return engine.machine.frame;
}

test('a run with like threads exchanged comes to the same representative', (context) => {
  let compared = 0;
  for (let seed = FIRST; seed < FIRST + 4 * COUNT; seed++) {
    const program = SORTS[seed % 2 === 0 ? 0 : 1].make(seed);
    const layout = layOut(program);
    const classes = classSlots(program, layout, null);
    for (const { threads } of classes) {
      const standsIn = program.threads.map((_, t) => {
        const at = threads.indexOf(t);
        return at === -1 ? t : threads[(at + 1) % threads.length] ?? t;
      });
      const same = program.threads.map((_, t) => t);
      const [frame, image] = [same, standsIn].map((names) => {
        const reached = frameAfter(program, seed, names);
        canonicalize(classes, reached, new Int32Array(program.threads.length));
        return reached;
      });
      assert.deepEqual(image, frame, `seed ${seed}`);
      compared++;
    }
  }
  context.diagnostic(`${compared} runs compared`);
});

for (const folder of FOLDERS) {
  test(`all reductions agree with the plain search on ${folder}`, async () => {
    const parser = await theParser();
    const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.mmlock')).sort();
    for (const path of paths) {
      const file = join(ROOT, folder, path);
      const text = readFileSync(file, 'utf8');
      const { jobs } = openFile({ parser, texts: textsOf(null), file, text, scenario: null });
      for (const { scenario, lowered } of jobs) {
        const found = differences(lowered.program, 20 * MAX_STATES);
        assert.deepEqual(found ?? [], [], `${path}: ${scenario.name.text}`);
      }
    }
  });
}
