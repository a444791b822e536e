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
import type { Decl } from '../server/src/syntax/ast.ts';
import type { Syntax, SyntaxParser } from '../server/src/syntax/parse.ts';
import { randomFrom } from '../server/src/syntax/testing/load.test.ts';
import { ROOT, theParser } from './support/checking.ts';
import { edited, touched, type Random } from './support/edits.ts';

const SEED = Number(process.env['KEPT_SEED'] ?? 1);
const COUNT = Number(process.env['KEPT_COUNT'] ?? 8);
const FOLDERS = ['examples', 'tests/semantics', 'tests/codes/idioms'];
const FILE = 'kept.mmlock';

for (const folder of FOLDERS) {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.mmlock')).map((path) => join(folder, path)).sort();
  for (const path of paths) {
    for (const way of [anywhere, carefully]) {
      test(`${path}, ${way.name}`, async () => {
        const text = readFileSync(join(ROOT, path), 'utf8');
        const random = randomFrom(SEED);
        follow(await theParser(), text, { random, next: way(text, random) });
      });
    }
  }
}

const SERVED_ALSO = [
  'stale', 'outcomes', 'data_race', 'lock_order', 'refines', 'try_lock', 'steps', 'unreachable',
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

/** What comes after a version in which something is wrong or not. */
type Next = (text: string, isRight: boolean) => string;

/** Every now and then back to a version that was there before. */
function anywhere(text: string, random: Random): Next {
  const versions = [text];
  return (last) => {
    const back = versions[random(versions.length)] ?? text;
    const next = random(4) === 0 ? back : edited(last, random);
    versions.push(next);
    return next;
  };
}

/** Mostly from a version without mistakes: there more is kept. */
function carefully(text: string, random: Random): Next {
  let right = text;
  return (last, isRight) => {
    if (isRight) right = last;
    return touched(isRight || random(4) === 0 ? last : right, random);
  };
}

/** Goes on from version to version. */
function follow(parser: SyntaxParser, text: string, { random, next }: Way): void {
  const kept = new KeptPrograms();
  let syntax = parser.parse(text, FILE);
  for (let i = 0; i < COUNT; i++) {
    const fresh = parser.parse(syntax.text, FILE);
    const found = read(syntax, parser, kept);
    // Not always: whoever asks for all has what was put off looked at.
    const all = random(2) === 0;
    if (all) assert.deepEqual(syntax.file, fresh.file);
    assert.deepEqual(syntax.problems, fresh.problems);
    const model = read(fresh, parser);
    same(found, model);
    if (all) sameTables(found, model);
    fresh.dispose();
    const isRight = syntax.problems.length + model.problems.length === 0;
    syntax = parser.reparse(syntax, next(syntax.text, isRight));
  }
  syntax.dispose();
}

interface Way {
  readonly random: Random;
  readonly next: Next;
}

function read(syntax: Syntax, parser: SyntaxParser, kept?: KeptPrograms): Model {
  return analyze({
    file: FILE, text: syntax.text, source: syntax.file, kept,
    damaged: syntax.problems.map(({ range }) => range),
    use: (_, { module }) => {
      const text = BUNDLED[module ?? ''];
      if (text === undefined) return { failure: 'no_module' };
      const known = used.get(text);
      const syntax = known ?? parser.parse(text, `library/${module}.mmlock`);
      if (known === undefined) syntax.dispose();
      used.set(text, syntax);
      const { fileId: file, file: source, problems: syntaxProblems } = syntax;
      return { file, text, source, syntaxProblems };
    },
  });
}

/** A file that is taken in is read once, as a server reads it. */
const used = new Map<string, Syntax>();

function same(found: Model, fresh: Model): void {
  assert.deepEqual(found.problems, fresh.problems);
  assert.deepEqual(staticFindings(found), staticFindings(fresh));
  assert.deepEqual(fileFindings(found, []), fileFindings(fresh, []));
  assert.deepEqual(walksIn(found), walksIn(fresh));
  assert.deepEqual(found.scenarios.map((it) => plain(keptScenario(found, it))),
    fresh.scenarios.map((it) => plain(lowerScenario(fresh, it))));
  assert.deepEqual(namesOf(found.broken), namesOf(fresh.broken));
}

function sameTables(found: Model, fresh: Model): void {
  assert.deepEqual(found.occurrences, fresh.occurrences);
  assert.deepEqual(found.symbols, fresh.symbols);
  assert.deepEqual(typesIn(found), typesIn(fresh));
  assert.deepEqual(ownersIn(found), ownersIn(fresh));
}

function namesOf(decls: Iterable<Decl>): readonly string[] {
  return [...decls].map((decl) => `${decl.kind} ${decl.range.start}`).sort();
}

/** With what each names, since the order in which they were found does not matter. */
function typesIn({ types, meaning: { deps } }: Model) {
  // Places in files that are taken in may be the same: the order among them is their text's.
  const byPlace = [...types].map(([e, type]) => ({ at: e.range, kind: e.kind, type }))
    .map((it) => ({ it, text: JSON.stringify(it) }))
    .sort((a, b) => a.it.at.start - b.it.at.start || (a.text < b.text ? -1 : 1))
    .map(({ it }) => it);
  return { byPlace, deps: [...deps].map(([decl, named]) => [decl.range.start, namesOf(named)])
    .sort() };
}

function ownersIn({ meaning: { owners } }: Model) {
  return [...owners].map(([{ range }, { labels, calls, assigned, size }]) => ({
    range, labels: [...labels.keys()], calls: namesOf(calls), size,
    assigned: [...assigned].map(({ name }) => name),
  })).sort((a, b) => a.range.start - b.range.start);
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
