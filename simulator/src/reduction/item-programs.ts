// Random programs about arrays and objects, and locals that say which element is meant, for tests:
// steps of several statements that read, write, choose, try a lock, and set these locals.
import type { Access, Cell, Expr, Place, Program } from '../program.ts';
import { constant, lockRef, locks, nop, programOf, release, type Step } from '../testing.ts';
import { diceFrom, type Dice } from './lock-programs.ts';

const ARRAY = 2;
const OBJECTS = 3;
const FIELD = 2;
const SCALAR = 3;
/** Cells of two arrays, a field and a variable; behind them the locals of each thread. */
const SHARED = 2 * ARRAY + OBJECTS + 1;
/** Two indices, one of which can be too large, and a reference. */
const LOCALS: readonly Cell[] =
  [{ lo: 0, hi: 1, init: 0 }, { lo: 0, hi: 2, init: 1 }, { lo: 0, hi: OBJECTS, init: 1 }];

const place = (name: string, base: number, count: number, pool: number | null = null): Place =>
  ({ name, base, count, pool, atomic: true, readGuard: null, writeGuard: null });

interface Maker {
  readonly dice: Dice;
  readonly t: number;
  steps: Step[];
  sites: number;
}

const localOf = ({ t }: Maker, i: number): number => SHARED + LOCALS.length * t + i;

/** An index that a local says, mostly. */
function indexOf(maker: Maker): Expr {
  const { dice } = maker;
  if (dice.chance(15)) return constant(dice.below(ARRAY));
  return { kind: 'local', cell: localOf(maker, dice.chance(70) ? 0 : 1) };
}

function accessOf(maker: Maker): Access {
  const { dice } = maker;
  const site = 2000 + 1000 * maker.t + maker.sites++;
  const kind = dice.below(10);
  if (kind === 0) return { place: SCALAR, ref: null, index: null, marked: true, site };
  if (kind < 4) {
    const ref: Expr = { kind: 'local', cell: localOf(maker, 2) };
    return { place: FIELD, ref, index: null, marked: true, site };
  }
  return { place: dice.below(2), ref: null, index: indexOf(maker), marked: true, site };
}

function conditionOf(maker: Maker): Expr {
  const { dice } = maker;
  if (dice.chance(20)) {
    const cell = localOf(maker, 0);
    return { kind: 'binary', op: '==', left: { kind: 'local', cell }, right: constant(0) };
  }
  const load: Expr = { kind: 'load', access: accessOf(maker) };
  if (!dice.chance(15)) return load;
  const site = 2000 + 1000 * maker.t + maker.sites++;
  const index: Expr = { kind: 'reg', reg: 1 };
  return {
    kind: 'quantifier', quantifier: 'exists', reg: 1, lo: constant(0), hi: constant(ARRAY - 1),
    body: { kind: 'load', access: { place: 0, ref: null, index, marked: true, site } },
  };
}

function setLocal(maker: Maker): Step {
  const { dice } = maker;
  const i = dice.below(3);
  const target = { kind: 'local', cell: localOf(maker, i), name: `l${i}` } as const;
  if (i === 2) return { op: 'set', target, value: constant(1 + dice.below(2)) };
  if (dice.chance(40)) return { op: 'any', target, lo: constant(0), hi: constant(1) };
  if (dice.chance(40)) return { op: 'set', target, value: constant(dice.below(2)) };
  const value: Expr = dice.chance(50) ? { kind: 'load', access: accessOf(maker) }
    : { kind: 'not', operand: { kind: 'local', cell: target.cell } };
  return { op: 'set', target, value };
}

const store = (maker: Maker): Step => ({
  op: 'set', target: { kind: 'store', access: accessOf(maker) },
  value: maker.dice.chance(60) ? constant(maker.dice.below(2)) : conditionOf(maker),
});

function statement(maker: Maker): void {
  const { dice, steps } = maker;
  const kind = dice.below(20);
  if (kind < 9) steps.push(store(maker));
  else if (kind < 14) steps.push(setLocal(maker));
  else if (kind < 16) {
    const at = steps.push(nop) - 1;
    steps.push({ ...store(maker), to: at + 3 }, setLocal(maker));
    steps[at] = { op: 'choose', targets: [at + 1, at + 2] };
  } else if (kind < 19) {
    const at = steps.push(nop) - 1;
    statement(maker);
    steps[at] = { op: 'branch', cond: conditionOf(maker), otherwise: steps.length };
  } else if (dice.chance(30)) {
    const target = { kind: 'local', cell: localOf(maker, 2), name: 'l2' } as const;
    steps.push({ op: 'new', pool: 0, target, inits: [] });
  } else steps.push({ op: 'assert', cond: conditionOf(maker), text: null });
}

/** One step of so many statements. */
function step(maker: Maker, count: number): void {
  const start = maker.steps.length;
  for (let i = 0; i < count; i++) statement(maker);
  maker.steps = maker.steps.map((made, pc) => (pc > start ? { ...made, silent: true } : made));
}

function codeOf(dice: Dice, t: number): readonly Step[] {
  const maker: Maker = { dice, t, steps: [], sites: 0 };
  const tries = dice.chance(40);
  if (tries) {
    const mode = dice.chance(60) ? 'read' : 'write';
    maker.steps.push({ op: 'try', lock: lockRef(0), mode, nested: false, result: 0 });
    maker.steps.push(nop);
  }
  for (let left = 1 + dice.below(3); left > 0; left--) step(maker, 1 + dice.below(4));
  if (tries) {
    maker.steps.push(release(0));
    const cond: Expr = { kind: 'reg', reg: 0 };
    maker.steps[1] = { op: 'branch', cond, otherwise: maker.steps.length, silent: true };
  }
  if (dice.chance(30)) maker.steps.push({ op: 'nop', to: 0 });
  return maker.steps;
}

/** The program of a seed: two or three threads, some of them twins. */
export function itemProgram(seed: number): Program {
  const dice = diceFrom(seed);
  const nThreads = 2 + dice.below(2);
  const codes = Array.from({ length: nThreads }, (_, t): [string, readonly Step[]] =>
    [`t${t}`, codeOf(dice, t)]);
  const invariant: Expr = {
    kind: 'load', access: { place: SCALAR, ref: null, index: null, marked: true, site: 8000 },
  };
  return programOf(Object.fromEntries(codes), {
    cells: [
      ...Array.from({ length: SHARED }, () => ({ lo: 0, hi: 1, init: 0 })),
      ...codes.flatMap(() => LOCALS),
    ],
    places: [
      place('A', 0, ARRAY), place('B', ARRAY, ARRAY), place('O.f', 2 * ARRAY, OBJECTS, 0),
      place('x', SHARED - 1, 1),
    ],
    pools: [{
      name: 'O', count: OBJECTS, typesafe: false, nLive: 2, fields: [{ place: FIELD, init: 1 }],
    }],
    ...locks({ L: 'rwsem' }),
    properties: dice.chance(20)
      ? [{ kind: 'invariant', name: 'q', site: 9000, expr: { kind: 'not', operand: invariant } }]
      : [],
  });
}
