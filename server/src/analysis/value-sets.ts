// Which values a place of shared state can have at all: its initial ones and every constant that
// some thread assigns to it. Where anything else is assigned, that is not known.
import type { Access, Expr, Instr, Program, Target } from '../../../simulator/src/program.ts';
import { loads } from './accesses.ts';
import { evaluate } from './evaluate.ts';
import type { Env } from './evaluate.ts';
import type { Lowered } from './lowered.ts';

/** By the place's name; null: anything. */
export type ValueSets = ReadonlyMap<string, ReadonlySet<number> | null>;

/** More are not worth trying one by one. */
const MAX_SIZE = 8;

export function valueSets(all: readonly Lowered[]): ValueSets {
  const sets = new Map<string, Set<number> | null>();
  for (const { program } of all) {
    for (const [name, values] of setsOf(program)) join(sets, name, values);
  }
  return sets;
}

const setsIn = new WeakMap<Program, ValueSets>();

/** Programs are immutable, and one that is kept is asked again for each version of its file. */
function setsOf(program: Program): ValueSets {
  const known = setsIn.get(program);
  if (known !== undefined) return known;
  const sets = new Map<string, Set<number> | null>();
  for (const [name, values] of initials(program)) join(sets, name, values);
  for (const thread of program.threads) {
    for (const instr of thread.code) {
      for (const { name, values } of assigned(program, instr)) join(sets, name, values);
    }
  }
  setsIn.set(program, sets);
  return sets;
}

function join(
  sets: Map<string, Set<number> | null>, name: string, values: Iterable<number> | null,
): void {
  const known = sets.get(name);
  if (known === null) return;
  if (values === null) {
    sets.set(name, null);
    return;
  }
  const union = known ?? new Set<number>();
  for (const value of values) union.add(value);
  sets.set(name, union.size > MAX_SIZE ? null : union);
}

function initials(program: Program): readonly (readonly [string, readonly number[]])[] {
  const cells = program.places.map((place) => [place.name, Array.from(
    { length: place.count }, (_, i) => program.cells[place.base + i]?.init ?? 0,
  )] as const);
  const fields = program.pools.flatMap((pool) => pool.fields.map((field) =>
    [program.places[field.place]?.name ?? '', [field.init]] as const));
  return [...cells, ...fields];
}

interface Assigned {
  readonly name: string;
  readonly values: readonly number[] | null;
}

function assigned(program: Program, instr: Instr): readonly Assigned[] {
  const nameOf = (place: number): string => program.places[place]?.name ?? '';
  const to = (target: Target, values: readonly number[] | null): readonly Assigned[] =>
    target.kind === 'store' ? [{ name: nameOf(target.access.place), values }] : [];
  const constant = (value: Expr): readonly number[] | null =>
    value.kind === 'const' ? [value.value] : null;
  switch (instr.op) {
    case 'set': return to(instr.target, constant(instr.value));
    case 'any': return to(instr.target, null);
    case 'new': {
      const count = program.pools[instr.pool]?.count ?? 0;
      return [
        ...to(instr.target, Array.from({ length: count }, (_, i) => i + 1)),
        ...instr.inits.map((it) => ({ name: nameOf(it.place), values: constant(it.value) })),
      ];
    }
    case 'cmpxchg':
      return [{ name: nameOf(instr.access.place), values: constant(instr.value) }];
    default: // The others write no shared state.
      return [];
  }
}

/** The only access to shared state in an expression, or null. */
export function onlyLoad(expr: Expr): Access | null {
  const found = loads(expr, true);
  return found.length === 1 ? found[0]?.access ?? null : null;
}

/** What the expression can be for these values of its only load; null where one is not known. */
export function evaluateFor(
  expr: Expr, env: Env, values: Iterable<number>,
): ReadonlySet<number> | null {
  const results = new Set<number>();
  for (const value of values) {
    const result = evaluate(expr, { ...env, load: () => value });
    if (result === null) return null;
    results.add(result);
  }
  return results;
}
