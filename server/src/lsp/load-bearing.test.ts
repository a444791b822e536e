// A session that asks what is load-bearing: the answer, its run, and when it no longer holds.
import assert from 'node:assert/strict';
import test from 'node:test';
import { FILE } from '../service/testing.ts';
import type { LoadBearingResult, RunResult } from './protocol.ts';
import { createClient, PULLING } from './testing.ts';

const TEXT = `lock ptl: spinlock
lock idle: mutex
shared pte: 0..3 = 0

thread zap {
  acquire ptl
  pte = 0
  release ptl
  acquire idle
  step "nothing shared"
  release idle
}
thread fault {
  acquire ptl
  pte = 1
  release ptl
}

scenario both { zap  fault }
`;

test('what is load-bearing, its run, until the text means something else', async () => {
  const client = await createClient(PULLING);
  const ask = (params: object): Promise<LoadBearingResult> =>
    client.connection.sendRequest('mmlock/loadBearing', { uri: FILE, ...params });
  assert.equal((await ask({})).kind, 'none', 'the file is not open');
  client.open(TEXT);
  const found = await ask({ thread: 'zap' });
  assert.ok(found.kind === 'bearing');
  assert.deepEqual(found.items.map(({ text, summary }) => `${text}: ${summary}`), [
    'acquire ptl: needed: both: data_race(pte)',
    'release ptl: needed: both: data_race(pte)',
    'acquire idle: nothing fails without it: not needed, or a scenario is missing',
    'release idle: nothing fails if it stands elsewhere',
  ]);
  const run: RunResult = await client.connection.sendRequest('mmlock/run', {
    uri: FILE, scenario: 'both', kind: 'violation', index: 0, variant: { item: 0, tried: 0 },
  });
  assert.ok(run.kind === 'run');
  assert.equal(run.run.title, 'Do without ptl in zap');
  const last = run.run.steps.map(({ thread, line, move }) => `${thread} ${line} ${move}`);
  assert.deepEqual(last.slice(-2).sort(), ['fault 14 next', 'zap 6 next']);
  const drawn = await Promise.all([1, 2, 3, 4, 1].map(async (seed) => {
    const random: RunResult = await client.connection.sendRequest('mmlock/run', {
      uri: FILE, scenario: 'both', kind: 'random', seed, variant: { item: 0, tried: 0 },
    });
    assert.ok(random.kind === 'run');
    assert.deepEqual([random.run.title, random.run.seed], ['Do without ptl in zap', seed]);
    assert.match(random.run.verdictText, /^fails: data_race\(pte\)/);
    return random.run.schedule;
  }));
  assert.equal(drawn[4], drawn[0], 'the same seed');
  assert.ok(new Set(drawn).size > 1, 'another seed');
  client.type('thread zap {', '// a remark\nthread zap {');
  const again = await ask({ peek: true });
  assert.ok(again.kind === 'bearing');
  assert.deepEqual(again.items.map(({ range }) => range.start.line), [6, 8, 9, 11]);
  client.type('pte = 1', 'pte = 2');
  assert.equal((await ask({ peek: true })).kind, 'none');
  await client.stop();
});

for (const [retry, start, end] of [
  ['goto again', 'again: ', ''], ['continue', 'loop { ', 'break }'],
] as const) {
  test(`a re-check is not needed because always beginning again ends never: ${retry}`, async () => {
    const client = await createClient(PULLING);
    client.open(`lock m: mutex
shared atomic seq: 0..1 = 0
thread reader {
  rcu_read_lock
  ${start}let s = seq
  acquire m
  if seq != s { release m  ${retry} }
  release m
  ${end}
  rcu_read_unlock
}
thread writer { acquire m  seq = 1  release m  synchronize_rcu }
scenario s { reader writer }
`);
    const found: LoadBearingResult = await client.connection.sendRequest('mmlock/loadBearing',
      { uri: FILE, thread: 'reader' });
    assert.ok(found.kind === 'bearing');
    assert.deepEqual(found.items.filter(({ text }) => text.startsWith('if'))
      .map(({ text, summary }) => `${text}: ${summary}`),
    ['if seq != s: nothing fails without it: not needed, or a scenario is missing']);
    await client.stop();
  });
}
