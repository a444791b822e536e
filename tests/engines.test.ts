// Every way in which the engine can search, on random programs: generated code from any state on,
// lean searches, reduced ones. Where nothing is left out, the whole verdict is the interpreter's:
// counts, traces, facts. ENGINES_SEED and ENGINES_COUNT choose the programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, type SearchOptions, type Verdict, type Violation } from '../simulator/src/index.ts';
import { randomProgram } from './oracle/random-program.ts';

const FIRST = Number(process.env['ENGINES_SEED'] ?? 1);
const COUNT = Number(process.env['ENGINES_COUNT'] ?? 150);
const LIMITS = { maxStates: 20_000, maxMemory: 2 ** 28 };
const MAX_TOLD = 6;

/** Nothing is left out: the verdict is the same to the last field. */
const WHOLE: Readonly<Record<string, SearchOptions>> = {
  'generated': { engine: 'generated', reduction: false },
  'generated from the 37th state': { codeAt: 37, reduction: false },
  'lean': { codeAt: 0, leanAt: 0, reduction: false },
  'generated from the 20th state, lean from the 61st': {
    codeAt: 20, leanAt: 61, tableBits: 14, reduction: false,
  },
  'interpreted, lean from the 50th state': { codeAt: Infinity, leanAt: 50, reduction: false },
};
/** What is left out changes counts and who stands beside whom. */
const REDUCED: Readonly<Record<string, SearchOptions>> = {
  'all reductions': { reduceAt: 1 },
  'ample sets': { reduceAt: 1, reduction: { chains: false, dead: false, symmetry: false } },
  'ample sets in chains': { reduceAt: 1, reduction: { dead: false, symmetry: false } },
  'dead variables': { reduceAt: 1, reduction: { ample: false, symmetry: false } },
  'symmetry': { reduceAt: 1, reduction: { ample: false, dead: false } },
};

const labelOf = ({ code, subject, step, trace }: Violation): string =>
  [code, subject, step, trace?.steps.length].join(' ');

/** What a reduced search must have in common with a plain one. */
function essence({ result, bound, violations, outcomes, facts }: Verdict): unknown {
  // Which of several circles is told, and where a thread was first stuck, only the graph says.
  const told = violations.filter(({ code }) => code !== 'deadlock');
  const codes = new Set(violations.map(({ code }) => code));
  return {
    result, bound, outcomes, codes: [...codes].sort(), violations: told.map(labelOf).sort(),
    reached: facts.reached, recursiveReads: facts.recursiveReads, nestings: facts.nestings,
    rests: facts.rests.map((rests) => rests.map((rest) => ({ ...rest, beside: null }))),
  };
}

function differencesAt(seed: number, used: { reduced: number }): string[] {
  const program = randomProgram(seed);
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
    compare(name, essence(found), essence(expected));
  }
  return told;
}

test('every way of searching gives the verdict of the interpreter', (context) => {
  const told: string[] = [];
  const used = { reduced: 0 };
  for (let seed = FIRST; seed < FIRST + COUNT && told.length < MAX_TOLD; seed++) {
    told.push(...differencesAt(seed, used));
  }
  context.diagnostic(`seeds ${FIRST} to ${FIRST + COUNT - 1}, ${used.reduced} reduced searches`);
  assert.deepEqual(told, []);
  assert.ok(COUNT < 100 || used.reduced > COUNT / 20, 'some programs are reduced');
});
