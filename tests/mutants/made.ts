// Programs made by hand, for faults that random ones are too small or too tame to show.
import type { Expr, Place, Program, Property, Thread } from '../../simulator/src/index.ts';
import {
  accessTo, acquire, constant, load, lockRef, locks, nop, programOf, release, shared, type Step,
} from '../../simulator/src/testing.ts';

const local = (cell: number): Expr => ({ kind: 'local', cell });
const binary = (
  op: Extract<Expr, { kind: 'binary' }>['op'], left: Expr, right: Expr,
): Expr => ({ kind: 'binary', op, left, right });
const setLocal = (cell: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'local', cell, name: `c${cell}` }, value });
const property = (kind: Property['kind'], expr: Expr, index = 0): Property =>
  ({ kind, name: `p${index}`, site: 9000 + index, expr });

/** Atomic variables, one cell each, of so many bits. */
function variables(count: number, bits: number): Pick<Program, 'cells' | 'places'> {
  return {
    cells: Array.from({ length: count }, () => ({ lo: 0, hi: 2 ** bits - 1, init: 0 })),
    places: Array.from({ length: count }, (_, base): Place => ({
      name: `v${base}`, base, count: 1, pool: null, atomic: true, readGuard: null,
      writeGuard: null,
    })),
  };
}

const assign = (place: number, value: Expr): Step =>
  ({ op: 'set', target: { kind: 'store', access: accessTo(place, { marked: true }) }, value });

/**
 * Threads that count up, each in a variable of its own of so many bits: every combination is a
 * state, and most are reached in several ways. The last one does not like what it sees in the end.
 */
function grid(threads: number, steps: number, bits: number): Program {
  const bodies = Array.from({ length: threads }, (_, t): [string, Step[]] => [
    `t${t}`, Array.from({ length: steps }, (_, i) =>
      assign(t, constant(Math.imul(i + 1, 0x9e3779b1) >>> (32 - bits)))),
  ]);
  const last = Array.from({ length: threads }, (_, t): Expr => ({ kind: 'done', thread: t }))
    .reduce((all, it) => binary('&&', all, it));
  return programOf(Object.fromEntries(bodies), {
    ...variables(threads, bits),
    properties: [
      property('invariant', { kind: 'not', operand: last }),
      property('reachable', binary('==', load(0), constant(0)), 1),
    ],
  });
}

/** So many assignments to a variable: 1, 2, ... */
const turns = (place: number, n: number): Step[] =>
  Array.from({ length: n }, (_, i) => assign(place, constant(i + 1)));

/** What is hoped for comes true late. */
function reaching(): Program {
  return programOf({ a: turns(0, 9), b: turns(1, 7) }, {
    ...variables(2, 4), properties: [property('reachable', binary('==', load(1), constant(7)))],
  });
}

/** A variable that becomes 0 late, in many states; a property divides by it. */
function dividing(): Program {
  const made = variables(3, 4);
  const a = [...turns(1, 9), assign(0, constant(0)), ...turns(1, 3)];
  return programOf({ a, b: turns(2, 7) }, {
    ...made, cells: made.cells.map((cell, i) => (i === 0 ? { ...cell, init: 1 } : cell)),
    properties: [
      property('invariant', binary('==', binary('/', constant(1), load(0)), constant(1))),
      property('reachable', binary('==', load(2), constant(7)), 1),
    ],
  });
}

/** Threads that choose values again and again, each in a word of its own. */
function choosing(threads: number, values: number): Program {
  const bodies = Array.from({ length: threads }, (_, t): [string, Step[]] => {
    const choice: Step = {
      op: 'any', lo: constant(0), hi: constant(values - 1),
      target: { kind: 'store', access: accessTo(t, { marked: true }) },
    };
    return [`t${t}`, [choice, choice]];
  });
  return programOf(Object.fromEntries(bodies), variables(threads, 31));
}

/** The same with two properties that are hoped for, of which one comes true only at the end. */
function hoping(threads: number, steps: number): Program {
  const made = grid(threads, steps, 3);
  return {
    ...made, properties: [
      property('eventually', { kind: 'done', thread: 0 }),
      property('eventually', binary('==', load(0), constant(1)), 1),
    ],
  };
}

