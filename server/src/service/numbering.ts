// The numbers of a canonical program: how a program's sites and indices are called there.
import { spaced } from '../../../simulator/src/kept.ts';
import type { Program, SiteId, ThreadIdx } from '../../../simulator/src/program.ts';
import { operandsIn, operandsOf, placing, type Operand } from '../analysis/operands.ts';
import { renumber, type Numbered } from '../text/renumbered.ts';
import { unreachable } from '../text/unreachable.ts';
import type { Bearing } from './bearing.ts';

/**
 * Accesses first, in their own order, which says at which of two a race is told; then the threads'
 * steps; then what is met besides, as it comes. Where another thread's begin some numbers are left
 * out: what an edit adds to one thread seldom moves those of another.
 */
export class Sites {
  /** By number; -1 for one that is left out. */
  readonly all: SiteId[] = [];
  readonly #known = new Map<SiteId, number>();

  constructor({ threads }: Program) {
    /** By the first thread that has them. */
    const accesses = new Map<SiteId, ThreadIdx>();
    const steps = new Map<SiteId, ThreadIdx>();
    let t = 0;
    const note = (sites: Map<SiteId, ThreadIdx>, site: SiteId): void => {
      if (!sites.has(site)) sites.set(site, t);
    };
    const add = (operand: Operand): void => {
      switch (operand.kind) {
        case 'value': return operandsIn(operand.expr).forEach(add);
        case 'lock': return placing(operand.lock).flatMap(operandsIn).forEach(add);
        case 'access':
          note(accesses, operand.access.site);
          return placing(operand.access).flatMap(operandsIn).forEach(add);
        case 'local': return;
        default: return unreachable(operand);
      }
    };
    for (const { code } of threads) {
      for (const instr of code) {
        note(steps, instr.site);
        operandsOf(instr).forEach(add);
      }
      t++;
    }
    this.#number(accesses);
    this.#number(steps);
    this.#leaveRoom();
  }

  #number(sites: ReadonlyMap<SiteId, ThreadIdx>): void {
    let last: ThreadIdx | null = null;
    for (const [site, thread] of [...sites].sort(([a], [b]) => a - b)) {
      if (thread !== last) this.#leaveRoom();
      last = thread;
      this.of(site);
    }
  }

  /** None at the very start. */
  #leaveRoom(): void {
    if (this.all.length === 0) return;
    const next = spaced(this.all.length);
    while (this.all.length < next) this.all.push(-1);
  }

  of(site: SiteId): number {
    const known = this.#known.get(site);
    if (known !== undefined) return known;
    const fresh = this.all.push(site) - 1;
    this.#known.set(site, fresh);
    return fresh;
  }
}

/** Puts canonical numbers into an object in place, where all that is read is copied. */
export type Renumber = (holder: object) => void;

export function renumbering(bearing: Bearing, sites: Sites): Renumber {
  const inverse = (kept: readonly number[]): ReadonlyMap<number, number> =>
    new Map(kept.map((index, canonical) => [index, canonical]));
  const cells = inverse(bearing.cells);
  const places = inverse(bearing.places);
  const pools = inverse(bearing.pools);
  const classes = inverse(bearing.classes);
  const locks = inverse(bearing.locks);
  const number: Numbered = (key, value, holder) => {
    switch (key) {
      case 'site':
      case 'within': return sites.of(value);
      case 'cell': return cells.get(value);
      case 'place': return places.get(value);
      case 'pool': return pools.get(value);
      case 'cls':
      case 'outer':
      case 'inner': return classes.get(value);
      case 'base': return ('atomic' in holder ? cells : locks).get(value); // Of a place, a lock.
      default: // Values, pcs, threads, counts. As in JSON there is no -0.
        return value === 0 ? 0 : value;
    }
  };
  return (holder) => renumber(holder, number);
}
