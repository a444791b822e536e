// What is seen at each resting place over all states: the locks held there, who stands where
// beside it. One pass over each new state; turned into plain data at the end.
import { MAX_BESIDE_RESTS } from './bounds.ts';
import type { Layout } from './layout.ts';
import { heldBy } from './locks.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';
import type { Facts, Held, Nesting, Rest } from './verdict.ts';

/** Bits of what a thread has of a lock at a rest, in some state. */
export const UNHELD = 1;
export const HELD_READ = 2;
export const HELD_WRITE = 4;
/** Bits of where a thread is at a rest: outside of rcu_read_lock, inside. */
export const OUTSIDE = 1;
export const INSIDE = 2;

export interface Gatherer {
  readonly nRests: number;
  /** By rest and lock: in how many ways it is held, as bits. */
  readonly held: Uint8Array;
  /** By rest: bits; 0 where nobody ever rests. */
  readonly rcu: Uint8Array;
  /** By rest and rest, the later thread's first; null where there are too many. */
  readonly beside: Uint8Array | null;
}

/** Where the thread's rests (and done, diverged) begin among all. */
export function restBase(layout: Layout, t: number): number {
  let base = 0;
  for (let u = 0; u < t; u++) base += layout.rests[u]!.length + 2;
  return base;
}

export function createGatherer(m: Machine): Gatherer {
  const n = restBase(m.layout, m.layout.rests.length);
  return {
    nRests: n,
    held: new Uint8Array(n * m.program.locks.length),
    rcu: new Uint8Array(n),
    beside: n <= MAX_BESIDE_RESTS ? new Uint8Array(n * n) : null,
  };
}

export function gather(g: Gatherer, m: Machine): void {
  const { beside, nRests } = g;
  const { threads, holdable, rests } = m.layout;
  const nLocks = m.program.locks.length;
  let base = 0;
  for (let t = 0; t < threads.length; t++) {
    const slots = threads[t]!;
    const rest = base + m.frame[slots.pc]!;
    base += rests[t]!.length + 2;
    g.rcu[rest]! |= m.frame[slots.rcu]! > 0 ? INSIDE : OUTSIDE;
    for (const lock of holdable[t]!) {
      const held = heldBy(m, lock, t);
      g.held[rest * nLocks + lock]! |=
        held === null ? UNHELD : held === 'write' ? HELD_WRITE : HELD_READ;
    }
    if (beside === null) continue;
    let other = 0;
    for (let u = 0; u < t; u++) {
      beside[rest * nRests + other + m.frame[threads[u]!.pc]!] = 1;
      other += rests[u]!.length + 2;
    }
  }
}

export function factsOf(g: Gatherer, m: Machine): Facts {
  const rests = m.layout.rests.map((pcs, t) => pcs.flatMap((pc, i) => {
    const rest = restBase(m.layout, t) + i;
    return g.rcu[rest] === 0 ? [] : [restOf(g, m, { t, pc, rest })];
  }));
  return {
    reached: [...m.witness.reached.keys()].filter((site) => m.witness.reached[site] === 1),
    nestings: sorted([...waitedNestings(m.program, rests), ...m.witness.tried.values()]),
    recursiveReads: [...m.witness.recursiveReads.values()].sort((a, b) =>
      a.site - b.site || a.cls - b.cls),
    rests,
  };
}

/** In the order of the program, however the search went. */
function sorted(nestings: readonly Nesting[]): Nesting[] {
  const mode = (of: 'read' | 'write'): number => (of === 'read' ? 0 : 1);
  return [...nestings].sort((a, b) => a.site - b.site || a.thread - b.thread
    || a.outer - b.outer || mode(a.outerMode) - mode(b.outerMode)
    || a.inner - b.inner || mode(a.innerMode) - mode(b.innerMode));
}

/** What is held wherever a thread comes to an `acquire`, even if it would then wait. */
function waitedNestings(program: Program, rests: readonly (readonly Rest[])[]): Nesting[] {
  const found = new Map<string, Nesting>();
  rests.forEach((all, thread) => {
    for (const { pc, site, always, sometimes } of all) {
      const instr = program.threads[thread]!.code[pc]!;
      if (instr.op !== 'acquire') continue;
      const inner = program.locks[instr.lock.base]!.cls;
      for (const { lock, mode } of [...always, ...sometimes]) {
        const outer = program.locks[lock]!.cls;
        found.set([site, thread, outer, mode, inner, instr.mode].join(' '), {
          outer, outerMode: mode, inner, innerMode: instr.mode, site, thread, byTry: false,
          nested: instr.nested,
        });
      }
    }
  });
  return [...found.values()];
}

function restOf(g: Gatherer, m: Machine, at: { t: number; pc: number; rest: number }): Rest {
  const { t, pc, rest } = at;
  const nLocks = m.program.locks.length;
  const always: Held[] = [];
  const sometimes: Held[] = [];
  for (let lock = 0; lock < nLocks; lock++) {
    const bits = g.held[rest * nLocks + lock]!;
    for (const [bit, mode] of [[HELD_WRITE, 'write'], [HELD_READ, 'read']] as const) {
      if ((bits & bit) !== 0) (bits === bit ? always : sometimes).push({ lock, mode });
    }
  }
  const inside = g.rcu[rest]!;
  return {
    pc,
    site: m.program.threads[t]!.code[pc]!.site,
    always,
    sometimes,
    rcu: inside === OUTSIDE ? 'never' : inside === INSIDE ? 'always' : 'sometimes',
    beside: besideOf(g, m, t, rest),
  };
}

function besideOf(g: Gatherer, m: Machine, t: number, rest: number): Rest['beside'] {
  const { beside, nRests } = g;
  if (beside === null) return [];
  const found: Rest['beside'][number][] = [];
  m.layout.rests.forEach((pcs, u) => {
    if (u === t) return;
    const other = restBase(m.layout, u);
    const at = (i: number): boolean =>
      beside[t > u ? rest * nRests + other + i : (other + i) * nRests + rest] === 1;
    const there = pcs.filter((_, i) => at(i));
    if (at(pcs.length)) there.push(-1);
    found.push({ thread: u, pcs: there });
  });
  return found;
}
