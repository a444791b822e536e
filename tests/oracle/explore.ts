// Every reachable state, breadth first, with shortest distances and, among shortest runs, the
// fewest context switches.
import type { Program } from '../../simulator/src/index.ts';
import { brokenProperties } from './properties.ts';
import { keyOf, nth, startState, type State } from './state.ts';
import { movesOf, settle, type Move, type Told } from './step.ts';

export interface Node {
  readonly id: number;
  readonly state: State;
  readonly depth: number;
  /** What reading a property here breaks; no run is followed past it. */
  readonly broken: readonly Told[];
  /** With the node each leads to, null where the run is not followed. */
  readonly moves: readonly { readonly move: Move; readonly to: number | null }[];
  /** Fewest context switches of a shortest run to here, by its last thread (-1: no step yet). */
  readonly switches: Map<number, number>;
}

export interface Graph {
  readonly program: Program;
  readonly nodes: readonly Node[];
  readonly atStart: readonly Told[];
}

interface Draft extends Node {
  moves: { move: Move; to: number | null }[];
}

/** Context switches of a shortest run to the node (and on with a step of `next`). */
export function fewest(node: Node, next: number | null): number {
  const counts = [...node.switches].map(([last, count]) =>
    count + (next !== null && last >= 0 && last !== next ? 1 : 0));
  return Math.min(...counts);
}

/** Null where there are more than `limit` states. */
export function explore(program: Program, limit: number): Graph | null {
  const nodes: Draft[] = [];
  const known = new Map<string, number>();
  const enter = (state: State, depth: number): number => {
    const key = keyOf(state);
    const id = known.get(key) ?? nodes.length;
    if (id < nodes.length) return id;
    known.set(key, id);
    const broken = brokenProperties(program, state);
    nodes.push({ id, state, depth, broken, moves: [], switches: new Map() });
    return id;
  };
  const start = settle(program, startState(program));
  if (start.state !== null) {
    enter(start.state, 0);
    nth(nodes, 0).switches.set(-1, 0);
  }
  for (let id = 0; id < nodes.length; id++) {
    if (nodes.length > limit) return null;
    const node = nth(nodes, id);
    if (node.broken.length > 0) continue;
    program.threads.forEach((_, thread) => {
      for (const move of movesOf(program, node.state, thread)) {
        const to = move.cut ? null : enter(move.to, node.depth + 1);
        node.moves.push({ move, to });
        if (to === null) continue;
        const target = nth(nodes, to);
        if (target.depth !== node.depth + 1) continue;
        const count = fewest(node, thread);
        const old = target.switches.get(thread) ?? Infinity;
        target.switches.set(thread, Math.min(old, count));
      }
    });
  }
  return { program, nodes, atStart: start.told };
}