/** Threads that queue for an rwsem, in turn for reading and for writing. */
function queueing(modes: readonly ('read' | 'write')[]): Program {
  const bodies = modes.map((mode, t): [string, Step[]] => [
    `t${t}`, mode === 'read' ? [acquire(0, mode), nop, release(0)]
      : [acquire(0, mode), { op: 'downgrade', lock: lockRef(0) }, release(0)],
  ]);
  return programOf(Object.fromEntries(bodies), locks({ S: 'rwsem' }));
}

/** Counts in one step, past the length from which on a step is watched for turning in a circle. */
function longStep(turns: number): Program {
  const count = setLocal(0, binary('+', local(0), constant(1)));
  const body: Step[] = [
    nop, { ...count, silent: true },
    {
      op: 'branch', silent: true, cond: binary('<', local(0), constant(turns)), otherwise: 3,
      to: 1,
    },
    nop,
  ];
  return programOf({ a: body }, { cells: [{ lo: 0, hi: turns, init: 0 }] });
}

/** One thread that gets stuck at once, or goes a long way; and one that only goes round. */
function early(steps: number): Program {
  const never: Step = { op: 'await', cond: constant(0) };
  const way = Array.from({ length: steps }, () => nop);
  return programOf({ a: [{ op: 'choose', targets: [1, 2] }, { ...never, to: 2 }, ...way] });
}

function spinning(steps: number): Program {
  return programOf({ a: [{ ...nop, to: 0 }], b: Array.from({ length: steps }, () => nop) });
}

/** A thread that goes round for ever within one step. */
function diverging(): Program {
  return programOf({ a: [nop, { ...nop, silent: true, to: 1 }], b: [nop] });
}

/** A step that works out which element it writes, and one that writes that element. */
function movingIndex(): Program {
  const element = (index: Expr, site: number): Step => ({
    op: 'set', value: constant(1),
    target: { kind: 'store', access: { place: 0, ref: null, index, marked: false, site } },
  });
  const cell = { lo: 0, hi: 1, init: 0 };
  return programOf({
    a: [setLocal(2, constant(1)), { ...element(local(2), 901), silent: true }],
    b: [element(constant(1), 902)],
  }, {
    cells: [cell, cell, cell],
    places: [{
      name: 'v', base: 0, count: 2, pool: null, atomic: false, readGuard: null, writeGuard: null,
    }],
  });
}

/** A product that doubles cannot hold. */
function product(): Program {
  const big = 2 ** 31 - 1;
  const square = binary('*', local(0), local(0));
  const body: Step[] = [
    nop,
    { op: 'assert', cond: binary('==', binary('%', square, constant(8)), constant(1)), text: 'a' },
  ];
  return programOf({ a: body }, { cells: [{ lo: 0, hi: big, init: big }] });
}

/** A circle of so many threads, each of which holds a lock and wants the next one's. */
function circle(threads: number): Program {
  const kinds = Object.fromEntries(Array.from({ length: threads }, (_, t) => [`L${t}`, 'mutex']));
  const bodies = Array.from({ length: threads }, (_, t): [string, Step[]] => {
    const next = (t + 1) % threads;
    return [`t${t}`, [acquire(t), acquire(next), release(next), release(t)]];
  });
  return programOf(Object.fromEntries(bodies), locks(asMutexes(Object.keys(kinds))));
}

const asMutexes = (names: readonly string[]): Record<string, 'mutex'> =>
  Object.fromEntries(names.map((name): [string, 'mutex'] => [name, 'mutex']));

/** A final that cannot be judged: nothing that the thread in the background does then counts. */
function brokenFinal(): Program {
  const later: Step = { op: 'assert', cond: constant(0), text: 'later' };
  const made = programOf({
    a: [nop], b: [{ op: 'await', cond: { kind: 'done', thread: 0 } }, later],
  }, {
    ...variables(1, 1), properties: [property('final', binary('/', constant(1), load(0)))],
  });
  return { ...made, threads: made.threads.map((it, t) => ({ ...it, background: t === 1 })) };
}

