// A round trip inside a fair component: every thread moves in it, or is seen unable to.
import { assert } from './assert.ts';
import { threadOf, type Graph, type Move } from './graph.ts';

interface Part {
  readonly members: ReadonlySet<number>;
  readonly entry: number;
  readonly nThreads: number;
}

/** The moves of a cycle from `entry` back to it; not empty. */
export function tour(graph: Graph, part: Part): Move[] {
  const moves: Move[] = [];
  let at = part.entry;
  let due = 2 ** part.nThreads - 1;
  for (let t = 0; t < part.nThreads; t++) {
    if ((due & (1 << t)) === 0) continue;
    const leg = walkTo(graph, part, at, (state, edge) =>
      (edge === null ? !canMove(graph, state, t) : threadOf(graph.move[edge]!) === t));
    assert(leg !== null, 'a fair component gives every thread its due');
    for (const edge of leg.edges) {
      moves.push(graph.move[edge]!);
      due &= ~(1 << threadOf(graph.move[edge]!));
    }
    due &= ~(1 << t);
    at = leg.end;
  }
  if (at === part.entry && moves.length > 0) return moves;
  const home = walkTo(graph, part, at, (_, edge) =>
    edge !== null && graph.target[edge] === part.entry);
  assert(home !== null, 'a component leads back to its entry');
  return [...moves, ...home.edges.map((edge) => graph.move[edge]!)];
}

function canMove(graph: Graph, state: number, t: number): boolean {
  for (let e = graph.first[state]!; e < graph.first[state + 1]!; e++) {
    if (threadOf(graph.move[e]!) === t) return true;
  }
  return false;
}

/**
 * The shortest way inside the part to a state (edge null) or over an edge that `wanted` accepts.
 */
function walkTo(
  graph: Graph, part: Part, from: number,
  wanted: (state: number, edge: number | null) => boolean,
): { edges: number[]; end: number } | null {
  const cameBy = new Map<number, { from: number; edge: number }>();
  const pathTo = (state: number): number[] => {
    const edges: number[] = [];
    for (let at = state; at !== from;) {
      const step = cameBy.get(at)!;
      edges.push(step.edge);
      at = step.from;
    }
    return edges.reverse();
  };
  const order = [from];
  for (const state of order) {
    if (wanted(state, null)) return { edges: pathTo(state), end: state };
    for (let e = graph.first[state]!; e < graph.first[state + 1]!; e++) {
      const target = graph.target[e]!;
      if (!part.members.has(target)) continue;
      if (wanted(state, e)) return { edges: [...pathTo(state), e], end: target };
      if (target === from || cameBy.has(target)) continue;
      cameBy.set(target, { from: state, edge: e });
      order.push(target);
    }
  }
  return null;
}
