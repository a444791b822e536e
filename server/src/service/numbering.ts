// The numbers of a canonical program: how a program's sites and indices are called there.
import type { Program, SiteId } from '../../../simulator/src/program.ts';
import { operandsIn, operandsOf, placing, type Operand } from '../analysis/operands.ts';
import { unreachable } from '../text/unreachable.ts';
import type { Bearing } from './bearing.ts';

/**
 * Accesses first, in their own order, which says at which of two a race is told; then the threads'
 * steps; then what is met besides, as it comes.
 */
export class Sites {
  readonly all: SiteId[];
  readonly #known: Map<SiteId, number>;

  constructor({ threads }: Program) {
    const accesses = new Set<SiteId>();
    const steps = new Set<SiteId>();
    const add = (operand: Operand): void => {
      switch (operand.kind) {
        case 'value': return operandsIn(operand.expr).forEach(add);
        case 'lock': return placing(operand.lock).flatMap(operandsIn).forEach(add);
        case 'access':
          accesses.add(operand.access.site);
          return placing(operand.access).flatMap(operandsIn).forEach(add);
        case 'local': return;
        default: return unreachable(operand);
      }
    };
    for (const { code } of threads) {
      for (const instr of code) {
        steps.add(instr.site);
        operandsOf(instr).forEach(add);
      }
    }
    const inOrder = (sites: ReadonlySet<SiteId>): readonly SiteId[] =>
      [...sites].sort((a, b) => a - b);
    this.all = [...new Set([...inOrder(accesses), ...inOrder(steps)])];
    this.#known = new Map(this.all.map((site, i) => [site, i]));
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
  const number = (holder: Fields, key: string, value: number): number | undefined => {
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
  const inFields = (fields: Fields): void => {
    for (const key in fields) {
      const value = fields[key];
      if (typeof value === 'number') fields[key] = number(fields, key, value);
      else if (typeof value === 'object' && value !== null) fields[key] = copied(value);
    }
  };
  const copied = (value: object): unknown => {
    if (Array.isArray(value)) {
      return value.map((item: unknown) =>
        (typeof item === 'object' && item !== null ? copied(item) : item));
    }
    const copy: Fields = { ...value };
    inFields(copy);
    return copy;
  };
  return (holder) => {
    if (isFields(holder)) inFields(holder);
  };
}

type Fields = Record<string, unknown>;

function isFields(value: object): value is Fields {
  return !Array.isArray(value);
}
