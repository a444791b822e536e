// `mmlock compare`: what a change of a protocol gains and loses, each with a run that is one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderWith, mmlock } from './support/cli.ts';

const BEFORE = `lock m: rwsem
lock p: spinlock
enum st { there, gone }
shared x: st = there guarded by p
thread unmap { acquire write m  acquire p  x = gone  release p  release m }
thread fault -> content | sigsegv {
  acquire read m
  acquire p
  if x == gone { outcome sigsegv } else { outcome content }
  release p
  release m
}
scenario one { unmap  fault }
scenario old { fault }
`;
const AFTER = BEFORE
  .replace('acquire write m  acquire p  x = gone  release p',
    'acquire write m  downgrade m  x = gone')
  .replace('content | sigsegv', 'content | never zero').replace('outcome sigsegv', 'outcome zero')
  .replace('scenario old', 'scenario fresh');
const TWO = `shared x: bool
thread a { x = true  x = false }
scenario s { a x 2 }
`;
const folder = folderWith({
  'before.mmlock': BEFORE, 'after.mmlock': AFTER, 'renamed.mmlock': `// new\n${BEFORE}`,
  'broken.mmlock': BEFORE.replace('release p', 'release q'), 'torn.mmlock': 'lock m mutex\n',
  'two.mmlock': TWO, 'less.mmlock': TWO.replace('x = false', 'WRITE_ONCE(x, false)'),
  'pair.mmlock': `${BEFORE}scenario both { unmap  fault x 2 }\n`,
});

interface Change {
  readonly kind: string;
  readonly change: string;
  readonly name: string;
  readonly certain: boolean;
  readonly schedule: string;
  readonly trace: readonly { readonly text: string }[];
}
interface Scenario {
  readonly name: string;
  readonly before: { readonly states: number } | null;
  readonly after: { readonly states: number } | null;
  readonly changes: readonly Change[];
}

function isCompared(value: unknown): value is { readonly scenarios: readonly Scenario[] } {
  return typeof value === 'object' && value !== null && 'scenarios' in value;
}

async function compared(...args: readonly string[]) {
  const { out, status, error } = await mmlock(folder, 'compare', '--format', 'json', ...args);
  const value: unknown = JSON.parse(out);
  assert.ok(isCompared(value), error);
  return { scenarios: value.scenarios, status };
}

const listed = ({ changes }: Scenario): readonly string[] =>
  changes.map(({ kind, change, name }) => `${change === 'gained' ? '+' : '-'} ${kind} ${name}`);

test('the same protocol, however it is written, has no difference', async () => {
  const ran = await mmlock(folder, 'compare', 'before.mmlock', 'renamed.mmlock');
  assert.equal(ran.status, 0, ran.error);
  assert.match(ran.out, /^one {2}safe {2}34 states\n {2}no difference$/m);
});

test('outcomes, violations and lock orders, gained and lost', async () => {
  const { scenarios, status } = await compared('before.mmlock', 'after.mmlock');
  assert.equal(status, 1);
  const [one, fresh, old] = scenarios;
  assert.ok(one !== undefined && fresh !== undefined && old !== undefined);
  assert.deepEqual(listed(one), [
    '+ outcome fault = zero', '- outcome fault = sigsegv', '+ violation guard(x)',
    '+ violation data_race(x)', '+ violation forbidden_outcome(zero)',
    '- lock_order p (write) under m (write)',
  ]);
  assert.deepEqual([fresh.name, fresh.before], ['fresh', null]);
  assert.deepEqual([old.name, old.after], ['old', null]);
});

test('every change has its run, and the run replays on its side', async () => {
  const { scenarios } = await compared('before.mmlock', 'after.mmlock');
  for (const { change, name, schedule, trace } of scenarios[0]?.changes ?? []) {
    assert.ok(trace.length > 0, name);
    const file = change === 'gained' ? 'after.mmlock' : 'before.mmlock';
    const ran = await mmlock(folder, 'simulate', file, '--scenario', 'one', '--schedule', schedule);
    assert.notEqual(ran.status, 2, `${name}: ${ran.error}`);
    const last = trace.at(-1)?.text ?? '';
    if (name.startsWith('fault = ')) assert.ok(ran.out.includes(last), `${name}: ${ran.out}`);
  }
});

test('one race of two that is mended is a difference', async () => {
  const { scenarios, status } = await compared('two.mmlock', 'less.mmlock');
  assert.equal(status, 1);
  assert.ok(scenarios[0]?.changes.some(({ change, name }) =>
    change === 'lost' && name === 'data_race(x) at a: x = false'), JSON.stringify(scenarios));
});

test('two scenarios of one file: the threads that both run', async () => {
  const { scenarios } = await compared('pair.mmlock:one', 'pair.mmlock:both');
  const [only] = scenarios;
  assert.ok(only !== undefined && scenarios.length === 1);
  assert.deepEqual(only.changes, []);
  assert.ok((only.before?.states ?? 0) < (only.after?.states ?? 0));
});

test('what was not searched to the end is no certain difference', async () => {
  const same = await compared('before.mmlock:one', 'renamed.mmlock:one', '--max-states', '10');
  assert.equal(same.status, 3);
  const { scenarios } = await compared(
    'before.mmlock:old', 'after.mmlock:one', '--max-states', '9');
  assert.ok(scenarios.flatMap(({ changes }) => changes)
    .filter(({ change }) => change === 'lost').every(({ certain }) => !certain));
});

for (const [why, ...args] of [
  ['one file', 'before.mmlock'], ['no such file', 'before.mmlock', 'nothing.mmlock'],
  ['no such scenario', 'before.mmlock:none', 'after.mmlock'],
  ['a scenario with errors', 'before.mmlock', 'broken.mmlock'],
  ['errors in a file without scenarios', 'before.mmlock', 'torn.mmlock'],
  ['no such format', 'before.mmlock', 'after.mmlock', '--format', 'sarif'],
] as const) {
  test(`exit 2: ${why}`, async () => {
    const ran = await mmlock(folder, 'compare', ...args);
    assert.equal(ran.status, 2, ran.out);
    assert.notEqual(ran.error, '');
  });
}
