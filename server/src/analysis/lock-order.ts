// Circles in the order in which classes of locks are taken, over every nesting of every thread of a
// file: what lockdep calls a possible circular locking dependency. Source of the rules:
// Documentation/locking/lockdep-design.rst, and language.md "Lock kinds".
import type { FileId, Range } from '../text/range.ts';
import type { LockKind } from '../../../simulator/src/program.ts';

/** Somewhere a lock of class `inner` is taken while one of `outer` is held. */
export interface Edge {
  readonly outer: string;
  readonly outerMode: 'read' | 'write';
  readonly inner: string;
  readonly innerMode: 'read' | 'write';
  readonly file: FileId;
  readonly range: Range;
  /** The thread's declaration. */
  readonly thread: string;
}

export interface Classes {
  readonly kindOf: (cls: string) => LockKind | null;
}

/** Longer circles are left out: nobody could read them. */
const MAX_LENGTH = 8;

/**
 * Each distinct minimal circle once, each edge by its first place in the text. An edge of each is
 * able to wait for the next one's lock.
 */
export function lockCycles(edges: readonly Edge[], classes: Classes): readonly (readonly Edge[])[] {
  const found: (readonly Edge[])[] = [];
  for (const first of edges) {
    const cycle = shortestThrough(first, edges, classes);
    if (cycle !== null) found.push(cycle);
  }
  const sizes = found.sort((a, b) => a.length - b.length);
  const kept: (readonly Edge[])[] = [];
  for (const cycle of sizes) {
    const names = new Set(cycle.map((edge) => edge.outer));
    const covered = kept.some((other) => other.every((edge) => names.has(edge.outer)));
    if (!covered) kept.push(cycle);
  }
  return kept.map(fromFirstInText);
}

/** Breadth first over edges: whether one waits for the next depends on the modes of both. */
function shortestThrough(
  first: Edge, edges: readonly Edge[], classes: Classes,
): readonly Edge[] | null {
  let paths: (readonly Edge[])[] = [[first]];
  const seen = new Set<Edge>([first]);
  for (let length = 1; length <= MAX_LENGTH; length++) {
    const longer: (readonly Edge[])[] = [];
    for (const path of paths) {
      const last = path.at(-1);
      if (last === undefined) continue;
      if (waitsFor(last, first, classes)) return path;
      for (const edge of edges) {
        if (seen.has(edge) || !waitsFor(last, edge, classes)) continue;
        seen.add(edge);
        longer.push([...path, edge]);
      }
    }
    paths = longer;
  }
  return null;
}

/**
 * Who makes `edge` can be kept waiting by one who makes `next`, at the lock between them. A reader
 * of an rwsem waits behind a writer that is queued behind a reader, wherever that writer is from.
 */
function waitsFor(edge: Edge, next: Edge, { kindOf }: Classes): boolean {
  if (edge.inner !== next.outer) return false;
  if (edge.innerMode === 'write' || next.outerMode === 'write') return true;
  return kindOf(edge.inner) === 'rwsem';
}

function fromFirstInText(cycle: readonly Edge[]): readonly Edge[] {
  const starts = cycle.map((edge) => edge.range.start);
  const first = starts.indexOf(Math.min(...starts));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

/** `munmap takes ptl while it holds mmap_sem for writing`. */
export function edgeText(edge: Edge, { kindOf }: Classes): string {
  const { outer, outerMode, inner, innerMode, thread } = edge;
  const inMode = (name: string, mode: 'read' | 'write'): string => {
    const kind = kindOf(name);
    if (kind !== 'rwsem' && kind !== 'rwlock') return name;
    return `${name} for ${mode === 'read' ? 'reading' : 'writing'}`;
  };
  return `${thread} takes ${inMode(inner, innerMode)} while it holds ${inMode(outer, outerMode)}`;
}

/** `A -> B in munmap, B -> A in fault`. */
export function cycleText(cycle: readonly Edge[]): string {
  const arrows = cycle.map(({ outer, inner, thread }) => `${outer} -> ${inner} in ${thread}`);
  const self = cycle.length === 1 && cycle[0]?.outer === cycle[0]?.inner;
  if (self) {
    return `possible recursive locking: ${arrows.join('')}; say \`nested\` if another lock of the `
      + 'class is meant to be held';
  }
  return `possible circular locking dependency: ${arrows.join(', ')}`;
}
