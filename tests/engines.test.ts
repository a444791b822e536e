// Every way in which the engine can search, on random programs: generated code from any state on,
// lean searches, reduced ones. Where nothing is left out, the whole verdict is the interpreter's:
// counts, traces, facts. ENGINES_SEED and ENGINES_COUNT choose the programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  check, type Program, type SearchOptions, type Verdict, type Violation,
} from '../simulator/src/index.ts';
import { itemProgram } from '../simulator/src/reduction/item-programs.ts';
import { lockProgram } from '../simulator/src/reduction/lock-programs.ts';
import { objectProgram } from '../simulator/src/reduction/object-programs.ts';
import { randomProgram } from './oracle/random-program.ts';

const FIRST = Number(process.env['ENGINES_SEED'] ?? 1);
const COUNT = Number(process.env['ENGINES_COUNT'] ?? 150);
/** In these something was lost once: a lock that one of several like threads had tried for. */
const MET = [30_218, 30_436];
const LIMITS = { maxStates: 20_000, maxMemory: 2 ** 28 };
const MAX_TOLD = 6;

/** Nothing is left out: the verdict is the same to the last field. */
const WHOLE: Readonly<Record<string, SearchOptions>> = {
  'generated': { engine: 'generated', thinAt: Infinity, reduction: false },
  'generated from the 37th state': { codeAt: 37, thinAt: Infinity, reduction: false },
  'thin': { engine: 'generated', thinAt: 0, reduction: false },
  'thin, nobody sleeps': { engine: 'generated', thinAt: 0, reduction: false, sleep: false },
  'generated from the 12th state, thin from the 31st, lean from the 80th': {
    codeAt: 12, thinAt: 31, leanAt: 80, tableBits: 14, reduction: false,
  },
  'lean': { codeAt: 0, leanAt: 0, reduction: false },
  'lean, nobody sleeps': { codeAt: 0, leanAt: 0, reduction: false, sleep: false },
  'generated from the 20th state, lean from the 61st': {
    codeAt: 20, leanAt: 61, tableBits: 14, reduction: false,
  },
  'interpreted, lean from the 50th state': { codeAt: Infinity, leanAt: 50, reduction: false },
};
/**
 * What is left out changes counts and who stands beside whom. Alone: the plain search, which would
 * find what has been lost, does not go on for the traces.
 */
const ALONE: SearchOptions = { reduceAt: 1, traceStates: 0 };
const REDUCED: Readonly<Record<string, SearchOptions>> = {
  'all reductions, with traces': { reduceAt: 1 },
  'all reductions': ALONE,
  'ample sets': {
    ...ALONE, reduction: { chains: false, dead: false, symmetry: false, objects: false },
  },
  'ample sets in chains': {
    ...ALONE, reduction: { dead: false, symmetry: false, objects: false },
  },
  'dead variables': { ...ALONE, reduction: { ample: false, symmetry: false, objects: false } },
  'symmetry': { ...ALONE, reduction: { ample: false, dead: false, objects: false } },
  'objects': { ...ALONE, reduction: { ample: false, dead: false, symmetry: false } },
  'objects and symmetry': { ...ALONE, reduction: { ample: false, dead: false } },
};

const labelOf = ({ code, subject, step }: Violation): string => [code, subject, step].join(' ');
const withRun = (violation: Violation): string =>
  `${labelOf(violation)} ${String(violation.trace?.steps.length)}`;

/** What a reduced search must have in common with a plain one. */
function essence(
  { result, bound, violations, outcomes, facts }: Verdict, hasRuns: boolean,
): unknown {
  // Which of several circles is told, and where a thread was first stuck, only the graph says.
  const told = violations.filter(({ code }) => code !== 'deadlock');
  const codes = new Set(violations.map(({ code }) => code));
  return {
    result, bound, outcomes, codes: [...codes].sort(),
    violations: told.map(hasRuns ? withRun : labelOf).sort(),
    reached: facts.reached, recursiveReads: facts.recursiveReads, nestings: facts.nestings,
    rests: facts.rests.map((rests) => rests.map((rest) => ({ ...rest, beside: null }))),
  };
}

/**
 * Of little but locks most can be reduced, and many wait; there are those about objects, and those
 * in which mostly a state says whether steps commute.
 */
function programOf(seed: number): Program {
  if (seed % 5 === 0) return objectProgram(seed);
  if (seed % 4 === 3) return itemProgram(seed);
  if (seed % 2 === 1) return randomProgram(seed);
  return lockProgram(seed, seed % 4 === 2 ? 70 : undefined);
}

function differencesAt(seed: number, used: { reduced: number }): string[] {
  const program = programOf(seed);
  const expected = check(program, LIMITS, { engine: 'interpreted' });
  if (expected.bound !== null) return [];
  const told: string[] = [];
  const compare = (name: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) told.push(`seed ${seed}: ${name}`);
  };
  for (const [name, options] of Object.entries(WHOLE)) {
    compare(name, check(program, LIMITS, options), expected);
  }
  for (const [name, options] of Object.entries(REDUCED)) {
    const found = check(program, LIMITS, options);
    if (found.reduction !== undefined) used.reduced++;
    const hasRuns = options.traceStates !== 0;
    compare(name, essence(found, hasRuns), essence(expected, hasRuns));
  }
  return told;
}

test('every way of searching gives the verdict of the interpreter', (context) => {
  const told: string[] = [];
  const used = { reduced: 0 };
  const seeds = Array.from({ length: COUNT }, (_, i) => FIRST + i);
  for (const seed of [...MET, ...seeds]) {
    if (told.length < MAX_TOLD) told.push(...differencesAt(seed, used));
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}, ${used.reduced} reduced searches`);
  assert.deepEqual(told, []);
  assert.ok(COUNT < 100 || used.reduced > COUNT / 20, 'some programs are reduced');
});
