// The shape of a program: what of it a layout is made from. What threads store and assert, what
// anything is called and where it stands is no part of it, so that most edits leave it as it is.
import { unreachable } from './assert.ts';
import { madeOnce, numbersFor, taken } from './kept.ts';
import type { Expr, Instr, LockRef, Program, Target, Thread } from './program.ts';

/** A program of nothing but its shape; two of one key are equal. */
export interface Shape {
  readonly key: string;
  readonly program: () => Program;
}

/** A thread of nothing but its shape. */
interface ThreadShape {
  /** Tells it apart from all that there ever were. */
  readonly id: number;
  readonly thread: Thread;
}

export function shapeOf(program: Program): Shape {
  const threads = program.threads.map(threadShapeOf);
  const key = [
    cellsNumber(program.cells), placesNumber(program.places), poolsNumber(program.pools),
    classesNumber(program.classes), locksNumber(program.locks), ...threads.map(({ id }) => id),
  ].join();
  return { key, program: () => ({
    cells: program.cells.map(({ lo, hi, init }) => ({ lo, hi, init })),
    places: program.places.map(({ base, count }) => ({
      base, count, name: '', pool: null, atomic: false, readGuard: null, writeGuard: null,
    })),
    pools: program.pools.map(({ count }) =>
      ({ count, name: '', typesafe: false, nLive: 0, fields: [] })),
    classes: program.classes.map(({ kind }) => ({ name: '', kind })),
    locks: program.locks.map(({ cls }) => ({ name: '', cls, object: null })),
    threads: threads.map(({ thread }) => thread),
    properties: [], orders: [], nRegs: 0,
  }) };
}

/** More programs than somebody works on at a time. */
const PROGRAMS_MAX = 64;
const cellsNumber = numbersFor<Program['cells']>(PROGRAMS_MAX, (cells) =>
  cells.map(({ lo, hi, init }) => `${lo} ${hi} ${init}`).join());
const placesNumber = numbersFor<Program['places']>(PROGRAMS_MAX, (places) =>
  places.map(({ base, count }) => `${base} ${count}`).join());
const poolsNumber = numbersFor<Program['pools']>(PROGRAMS_MAX, (pools) =>
  pools.map(({ count }) => count).join());
const classesNumber = numbersFor<Program['classes']>(PROGRAMS_MAX, (classes) =>
  classes.map(({ kind }) => kind).join());
const locksNumber = numbersFor<Program['locks']>(PROGRAMS_MAX, (locks) =>
  locks.map(({ cls }) => cls).join());

/** By text. */
const shapes = new Map<string, ThreadShape>();
/** More threads than these programs mostly have. */
const SHAPES_MAX = 256;
let lastId = 0;

const threadShapeOf = madeOnce(({ entry, outcomes, code }: Thread): ThreadShape => {
  const text = [entry, outcomes.length, ...code.map(bareText)].join();
  return taken(shapes, text, SHAPES_MAX, () => ({ id: ++lastId, thread: {
    name: '', decl: '', background: false, entry,
    outcomes: outcomes.map(() => ({ name: '', never: false })), code: code.map(bareInstr),
  } }));
});

const bareText = madeOnce((instr: Instr) => JSON.stringify(bareInstr(instr)));

/** What says where the thread goes, what it holds there, and what its locals are. */
function bareInstr(instr: Instr): Instr {
  const { rest, next } = instr;
  const base = { rest, site: 0, next };
  switch (instr.op) {
    case 'branch': return { ...base, op: 'branch', cond: instr.cond, otherwise: instr.otherwise };
    case 'choose': return { ...base, op: 'choose', targets: instr.targets };
    case 'acquire':
      return { ...base, op: 'acquire', lock: bareLock(instr.lock), mode: instr.mode,
        nested: false };
    case 'try':
      return { ...base, op: 'try', lock: bareLock(instr.lock), mode: instr.mode, nested: false,
        result: instr.result };
    case 'release':
      return { ...base, op: 'release', lock: bareLock(instr.lock), mode: instr.mode };
    case 'downgrade': return { ...base, op: 'downgrade', lock: bareLock(instr.lock) };
    case 'free':
      return { ...base, op: 'free', pool: instr.pool, deferred: instr.deferred, value: NOTHING };
    case 'set':
    case 'any':
    case 'new': return bareWrite(instr);
    case 'rcu_lock':
    case 'rcu_unlock':
    case 'synchronize_rcu':
    case 'end': return { ...base, op: instr.op };
    case 'nop':
    case 'cmpxchg':
    case 'await':
    case 'assert':
    case 'outcome': return { ...base, op: 'nop' };
    default: return unreachable(instr);
  }
}

const NOTHING: Expr = { kind: 'const', value: 0 };

/** Only locals say anything. */
function bareWrite(instr: Extract<Instr, { op: 'set' | 'any' | 'new' }>): Instr {
  const { rest, next, target } = instr;
  const base = { rest, site: 0, next };
  if (target.kind !== 'local') return { ...base, op: 'nop' };
  const local: Target = { ...target, name: '' };
  switch (instr.op) {
    case 'set': return { ...base, op: 'set', target: local, value: instr.value };
    case 'any': return { ...base, op: 'any', target: local, lo: instr.lo, hi: instr.hi };
    case 'new': return { ...base, op: 'new', target: local, pool: instr.pool, inits: [] };
    default: return unreachable(instr);
  }
}

/** Which lock it is may be known of an index, never of an object. */
function bareLock({ base, pool, index, count }: LockRef): LockRef {
  return { base, pool, ref: null, index: index?.kind === 'const' ? index : null, count };
}
