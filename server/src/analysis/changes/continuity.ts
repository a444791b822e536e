// Which steps one lock section covers without a gap: what was seen at one of them is still so at
// the other, for whoever writes under the lock.
import type { Mode } from './cover.ts';

/** A point of a walk: an instruction with the classes of locks held before it. */
export interface Point {
  /** By `stepKey`. */
  readonly step: string;
  readonly pc: number;
  readonly held: ReadonlyMap<string, Mode>;
}

interface Node {
  readonly step: string;
  readonly held: ReadonlyMap<string, Mode>;
  readonly next: Set<string>;
}

/** By class, the steps that take the lock where it was not held, and it is held since. */
export type Openers = ReadonlyMap<string, ReadonlySet<string>>;

/** Follows one thread. */
export class Continuity {
  readonly #nodes = new Map<string, Node>();
  readonly #openings = new Map<string, { cls: string; opener: string; node: string }>();

  note(before: Point, after: readonly Omit<Point, 'step'>[]): void {
    const node = this.#nodeOf(before);
    for (const point of after) {
      const to = keyOf(point);
      node.next.add(to);
      for (const cls of point.held.keys()) {
        if (before.held.has(cls)) continue;
        const opening = { cls, opener: before.step, node: to };
        this.#openings.set(`${cls} ${before.step} ${to}`, opening);
      }
    }
  }

  #nodeOf(point: Point): Node {
    const key = keyOf(point);
    const node = this.#nodes.get(key)
      ?? { step: point.step, held: point.held, next: new Set<string>() };
    this.#nodes.set(key, node);
    return node;
  }

  /** Adds what was found to what is known of each step. */
  addTo(openers: Map<string, Map<string, Set<string>>>): void {
    for (const { cls, opener, node } of this.#openings.values()) {
      for (const step of this.#heldFrom(node, cls)) {
        const byClass = openers.get(step) ?? new Map<string, Set<string>>();
        openers.set(step, byClass);
        byClass.set(cls, (byClass.get(cls) ?? new Set()).add(opener));
      }
    }
  }

  #heldFrom(start: string, cls: string): ReadonlySet<string> {
    const steps = new Set<string>();
    const seen = new Set<string>();
    const todo = [start];
    for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
      const node = this.#nodes.get(key);
      if (seen.has(key) || node?.held.has(cls) !== true) continue;
      seen.add(key);
      steps.add(node.step);
      todo.push(...node.next);
    }
    return steps;
  }
}

function keyOf({ pc, held }: Omit<Point, 'step'>): string {
  return `${pc} ${[...held.keys()].sort().join(' ')}`;
}
