// Random programs about little but objects, for tests: several threads allocate from one pool, keep
// refs in variables, fields and locals, publish, exchange and compare them, use and free objects.
import type {
  Access, Cell, Expr, Lock, Place, Pool, Program, Property, Target, Thread,
} from '../program.ts';
import { constant, programOf, type Step } from '../testing.ts';
import { diceFrom, type Dice } from './lock-programs.ts';

/** Places, in this order; `node.to` refers from one pool to the other. */
const [P, Q, X, N, F, NEXT, TO] = [0, 1, 2, 3, 4, 5, 6];
const [VMA, NODE] = [0, 1];

interface Own {
  readonly r: number;
  readonly s: number;
  readonly v: number;
  readonly m: number;
}

interface Maker {
  readonly dice: Dice;
  readonly own: Own;
  readonly steps: Step[];
  readonly hasNodes: boolean;
  readonly hasLock: boolean;
  /** Where the sites of its accesses begin. */
  readonly sites: number;
  left: number;
}

const local = (cell: number): Expr => ({ kind: 'local', cell });
const into = (cell: number): Target => ({ kind: 'local', cell, name: 'own' });
const equal = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '==', left, right });
const differs = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '!=', left, right });

function access({ dice, steps, sites }: Maker, place: number, ref: Expr | null = null): Access {
  const site = sites + 100 * place + steps.length;
  return { place, ref, index: null, marked: dice.chance(60), site };
}

const loaded = (maker: Maker, place: number, ref: Expr | null = null): Expr =>
  ({ kind: 'load', access: access(maker, place, ref) });

const set = (target: Target, value: Expr): Step => ({ op: 'set', target, value });

const pick = <T>(dice: Dice, all: readonly T[]): T => all[dice.below(all.length)]!;

function refLocal({ dice, own }: Maker): number {
  return dice.chance(70) ? own.r : own.s;
}

function someRef(maker: Maker): Expr {
  const kind = maker.dice.below(8);
  if (kind === 0) return constant(0);
  if (kind < 3) return loaded(maker, pick(maker.dice, [P, Q]));
  return local(refLocal(maker));
}

function refTarget(maker: Maker): Target {
  if (maker.dice.chance(55)) return into(refLocal(maker));
  return { kind: 'store', access: access(maker, pick(maker.dice, [P, P, Q])) };
}

/** `if r != null { body }`; now and then without looking. */
function ifNamed(maker: Maker, cell: number, body: () => void): void {
  const { dice, steps } = maker;
  if (dice.chance(6)) return body();
  const at = steps.length;
  steps.push({ op: 'nop' });
  body();
  const cond = differs(local(cell), constant(0));
  steps[at] = { op: 'branch', cond, otherwise: steps.length, silent: true };
}

/** Something with the object that a local names. */
function used(maker: Maker): void {
  const { dice, own, steps } = maker;
  const cell = refLocal(maker);
  const r = local(cell);
  ifNamed(maker, cell, () => {
    const kind = dice.below(12);
    const field = (place: number): Target => ({ kind: 'store', access: access(maker, place, r) });
    if (kind < 3) steps.push(set(field(F), constant(dice.below(3))));
    else if (kind < 5) steps.push(set(into(own.v), loaded(maker, F, r)));
    else if (kind < 7) steps.push(set(field(NEXT), someRef(maker)));
    else if (kind < 9) steps.push(set(into(refLocal(maker)), loaded(maker, NEXT, r)));
    else if (kind > 8 && maker.hasLock) inLock(maker, r);
    else steps.push({ op: 'free', pool: VMA, value: r, deferred: dice.chance(50) });
  });
}

function inLock({ steps }: Maker, ref: Expr): void {
  const lock = { base: 0, pool: VMA, ref, index: null, count: 1 };
  steps.push({ op: 'acquire', lock, mode: 'write', nested: false });
  steps.push({ op: 'release', lock, mode: null });
}

function allocated(maker: Maker): void {
  const { dice, steps } = maker;
  const inits = [
    ...(dice.chance(40) ? [{ place: F, value: constant(dice.below(3)) }] : []),
    ...(dice.chance(30) ? [{ place: NEXT, value: someRef(maker) }] : []),
  ];
  steps.push({ op: 'new', pool: VMA, target: refTarget(maker), inits });
}

/** As one step: what two variables refer to is exchanged. */
function exchanged(maker: Maker): void {
  const { own, steps } = maker;
  const store = (place: number): Target => ({ kind: 'store', access: access(maker, place) });
  steps.push(set(into(own.s), loaded(maker, P)));
  steps.push({ ...set(store(P), loaded(maker, Q)), silent: true });
  steps.push({ ...set(store(Q), local(own.s)), silent: true });
}

