// What is taken over from a version without mistakes, and what makes all be read again. That it
// shows nowhere is tested by tests/kept.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceFile } from '../syntax/ast.ts';
import { analyze } from './analyze.ts';
import { KeptPrograms } from './kept-programs.ts';
import { takeOver } from './kept-reading.ts';
import { theParser } from './testing.ts';

const BEFORE = `
const MOST = 3
enum state { attached, detached }
lock outer: mutex
shared vma: state = attached guarded by outer
shared n: 0..3 = 0 guarded by outer
proc tally() { n = MOST }
thread counts { acquire outer  tally()  release outer }
thread asks { acquire outer  here: if vma == attached { vma = detached }  release outer }
thread idles { step "nothing" }
final asked: asks at here => counts.done
scenario all { asks  mine: counts  idles  expect safe }
`;

/** The bodies that are taken over after an edit of one place; null: all is read again. */
async function taken(from: string, to: string): Promise<readonly string[] | null> {
  const kept = new KeptPrograms();
  const now = BEFORE.replace(from, to);
  assert.notEqual(now, BEFORE);
  const parser = await theParser();
  const sourceOf = (text: string): SourceFile => {
    const { file, problems, dispose } = parser.parse(text);
    dispose();
    assert.deepEqual(problems, []);
    return file;
  };
  analyze({
    file: '', text: BEFORE, source: sourceOf(BEFORE), kept, damaged: [],
    use: () => ({ failure: 'no_file' }),
  });
  assert.ok(kept.reading !== null, 'there is no mistake');
  const { decls } = sourceOf(now);
  const found = takeOver(kept.reading, {
    own: '', text: now, decls: decls.map((decl) => ({ file: '', decl })),
  });
  return found === null ? null : found.bodies.map(({ owner }) => owner.name.text);
}

type Names = readonly string[] | null;

function takes(what: string, edit: readonly [string, string], names: Names): void {
  test(what, async () => assert.deepEqual(await taken(...edit), names));
}

const ALL = ['tally', 'counts', 'asks', 'idles'];

takes('a comment', ['lock outer', '// note\nlock outer'], ALL);
takes('a body', ['"nothing"', '"nothing at all"'], ['tally', 'counts', 'asks']);
takes('what a proc names, and who calls it', ['MOST = 3', 'MOST = 2'], ['asks', 'idles']);
takes('shared state', ['0..3 = 0', '0..3 = 1'], ['asks', 'idles']);
takes('a lock, through what it guards', ['mutex', 'spinlock'], ['idles']);
takes('a scenario', ['expect safe', 'expect fails asked'], ALL);
takes('a member: a bare name may be it', ['detached }', 'detached, gone }'], null);
takes('another name', ['idles {', 'sleeps {'], null);
takes('another kind of thing', ['thread idles', 'proc idles'], null);
takes('one more', ['lock outer', 'lock more: mutex\nlock outer'], null);
takes('an alias, which a property may name', ['mine: counts', 'other: counts'], null);

const SET = `
param PAGES: 1..8 = 2
const LESS = 1
type page = 0..PAGES-LESS
shared n: page = 0
thread walks { let i: page = 0  n = i }
thread idles { step "nothing" }
scenario few { with PAGES = 1  walks  idles }
scenario many { with PAGES = 4  walks  idles }
`;

test('what `with` breaks is found after each edit, and no more when it is mended', async () => {
  const kept = new KeptPrograms();
  const told = async (text: string, from?: KeptPrograms): Promise<readonly string[]> => {
    const { file, dispose } = (await theParser()).parse(text);
    dispose();
    return analyze({
      file: '', text, source: file, kept: from, damaged: [], use: () => ({ failure: 'no_file' }),
    }).problems.map(({ message }) => message);
  };
  const edits = [['LESS = 1', 'LESS = 2'], ['PAGES = 1', 'PAGES = 2'], ['PAGES = 4', 'PAGES = 1'],
    ['let i: page', 'let i: 0..PAGES-3'], ['nothing', 'more']] as const;
  for (const [from, to] of edits) {
    for (const text of [SET, SET.replace(from, to), SET]) {
      assert.deepEqual(await told(text, kept), await told(text), `${from}, now ${to}`);
    }
  }
  assert.notDeepEqual(await told(SET.replace(...edits[0])), []);
});
