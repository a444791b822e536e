// Hand-made programs for the engine's own tests: threads as lists of instructions that run on.
import type { Access, Expr, Instr, Lock, LockClass, LockRef, Place, Program } from './program.ts';

type Body = Instr extends infer I ? I extends Instr ? Omit<I, 'rest' | 'site' | 'next'> : never
  : never;
/** An instruction with what the list does not say by itself. */
export type Step = Body & { readonly silent?: true; readonly to?: number };

export const constant = (value: number): Expr => ({ kind: 'const', value });

/** Threads by name; site numbers are `100 * thread + pc`. */
export function programOf(
  threads: Record<string, readonly Step[]>,
  rest: Partial<Omit<Program, 'threads'>> = {},
): Program {
  return {
    cells: [], places: [], pools: [], classes: [], locks: [], properties: [], orders: [],
    nRegs: 4, ...rest,
    threads: Object.entries(threads).map(([name, steps], t) => ({
      name, decl: name, background: false, outcomes: [], entry: 0,
      code: [
        ...steps.map((step, pc): Instr => {
          const { silent, to, ...body } = step;
          return { ...body, rest: silent !== true, site: 100 * t + pc, next: to ?? pc + 1 };
        }),
        { op: 'end', rest: false, site: 100 * t + 99, next: 0 },
      ],
    })),
  };
}

/** Shared variables, one cell each, plain and unguarded; values 0..3. */
export function shared(...names: readonly string[]): Pick<Program, 'cells' | 'places'> {
  return {
    cells: names.map(() => ({ lo: 0, hi: 3, init: 0 })),
    places: names.map((name, base): Place => ({
      name, base, count: 1, pool: null, atomic: false, readGuard: null, writeGuard: null,
    })),
  };
}

export function accessTo(place: number, options: { marked?: boolean; site?: number } = {}): Access {
  return {
    place, ref: null, index: null, marked: options.marked ?? false,
    site: options.site ?? 900 + place,
  };
}

export const load = (place: number): Expr => ({ kind: 'load', access: accessTo(place) });
export const store = (place: number, value: number): Step => ({
  op: 'set', target: { kind: 'store', access: accessTo(place) }, value: constant(value),
});
export const nop: Step = { op: 'nop' };

/** Single locks, a class each. */
export function locks(
  kinds: Record<string, LockClass['kind']>,
): Pick<Program, 'classes' | 'locks'> {
  const names = Object.entries(kinds);
  return {
    classes: names.map(([name, kind]) => ({ name, kind })),
    locks: names.map(([name], cls): Lock => ({ name, cls, object: null })),
  };
}

export const lockRef = (base: number): LockRef =>
  ({ base, pool: null, ref: null, index: null, count: 1 });
export const acquire = (lock: number, mode: 'read' | 'write' = 'write'): Step =>
  ({ op: 'acquire', lock: lockRef(lock), mode, nested: false });
export const release = (lock: number): Step => ({ op: 'release', lock: lockRef(lock), mode: null });

const TURNS = 36;
/** States of `counters`. */
export const COUNTED = (TURNS + 1) ** 3;

/**
 * Three threads that count, each its own variable, from 0 to `turns`; `padding` cells of 31 bits
 * widen the state.
 */
export function counters(padding: number, turns = TURNS): Program {
  const cells = [
    ...Array.from({ length: 3 }, () => ({ lo: 0, hi: turns, init: 0 })),
    ...Array.from({ length: padding }, () => ({ lo: 0, hi: 2 ** 31 - 1, init: 12_345 })),
  ];
  const count = (cell: number): Step[] => [{
    op: 'set', to: 1, target: { kind: 'local', cell, name: 'n' },
    value: {
      kind: 'binary', op: '+', left: { kind: 'local', cell },
      right: { kind: 'const', value: 1 },
    },
  }, {
    op: 'branch', silent: true, to: 0, otherwise: 2,
    cond: {
      kind: 'binary', op: '<', left: { kind: 'local', cell },
      right: { kind: 'const', value: turns },
    },
  }];
  return programOf({ a: count(0), b: count(1), c: count(2) }, { cells });
}
