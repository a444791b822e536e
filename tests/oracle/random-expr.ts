// Random expressions of the three sorts (numbers, refs, conditions) over a random world.
import type { Access, Expr, LockRef } from '../../simulator/src/index.ts';
import { accessTo, BOUND, number, type LockName, type World } from './random-world.ts';

/** Who writes the expression. */
export interface Writer {
  readonly world: World;
  /** Its locals; null for a property. */
  readonly own: { readonly int: number; readonly ref: number | null } | null;
  /** Threads that may be asked about, with pcs to be `at` (none while they are not known). */
  readonly others: readonly { readonly outcomes: number; readonly pcs: readonly number[] }[];
  /** Whether it may ask about other threads (properties, await, assert). */
  readonly asks: boolean;
  /** Whether shared state may be read. */
  readonly shares: boolean;
  /** Whether nothing it writes may break: no null, no index out of bounds, no division. */
  readonly calm: boolean;
}

const load = (access: Access): Expr => ({ kind: 'load', access });

/** A ref to an object; null where the program has none. */
export function randomRef(writer: Writer): Expr | null {
  const { world, own, shares } = writer;
  const choices: Expr[] = [];
  if (own !== null && own.ref !== null) choices.push({ kind: 'local', cell: own.ref });
  if (shares && world.pointer !== null) choices.push(load(accessTo(world, world.pointer)));
  if (choices.length === 0) return null;
  return world.random.pick(choices);
}

/** Places an int can be read from or written to. */
export function randomAccess(writer: Writer): Access {
  const { world } = writer;
  const { random } = world;
  if (world.array !== null && random.chance(25)) {
    const index = random.chance(60) || writer.own === null || writer.calm
      ? number(random.below(!writer.calm && random.chance(8) ? 3 : 2))
      : randomNumber({ ...writer, shares: false }, 0);
    return accessTo(world, world.array, { index });
  }
  const objects = world.field !== null && !writer.calm && random.chance(40);
  const ref = objects ? randomRef(writer) : null;
  if (ref !== null && world.field !== null) return accessTo(world, world.field, { ref });
  return accessTo(world, random.pick(world.ints));
}

export function randomNumber(writer: Writer, depth: number): Expr {
  const { world, own, shares } = writer;
  const { random } = world;
  if (depth > 0 && random.chance(30)) {
    const op = random.pick(writer.calm || random.chance(75)
      ? ['+', '-', '*', '&', '|', '&~'] as const : ['/', '%'] as const);
    const left = randomNumber(writer, depth - 1);
    if (op === '-' && random.chance(20)) return { kind: 'neg', operand: left };
    return { kind: 'binary', op, left, right: randomNumber(writer, depth - 1) };
  }
  if (shares && random.chance(55)) return load(randomAccess(writer));
  if (own !== null && random.chance(40)) return { kind: 'local', cell: own.int };
  return number(random.below(3));
}

export function lockRefTo(writer: Writer, name: LockName): LockRef | null {
  const { world } = writer;
  const { random } = world;
  const single = { base: name.base, pool: null, ref: null, index: null, count: 1 };
  if (name.form === 'single') return single;
  if (name.form === 'array') {
    const plain = writer.calm || random.chance(70);
    const index = plain ? number(random.below(2)) : randomNumber(writer, 0);
    return { ...single, index, count: 2 };
  }
  const ref = writer.calm ? null : randomRef(writer);
  return ref === null ? null : { ...single, pool: 0, ref };
}

function question(writer: Writer): Expr | null {
  const { world, own, others, asks } = writer;
  const { random } = world;
  const mode = random.pick(['read', 'write', null] as const);
  if (random.chance(45)) {
    const lock = lockRefTo(writer, random.pick(world.names));
    if (lock === null) return null;
    if (asks && (own === null || random.chance(60))) return { kind: 'held', lock, mode };
    return own === null ? null : { kind: 'holds', lock, mode };
  }
  if (!asks || others.length === 0) return null;
  const thread = random.below(others.length);
  const { outcomes, pcs } = random.pick(others.slice(thread, thread + 1));
  if (pcs.length > 0 && random.chance(50)) {
    return { kind: 'at', thread, pcs: pcs.filter((pc) => pc === pcs[0] || random.chance(30)) };
  }
  if (outcomes === 0 || random.chance(60)) return { kind: 'done', thread };
  const outcome = number(random.below(outcomes + 1));
  return { kind: 'binary', op: '==', left: { kind: 'outcome', thread }, right: outcome };
}

function quantified(writer: Writer): Expr | null {
  const { world, shares } = writer;
  const { random } = world;
  if (world.array === null || !shares) return null;
  const reg: Expr = { kind: 'reg', reg: BOUND };
  const read = load(accessTo(world, world.array, { index: reg }));
  const op = random.pick(['==', '!=', '<'] as const);
  const body: Expr = { kind: 'binary', op, left: read, right: randomNumber(writer, 0) };
  const quantifier = random.pick(['forall', 'exists', 'count'] as const);
  const whole: Expr = {
    kind: 'quantifier', quantifier, reg: BOUND, lo: number(random.below(2)), hi: number(1), body,
  };
  if (quantifier !== 'count') return whole;
  return { kind: 'binary', op: '==', left: whole, right: number(random.below(3)) };
}

function simpleCondition(writer: Writer): Expr {
  const { world } = writer;
  const { random } = world;
  const kind = random.below(10);
  const ref = kind < 2 ? randomRef(writer) : null;
  if (ref !== null) {
    return { kind: 'binary', op: random.pick(['==', '!='] as const), left: ref, right: number(0) };
  }
  const special = kind === 3 ? quantified(writer) : null;
  if (special !== null) return special;
  const asked = kind === 4 || kind === 5 ? question(writer) : null;
  if (asked !== null) return asked;
  const value = randomNumber(writer, 1);
  if (kind === 6) {
    return { kind: 'one_of', value, items: [number(random.below(3)), randomNumber(writer, 0)] };
  }
  if (kind === 7) return { kind: 'between', value, lo: number(0), hi: randomNumber(writer, 0) };
  const op = random.pick(['==', '==', '!=', '<', '<=', '>', '>='] as const);
  return { kind: 'binary', op, left: value, right: number(random.below(3)) };
}

export function randomCondition(writer: Writer, depth: number): Expr {
  const { random } = writer.world;
  if (depth > 0 && random.chance(30)) {
    if (random.chance(30)) return { kind: 'not', operand: randomCondition(writer, depth - 1) };
    const op = random.pick(['&&', '||', '=>'] as const);
    const left = randomCondition(writer, depth - 1);
    return { kind: 'binary', op, left, right: randomCondition(writer, depth - 1) };
  }
  return simpleCondition(writer);
}
