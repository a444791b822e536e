// Mutants held against the interpreter of the unmutated engine, or given to a test of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Program } from '../../simulator/src/index.ts';
import { ROOT } from '../support/checking.ts';
import { startEngine, type Asked } from './asking.ts';
import { MODES, WAYS, type Mode } from './modes.ts';
import type { Mutant } from './mutant.ts';
import { partings, type Opinion, type Strictness } from './opinion.ts';
import { programNamed } from './programs.ts';
import { SMALL } from './small.ts';
import { bundled, replaced, type Sources } from './sources.ts';

export interface Case {
  readonly mode: Mode;
  /** As in `programs.ts`. */
  readonly program: string;
}

/** `code r17`. */
export function caseOf(text: string): Case {
  const at = text.indexOf(' ');
  const mode = MODES.find((it) => it === text.slice(0, at));
  if (mode === undefined) throw new Error(`no mode in ${text}`);
  return { mode, program: text.slice(at + 1) };
}

/** Unit tests of the engine, by path from the root. */
const TESTS = readdirSync(join(ROOT, 'simulator/src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts')).map((path) => join('simulator/src', path));

const PATIENCE_SECONDS = 20;
/** Of the programs that are asked about; a mutant may come to think of a few more. */
export const MAX_STATES = 6_000;
const ROOM_FOR_MISTAKES = 4;

export interface Examiner {
  readonly sources: Sources;
  readonly sound: Asked;
  readonly known: Map<string, Known>;
}
interface Known {
  readonly program: Program;
  readonly opinion: Opinion;
}

export async function createExaminer(sources: Sources): Promise<Examiner> {
  const sound = startEngine(await bundled(sources), PATIENCE_SECONDS);
  return { sources, sound, known: new Map() };
}

/** What the unmutated interpreter thinks of it. @throws where it is too large. */
async function knownOf({ sound, known }: Examiner, name: string): Promise<Known> {
  const before = known.get(name);
  if (before !== undefined) return before;
  const program = await programNamed(name);
  const answer = await sound.ask({ program, mode: 'plain', maxStates: MAX_STATES });
  if ('broke' in answer) throw new Error(`${name}: ${answer.broke}`);
  if (answer.opinion['bound'] === 'states') throw new Error(`${name} is too large`);
  const found = { program, opinion: answer.opinion };
  known.set(name, found);
  return found;
}

function strictness(mode: Mode): Strictness {
  const way = WAYS[mode];
  if (way.kind === 'reference') return 'reference';
  if (!way.reduces) return 'whole';
  return way.options.traceStates === 0 ? 'reduced' : 'traced';
}

/** The parts of its opinion in which the engine differs, or why it broke; empty: it agrees. */
export async function differing(
  examiner: Examiner, engine: Asked, { mode, program: name }: Case,
): Promise<readonly string[]> {
  const { program, opinion } = await knownOf(examiner, name);
  const maxStates = ROOM_FOR_MISTAKES * MAX_STATES;
  const answer = await engine.ask({ program, mode, maxStates });
  if ('broke' in answer) return [`broke: ${answer.broke}`];
  return partings(opinion, answer.opinion, strictness(mode));
}

/** Whether a test of the engine's own, `FILE: TITLE`, fails; null: of the engine as it is. */
export async function failsTest(
  { sources }: Examiner, mutant: Mutant | null, name: string,
): Promise<boolean> {
  const [test = '', title = ''] = name.split(': ');
  const path = TESTS.find((it) => basename(it) === `${test}.test.ts`);
  if (path === undefined) throw new Error(`there is no ${test}.test.ts`);
  const script = await bundled(mutant === null ? sources : replaced(sources, [mutant]), path);
  const folder = mkdtempSync(join(tmpdir(), 'mmlock-'));
  const file = join(folder, 'test.cjs');
  writeFileSync(file, script);
  const child = spawn(process.execPath, [`--test-name-pattern=${title}`, file], {
    stdio: ['ignore', 'pipe', 'ignore'], timeout: 1000 * PATIENCE_SECONDS, env: {},
  });
  child.stdout.on('data', (text) => {
    if (/^ *(not ok|✖)/m.test(String(text))) child.kill(); // one is enough
  });
  return new Promise((resolve) => {
    child.on('close', (status) => {
      rmSync(folder, { recursive: true, force: true });
      resolve(status !== 0);
    });
  });
}

/** The unmutated engine, with small tables or not. */
export async function soundEngine({ sources }: Examiner, small: boolean): Promise<Asked> {
  return startEngine(await bundled(small ? replaced(sources, SMALL) : sources), PATIENCE_SECONDS);
}

/** @throws where the text to be replaced is not there, or not once. */
export async function mutated(
  { sources }: Examiner, mutant: Mutant, seconds: number,
): Promise<Asked> {
  const base = mutant.small === true ? replaced(sources, SMALL) : sources;
  return startEngine(await bundled(replaced(base, [mutant])), seconds);
}
