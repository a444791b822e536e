// A thread walked alone says nothing that running it among others does not confirm: on every
// example and every reading of the language, the walk of each instance against the search.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Result } from '../server/src/analysis/judgement.ts';
import { lockStateOf } from '../server/src/analysis/lockstate.ts';
import { walkThread } from '../server/src/analysis/thread-walk.ts';
import { valueSets } from '../server/src/analysis/value-sets.ts';
import type { Held } from '../simulator/src/index.ts';
import { checkText, ROOT } from './support/checking.ts';

const FOLDERS = ['examples', 'library', 'tests/semantics'];

for (const folder of FOLDERS) {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.mmlock')).map((path) => join(folder, path)).sort();
  for (const path of paths) {
    test(path, async () => {
      const file = join(ROOT, path);
      const report = await checkText(readFileSync(file, 'utf8'), { file });
      for (const { result } of report.judged) {
        result.lowered.program.threads.forEach((_, thread) => agrees(result, thread));
      }
    });
  }
}

const key = ({ lock, mode }: Held): string => `${lock} ${mode}`;

function agrees(result: Result, thread: number): void {
  const { lowered, verdict, scenario } = result;
  const title = `${scenario.name.text}: ${lowered.program.threads[thread]?.name ?? ''}`;
  const sets = valueSets([lowered]);
  const alone = walkThread(lowered, thread, {
    mayChange: () => true, isWritten: () => true,
    valuesOf: (place) => sets.get(lowered.program.places[place]?.name ?? '') ?? null,
  });
  if (alone === null) return;
  heldAsSaid(result, thread, title);
  const nestings = new Set(alone.nestings.map((it) => `${it.outer} ${it.inner} ${it.site}`));
  const own = new Set(verdict.facts.recursiveReads.map((it) => it.site));
  for (const seen of verdict.facts.nestings) {
    if (seen.thread !== thread || own.has(seen.site) || seen.outer === seen.inner) continue;
    assert.ok(nestings.has(`${seen.outer} ${seen.inner} ${seen.site}`), `${title}: a nesting`);
  }
  for (const event of alone.certain) {
    const step = lowered.program.threads[thread]?.code[event.pc]?.site ?? -1;
    // An access in a condition or behind another violation of the same step may not be made.
    if (!verdict.facts.reached.includes(step) || event.code === 'guard') continue;
    if (!everTaken(result, thread, event.pc)) continue;
    assert.ok(verdict.violations.some((it) => it.code === event.code
      && (it.site === event.site || it.step === event.site)),
    `${title}: ${event.code} at ${lowered.sites[event.site]?.text ?? ''}`);
  }
}

/** A thread that only waits before a step has not done it. */
function everTaken({ verdict, lowered }: Result, thread: number, pc: number): boolean {
  const next = lowered.program.threads[thread]?.code[pc]?.next ?? -1;
  const rests = verdict.facts.rests[thread] ?? [];
  return rests.some((rest) => rest.pc === next) || verdict.violations.length > 0;
}

/** What is always held is held in every state; what is held is held at least sometimes. */
function heldAsSaid({ lowered, verdict }: Result, thread: number, title: string): void {
  const states = lockStateOf(lowered, thread);
  for (const rest of verdict.facts.rests[thread] ?? []) {
    const said = states.get(rest.pc);
    const step = `${title}: ${lowered.sites[rest.site]?.text ?? ''}`;
    assert.ok(said !== undefined, `${step} is reached`);
    const always = new Set(rest.always.map(key));
    for (const held of said.always) assert.ok(always.has(key(held)), `${step}: always held`);
    const possible = new Set([...said.always, ...said.sometimes].map(key));
    for (const held of [...rest.always, ...rest.sometimes]) {
      assert.ok(possible.has(key(held)), `${step}: held at all`);
    }
  }
}
