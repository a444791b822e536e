// What is seen at each resting place over all states: the locks held there, who stands where
// beside it. One pass over each new state; turned into plain data at the end.
import { MAX_BESIDE_RESTS } from './bounds.ts';
import { heldBy } from './locks.ts';
import type { Machine } from './machine.ts';
import type { Facts, Held, Rest } from './verdict.ts';

export interface Gatherer {
  /** By thread: where its rests (and done, diverged) begin among all. */
  readonly base: readonly number[];
  readonly nRests: number;
  /** By rest: states seen. */
  readonly seen: Float64Array;
  /** By rest and lock: states in which it is held for reading, for writing. */
  readonly reads: Float64Array;
  readonly writes: Float64Array;
  readonly rcu: Float64Array;
  /** By rest and rest, or null where there are too many. */
  readonly beside: Uint8Array | null;
}

export function createGatherer(m: Machine): Gatherer {
  const base: number[] = [];
  let n = 0;
  for (const rests of m.layout.rests) {
    base.push(n);
    n += rests.length + 2;
  }
  const nLocks = m.program.locks.length;
  return {
    base,
    nRests: n,
    seen: new Float64Array(n),
    reads: new Float64Array(n * nLocks),
    writes: new Float64Array(n * nLocks),
    rcu: new Float64Array(n),
    beside: n <= MAX_BESIDE_RESTS ? new Uint8Array(n * n) : null,
  };
}

export function gather(g: Gatherer, m: Machine): void {
  const { base, beside, nRests } = g;
  const nLocks = m.program.locks.length;
  const nThreads = base.length;
  for (let t = 0; t < nThreads; t++) {
    const slots = m.layout.threads[t]!;
    const rest = base[t]! + m.frame[slots.pc]!;
    g.seen[rest]!++;
    if (m.frame[slots.rcu]! > 0) g.rcu[rest]!++;
    for (let lock = 0; lock < nLocks; lock++) {
      const held = heldBy(m, lock, t);
      if (held === 'write') g.writes[rest * nLocks + lock]!++;
      else if (held === 'read') g.reads[rest * nLocks + lock]!++;
    }
    if (beside === null) continue;
    for (let u = 0; u < nThreads; u++) {
      if (u !== t) beside[rest * nRests + base[u]! + m.frame[m.layout.threads[u]!.pc]!] = 1;
    }
  }
}

export function factsOf(g: Gatherer, m: Machine): Facts {
  return {
    reached: [...m.witness.reached.keys()].filter((site) => m.witness.reached[site] === 1),
    nestings: [...m.witness.nestings.values()],
    recursiveReads: [...m.witness.recursiveReads.values()],
    rests: m.layout.rests.map((pcs, t) => pcs.flatMap((pc, i) => {
      const rest = g.base[t]! + i;
      return g.seen[rest] === 0 ? [] : [restOf(g, m, { t, pc, rest })];
    })),
  };
}

function restOf(g: Gatherer, m: Machine, at: { t: number; pc: number; rest: number }): Rest {
  const { t, pc, rest } = at;
  const total = g.seen[rest]!;
  const nLocks = m.program.locks.length;
  const always: Held[] = [];
  const sometimes: Held[] = [];
  for (let lock = 0; lock < nLocks; lock++) {
    for (const [counts, mode] of [[g.writes, 'write'], [g.reads, 'read']] as const) {
      const count = counts[rest * nLocks + lock]!;
      if (count === total) always.push({ lock, mode });
      else if (count > 0) sometimes.push({ lock, mode });
    }
  }
  const inside = g.rcu[rest]!;
  return {
    pc,
    site: m.program.threads[t]!.code[pc]!.site,
    always,
    sometimes,
    rcu: inside === 0 ? 'never' : inside === total ? 'always' : 'sometimes',
    beside: besideOf(g, m, t, rest),
  };
}

function besideOf(g: Gatherer, m: Machine, t: number, rest: number): Rest['beside'] {
  const { beside, nRests, base } = g;
  if (beside === null) return [];
  const found: Rest['beside'][number][] = [];
  m.layout.rests.forEach((pcs, u) => {
    if (u === t) return;
    const at = (i: number): boolean => beside[rest * nRests + base[u]! + i] === 1;
    const there = pcs.filter((_, i) => at(i));
    if (at(pcs.length)) there.push(-1);
    found.push({ thread: u, pcs: there });
  });
  return found;
}
