// What a call as a whole does to locks: from the states in which a thread comes to it to those in
// which it goes on behind it, by a walk through all paths of the thread alone.
import type { Pc, Program, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Held } from '../../../simulator/src/verdict.ts';
import type { Lowered, Passage } from './lowered.ts';
import type { LockChange, LockMode } from './lockstate.ts';
import { walkThread } from './thread-walk.ts';
import type { WalkState } from './walk-state.ts';

/** The locks that a thread has at one of its instructions. */
export interface LocksAt {
  readonly pc: Pc;
  /** Each once: for writing, if so too. */
  readonly held: readonly Held[];
  readonly rcu: boolean;
}

interface Node extends LocksAt {
  readonly next: Set<Node>;
}

/** By a key of the locks at an instruction; null where the thread is too large to say. */
type Graph = ReadonlyMap<string, Node> | null;

/** Programs are immutable. */
const known = new WeakMap<Program, Map<ThreadIdx, Graph>>();

/**
 * Way by way, what every lock that some way begins or ends with is on both sides; also where that
 * is the same. `may`: leaves out what is known not to be.
 */
export function changesOver(
  lowered: Lowered, passage: Passage, may: (at: LocksAt) => boolean,
): readonly (readonly LockChange[])[] {
  const { thread, from, inside } = passage;
  const graph = graphOf(lowered, thread);
  if (graph === null) return [];
  const ways = [...graph.values()].filter((entry) => from.includes(entry.pc) && may(entry))
    .flatMap((entry) => exitsFrom(entry, inside, may).map((exit) => [entry, exit] as const));
  const ends = ways.flat();
  const locks = new Set(ends.flatMap(({ held }) => held.map(({ lock }) => lock)));
  const rcu = ends.some((end) => end.rcu);
  return ways.map(([entry, exit]) => [
    ...[...locks].map((lock) => ({ lock, before: modeOf(entry, lock), after: modeOf(exit, lock) })),
    ...(rcu ? [{ lock: null, before: rcuMode(entry), after: rcuMode(exit) }] : []),
  ]);
}

/** Else there is no need to look at what it changes. */
export function touchesLocks({ threads }: Program, { thread, inside }: Passage): boolean {
  const code = threads[thread]?.code ?? [];
  return [...inside].some((pc) => LOCK_OPS.has(code[pc]?.op ?? 'nop'));
}

const LOCK_OPS: ReadonlySet<string> =
  new Set(['acquire', 'release', 'downgrade', 'try', 'rcu_lock', 'rcu_unlock']);

function exitsFrom(
  entry: Node, inside: ReadonlySet<Pc>, may: (at: LocksAt) => boolean,
): readonly Node[] {
  const seen = new Set([entry]);
  const exits: Node[] = [];
  for (const node of seen) {
    if (!inside.has(node.pc)) {
      exits.push(node);
      continue;
    }
    for (const next of node.next) if (may(next)) seen.add(next);
  }
  return exits;
}

function modeOf({ held }: LocksAt, lock: number): LockMode {
  return held.find((each) => each.lock === lock)?.mode ?? null;
}

function rcuMode({ rcu }: LocksAt): LockMode {
  return rcu ? 'read' : null;
}

function graphOf(lowered: Lowered, thread: ThreadIdx): Graph {
  const { program } = lowered;
  const byThread = known.get(program) ?? new Map<ThreadIdx, Graph>();
  known.set(program, byThread);
  const before = byThread.get(thread);
  if (before !== undefined) return before;
  const graph = findGraph(lowered, thread);
  byThread.set(thread, graph);
  return graph;
}

function findGraph(lowered: Lowered, thread: ThreadIdx): Graph {
  const nodes = new Map<string, Node>();
  const nodeOf = (state: WalkState): Node => {
    const held = heldIn(state);
    const key = `${state.pc} ${state.rcu > 0} ${held.map((it) => `${it.lock}${it.mode}`).join()}`;
    const node = nodes.get(key) ?? { pc: state.pc, held, rcu: state.rcu > 0, next: new Set() };
    nodes.set(key, node);
    return node;
  };
  const found = walkThread(lowered, thread, {
    mayChange: () => false, isWritten: () => true, valuesOf: () => null,
    onStep(before, after) {
      const { next } = nodeOf(before);
      for (const state of after) next.add(nodeOf(state));
    },
  });
  return found === null ? null : nodes;
}

function heldIn({ held }: WalkState): readonly Held[] {
  const modes = new Map<number, Held['mode']>();
  for (const { lock, mode } of held) {
    if (mode === 'write' || !modes.has(lock)) modes.set(lock, mode);
  }
  return [...modes].map(([lock, mode]) => ({ lock, mode }));
}
