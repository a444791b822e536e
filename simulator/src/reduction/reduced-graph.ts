// What is known only when a reduced search is complete: threads that can never go on, and the
// outcomes of the states that others stood for.
import { unpackFrame } from '../layout.ts';
import { waitsFor } from '../locks.ts';
import type { Found } from '../machine.ts';
import type { Program, ThreadIdx } from '../program.ts';
import { isDone, party, type Engine } from '../step.ts';
import type { StateTable } from '../table.ts';
import type { ClassSlots } from './canonical.ts';

/** A way from one stored state to the next. */
export interface ReducedEdge {
  readonly from: number;
  /** null: the run ends. */
  readonly to: number | null;
  /** Bit mask of the threads that move on the way. */
  readonly moved: number;
  /** By thread of the target: which thread of the source it is; null: the same. */
  readonly order: Int32Array | null;
}

export interface ReducedGraph {
  readonly engine: Engine;
  readonly table: StateTable;
  readonly edges: readonly ReducedEdge[];
  readonly cutStates: ReadonlySet<number>;
}

const EVERYONE = -1;

/** A `deadlock` for every state in which a thread that must end can never go on. */
export function findStuck({ engine, table, edges, cutStates }: ReducedGraph): readonly Found[] {
  const { machine: m, program } = engine;
  const canGo = futureMoves(table.count, edges, cutStates);
  const stuck: Found[] = [];
  for (let state = 0; state < table.count; state++) {
    unpackFrame(m.layout, table.arena, state * table.width, m.frame);
    program.threads.forEach(({ background }, t) => {
      if (background || isDone(m, t) || (canGo[state]! & (1 << t)) !== 0) return;
      const { site } = party(m, t);
      const lock = waitsFor(m, t);
      stuck.push({
        code: 'deadlock', thread: t, step: site, site, others: [], pending: lock === null,
        subject: lock === null ? null : program.classes[program.locks[lock]!.cls]!.name,
      });
    });
  }
  return stuck;
}

/** By state: bit mask of the threads that move in some state that can be reached from it. */
function futureMoves(
  count: number, edges: readonly ReducedEdge[], cutStates: ReadonlySet<number>,
): Int32Array {
  const masks = new Int32Array(count);
  for (const state of cutStates) masks[state] = EVERYONE;
  for (let changed = true; changed;) {
    changed = false;
    for (let i = edges.length - 1; i >= 0; i--) {
      const { from, to, moved, order } = edges[i]!;
      const mask = masks[from]! | (to === null ? EVERYONE : moved | renamed(masks[to]!, order));
      changed ||= mask !== masks[from];
      masks[from] = mask;
    }
  }
  return masks;
}

function renamed(mask: number, order: Int32Array | null): number {
  if (order === null || mask === EVERYONE) return mask;
  let result = 0;
  order.forEach((source, t) => { if ((mask & (1 << t)) !== 0) result |= 1 << source; });
  return result;
}

/** The combinations (JSON) and all that come of them when members of a class change places. */
export function closedUnder(
  program: Program, classes: readonly ClassSlots[], combinations: ReadonlySet<string>,
): ReadonlySet<string> {
  const declaring = program.threads.flatMap(({ outcomes }, t) => (outcomes.length > 0 ? [t] : []));
  const placeOf = new Map<ThreadIdx, number>(declaring.map((t, i) => [t, i]));
  const swaps = classes.flatMap(({ threads }) => threads.slice(1).flatMap((t, i) => {
    const [a, b] = [placeOf.get(threads[i]!), placeOf.get(t)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  }));
  const all = new Set(combinations);
  for (const combination of all) {
    const values: unknown = JSON.parse(combination);
    if (!Array.isArray(values)) continue;
    for (const [a, b] of swaps) {
      const swapped: unknown[] = [...values];
      [swapped[a], swapped[b]] = [swapped[b], swapped[a]];
      all.add(JSON.stringify(swapped));
    }
  }
  return all;
}
