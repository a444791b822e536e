// A random spec as text, named by its seed: declarations, procs, threads, properties, scenarios.
import { randomFrom, type Random } from '../oracle/random.ts';
import type { Body, Owner, Proc } from './body.ts';
import { deeper, sayStep } from './body.ts';
import { conditionText, value, type Asked, type Local, type Scope } from './expressions.ts';
import { randomScenarios, type Thread } from './scenarios.ts';
import { statements } from './statements.ts';
import { randomWorld, sortText, type Sort, type World } from './world.ts';

interface Params {
  readonly params: Proc['params'];
  readonly text: string;
}

function randomParams(world: World, most: number): Params {
  const { random } = world;
  const sorts = world.structs.length > 0 && random.chance(30)
    ? [...world.sorts, { kind: 'ref', struct: world.structs[0]?.name ?? '' } as const]
    : world.sorts;
  const params = Array.from({ length: random.below(most + 1) }, (_, i) =>
    ({ name: `${'bc'[i] ?? 'd'}`, sort: random.pick(sorts) }));
  const text = params.map(({ name, sort }) => `${name}: ${sortText(sort)}`).join(', ');
  return { params, text };
}

const localsOf = (params: Proc['params']): readonly Local[] =>
  params.map(({ name, sort }) => ({ name, sort, kind: 'parameter', safe: false }));

interface Writing {
  readonly world: World;
  readonly owner: Owner;
  readonly params: Proc['params'];
  readonly threads: readonly Asked[];
}

function startBody({ world, owner, params, threads }: Writing): Body {
  const scope: Scope = {
    world, where: 'thread', locals: localsOf(params), held: [], threads, untyped: true,
    shares: true,
  };
  return deeper({ world, scope, owner, lines: [], depth: 0, step: false, loop: null });
}

const SOME_OUTCOMES = ['fine', 'again', 'lost'];

function randomProc(world: World, name: string, procs: readonly Proc[]): Proc {
  const { random } = world;
  const { params, text } = randomParams(world, 2);
  const result: Sort | null = random.chance(50) ? random.pick(world.sorts) : null;
  const owner: Owner = {
    outcomes: random.chance(20) ? SOME_OUTCOMES.slice(0, 1) : [], result, isProc: true, procs,
    labels: [], called: [], notes: { blocks: false, decides: false }, fresh: { next: 0 },
    purse: { left: 1 + random.below(3) },
  };
  const body = startBody({ world, owner, params, threads: [] });
  statements(body, 1 + random.below(2));
  if (result !== null) sayStep(body, `return ${value(body.scope, result, 1)}`);
  const head = `proc ${name}${text === '' && random.chance(50) ? '' : `(${text})`}`;
  const arrow = result === null ? '' : ` -> ${sortText(result)}`;
  const doc = random.chance(30) ? '/// Does a little.\n' : '';
  world.decls.push(`${doc}${head}${arrow} {\n${body.lines.join('\n')}\n}`);
  const labels = [...owner.labels, ...owner.called.flatMap((proc) => proc.labels)];
  return { name, params, result, ...owner.notes, labels };
}

interface Heads {
  readonly procs: readonly Proc[];
  readonly before: readonly Thread[];
  readonly purse: number;
}

function randomThread(world: World, name: string, { procs, before, purse }: Heads): Thread {
  const { random } = world;
  const { params, text } = randomParams(world, random.chance(60) ? 0 : 2);
  const outcomes = random.chance(40) ? SOME_OUTCOMES.slice(0, 1 + random.below(3)) : [];
  const never = outcomes.map((_, i) => i > 0 && random.chance(20));
  const background = random.chance(10);
  const owner: Owner = {
    outcomes, result: null, isProc: false, procs, labels: [], called: [],
    notes: { blocks: false, decides: false }, fresh: { next: 0 }, purse: { left: purse },
  };
  const body = startBody({ world, owner, params, threads: before });
  statements(body, 1 + random.below(5));
  if (outcomes.length > 0 && random.chance(95)) {
    const allowed = outcomes.filter((_, i) => never[i] !== true || random.chance(10));
    sayStep(body, `outcome ${random.pick(allowed)}`);
  }
  const list = outcomes.map((it, i) => (never[i] === true ? `never ${it}` : it)).join(' | ');
  const arrow = list === '' ? '' : ` -> ${list}`;
  const head = `${background ? 'background ' : ''}thread ${name}${text === '' ? '' : `(${text})`}`;
  world.decls.push(`${head}${arrow} {\n${body.lines.join('\n')}\n}`);
  const labels = [...owner.labels, ...owner.called.flatMap((proc) => proc.labels)]
    .filter((label) => body.lines.join('\n').includes(label));
  return { name, params, outcomes, labels, background };
}

export function propertyText(scope: Scope, name: string): string {
  const { random } = scope.world;
  const kind = random.pick(['invariant', 'final', 'eventually', 'reachable']);
  const text = conditionText({ ...scope, where: 'property' }, 2);
  const isWeak = kind === 'invariant' && random.chance(60);
  return `${kind} ${name}: ${isWeak ? `true || (${text})` : text}`;
}

/** In any order, but for shared state, whose initial values may name what is above. */
function ordered(random: Random, decls: readonly string[]): readonly string[] {
  if (!random.chance(20)) return decls;
  const isShared = (decl: string): boolean => /^shared/.test(decl);
  const others = decls.filter((decl) => !isShared(decl));
  const shared = decls.filter(isShared);
  return decls.map(() => {
    const from = shared.length > 0 && (others.length === 0 || random.chance(50)) ? shared : others;
    const at = from === shared ? 0 : random.below(from.length);
    return from.splice(at, 1)[0] ?? '';
  });
}

/** The text of the spec of this seed; always the same. */
export function randomSpec(seed: number): string {
  const random = randomFrom(seed);
  const world = randomWorld(random);
  const procs: Proc[] = [];
  const nProcs = random.pick([0, 0, 1, 1, 2]);
  for (let i = 0; i < nProcs; i++) procs.push(randomProc(world, `proc${i}`, [...procs]));
  const threads: Thread[] = [];
  const nThreads = 1 + random.below(3);
  const purse = nThreads === 3 ? 5 : 7;
  for (let i = 0; i < nThreads; i++) {
    threads.push(randomThread(world, `t${i}`, { procs, before: [...threads], purse }));
  }
  const scope: Scope = {
    world, where: 'property', locals: [], held: [], threads, untyped: true, shares: true,
  };
  const properties = Array.from({ length: random.pick([0, 0, 1, 1, 2, 3]) }, (_, i) => `q${i}`);
  for (const name of properties) world.decls.push(propertyText(scope, name));
  const decls = ordered(random, world.decls);
  const scenarios = randomScenarios(scope, threads, properties);
  return [`// Seed ${seed}.`, ...decls, ...scenarios].join('\n').concat('\n');
}
