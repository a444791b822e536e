// What is kept from one version of a text to the next never shows: after random edits everything
// said of a text is what is said of it when it is read from scratch. KEPT_SEED and KEPT_COUNT
// choose the edits.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyze, keptScenario, lowerScenario } from '../server/src/analysis/analyze.ts';
import { fileFindings, staticFindings } from '../server/src/analysis/file-findings.ts';
import { KeptPrograms } from '../server/src/analysis/kept-programs.ts';
import type { Lowered } from '../server/src/analysis/lowered.ts';
import type { Model } from '../server/src/analysis/model.ts';
import { walksOf } from '../server/src/analysis/walks.ts';
import { diagnostics } from '../server/src/features/diagnostics.ts';
import { BUNDLED } from '../server/src/service/bundled.ts';
import { DEFAULT_SETTINGS } from '../server/src/service/settings.ts';
import { createBench, FILE as SERVED, type Bench } from '../server/src/service/testing.ts';
import type { Syntax, SyntaxParser } from '../server/src/syntax/parse.ts';
import { randomFrom } from '../server/src/syntax/testing/load.test.ts';
import { ROOT, theParser } from './support/checking.ts';
import { edited, type Random } from './support/edits.ts';

const SEED = Number(process.env['KEPT_SEED'] ?? 1);
const COUNT = Number(process.env['KEPT_COUNT'] ?? 8);
const FOLDERS = ['examples', 'tests/semantics', 'tests/codes/idioms'];
const FILE = 'kept.mmlock';

for (const folder of FOLDERS) {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.mmlock')).map((path) => join(folder, path)).sort();
  for (const path of paths) {
    test(path, async () => {
      follow(await theParser(), readFileSync(join(ROOT, path), 'utf8'), randomFrom(SEED));
    });
  }
}

const SERVED_ALSO = [
  'stale', 'outcomes', 'data_race', 'lock_order', 'refines', 'try_lock', 'steps',
];

for (const name of SERVED_ALSO) {
  test(`served: ${name}`, async () => {
    const path = join(ROOT, 'tests/semantics', `${name}.mmlock`);
    await serve(readFileSync(path, 'utf8'), randomFrom(SEED));
  });
}

/** With its scenarios searched: after each edit a server says what a new one would say. */
async function serve(text: string, random: Random): Promise<void> {
  const server = await opened(text);
  const versions = [text];
  for (let i = 0; i < COUNT; i++) {
    const last = server.workspace.text(SERVED) ?? '';
    const next = random(3) === 0
      ? versions[random(versions.length)] ?? text : edited(last, random);
    versions.push(next);
    server.workspace.edit(SERVED, i + 2, [{ start: 0, end: last.length, text: next }]);
    await server.settle();
    assert.deepEqual(said(server), said(await opened(next)), `edit ${i}`);
  }
}

async function opened(text: string): Promise<Bench> {
  const bench = createBench();
  const limits = { ...DEFAULT_SETTINGS.limits, maxStates: 5_000 };
  bench.workspace.configure({ ...DEFAULT_SETTINGS, limits });
  bench.workspace.open(SERVED, 1, text);
  await bench.settle();
  return bench;
}

function said({ workspace }: Bench) {
  const snapshot = workspace.snapshot(SERVED);
  assert.ok(snapshot !== null);
  return {
    diagnostics: diagnostics(snapshot), checks: snapshot.checks.map(({ kind }) => kind),
    traces: snapshot.checks.flatMap((check) => (check.kind !== 'judged' ? []
      : check.judgement.violations.map((it) => [it.range, it.trace.map(({ range }) => range)]))),
  };
}

/** Goes on from version to version; every now and then back to one that was there before. */
function follow(parser: SyntaxParser, text: string, random: Random): void {
  const kept = new KeptPrograms();
  const versions = [text];
  let syntax = parser.parse(text, FILE);
  for (let i = 0; i < COUNT; i++) {
    const fresh = parser.parse(syntax.text, FILE);
    assert.deepEqual(syntax.file, fresh.file);
    assert.deepEqual(syntax.problems, fresh.problems);
    same(read(syntax, parser, kept), read(fresh, parser));
    fresh.dispose();
    const back = versions[random(versions.length)] ?? text;
    const next = random(4) === 0 ? back : edited(syntax.text, random);
    versions.push(next);
    syntax = parser.reparse(syntax, next);
  }
  syntax.dispose();
}

function read(syntax: Syntax, parser: SyntaxParser, kept?: KeptPrograms): Model {
  return analyze({
    file: FILE, text: syntax.text, source: syntax.file, kept,
    damaged: syntax.problems.map(({ range }) => range),
    use: (_, { module }) => {
      const text = BUNDLED[module ?? ''];
      if (text === undefined) return { failure: 'no_module' };
      const used = parser.parse(text, `library/${module}.mmlock`);
      used.dispose();
      return { file: used.fileId, text, source: used.file, syntaxProblems: used.problems };
    },
  });
}

function same(found: Model, fresh: Model): void {
  assert.deepEqual(found.problems, fresh.problems);
  assert.deepEqual(found.occurrences, fresh.occurrences);
  assert.deepEqual(staticFindings(found), staticFindings(fresh));
  assert.deepEqual(fileFindings(found, []), fileFindings(fresh, []));
  assert.deepEqual(walksIn(found), walksIn(fresh));
  assert.deepEqual(found.scenarios.map((it) => plain(keptScenario(found, it))),
    fresh.scenarios.map((it) => plain(lowerScenario(fresh, it))));
}

function walksIn(model: Model) {
  return walksOf(model, []).map(({ decl, file, walks }) => ({
    name: decl.name.text, file,
    walks: walks.map(({ lowered, thread, walk }) => ({ ...plain(lowered), thread, walk })),
  }));
}

/** As it is, whatever of it is worked out when it is asked for. */
function plain(lowered: Lowered | null) {
  return lowered === null ? null : { ...lowered };
}
