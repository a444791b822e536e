// Random scenarios: what runs together, with which params and arguments, and all forms of `expect`.
import { value, conditionText, type Asked, type Scope } from './expressions.ts';
import type { Proc } from './body.ts';

export interface Thread extends Asked {
  readonly params: Proc['params'];
  readonly background: boolean;
}

const CODES = [
  'deadlock', 'data_race', 'range', 'lock_held_at_exit', 'lock_not_held', 'null_ref', 'guard',
  'use_after_free', 'missing_outcome', 'sleep_in_atomic', 'assert("as it should be")',
];

interface Run {
  readonly thread: Thread;
  readonly alias: string | null;
  readonly count: number;
}

function chooseRuns(scope: Scope, threads: readonly Thread[]): readonly Run[] {
  const { random } = scope.world;
  const most = random.chance(8) ? 4 : random.chance(45) ? 3 : 2;
  const runs: Run[] = [];
  let left = most;
  for (let i = 0; left > 0; i++) {
    const thread = threads.length <= most && i < threads.length
      ? threads[i] ?? random.pick(threads) : random.pick(threads);
    const count = random.chance(15) ? Math.min(left, 2) : 1;
    const alias = random.chance(25) ? `run${i}` : null;
    runs.push({ thread, alias, count });
    left -= count;
  }
  return runs;
}

function runText(scope: Scope, { thread, alias, count }: Run): string {
  const { random } = scope.world;
  const inits: Scope = { ...scope, where: 'init', shares: false, threads: [] };
  const args = thread.params.map(({ sort }) => {
    if (sort.kind !== 'ref') return value(inits, sort, 0);
    const pointer = scope.world.variables.find((it) => it.sort.kind === 'ref'
      && it.sort.struct === sort.struct);
    return random.chance(60) ? pointer?.name ?? 'null' : 'null';
  });
  const list = args.length === 0 && random.chance(80) ? '' : `(${args.join(', ')})`;
  const times = count > 1 ? ` x ${count}` : random.chance(4) ? ' x 1' : '';
  return `  ${alias === null ? '' : `${alias}: `}${thread.name}${list}${times}`;
}

interface Expecting {
  readonly properties: readonly string[];
  readonly others: readonly string[];
}

function expectText(scope: Scope, { properties, others }: Expecting): readonly string[] {
  const { random, variables, locks } = scope.world;
  const lines: string[] = [];
  const dice = random.below(8);
  const subject = random.pick(variables).name;
  const names = [...properties, ...CODES, `data_race(${subject})`, `range(${subject})`,
    `deadlock(${random.pick(locks).name})`];
  if (dice === 0) lines.push('  expect safe');
  if (dice === 1) lines.push('  expect fails');
  if (dice === 2) lines.push(`  expect fails ${random.pick(names)}, ${random.pick(names)}`);
  if (dice === 3) lines.push(`  expect fails ${random.pick(names)}`);
  if (others.length > 0 && random.chance(40)) {
    lines.push(`  expect ${random.chance(40) ? 'not ' : ''}refines ${random.pick(others)}`);
  }
  return lines;
}

function scenarioText(
  scope: Scope, threads: readonly Thread[], made: Expecting & { readonly name: string },
): string {
  const { random, length } = scope.world;
  const runs = chooseRuns(scope, threads);
  const title = random.chance(25) ? ' "what runs together"' : '';
  const lines = [`scenario ${made.name}${title} {`];
  if (length !== null && random.chance(25)) {
    lines.push(`  with N = ${random.pick(['1', '2', '3'])}`);
  }
  lines.push(...runs.map((run) => runText(scope, run)));
  const aliases = runs.flatMap(({ thread, alias }): Asked[] =>
    (alias === null ? [] : [{ ...thread, name: alias }]));
  const own: string[] = [];
  if (random.chance(25)) {
    const asks: Scope = { ...scope, threads: [...scope.threads, ...aliases] };
    const kind = random.pick(['invariant', 'final', 'eventually', 'reachable']);
    own.push(`own_${made.name}`);
    lines.push(`  ${kind} own_${made.name}: ${conditionText(asks, 1)}`);
  }
  const { others, properties } = made;
  lines.push(...expectText(scope, { others, properties: [...properties, ...own] }), '}');
  return lines.join('\n');
}

function workloadText(scope: Scope, threads: readonly Thread[]): string {
  const { random } = scope.world;
  const lines = threads.map((thread, i) =>
    `${runText(scope, { thread, alias: null, count: 1 })}`
    + (i === 0 ? ' at 0s' : random.pick([' every 20us', ' at 1us every 5us'])));
  return ['workload load "some load" {', '  cpus 4', '  seed 7', ...lines, '  for 5ms', '}']
    .join('\n');
}

export function randomScenarios(
  scope: Scope, threads: readonly Thread[], properties: readonly string[],
): readonly string[] {
  const { random } = scope.world;
  const names = random.chance(30) ? ['first', 'second'] : ['first'];
  const all = names.map((name) => scenarioText(scope, threads, {
    name, properties, others: names.filter((other) => other !== name),
  }));
  return random.chance(8) ? [...all, workloadText(scope, threads)] : all;
}