/** What is looked for looks at one element too many, and has no value, if `a` comes first. */
function tooFar(): Program {
  const place = (name: string, base: number, count: number): Place => ({
    name, base, count, pool: null, atomic: true, readGuard: null, writeGuard: null,
  });
  const element: Expr = {
    kind: 'load', access: { ...accessTo(0, { marked: true }), index: { kind: 'reg', reg: 0 } },
  };
  const isSafe = binary('||', binary('==', load(1), constant(0)), load(2));
  return programOf({ a: [assign(1, constant(1))], b: [assign(2, constant(1)), nop] }, {
    cells: [0, 1, 2, 3].map(() => ({ lo: 0, hi: 1, init: 0 })),
    places: [place('v', 0, 2), place('a', 2, 1), place('b', 3, 1)],
    properties: [property('reachable', {
      kind: 'quantifier', quantifier: 'forall', reg: 0, lo: constant(0), hi: constant(2),
      body: binary('||', isSafe, binary('==', element, constant(0))),
    })],
  });
}

/** Like threads: the first to come sets what the others wait for, as its last step. */
function roles(): Program {
  const made = programOf({
    a: [
      { op: 'branch', cond: binary('==', load(0), constant(0)), otherwise: 3, to: 1 },
      { ...assign(0, constant(1)), silent: true }, { ...assign(1, constant(1)), to: 4 },
      { op: 'await', cond: binary('==', load(1), constant(1)) },
    ],
  }, variables(2, 1));
  const [a] = made.threads;
  return { ...made, threads: a === undefined ? [] : [a, a] };
}

/** Like threads that begin with different values of a local, and end with an outcome. */
function parameters(values: readonly number[]): Program {
  const n = values.length;
  const bodies = values.map((_, t): [string, Step[]] => [`t${t}`, [
    { op: 'branch', cond: binary('<', load(0), local(1 + t)), otherwise: 3 },
    assign(0, local(1 + t)), { op: 'outcome', outcome: 0, to: 4 }, { op: 'outcome', outcome: 1 },
  ]]);
  const made = programOf(Object.fromEntries(bodies), {
    ...variables(1, 3),
    cells: [{ lo: 0, hi: 7, init: 0 }, ...values.map((init) => ({ lo: 0, hi: 7, init }))],
    properties: [property('reachable', binary('==', load(0), constant(Math.max(...values))))],
  });
  const [first] = made.threads;
  const outcomes = [{ name: 'put', never: false }, { name: 'left', never: false }];
  const threads = made.threads.map((thread, t): Thread => ({
    ...thread, decl: 't', outcomes, background: n < 0,
    code: thread.code.map((instr, pc) => ({ ...instr, site: first?.code[pc]?.site ?? t })),
  }));
  return { ...made, threads };
}

export const MADE: Readonly<Record<string, () => Program>> = {
  'reaching': reaching,
  'dividing': dividing,
  'grid-16': () => grid(4, 7, 1),
  'grid-32': () => grid(4, 7, 5),
  'grid-40': () => grid(4, 7, 7),
  'grid-60': () => grid(4, 7, 12),
  'grid-76': () => grid(4, 7, 16),
  'grid-130': () => grid(5, 4, 23),
  'choosing': () => choosing(4, 3),
  'hoping': () => hoping(4, 6),
  'queue-4': () => queueing(['read', 'write', 'read', 'write']),
  'queue-5': () => queueing(['write', 'read', 'read', 'write', 'read']),
  'early': () => early(60),
  'spinning': () => spinning(40),
  'long-step': () => longStep(200),
  'product': product,
  'diverging': diverging,
  'moving-index': movingIndex,
  'circle-3': () => circle(3),
  'circle-4': () => circle(4),
  'broken-final': brokenFinal,
  'too-far': tooFar,
  'roles': roles,
  'parameters': () => parameters([1, 2, 2]),
  'parameters-4': () => parameters([1, 2, 2, 2]),
  'racy': () => programOf({ a: [nop, nop], b: [nop] }, shared('x')),
};
