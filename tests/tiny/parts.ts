// The words that tiny programs are made of: statements of one to three instructions over the shared
// state of a world.
import type {
  Access, Expr, Instr, LockClass, LockRef, Program,
} from '../../simulator/src/index.ts';

type Op = Instr extends infer I ? I extends Instr ? Omit<I, 'rest' | 'site' | 'next'> : never
  : never;

/** An instruction and where it goes other than on: over so many of the next ones. */
export interface Line {
  readonly op: Op;
  /** Part of the step before it. */
  readonly silent?: true;
  /** Of a branch that is false, or the second of a choice. */
  readonly over?: number;
}

/** What belongs to the thread that a statement stands in: a number and a ref. */
export interface Own {
  readonly number: number;
  readonly ref: number;
}

export interface Statement {
  readonly name: string;
  /** `+m` takes m, `-m` gives it back: a thread that has none is cut there. */
  readonly holds?: string;
  /** The thread ends with it. */
  readonly last?: true;
  lines(own: Own): readonly Line[];
}

export interface World {
  readonly name: string;
  readonly shared: Omit<Program, 'threads'>;
  readonly outcomes: boolean;
  readonly words: readonly Statement[];
}

export const constant = (value: number): Expr => ({ kind: 'const', value });

/** A plain or marked access to a variable, or through `p` to the field of an object. */
export function access(place: number, marked = false, ref: Expr | null = null): Access {
  return { place, ref, index: null, marked, site: 900 + place };
}
export const load = (place: number, marked = false): Expr =>
  ({ kind: 'load', access: access(place, marked) });
export const equals = (left: Expr, value: number): Expr =>
  ({ kind: 'binary', op: '==', left, right: constant(value) });

export const lockRef = (base: number, ref: Expr | null = null): LockRef =>
  ({ base, pool: ref === null ? null : 0, ref, index: null, count: 1 });

const one = (name: string, op: Op): Statement => ({ name, lines: () => [{ op }] });

export const store = (name: string, place: number, value: number, marked = false): Statement =>
  one(name, {
    op: 'set', target: { kind: 'store', access: access(place, marked) }, value: constant(value),
  });
export const fetch = (name: string, value: Expr): Statement => ({
  name,
  lines: ({ number }) => [
    { op: { op: 'set', target: { kind: 'local', cell: number, name: 'v' }, value } },
  ],
});

type Mode = 'read' | 'write';

export const acquire = (name: string, lock: number, mode: Mode = 'write'): Statement => ({
  ...one(name, { op: 'acquire', lock: lockRef(lock), mode, nested: false }), holds: `+${lock}`,
});
export const release = (name: string, lock: number): Statement => ({
  ...one(name, { op: 'release', lock: lockRef(lock), mode: null }), holds: `-${lock}`,
});
export const downgrade = (lock: number): Statement =>
  one('downgrade', { op: 'downgrade', lock: lockRef(lock) });

/** `if try acquire L { x = 1  release L }` */
export const tried = (lock: number, mode: Mode, place: number): Statement => ({
  name: `try ${mode}`,
  lines: () => [
    { op: { op: 'try', lock: lockRef(lock), mode, nested: false, result: 0 } },
    { op: { op: 'branch', cond: { kind: 'reg', reg: 0 }, otherwise: 0 }, silent: true, over: 2 },
    { op: { op: 'set', target: { kind: 'store', access: access(place) }, value: constant(1) } },
    { op: { op: 'release', lock: lockRef(lock), mode: null } },
  ],
});

/** `if cmpxchg(x, 0, 1) { y = 1 }` */
export const exchanged = (place: number, then: number): Statement => ({
  name: 'cmpxchg',
  lines: () => [
    { op: {
      op: 'cmpxchg', access: access(place, true), old: constant(0), value: constant(1), result: 0,
    } },
    { op: { op: 'branch', cond: { kind: 'reg', reg: 0 }, otherwise: 0 }, silent: true, over: 1 },
    { op: { op: 'set', target: { kind: 'store', access: access(then) }, value: constant(1) } },
  ],
});

/** `if cond { x = 2 }`, the condition a step of its own. */
export const branching = (cond: Expr, place: number): Statement => ({
  name: 'if',
  lines: () => [
    { op: { op: 'branch', cond, otherwise: 0 }, over: 1 },
    { op: { op: 'set', target: { kind: 'store', access: access(place) }, value: constant(2) } },
  ],
});

/** `choose { x = 1 } or { }` */
export const choosing = (place: number): Statement => ({
  name: 'choose',
  lines: () => [
    { op: { op: 'choose', targets: [] }, over: 1 },
    { op: { op: 'set', target: { kind: 'store', access: access(place) }, value: constant(1) } },
  ],
});

/** `step "both" { x = 1  y = 1 }` */
export const both = (first: number, second: number): Statement => ({
  name: 'both',
  lines: () => [
    { op: { op: 'set', target: { kind: 'store', access: access(first) }, value: constant(1) } },
    { op: { op: 'set', target: { kind: 'store', access: access(second) }, value: constant(1) },
      silent: true },
  ],
});

export const await_ = (cond: Expr): Statement => one('await', { op: 'await', cond });
export const assert_ = (cond: Expr): Statement => one('assert', { op: 'assert', cond, text: null });
export const any = (place: number, hi: number): Statement => one('any', {
  op: 'any', target: { kind: 'store', access: access(place) }, lo: constant(0), hi: constant(hi),
});
export const outcome = (index: number): Statement =>
  one(`outcome ${index}`, { op: 'outcome', outcome: index });
export const return_: Statement = { ...one('return', { op: 'nop' }), last: true };

export const rcuLock: Statement = { ...one('rcu_read_lock', { op: 'rcu_lock' }), holds: '+rcu' };
export const rcuUnlock: Statement =
  { ...one('rcu_read_unlock', { op: 'rcu_unlock' }), holds: '-rcu' };
export const synchronize: Statement = one('synchronize_rcu', { op: 'synchronize_rcu' });

/** Objects: `p` (place 0) refers to one, whose field is place 1. */
const pointer = load(0, true);
export const through: Statement = fetch('v = p.f', {
  kind: 'load', access: access(1, true, pointer),
});
export const unpublish: Statement = store('p = null', 0, 0, true);
export const free = (deferred: boolean): Statement =>
  one(deferred ? 'free_rcu p' : 'free p', { op: 'free', pool: 0, value: pointer, deferred });
export const allocate: Statement = one('p = new', {
  op: 'new', pool: 0, target: { kind: 'store', access: access(0, true) }, inits: [],
});
/** `r = p  if r != null { acquire r.lock  release r.lock }` */
export const lockObject = (kind: LockClass['kind']): Statement => ({
  name: `lock p (${kind})`,
  lines: ({ ref }) => {
    const r: Expr = { kind: 'local', cell: ref };
    return [
      { op: { op: 'set', target: { kind: 'local', cell: ref, name: 'r' }, value: pointer } },
      { op: { op: 'branch', cond: equals(r, 0), otherwise: 0 }, silent: true, over: 1 },
      { op: { op: 'nop' }, silent: true, over: 2 },
      { op: { op: 'acquire', lock: lockRef(0, r), mode: 'write', nested: false } },
      { op: { op: 'release', lock: lockRef(0, r), mode: null } },
    ];
  },
});
