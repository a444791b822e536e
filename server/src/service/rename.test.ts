// Rename: places, refusals, several files; and on every name of every example, that each scenario
// has the same program afterwards.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { lowerScenario } from '../analysis/analyze.ts';
import type { FileId } from '../text/range.ts';
import type { View } from '../features/rename.ts';
import { BUNDLED } from './bundled.ts';
import { createFiles } from './files.ts';
import { meaningOf } from './fingerprint.ts';
import { renamed, type Renamed } from './rename.ts';
import { cursor, FILE, parser } from './testing.ts';
import { readViews } from './views.ts';

const root = new URL('../../../', import.meta.url);

function reading(texts: ReadonlyMap<FileId, string>) {
  const files = createFiles(parser, {
    modules: [], read: () => Promise.resolve(null),
    resolve: (from, path) => new URL(path, from).toString(),
    library: (name) => {
      const text = BUNDLED[name];
      return text === undefined ? null : { file: `library:${name}`, text };
    },
  }, () => {});
  return (changed: ReadonlyMap<FileId, string>) =>
    readViews({ parser, files, texts: new Map([...texts, ...changed]) });
}

function rename(texts: ReadonlyMap<FileId, string>, offset: number, name: string): Renamed {
  const views = reading(texts);
  const view = views(new Map()).get(FILE);
  assert.ok(view !== undefined);
  const isOpenable = (file: FileId): boolean => !file.startsWith('library:');
  return renamed({ snapshot: view, offset, name, views, isOpenable });
}

/** Each file afterwards. */
function applied(texts: ReadonlyMap<FileId, string>, found: Renamed, name: string) {
  assert.ok(found.kind === 'edits', found.kind === 'refused' ? found.why : '');
  return new Map([...texts].map(([file, text]) => {
    const ranges = [...found.edits.get(file) ?? []].reverse();
    return [file, ranges.reduce((all, { start, end }) =>
      all.slice(0, start) + name + all.slice(end), text)] as const;
  }));
}

function checkRename(marked: string, name: string, expected: string): void {
  test(`${marked.trim()} to ${name}`, () => {
    const { text, offset } = cursor(marked);
    const texts = new Map([[FILE, text]]);
    assert.equal(applied(texts, rename(texts, offset, name), name).get(FILE), expected);
  });
}

function checkRefused(marked: string, name: string, why: RegExp): void {
  test(`not ${marked.trim()} to ${name}`, () => {
    const { text, offset } = cursor(marked);
    const found = rename(new Map([[FILE, text]]), offset, name);
    assert.match(found.kind === 'refused' ? found.why : 'not refused', why);
  });
}

checkRename('enum e { a<|>, b }\nshared x: e = a\n', 'c', 'enum e { c, b }\nshared x: e = c\n');
checkRename('struct s[1] { f<|>: bool }\nthread t { let v = new s { f = true } v.f = false }', 'g',
  'struct s[1] { g: bool }\nthread t { let v = new s { g = true } v.g = false }');
checkRename('thread t { l<|>: step "x" }\ninvariant i: !(t at l)', 'm',
  'thread t { m: step "x" }\ninvariant i: !(t at m)');
checkRename(
  'shared x<|>: 0..1\nthread t { x = 1 }\nscenario s { t t expect fails data_race(x) }', 'y',
  'shared y: 0..1\nthread t { y = 1 }\nscenario s { t t expect fails data_race(y) }');
checkRename('thread t -> a<|> { outcome a }\nscenario s { z: t final f: z.outcome == a }', 'b',
  'thread t -> b { outcome b }\nscenario s { z: t final f: z.outcome == b }');

checkRefused('shared x<|>: 0..1\n', '1x', /is no name/);
checkRefused('shared x<|>: 0..1\n', 'thread', /is a word of the language/);
checkRefused('shared x<|>: 0..1\nshared y: 0..1\n', 'y', /already declared/);
checkRefused('shared x<|>: 0..3\nthread t { let n = 1 x = n }\n', 'n',
  /would mean something else/);
checkRefused('use mm\nconst N = PAGE<|>_SIZE\n', 'X', /declared in the library/);
checkRefused('const N = 1 // no<|>thing\n', 'X', /no name here/);

test('over files that take one in, also one that is not saved', () => {
  const { text, offset } = cursor('use "./a.mmlock"\nthread t { acquire big<|> release big }\n');
  const a = 'file:///a.mmlock';
  const b = 'file:///b.mmlock';
  const texts = new Map([[FILE, text], [a, 'lock big: mutex\n'],
    [b, 'use "./a.mmlock"\nthread u { acquire big release big }\n']]);
  const after = applied(texts, rename(texts, offset, 'small'), 'small');
  assert.equal(after.get(a), 'lock small: mutex\n');
  assert.equal(after.get(b), 'use "./a.mmlock"\nthread u { acquire small release small }\n');
  assert.equal(after.get(FILE)?.includes('big'), false);
});

function programs(view: View | undefined): readonly string[] {
  assert.ok(view !== undefined);
  return view.model.scenarios.map((scenario) => {
    const lowered = lowerScenario(view.model, scenario);
    return lowered === null ? 'none' : meaningOf(lowered.program).print;
  });
}

function examples(): readonly URL[] {
  return ['examples/', 'examples/munmap/'].flatMap((folder) =>
    readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.mmlock'))
      .map((name) => new URL(folder + name, root)));
}

for (const example of examples()) {
  test(`every name of ${example.pathname.slice(root.pathname.length)}`, () => {
    const texts = new Map([[FILE, readFileSync(example, 'utf8')]]);
    const before = reading(texts)(new Map()).get(FILE);
    const expected = programs(before);
    const declared = (before?.model.occurrences ?? []).filter(({ role }) => role === 'declaration');
    assert.ok(declared.length > 5);
    for (const { range, sym } of declared) {
      const found = rename(texts, range.start, 'a_name_of_nothing');
      const after = reading(applied(texts, found, 'a_name_of_nothing'))(new Map()).get(FILE);
      assert.deepEqual(programs(after), expected, `${sym.kind} ${sym.name}`);
      assert.equal(after?.problems.length, before?.problems.length);
    }
  });
}
