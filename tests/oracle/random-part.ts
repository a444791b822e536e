// A piece of code on its way: where it stands, and how one instruction is put there.
import type { Instr } from '../../simulator/src/index.ts';
import type { Writer } from './random-expr.ts';

type Body = Instr extends infer I
  ? I extends Instr ? Omit<I, 'rest' | 'site' | 'next'> : never
  : never;
/** Appends code that goes on at `next`; gives the pc where it begins. */
export type Part = (next: number) => number;

/** Where a statement stands. */
export interface Place {
  readonly writer: Writer;
  readonly code: Instr[];
  /** Instructions that may still be spent. */
  readonly purse: { left: number };
  readonly sites: { next: number };
  /** Inside an atomic step: its site, if it has one for all; and nothing rests. */
  readonly atomic: { readonly site: number | null } | null;
  readonly outcomes: number;
}

export function instr(place: Place, body: Body, rest = true): Part {
  place.purse.left -= 1;
  const site = place.atomic?.site ?? place.sites.next++;
  return (next) => place.code.push(
    { ...body, rest: rest && place.atomic === null, site, next },
  ) - 1;
}

export const sequence = (parts: readonly Part[]): Part => (next) =>
  parts.reduceRight((then, part) => part(then), next);
