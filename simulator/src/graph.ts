// The explored graph: for each expanded state its transitions, in the order of threads and choices.
// States are numbered breadth first, so a state's number never grows along a shortest run.
import { assert } from './assert.ts';
import type { ThreadIdx } from './program.ts';

/** Who moved, and which of its successors it was: `thread * MOVES + choice`. */
export type Move = number;
export const MOVE_BITS = 20;
const MOVES = 2 ** MOVE_BITS;

export const moveOf = (thread: ThreadIdx, choice: number): Move => {
  assert(choice < MOVES, 'a choice fits its field');
  return thread * MOVES + choice;
};
export const threadOf = (move: Move): ThreadIdx => move >>> MOVE_BITS;
export const choiceOf = (move: Move): number => move & (MOVES - 1);

/** The target of a transition whose run is not followed. */
export const CUT_OFF = -1;

export interface Graph {
  /** By state: where its transitions begin; one more entry than states expanded. */
  first: Int32Array;
  nExpanded: number;
  target: Int32Array;
  move: Int32Array;
  nEdges: number;
  /** The first state of each depth. */
  readonly levels: number[];
  /** Transitions are counted, not kept. */
  lean: boolean;
  /** Set where generated code keeps the transitions: makes room there. */
  grow: (() => void) | null;
}

export function createGraph(): Graph {
  return {
    first: new Int32Array(128),
    nExpanded: 0,
    target: new Int32Array(512),
    move: new Int32Array(512),
    nEdges: 0,
    levels: [0],
    lean: false,
    grow: null,
  };
}

export function graphBytes(graph: Graph): number {
  return graph.first.byteLength + graph.target.byteLength + graph.move.byteLength;
}

/** Bytes that the next growth would add, or 0 where there is room. */
export function graphGrowth(graph: Graph, nNew: number): number {
  const edges = graph.nEdges + nNew > graph.target.length ? graph.target.byteLength * 2 : 0;
  return edges + (graph.nExpanded + 2 > graph.first.length ? graph.first.byteLength : 0);
}

function doubled(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

export function addEdge(graph: Graph, target: number, move: Move): void {
  if (graph.lean) {
    graph.nEdges++;
    return;
  }
  if (graph.nEdges === graph.target.length && graph.grow !== null) graph.grow();
  if (graph.nEdges === graph.target.length) {
    graph.target = doubled(graph.target);
    graph.move = doubled(graph.move);
  }
  graph.target[graph.nEdges] = target;
  graph.move[graph.nEdges++] = move;
}

/** The state's transitions are all there. */
export function closeState(graph: Graph): void {
  graph.nExpanded++;
  if (graph.lean) return;
  if (graph.nExpanded + 1 > graph.first.length) graph.first = doubled(graph.first);
  graph.first[graph.nExpanded] = graph.nEdges;
}

/** From now on transitions are counted; those there were are not known any more. */
export function dropTransitions(graph: Graph): void {
  graph.lean = true;
  graph.first = new Int32Array(0);
  graph.target = new Int32Array(0);
  graph.move = new Int32Array(0);
  graph.grow = null;
}

/** Steps from the initial state on a shortest run. */
export function depthOf(graph: Graph, state: number): number {
  let lo = 0;
  let hi = graph.levels.length - 1;
  while (lo < hi) {
    const middle = (lo + hi + 1) >> 1;
    if (graph.levels[middle]! <= state) lo = middle;
    else hi = middle - 1;
  }
  return lo;
}
