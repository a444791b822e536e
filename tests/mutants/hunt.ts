// The search for cases that give a mutant away, among random programs, files and those by hand.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/checking.ts';
import { differing, mutated, type Examiner } from './examine.ts';
import { MADE } from './made.ts';
import type { Mode } from './modes.ts';
import type { Mutant } from './mutant.ts';
import { scenariosOf } from './programs.ts';

const FOLDERS = ['tests/semantics', 'tests/differential/regressions', 'examples'];
const SECONDS = 4;
/** A mutant that hangs is given up: what it would say costs too much time in a test. */
const MAX_HANGS = 3;

/** Names of programs, small and quick ones first. */
export async function pool(seeds: { from: number; count: number }): Promise<readonly string[]> {
  const numbers = Array.from({ length: seeds.count }, (_, i) => seeds.from + i);
  const sorts = ['r', 'l', 't', 'o', 'i'];
  const names = sorts.flatMap((sort) => numbers.map((seed) => `${sort}${seed}`));
  names.push(...Object.keys(MADE).map((name) => `made:${name}`));
  for (const folder of FOLDERS) {
    const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const path of paths.filter((it) => it.endsWith('.mmlock')).sort()) {
      const scenarios = await scenariosOf(`${folder}/${path}`);
      names.push(...scenarios.map(({ name }) => `${folder}/${path}:${name}`));
    }
  }
  return names;
}

/** At most `want` cases, each with what differs. */
export async function casesAgainst(
  examiner: Examiner, mutant: Mutant,
  among: { programs: readonly string[]; modes: readonly Mode[]; want: number },
): Promise<readonly { readonly text: string; readonly parts: readonly string[] }[]> {
  const found: { text: string; parts: readonly string[] }[] = [];
  const engine = await mutated(examiner, mutant, SECONDS);
  let hangs = 0;
  for (const program of among.programs) {
    for (const mode of among.modes) {
      if (found.length >= among.want || hangs >= MAX_HANGS) break;
      const parts = await differing(examiner, engine, { mode, program }).catch(() => []);
      if (parts[0] === 'broke: no answer in time') hangs++;
      else if (parts.length > 0) found.push({ text: `${mode} ${program}`, parts });
    }
  }
  await engine.close();
  return found;
}
