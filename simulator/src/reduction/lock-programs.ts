// Random programs about little but locks, for tests: threads that nest, try, downgrade and hand
// over a few locks, wait for each other, and are asked about.
import type { Access, Expr, Instr, LockKind, Program, Property, Thread } from '../program.ts';
import {
  accessTo, acquire, constant, lockRef, locks, nop, programOf, release, shared, type Step,
} from '../testing.ts';

const KINDS: readonly LockKind[] = ['mutex', 'spinlock', 'rwsem', 'rwsem', 'rwlock'];

export interface Dice {
  /** 0..n-1. */
  readonly below: (n: number) => number;
  readonly chance: (percent: number) => boolean;
}

/** Marsaglia's xorshift; enough for tests. */
export function diceFrom(seed: number): Dice {
  let state = Math.imul(seed + 1, 0x9e3779b9) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 8; i++) next();
  const below = (n: number): number => next() % n;
  return { below, chance: (percent) => below(100) < percent };
}

interface Maker {
  readonly dice: Dice;
  readonly kinds: readonly LockKind[];
  readonly nThreads: number;
  /** Where the sites of its accesses begin: every access of a program has its own. */
  readonly sites: number;
  readonly steps: Step[];
  left: number;
}

const N_PLACES = 2;

/** An access of a step of its own. */
const access = ({ steps, sites }: Maker, place: number): Access =>
  accessTo(place, { site: sites + 100 * place + steps.length });

function modeOf({ dice, kinds }: Maker, lock: number): 'read' | 'write' {
  const shares = kinds[lock] === 'rwsem' || kinds[lock] === 'rwlock';
  return shares && dice.chance(55) ? 'read' : 'write';
}

function locked(maker: Maker): void {
  const { dice, kinds, steps } = maker;
  const lock = dice.below(kinds.length);
  const mode = modeOf(maker, lock);
  const tries = dice.chance(18);
  const start = steps.length;
  if (tries) {
    steps.push({ op: 'try', lock: lockRef(lock), mode, nested: false, result: 0 }, nop);
  } else steps.push(acquire(lock, mode));
  maker.left -= 2;
  block(maker, dice.below(3));
  if (mode === 'write' && kinds[lock] === 'rwsem' && dice.chance(25)) {
    steps.push({ op: 'downgrade', lock: lockRef(lock) });
    block(maker, dice.below(2));
  }
  if (!dice.chance(4)) steps.push(release(lock));
  if (!tries) return;
  steps[start + 1] = {
    op: 'branch', cond: { kind: 'reg', reg: 0 }, otherwise: steps.length, silent: true,
  };
}

function condition(maker: Maker): Expr {
  const { dice, kinds, nThreads } = maker;
  const kind = dice.below(5);
  if (kind === 0) return { kind: 'done', thread: dice.below(nThreads) };
  if (kind === 1) {
    const mode = dice.chance(50) ? null : dice.chance(50) ? 'read' : 'write';
    const held: Expr = { kind: 'held', lock: lockRef(dice.below(kinds.length)), mode };
    return dice.chance(70) ? { kind: 'not', operand: held } : held;
  }
  const left: Expr = { kind: 'load', access: access(maker, dice.below(N_PLACES)) };
  return { kind: 'binary', op: '==', left, right: constant(dice.below(2)) };
}

function simple(maker: Maker): void {
  const { dice, steps } = maker;
  maker.left--;
  const kind = dice.below(16);
  if (kind === 0) steps.push({ op: 'await', cond: condition(maker) });
  else if (kind === 1) steps.push({ op: 'rcu_lock' }, nop, { op: 'rcu_unlock' });
  else if (kind === 2) steps.push({ op: 'synchronize_rcu' });
  else if (kind === 3) steps.push(nop);
  else if (kind < 7) {
    const branch = steps.push(nop) - 1;
    simple(maker);
    steps[branch] = { op: 'branch', cond: condition(maker), otherwise: steps.length };
  } else {
    const target = { kind: 'store', access: access(maker, dice.below(N_PLACES)) } as const;
    steps.push({ op: 'set', target, value: constant(dice.below(2)) });
  }
}

function block(maker: Maker, count: number): void {
  for (let i = 0; i < count && maker.left > 0; i++) {
    if (maker.left > 2 && maker.dice.chance(45)) locked(maker);
    else simple(maker);
  }
}

function codeOf(
  dice: Dice, kinds: readonly LockKind[],
  { t, nThreads, turns }: { t: number; nThreads: number; turns: number },
): readonly Step[] {
  const sites = 2000 + 1000 * t;
  const left = [9, 6, 4][nThreads - 2]!;
  const maker: Maker = { dice, kinds, nThreads, sites, steps: [], left };
  const loops = dice.chance(turns);
  block(maker, 1 + dice.below(3));
  if (loops) maker.steps.push({ op: 'nop', to: 0 });
  return maker.steps;
}

function propertyOf(maker: Maker, threads: readonly Thread[], index: number): Property {
  const { dice } = maker;
  const kind = (['invariant', 'final', 'reachable'] as const)[dice.below(3)]!;
  const thread = dice.below(threads.length);
  const pcs = threads[thread]!.code.flatMap((instr: Instr, pc) =>
    (instr.rest && dice.chance(30) ? [pc] : []));
  const left: Expr = dice.chance(30) ? { kind: 'at', thread, pcs } : condition(maker);
  const op = dice.chance(50) ? '&&' : '||';
  const expr: Expr = dice.chance(50) ? left
    : { kind: 'binary', op, left, right: condition(maker) };
  return { kind, name: `q${index}`, site: 9000 + index, expr };
}

/**
 * The program of a seed: two to four threads, some of them twins, and two or three locks. Of a
 * hundred threads, `turns` go round for ever.
 */
export function lockProgram(seed: number, turns = 15): Program {
  const dice = diceFrom(seed);
  const kinds = Array.from({ length: 2 + dice.below(2) }, () => KINDS[dice.below(5)]!);
  const nThreads = 2 + dice.below(3);
  const codes: (readonly Step[])[] = [];
  const likes: number[] = [];
  for (let t = 0; t < nThreads; t++) {
    const like = t > 0 && dice.chance(40) ? likes[dice.below(t)]! : t;
    likes.push(like);
    codes.push(like === t ? codeOf(dice, kinds, { t, nThreads, turns }) : codes[like]!);
  }
  const made = programOf(
    Object.fromEntries(codes.map((steps, t) => [`t${t}`, steps])),
    {
      ...shared('x', 'y'),
      ...locks(Object.fromEntries(kinds.map((kind, i) => [`L${i}`, kind]))),
    },
  );
  const background = made.threads.map((_, t) => likes[t] === t && dice.chance(8));
  const threads = made.threads.map((thread, t): Thread => {
    const { code, decl } = made.threads[likes[t]!]!;
    return { ...thread, code, decl, background: background[likes[t]!]! };
  });
  const maker: Maker = { dice, kinds, nThreads, sites: 8000, steps: [], left: 0 };
  const properties = Array.from({ length: dice.below(3) }, (_, i) => propertyOf(maker, threads, i));
  return { ...made, threads, properties };
}
