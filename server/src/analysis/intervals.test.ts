// The ranges that locals without a type take.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from './testing.ts';

const BASE = `
param N: 1..4 = 2
type page = 0..N-1
shared x: 0..7
shared y: -3..3
struct vma[2] { off: 0..3 }
shared cur: ref vma = new vma {}
proc get(a: page) -> 2..5 { return 2 }
`;

/** The local `v` of the body, as its symbol shows it. */
async function rangeOf(body: string): Promise<string> {
  const model = await read(`${BASE} thread t(p: page) { ${body} }`);
  const found = model.occurrences.find((o) => o.sym.kind === 'local' && o.sym.name === 'v');
  return model.problems[0]?.message ?? found?.sym.detail ?? 'none';
}

const CASES: readonly (readonly [body: string, range: string])[] = [
  ['let v = 3', '3..3'],
  ['let v = x', '0..7'],
  ['let v = 0  v = cur.off', '0..3'],
  ['let v = p', '0..1'],
  ['let v = N', '2..2'],
  ['let v = get(p)', '2..5'],
  ['let v = any 1..x', '1..7'],
  ['let v = x * y', '-21..21'],
  ['let v = x - y', '-3..10'],
  ['let v = -y + 1', '-2..4'],
  ['let v = x / 2', '0..3'],
  ['let v = y / 2', '-1..1'],
  ['let v = 6 / y', '-6..6'],
  ['let v = x % 3', '0..2'],
  ['let v = y % 2', '-1..1'],
  ['let v = x % 100', '0..7'],
  ['let v = x / 0', '0..0'],
  ['let v = 0  if x == 1 { v = 5 }', '0..5'],
  ['let v = 0  loop { v = (v + 1) % 100 }', '0..99'],
  ['let v = 0  let w = 0  v = w + 1  w = v % 3', '0..3'],
  ['let v = 0  for i in 1..N { v = i }', '0..2'],
  ['let v = 0  for i in page { for j in i..x { v = j } }', '0..7'],
  ['let v = 0  v += 0', '0..0'],
  ['let v = 0  let w = x  v = w  w = 3', '0..7'],
  ['let v = count(i in page: i == x)', '0..2'],
  ['let v = 1  v = v * v', '1..1'],
];

for (const [body, range] of CASES) {
  test(`${body}: ${range}`, async () => assert.equal(await rangeOf(body), `let v: ${range}`));
}

test('a range that has no end is said to have none', async () => {
  for (const body of ['let v = 2  v = v * v', 'let v = 0  v -= 1', 'let v = x  v = v + v']) {
    assert.match(await rangeOf(body), /the values of `v` have no end/);
  }
});

test('with a type nothing is worked out', async () => {
  assert.equal(await rangeOf('let v: 0..3 = 0  v = v + 1'), 'let v: 0..3');
});
