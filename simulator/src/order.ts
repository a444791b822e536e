// The order in which violations are told: the same however the search went.
import type { Violation } from './verdict.ts';

/** Shorter traces first, those without one last; among equals by step, code and subject. */
export function byTrace(a: Violation, b: Violation): number {
  const [x, y] = [lengthOf(a), lengthOf(b)];
  if (x !== y) return x < y ? -1 : 1;
  return a.step - b.step || compare(a.code, b.code) || compare(a.subject ?? '', b.subject ?? '');
}

const lengthOf = ({ trace }: Violation): number => trace?.steps.length ?? Infinity;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
