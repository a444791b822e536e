// Threads that can never go on: no state reachable from here has a step of theirs. Known only when
// the whole graph is; not claimed where a run that was cut off could have freed the thread.
import { CUT_OFF, depthOf, threadOf, type Graph } from './graph.ts';
import { unpackFrame } from './layout.ts';
import { enterFound } from './ledger.ts';
import { waitedFor, waitsFor } from './locks.ts';
import type { Found } from './machine.ts';
import type { SearchState } from './search.ts';
import { isDone, party } from './step.ts';

const EVERYONE = -1;

/** Adds a `deadlock` for every place at which a thread that must end is stuck. */
export function findStuck(s: SearchState): void {
  const { engine, graph, table } = s;
  const { machine: m } = engine;
  const mustEnd = engine.program.threads.reduce(
    (mask, thread, t) => (thread.background ? mask : mask | (1 << t)), 0);
  const canGo = futureSteps(graph, s.cutStates);
  for (let state = 0; state < graph.nExpanded; state++) {
    const still = mustEnd & ~canGo[state]!;
    if (still === 0) continue;
    unpackFrame(m.layout, table.arena, state * table.width, m.frame);
    for (let t = 0; t < engine.program.threads.length; t++) {
      if ((still & (1 << t)) === 0 || isDone(m, t)) continue;
      enterFound(s.ledger, depthOf(graph, state), { state, move: -1, found: stuckFound(s, t) });
    }
  }
}

function stuckFound(s: SearchState, t: number): Found {
  const { machine: m, program } = s.engine;
  const { site } = party(m, t);
  const lock = waitsFor(m, t);
  const waited = waitedFor(m, t);
  const others = program.threads.flatMap((_, u) =>
    (waited & (1 << u)) === 0 ? [] : [party(m, u)]);
  const inQueue = lock !== null || m.frame[m.layout.threads[t]!.begun] !== 0;
  return {
    code: 'deadlock', thread: t, step: site, site, others, pending: !inQueue,
    subject: lock === null ? null : program.classes[program.locks[lock]!.cls]!.name,
  };
}

/** By state: bit mask of the threads that take a step in some state reachable from it. */
function futureSteps(graph: Graph, cutStates: ReadonlySet<number>): Int32Array {
  const masks = new Int32Array(graph.nExpanded);
  for (const state of cutStates) masks[state] = EVERYONE;
  for (let changed = true; changed;) {
    changed = false;
    for (let state = graph.nExpanded - 1; state >= 0; state--) {
      let mask = masks[state]!;
      for (let e = graph.first[state]!; e < graph.first[state + 1]!; e++) {
        const target = graph.target[e]!;
        mask |= target === CUT_OFF ? EVERYONE : masks[target]! | (1 << threadOf(graph.move[e]!));
      }
      if (mask === masks[state]) continue;
      masks[state] = mask;
      changed = true;
    }
  }
  return masks;
}
