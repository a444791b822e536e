// Strongly connected components (Tarjan 1972), without recursion, of a part of the explored graph.
import { CUT_OFF, type Graph } from './graph.ts';

/** Scratch for any number of walks over one graph. */
export interface Walker {
  readonly graph: Graph;
  /** By state: the part it belongs to at present; 0: none. */
  readonly part: Int32Array;
  /** By state: order of discovery in this walk (0: not yet), and the least that it reaches. */
  readonly index: Int32Array;
  readonly low: Int32Array;
  readonly isOpen: Uint8Array;
  readonly open: number[];
  counter: number;
  nParts: number;
}

export function createWalker(graph: Graph): Walker {
  const n = graph.nExpanded;
  return {
    graph, part: new Int32Array(n), index: new Int32Array(n), low: new Int32Array(n),
    isOpen: new Uint8Array(n), open: [], counter: 0, nParts: 0,
  };
}

/** The components of the graph restricted to `states`; also those of a single state. */
export function components(walker: Walker, states: readonly number[]): number[][] {
  const part = ++walker.nParts;
  walker.counter = 0;
  for (const state of states) {
    walker.part[state] = part;
    walker.index[state] = 0;
  }
  const found: number[][] = [];
  for (const root of states) if (walker.index[root] === 0) visitFrom(walker, root, found);
  return found;
}

function visitFrom(walker: Walker, root: number, found: number[][]): void {
  const { graph, index, low } = walker;
  const part = walker.part[root]!;
  const stack = [{ state: root, edge: graph.first[root]! }];
  enterState(walker, root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { state } = top;
    if (top.edge < graph.first[state + 1]!) {
      const target = graph.target[top.edge++]!;
      if (target === CUT_OFF || walker.part[target] !== part) continue;
      if (index[target] === 0) {
        enterState(walker, target);
        stack.push({ state: target, edge: graph.first[target]! });
      } else if (walker.isOpen[target] === 1) {
        low[state] = Math.min(low[state]!, index[target]!);
      }
      continue;
    }
    stack.pop();
    const parent = stack.at(-1)?.state;
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[state]!);
    if (low[state] === index[state]) found.push(closeComponent(walker, state));
  }
}

function enterState(walker: Walker, state: number): void {
  walker.index[state] = ++walker.counter;
  walker.low[state] = walker.counter;
  walker.open.push(state);
  walker.isOpen[state] = 1;
}

function closeComponent(walker: Walker, root: number): number[] {
  const component: number[] = [];
  for (let state = walker.open.pop(); state !== undefined; state = walker.open.pop()) {
    walker.isOpen[state] = 0;
    component.push(state);
    if (state === root) break;
  }
  return component.reverse();
}
