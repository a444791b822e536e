// What every variable can be while a thread rests at a place, by its printed name, and whether that
// says more than what it can be anywhere.
import type { Values } from '../../../simulator/src/index.ts';
import type { CellInfo } from '../analysis/lowered.ts';
import { namedIn } from '../analysis/named.ts';
import { printValue } from '../analysis/state-rows.ts';
import type { Claim } from './claim.ts';
import type { Exploration, Standing } from './exploration.ts';

export interface ValueHere {
  /** `pte[0]`, `vma#1.flags`, a local `p`; of objects themselves `vma#1`. */
  readonly name: string;
  /** A local or parameter of the thread at the place. */
  readonly own: boolean;
  /** Where one is a range its claim is null. */
  readonly values: readonly OneValue[];
  /** Elsewhere it can be something else besides. */
  readonly narrowed: boolean;
}

export interface OneValue {
  readonly text: string;
  readonly claim: Claim | null;
}

interface Gathered {
  readonly own: boolean;
  readonly here: Map<string, { readonly claim: Claim | null; readonly order: number }>;
  readonly anywhere: Set<string>;
}

/** In the order of the state, not the fields that nobody names; nothing without a survey. */
export function valuesAt(standings: readonly Standing[]): readonly ValueHere[] {
  const found = new Map<string, Gathered>();
  for (const standing of standings) {
    noteCells(found, standing);
    noteObjects(found, standing);
  }
  return [...found].map(([name, { own, here, anywhere }]) => ({
    name, own, narrowed: [...anywhere].some((text) => !here.has(text)),
    values: [...here].sort(([, a], [, b]) => a.order - b.order)
      .map(([text, { claim }]) => ({ text, claim })),
  }));
}

function gathered(found: Map<string, Gathered>, name: string, own: boolean): Gathered {
  const known = found.get(name) ?? { own, here: new Map(), anywhere: new Set() };
  found.set(name, known);
  return known;
}

function noteCells(found: Map<string, Gathered>, standing: Standing): void {
  const { exploration, thread, rest } = standing;
  const { values } = rest;
  if (values == null) return;
  const everywhere = valuesEverywhere(exploration);
  const { idle } = namedIn(exploration.lowered.program);
  exploration.lowered.cells.forEach((info, cell) => {
    const seen = values[cell];
    if (info.name === '' || seen === undefined || idle.has(cell)) return;
    if (info.thread !== null && info.thread !== thread) return;
    const { here, anywhere } = gathered(found, info.name, info.thread !== null);
    for (const { text, value } of printed(info, seen)) {
      const claim = value === null ? null
        : claimOf(standing, { kind: 'value', cell, value });
      if (!here.has(text)) here.set(text, { claim, order: value ?? 0 });
    }
    for (const text of everywhere[cell] ?? []) anywhere.add(text);
  });
}

function claimOf(
  { exploration, thread, rest }: Standing, so: Claim['wanted'][number],
): Claim {
  const at = { kind: 'at', thread, pcs: [rest.pc] } as const;
  return { scenario: exploration.scenario, wanted: [at, so] };
}

function printed(
  { print }: CellInfo, { lo, hi, each }: Values,
): readonly { readonly text: string; readonly value: number | null }[] {
  if (each === null) {
    return [{ text: print.kind === 'int' ? `${lo}..${hi}` : 'many values', value: null }];
  }
  return each.map((value) => ({ text: printValue(print, value), value }));
}

const known = new WeakMap<Exploration['rests'], readonly ReadonlySet<string>[]>();

/** By cell: what it is wherever any thread rests. */
function valuesEverywhere({ lowered, rests }: Exploration): readonly ReadonlySet<string>[] {
  const before = known.get(rests);
  if (before !== undefined) return before;
  const all = lowered.cells.map(() => new Set<string>());
  for (const { values } of rests.flat()) {
    lowered.cells.forEach((info, cell) => {
      const seen = values?.[cell];
      if (seen === undefined) return;
      for (const { text } of printed(info, seen)) all[cell]?.add(text);
    });
  }
  known.set(rests, all);
  return all;
}

/** Only those that somebody frees: the others are what their variables say. */
function noteObjects(found: Map<string, Gathered>, standing: Standing): void {
  const { exploration: { lowered: { program }, rests }, rest } = standing;
  program.pools.forEach((pool, p) => {
    const isFreed = program.threads.some(({ code }) =>
      code.some((instr) => instr.op === 'free' && instr.pool === p));
    if (!isFreed) return;
    rest.objects?.[p]?.forEach((states, i) => {
      const { here, anywhere } = gathered(found, `${pool.name}#${i + 1}`, false);
      for (const state of states) {
        const claim = claimOf(standing, { kind: 'object', pool: p, ref: i + 1, state });
        const text = state.replace('_', ' ');
        if (!here.has(text)) here.set(text, { claim, order: 0 });
      }
      for (const other of rests.flat()) {
        for (const state of other.objects?.[p]?.[i] ?? []) anywhere.add(state.replace('_', ' '));
      }
    });
  });
}

