// The programs that engines are asked about, by short names: `r17`, `l17`, `t17`, `o17`, `i17` are
// random ones of that seed (`t` mostly turn for ever, `o` are about objects, `i` about arrays),
// `made:NAME` those of made.ts, `PATH:SCENARIO` a scenario of a file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../../server/src/service/check-file.ts';
import type { Program } from '../../simulator/src/index.ts';
import { itemProgram } from '../../simulator/src/reduction/item-programs.ts';
import { lockProgram } from '../../simulator/src/reduction/lock-programs.ts';
import { objectProgram } from '../../simulator/src/reduction/object-programs.ts';
import { randomProgram } from '../oracle/random-program.ts';
import { ROOT, textsOf, theParser } from '../support/checking.ts';
import { MADE } from './made.ts';

export async function programNamed(name: string): Promise<Program> {
  const [, sort, seed] = /^([rltoi])(\d+)$/.exec(name) ?? [];
  if (sort === 'r') return randomProgram(Number(seed));
  if (sort === 'o') return objectProgram(Number(seed));
  if (sort === 'i') return itemProgram(Number(seed));
  if (sort !== undefined) return lockProgram(Number(seed), sort === 't' ? 70 : undefined);
  const at = name.lastIndexOf(':');
  const [before, after] = [name.slice(0, at), name.slice(at + 1)];
  if (before === 'made') {
    const made = MADE[after];
    if (made === undefined) throw new Error(`no program is called ${name}`);
    return made();
  }
  const found = (await scenariosOf(before)).find((scenario) => scenario.name === after);
  if (found === undefined) throw new Error(`no scenario is called ${name}`);
  return found.program;
}

export async function scenariosOf(
  path: string,
): Promise<readonly { readonly name: string; readonly program: Program }[]> {
  const file = join(ROOT, path);
  const text = readFileSync(file, 'utf8');
  const parser = await theParser();
  const { jobs } = openFile({ parser, texts: textsOf(null), file, text, scenario: null });
  return jobs.map(({ scenario, lowered }) =>
    ({ name: scenario.name.text, program: lowered.program }));
}