/** `r = new vma { next = p }; p = r`: now and then the end of a list. */
function pushed(maker: Maker): void {
  const { dice, own, steps } = maker;
  const inits = [{ place: NEXT, value: loaded(maker, P) }];
  steps.push({ op: 'new', pool: VMA, target: into(own.r), inits });
  steps.push(set({ kind: 'store', access: access(maker, P) }, local(own.r)));
  if (dice.chance(60)) steps.push(set(into(own.r), constant(0)));
}

/** `r = p; if r != null { s = r.next; p = s; free r }`, or only a look at what is behind it. */
function followed(maker: Maker): void {
  const { dice, own, steps } = maker;
  const [r, s] = [local(own.r), local(own.s)];
  steps.push(set(into(own.r), loaded(maker, P)));
  ifNamed(maker, own.r, () => {
    steps.push(set(into(own.s), loaded(maker, NEXT, r)));
    if (dice.chance(50)) {
      steps.push(set({ kind: 'store', access: access(maker, P) }, s));
      steps.push({ op: 'free', pool: VMA, value: r, deferred: dice.chance(50) });
    } else if (dice.chance(60)) {
      ifNamed(maker, own.s, () => { steps.push(set(into(own.v), loaded(maker, F, s))); });
    }
  });
}

/** `rcu_read_lock; r = p; if r != null { v = r.f }; rcu_read_unlock` */
function reading(maker: Maker): void {
  const { own, steps } = maker;
  steps.push({ op: 'rcu_lock' }, set(into(own.r), loaded(maker, P)));
  ifNamed(maker, own.r, () => {
    steps.push(set(into(own.v), loaded(maker, F, local(own.r))));
  });
  steps.push({ op: 'rcu_unlock' });
}

function ofNodes(maker: Maker): void {
  const { dice, own, steps } = maker;
  const m = local(own.m);
  const kind = dice.below(4);
  if (kind === 0) {
    const inits = [{ place: TO, value: someRef(maker) }];
    steps.push({ op: 'new', pool: NODE, target: into(own.m), inits });
  } else if (kind === 1) {
    steps.push(set({ kind: 'store', access: access(maker, N) }, m));
  } else if (kind === 2) steps.push(set(into(own.m), loaded(maker, N)));
  else ifNamed(maker, own.m, () => { steps.push(set(into(own.r), loaded(maker, TO, m))); });
}

function compared(maker: Maker): void {
  const { dice, own, steps } = maker;
  const at = steps.length;
  steps.push({ op: 'nop' });
  statement(maker);
  const cond = dice.chance(60) ? equal(loaded(maker, P), someRef(maker))
    : equal(local(own.v), constant(dice.below(2)));
  steps[at] = { op: 'branch', cond, otherwise: steps.length };
}

function statement(maker: Maker): void {
  const { dice, own, steps } = maker;
  maker.left--;
  if (maker.hasNodes && dice.chance(30)) return ofNodes(maker);
  const kind = dice.below(24);
  if (kind < 4) allocated(maker);
  else if (kind === 4 || kind > 21) pushed(maker);
  else if (kind > 19) followed(maker);
  else if (kind < 8) steps.push(set(refTarget(maker), someRef(maker)));
  else if (kind < 13) used(maker);
  else if (kind === 13) exchanged(maker);
  else if (kind === 14) compared(maker);
  else if (kind === 15) reading(maker);
  else if (kind === 16) {
    steps.push({
      op: 'cmpxchg', access: access(maker, P), old: someRef(maker), value: someRef(maker),
      result: 0,
    });
  } else if (kind === 17) {
    steps.push(set({ kind: 'store', access: access(maker, X) }, local(own.v)));
  } else if (kind === 18) reading(maker);
  else steps.push(set(into(own.r), loaded(maker, P)));
}

function propertyOf(maker: Maker, index: number): Property {
  const { dice } = maker;
  const kind = pick(dice, ['invariant', 'final', 'reachable'] as const);
  const p = loaded(maker, pick(dice, [P, Q]));
  const field = equal(loaded(maker, F, p), constant(dice.below(3)));
  const named = { kind: 'binary', op: '&&', left: differs(p, constant(0)), right: field } as const;
  const expr = pick(dice, [
    named, named, { kind: 'not', operand: named } as const, differs(p, loaded(maker, P)),
    equal(loaded(maker, X), constant(dice.below(3))), dice.chance(20) ? field : named,
  ]);
  return { kind, name: `q${index}`, site: 9000 + index, expr };
}

