// What is kept from one version of a text to the next never shows: after random edits everything
// said of a text is what is said of it when it is read from scratch. KEPT_SEED and KEPT_COUNT
// choose the edits.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyze } from '../server/src/analysis/analyze.ts';
import { fileFindings, staticFindings } from '../server/src/analysis/file-findings.ts';
import { KeptThreads } from '../server/src/analysis/kept-threads.ts';
import type { Model } from '../server/src/analysis/model.ts';
import { walksOf } from '../server/src/analysis/walks.ts';
import { BUNDLED } from '../server/src/service/bundled.ts';
import type { Syntax, SyntaxParser } from '../server/src/syntax/parse.ts';
import { randomFrom } from '../server/src/syntax/testing/load.test.ts';
import { ROOT, theParser } from './support/checking.ts';

const SEED = Number(process.env['KEPT_SEED'] ?? 1);
const COUNT = Number(process.env['KEPT_COUNT'] ?? 8);
const FOLDERS = ['examples', 'tests/semantics', 'tests/codes/idioms'];
const FILE = 'kept.mmlock';

type Random = (limit: number) => number;

for (const folder of FOLDERS) {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.mmlock')).map((path) => join(folder, path)).sort();
  for (const path of paths) {
    test(path, async () => {
      follow(await theParser(), readFileSync(join(ROOT, path), 'utf8'), randomFrom(SEED));
    });
  }
}

/** Goes on from version to version; every now and then back to one that was there before. */
function follow(parser: SyntaxParser, text: string, random: Random): void {
  const kept = new KeptThreads();
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

function read(syntax: Syntax, parser: SyntaxParser, kept?: KeptThreads): Model {
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
}

function walksIn(model: Model) {
  return walksOf(model, []).map(({ decl, file, walks }) => ({
    name: decl.name.text, file,
    walks: walks.map(({ lowered: { program, sites, cells, threads }, thread, walk }) =>
      ({ program, sites, cells, threads, thread, walk })),
  }));
}

/** One to three changes as people make them: of words, of lines, of white space. */
function edited(text: string, random: Random): string {
  let result = text;
  for (let i = random(3); i >= 0; i--) result = changed(result, random);
  return result;
}

const PIECES = ['\n\n', '// note\n', ' x', '{', '}', 'if ', ' = ', '/* ', '"', '  release ptl\n',
  'lock more: mutex\n', 'shared more: 0..9 = 3\n', 'order a -> b\n', 'proc more() { return }\n'];

function changed(text: string, random: Random): string {
  const words = [...text.matchAll(/\b\w+\b/g)];
  const word = words[random(words.length)];
  const other = words[random(words.length)]?.[0] ?? 'x';
  const lines = text.split('\n');
  const line = random(lines.length);
  switch (random(8)) {
    case 0: return insert(text, random(text.length), PIECES[random(PIECES.length)] ?? '');
    case 1: return lines.filter((_, i) => i !== line).join('\n');
    case 2: return [...lines.slice(0, line), ...lines.slice(line - 1)].join('\n');
    case 3: return [lines[line] ?? '', ...lines.filter((_, i) => i !== line)].join('\n');
    case 4: return word === undefined ? text : text.replaceAll(word[0], `${word[0]}_`);
    case 5: return word === undefined ? text
      : text.slice(0, word.index) + other + text.slice(word.index + word[0].length);
    case 6: return text.replace(/\d+/g, (digits) => (random(12) === 0 ? `${random(4)}` : digits));
    default: return insert(text, text.indexOf('\n', random(text.length)), '\n// one more line');
  }
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, Math.max(0, at)) + piece + text.slice(Math.max(0, at));
}
