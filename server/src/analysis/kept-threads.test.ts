// Which threads of a scenario's program are taken over after an edit, and that it shows nowhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze, keptScenario, lowerScenario } from './analyze.ts';
import { KeptPrograms } from './kept-programs.ts';
import type { Model } from './model.ts';
import { theParser } from './testing.ts';

const BEFORE = `
const MOST = 3
lock outer: mutex
shared n: 0..3 = 0 guarded by outer
proc tally(by: 0..2) { let k = n  n = MOST - by  assert k <= 3 }
thread counts { acquire outer  tally(1)  release outer }
thread also { acquire outer  tally(2)  release outer }
thread turns(p: 0..3) { for i in 0..2 { p = i }  at_end: step "done" }
thread waits { await counts.done }
final ended: turns at at_end || turns.done
scenario all { counts  turns(1) x 2  also  waits  expect safe }
`;

async function read(text: string, kept: KeptPrograms): Promise<Model> {
  const parser = await theParser();
  const { file, problems, dispose } = parser.parse(text);
  dispose();
  assert.deepEqual(problems, []);
  return analyze({
    file: '', text, source: file, kept, damaged: [], use: () => ({ failure: 'no_file' }),
  });
}

function keeps(what: string, edit: readonly [string, string], names: readonly string[]): void {
  test(what, async () => {
    const kept = new KeptPrograms();
    const [was, is] = await lowered([BEFORE, BEFORE.replace(...edit)], kept);
    const same = is?.program.threads.filter((it, i) => it === was?.program.threads[i]) ?? [];
    assert.deepEqual(same.map(({ name }) => name), names);
  });
}

/** Of each version, as they follow each other; each is what it is when it is lowered by itself. */
async function lowered(texts: readonly string[], kept: KeptPrograms) {
  const found = [];
  for (const text of texts) {
    const model = await read(text, kept);
    const [scenario] = model.scenarios;
    assert.ok(scenario !== undefined);
    const program = keptScenario(model, scenario);
    assert.deepEqual(program && { ...program }, lowerScenario(model, scenario));
    found.push(program);
  }
  return found;
}

const TURNS = ['turns#1', 'turns#2'];

keeps('an edit of one', ['p = i', 'p = 1'], ['counts', 'also']);
keeps('one that moves what follows', ['p = i', 'p = 1 + 1'], ['counts', 'also']);
keeps('one more step: what follows has other numbers, and shares a proc with what is before',
  ['p = i', 'p = i  p = 0'], []);
keeps('one more step before the last', ['tally(2)', 'tally(2)  step "more"'], TURNS);
keeps('a comment, which moves all', ['const', '// MOST\nconst'],
  ['counts', ...TURNS, 'also', 'waits']);
keeps('a proc that two call', ['n = MOST', 'n = 3'], TURNS);
keeps('who calls a proc of one before it', ['tally(2)', 'tally(0)'], TURNS);
keeps('a lock of another kind', ['mutex', 'spinlock'], []);
keeps('an argument', ['turns(1)', 'turns(2)'], []);
keeps('a property about labels', ['|| turns.done', '|| !counts.done'],
  ['counts', ...TURNS, 'also']);
keeps('a property about other labels', ['turns at at_end ||', ''], []);

const TWINS = `
lock m: mutex
shared n: 0..3 = 0 guarded by m
type few = 0..3
shared atomic a: few[4] = 0
proc add(by: 0..3) -> 0..3 { let k = n  n = by  return k }
thread one(p: 0..3) BODY
thread two(p: 0..3) BODY
scenario alike { one(1)  one(1) PROPERTY expect safe }
scenario apart { one(1)  two(1) PROPERTY expect safe }
`;
const BODY = `{
  acquire m
  for i in 0..2 { p = add(i)  a[p] = i  choose { n = p } or { let k = a[i]  n = k } }
  end: release m
}`;

test('a second instance is lowered as another thread with its text would be', async () => {
  for (const property of ['', 'final f: one at end || true']) {
    const text = TWINS.replaceAll('BODY', BODY).replaceAll('PROPERTY', property);
    const model = await read(text, new KeptPrograms());
    const [alike, apart] = model.scenarios.map((it) => lowerScenario(model, it));
    const plain = (of: typeof alike): string =>
      JSON.stringify(of?.program.threads[1]?.code, (key, value: unknown) =>
        (key === 'site' || key === 'within' ? undefined : value));
    assert.ok(plain(alike).includes('"local"'));
    assert.equal(plain(alike), plain(apart));
    assert.deepEqual(alike?.program.cells, apart?.program.cells);
    assert.deepEqual(alike?.cells, apart?.cells);
    assert.deepEqual(alike?.passages.map(({ thread, from, inside }) => ({ thread, from, inside })),
      apart?.passages.map(({ thread, from, inside }) => ({ thread, from, inside })));
  }
});