interface Sizes {
  readonly vma: Pool;
  readonly node: Pool;
  readonly hasLock: boolean;
}

function sizesOf(dice: Dice): Sizes {
  const count = dice.chance(12) ? 1 : dice.chance(25) ? 7 : 2 + dice.below(3);
  const pool = { typesafe: dice.chance(30), nLive: Math.min(count, dice.below(3)) };
  const fields = [{ place: F, init: 0 }, { place: NEXT, init: 0 }];
  return {
    vma: { ...pool, name: 'vma', count, fields },
    node: {
      name: 'node', count: 2, typesafe: false, nLive: 0, fields: [{ place: TO, init: 0 }],
    },
    hasLock: dice.chance(15),
  };
}

function sharedOf({ vma, node, hasLock }: Sizes): Omit<Program, 'threads' | 'properties'> {
  const cells: Cell[] = [];
  const place = (name: string, cell: Cell, of: { pool: number; count: number } | null): Place => {
    const base = cells.length;
    for (let i = 0; i < (of?.count ?? 1); i++) cells.push(cell);
    return {
      name, base, count: of?.count ?? 1, pool: of?.pool ?? null, atomic: false, readGuard: null,
      writeGuard: null,
    };
  };
  const ref = { lo: 0, hi: vma.count, init: 0 };
  const small = { lo: 0, hi: 2, init: 0 };
  const inVma = { pool: VMA, count: vma.count };
  const places = [
    place('p', { ...ref, init: Math.min(1, vma.nLive) }, null),
    place('q', { ...ref, init: vma.nLive }, null), place('x', small, null),
    place('n', { lo: 0, hi: node.count, init: 0 }, null), place('vma.f', small, inVma),
    place('vma.next', ref, inVma), place('node.to', ref, { pool: NODE, count: node.count }),
  ];
  const locks = Array.from({ length: hasLock ? vma.count : 0 }, (_, i): Lock =>
    ({ name: `vma#${i + 1}.lock`, cls: 0, object: { pool: VMA, ref: i + 1 } }));
  const classes = hasLock ? [{ name: 'vma.lock', kind: 'mutex' as const }] : [];
  return { cells, places, pools: [vma, node], classes, locks, orders: [], nRegs: 1 };
}

/** The program of a seed: two or three threads, some of them twins. */
export function objectProgram(seed: number): Program {
  const dice = diceFrom(seed);
  const sizes = sizesOf(dice);
  const { cells, ...rest } = sharedOf(sizes);
  const all = [...cells];
  const nThreads = 2 + dice.below(2);
  const hasNodes = dice.chance(40);
  const refCell = { lo: 0, hi: sizes.vma.count, init: 0 };
  const owns = Array.from({ length: nThreads }, (): Own => ({
    r: all.push(refCell) - 1, s: all.push(refCell) - 1, v: all.push({ lo: 0, hi: 2, init: 0 }) - 1,
    m: all.push({ lo: 0, hi: sizes.node.count, init: 0 }) - 1,
  }));
  const makerOf = (of: { dice: Dice; own: Own; sites: number }): Maker =>
    ({ ...of, steps: [], hasNodes, hasLock: sizes.hasLock, left: nThreads === 2 ? 9 : 6 });
  const likes = owns.map((_, t) => (t > 0 && dice.chance(45) ? 0 : t));
  const seeds = owns.map(() => 1 + dice.below(2 ** 30));
  const codes = likes.map((like, t) => {
    const sites = 2000 + 1000 * like;
    const maker = makerOf({ dice: diceFrom(seeds[like]!), own: owns[t]!, sites });
    while (maker.left > 0) statement(maker);
    if (maker.dice.chance(10)) maker.steps.push({ op: 'nop', to: 0 });
    return maker.steps;
  });
  const made = programOf(Object.fromEntries(codes.map((steps, t) => [`t${t}`, steps])),
    { cells: all, ...rest });
  const threads = made.threads.map((thread, t): Thread => {
    const { code, decl } = made.threads[likes[t]!]!;
    const sited = thread.code.map((instr, pc) => ({ ...instr, site: code[pc]!.site }));
    return { ...thread, decl, code: sited };
  });
  const asking = makerOf({ dice, own: owns[0]!, sites: 8000 });
  const properties = Array.from({ length: dice.below(3) }, (_, i) => propertyOf(asking, i));
  return { ...made, threads, properties };
}
