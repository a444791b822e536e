// `eventually P`: is there a fair run on which P is never true? Such a run ends in a state without
// steps, or goes round for ever in a strongly connected part of the graph of states without P.
// Fair: weak for every thread; strong for a thread that waits for a lock (Streett; the part is
// refined as in Emerson and Lei 1987, components by Tarjan 1972).
import { CUT_OFF, threadOf, type Graph, type Move } from './graph.ts';
import { components, createWalker } from './components.ts';
import { unpackFrame } from './layout.ts';
import { waitsFor } from './locks.ts';
import { placeOf } from './table.ts';
import { isEventual } from './judging.ts';
import type { SearchState } from './search.ts';
import { tour } from './tour.ts';

/** The moves of a run without P; `loop` as in `Trace`. */
export interface Lasso {
  readonly moves: readonly Move[];
  readonly loop: number;
}

/** A fair run on which eventually number `i` is never true, or null where there is none. */
export function unfulfilled(s: SearchState, i: number): Lasso | null {
  const { graph } = s;
  const isTrue = (state: number): boolean => isEventual(s, i, state);
  if (graph.nExpanded === 0 || isTrue(0)) return null;
  const reach = reachWithout(graph, isTrue);
  for (const state of reach.order) {
    const ends = graph.first[state] === graph.first[state + 1] && !s.cutStates.has(state);
    if (ends) {
      const moves = reach.movesTo(state);
      return { moves, loop: moves.length };
    }
  }
  return fairCycle(s, reach);
}

interface Reach {
  /** Expanded states without P, breadth first, from the initial one. */
  readonly order: readonly number[];
  readonly movesTo: (state: number) => Move[];
}

function reachWithout(graph: Graph, isTrue: (state: number) => boolean): Reach {
  const cameBy = new Int32Array(graph.nExpanded).fill(-1); // by state: transition
  const cameFrom = new Int32Array(graph.nExpanded).fill(-1);
  const order = [0];
  for (let at = 0; at < order.length; at++) {
    const state = order[at]!;
    for (let e = graph.first[state]!; e < graph.first[state + 1]!; e++) {
      const target = graph.target[e]!;
      if (target === CUT_OFF || target === 0 || target >= graph.nExpanded) continue;
      if (cameBy[target] !== -1 || isTrue(target)) continue;
      cameBy[target] = e;
      cameFrom[target] = state;
      order.push(target);
    }
  }
  const movesTo = (state: number): Move[] => {
    const moves: Move[] = [];
    for (let at = state; at !== 0; at = cameFrom[at]!) moves.push(graph.move[cameBy[at]!]!);
    return moves.reverse();
  };
  return { order, movesTo };
}

function fairCycle(s: SearchState, reach: Reach): Lasso | null {
  const walker = createWalker(s.graph);
  const pending: (readonly number[])[] = [reach.order];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    for (const component of components(walker, part)) {
      const verdict = judgeComponent(s, component);
      if (verdict === 'fair') return lassoThrough(s, reach, component);
      if (verdict !== 'unfair') pending.push(verdict);
    }
  }
  return null;
}

/**
 * `fair` where a run can stay in the component for ever; else `unfair`, or the smaller part in
 * which one may.
 */
function judgeComponent(
  s: SearchState, component: readonly number[],
): 'fair' | 'unfair' | readonly number[] {
  const { graph } = s;
  const inside = new Set(component);
  let moved = 0;
  let always = -1;
  const grantable = new Map<number, number>();
  for (const state of component) {
    let enabled = 0;
    for (let e = graph.first[state]!; e < graph.first[state + 1]!; e++) {
      const bit = 1 << threadOf(graph.move[e]!);
      enabled |= bit;
      if (inside.has(graph.target[e]!)) moved |= bit;
    }
    always &= enabled;
    grantable.set(state, enabled & waitingMask(s, state));
  }
  if (moved === 0) return 'unfair';
  if ((always & ~moved) !== 0) return 'unfair';
  const passedOver = component.filter((state) => (grantable.get(state)! & ~moved) !== 0);
  if (passedOver.length === 0) return 'fair';
  const gone = new Set(passedOver);
  return component.filter((state) => !gone.has(state));
}

/** Bit mask of the threads that have joined the queue of a lock. */
function waitingMask(s: SearchState, state: number): number {
  const { machine: m, program } = s.engine;
  unpackFrame(m.layout, s.table.arena, placeOf(s.table, state), m.frame);
  return program.threads.reduce(
    (mask, _, t) => (waitsFor(m, t) === null ? mask : mask | (1 << t)), 0);
}

/** The way in, and a round trip that gives every thread its due. */
function lassoThrough(s: SearchState, reach: Reach, component: readonly number[]): Lasso {
  const members = new Set(component);
  const entry = reach.order.find((state) => members.has(state))!;
  const prefix = reach.movesTo(entry);
  const cycle = tour(s.graph, { members, entry, nThreads: s.engine.program.threads.length });
  return { moves: [...prefix, ...cycle], loop: prefix.length };
}
