// The test explorer's question over the wire: a scenario as a test, and what its search got to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FILE } from '../service/testing.ts';
import { SCENARIOS, TEST, type ScenariosResult, type TestResult } from './protocol.ts';
import { createClient, PULLING } from './testing.ts';

const TEXT = `shared x: bool
lock m: mutex
thread t {
  x = true
  if x { release m } else {
    assert true
  }
}
thread u { acquire m  release m }
scenario racy { t x 2 }
scenario fine { u x 2 }
scenario known { t x 2
  expect fails
}
scenario other { u
  expect fails deadlock
}
`;

async function ask(scenario: string, settings: unknown = null): Promise<TestResult> {
  const client = await createClient(PULLING, { settings });
  client.open(TEXT);
  const result: TestResult = await client.connection.sendRequest(TEST, { uri: FILE, scenario });
  await client.stop();
  return result;
}

test('as expected passes, whether safe or failing', async () => {
  assert.equal((await ask('fine'))?.state, 'passed');
  const known = await ask('known');
  assert.deepEqual([known?.state, known?.messages], ['passed', []]);
});

test('what is not as expected: expected, actual, and where', async () => {
  const racy = await ask('racy');
  assert.equal(racy?.state, 'failed');
  const [first, second] = racy.messages;
  assert.deepEqual([first?.expected, first?.line], ['expect safe', 9]);
  assert.match(first?.actual ?? '', /^fails data_race\(x\)/);
  assert.deepEqual([second?.violation, second?.line], [0, 3]);
  const other = await ask('other');
  assert.deepEqual([other?.messages[0]?.expected, other?.messages[0]?.actual],
    ['expect fails deadlock', 'safe']);
});

test('checked on demand, and unknown is no pass', async () => {
  assert.equal((await ask('fine', { check: { when: 'manual' } }))?.state, 'passed');
  const cut = await ask('fine', { check: { maxStates: 2 } });
  assert.equal(cut?.state, 'errored');
  assert.match(cut.messages[0]?.message ?? '', /nothing is claimed/);
  assert.equal(await ask('nothing'), null);
});

test('coverage: steps and branches that the scenario reaches', async () => {
  const racy = await ask('racy');
  const [file] = racy?.coverage ?? [];
  assert.equal(file?.uri, FILE);
  assert.deepEqual(file.statements.map(({ line, reached }) => [line, reached]),
    [[3, true], [4, true], [4, true], [5, false]]);
  const choice = file.statements.find(({ branches }) => branches.length > 0);
  assert.deepEqual(choice?.branches.map(({ name, reached }) => [name, reached]),
    [['then', true], ['else', false]]);
});

test('scenarios say where they stand', async () => {
  const client = await createClient(PULLING);
  client.open(TEXT);
  const all: ScenariosResult = await client.connection.sendRequest(SCENARIOS, { uri: FILE });
  await client.stop();
  assert.deepEqual(all.map(({ name, place }) => [name, place.line, place.character]),
    [['racy', 9, 9], ['fine', 10, 9], ['known', 11, 9], ['other', 14, 9]]);
});
