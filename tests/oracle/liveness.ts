// What only the whole graph tells: threads stuck for ever, and fair runs on which something is
// never true.
import type { Graph, Node } from './explore.ts';
import { nth } from './state.ts';

/** The nodes from which one of `goals` can be reached (goals included). */
function backwards(graph: Graph, goals: ReadonlySet<number>): Set<number> {
  const reach = new Set(goals);
  for (let grown = true; grown;) {
    grown = false;
    for (let id = graph.nodes.length - 1; id >= 0; id--) {
      if (reach.has(id)) continue;
      const node = nth(graph.nodes, id);
      if (!node.moves.some((edge) => edge.to !== null && reach.has(edge.to))) continue;
      reach.add(id);
      grown = true;
    }
  }
  return reach;
}

/**
 * The nodes in which the thread can never go on: it takes no step in any state that can follow,
 * and no run from here is cut off.
 */
export function stuckNodes(graph: Graph, thread: number): Node[] {
  const goals = graph.nodes.filter((node) =>
    nth(node.state.threads, thread).pc < 0 || node.broken.length > 0
    || node.moves.some((edge) => edge.move.cut || edge.move.thread === thread));
  const hopeful = backwards(graph, new Set(goals.map((node) => node.id)));
  return graph.nodes.filter((node) => !hopeful.has(node.id));
}

/** The strongly connected components of the nodes in `within`, by mutual reachability. */
function components(graph: Graph, within: ReadonlySet<number>): Set<number>[] {
  const reachable = (from: number, back: boolean, among: ReadonlySet<number>): Set<number> => {
    const seen = new Set([from]);
    for (const id of seen) {
      const nexts = back ? nth(parents, id) : nth(graph.nodes, id).moves.map((edge) => edge.to);
      for (const next of nexts) if (next !== null && among.has(next)) seen.add(next);
    }
    return seen;
  };
  const parents: number[][] = graph.nodes.map(() => []);
  for (const id of within) {
    for (const { to } of nth(graph.nodes, id).moves) if (to !== null) nth(parents, to).push(id);
  }
  const parts: Set<number>[] = [];
  const left = new Set(within);
  for (const id of within) {
    if (!left.has(id)) continue;
    const there = reachable(id, false, left);
    const part = new Set([...reachable(id, true, there)]);
    for (const member of part) left.delete(member);
    parts.push(part);
  }
  return parts;
}

const waitsForLock = (node: Node, thread: number): boolean =>
  nth(node.state.threads, thread).lock !== null;
export const canGo = (node: Node, thread: number): boolean =>
  node.moves.some((edge) => edge.move.thread === thread);

/** A set of nodes that a fair run can stay in for ever, taking every edge inside; or null. */
export function fairPart(graph: Graph, within: ReadonlySet<number>): Set<number> | null {
  for (const part of components(graph, within)) {
    const members = [...part].map((id) => nth(graph.nodes, id));
    const inside = members.flatMap((node) =>
      node.moves.filter((edge) => edge.to !== null && part.has(edge.to)));
    if (inside.length === 0) continue;
    const passedOver = graph.program.threads.flatMap((_, thread) =>
      inside.some((edge) => edge.move.thread === thread) ? [] : [thread]);
    if (passedOver.some((thread) => members.every((node) => canGo(node, thread)))) continue;
    const starved = passedOver.filter((thread) =>
      members.some((node) => waitsForLock(node, thread) && canGo(node, thread)));
    if (starved.length === 0) return part;
    const rest = members.filter((node) => !starved.some((thread) => canGo(node, thread)));
    const found = fairPart(graph, new Set(rest.map((node) => node.id)));
    if (found !== null) return found;
  }
  return null;
}

/** A run that ends here, by itself: nobody can go on, and nothing cut it off. */
export const endsHere = (node: Node): boolean =>
  node.broken.length === 0 && node.moves.length === 0;

/** Nodes a run can get to without `holds` having been true on the way. */
export function avoiding(graph: Graph, holds: (node: Node) => boolean): Set<number> {
  const seen = new Set<number>();
  if (graph.nodes.slice(0, 1).some((node) => !holds(node))) seen.add(0);
  for (const id of seen) {
    for (const { to } of nth(graph.nodes, id).moves) {
      if (to !== null && !holds(nth(graph.nodes, to))) seen.add(to);
    }
  }
  return seen;
}

/** Whether some fair run is never in a state that `holds`. */
export function canAvoid(graph: Graph, holds: (node: Node) => boolean): boolean {
  const where = avoiding(graph, holds);
  if ([...where].some((id) => endsHere(nth(graph.nodes, id)))) return true;
  return fairPart(graph, where) !== null;
}
