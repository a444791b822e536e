// Accesses of two steps to arrays and fields: which of them meet only where what says which cell is
// the same, a local or a constant on both sides. So whether the steps commute is seen in a state.
import type { CellIdx, Expr, Instr, Pc, PlaceIdx, Program } from '../program.ts';
import { instrEffects, type Scope } from './effects.ts';
import { successors } from './flow.ts';
import { writtenBy } from './live.ts';
import type { Effects } from './operations.ts';

/** What says which cell it is, where that can be looked up in a state. */
export type Which = Extract<Expr, { kind: 'const' | 'local' }>;

/** An access of a step. */
export interface StepItem {
  readonly place: PlaceIdx;
  readonly writes: boolean;
  /** As it was before the step; null: that is not plain to see. */
  readonly before: Which | null;
  /** The same, as it is behind the step. */
  readonly behind: Which | null;
}

/** What the step from the resting place can do to arrays and fields, beside filling new objects. */
export function itemsOf(scope: Scope, pc: Pc): readonly StepItem[] {
  const { code } = scope.program.threads[scope.thread]!;
  const inside = [...silentFrom(code, [pc])];
  return inside.flatMap((at) => instrEffects(scope, at).items.map(({ place, which, how }) => {
    const isSet = (from: Pc, to: (pc: Pc) => boolean): boolean =>
      which?.kind === 'local' && sets(code[from]!, which.cell) && to(from);
    const plain = which?.kind === 'const' || which?.kind === 'local' ? which : null;
    const later = behind(code, at);
    return {
      place, writes: how === 'write',
      before: inside.some((pc) => isSet(pc, (from) => behind(code, from).has(at))) ? null : plain,
      behind: inside.some((pc) => isSet(pc, (from) => from === at || later.has(from))) ? null
        : plain,
    };
  }));
}

const sets = (instr: Instr, cell: CellIdx): boolean => writtenBy(instr) === cell;

/** Instructions of the step that can come after the one at `pc`. */
const behind = (code: readonly Instr[], pc: Pc): ReadonlySet<Pc> =>
  silentFrom(code, successors(code[pc]!).filter((to) => !code[to]!.rest));

/** These and what follows them before the thread rests again. */
function silentFrom(code: readonly Instr[], pcs: readonly Pc[]): ReadonlySet<Pc> {
  const found = new Set(pcs);
  for (const pc of found) {
    for (const to of successors(code[pc]!)) if (!code[to]!.rest) found.add(to);
  }
  return found;
}

/** Numbers of two items, of the step that was taken and of the one that comes after. */
export type Pair = readonly [number, number];

/**
 * Pairs that must not mean the same cell, for the steps not to meet in an item: the taken one's as
 * it is behind its step, the other's before its own. null: they meet, or that is not plain to see.
 */
export function pairsApart(
  taken: readonly StepItem[], next: readonly StepItem[],
): readonly Pair[] | null {
  const pairs: Pair[] = [];
  for (const [i, a] of taken.entries()) {
    for (const [j, b] of next.entries()) {
      if (a.place !== b.place || (!a.writes && !b.writes)) continue;
      if (a.behind === null || b.before === null) return null;
      if (a.behind.kind === 'local' || b.before.kind === 'local') pairs.push([i, j]);
      else if (a.behind.value === b.before.value) return null;
    }
  }
  return pairs;
}

/** What a step touches beside the cells of these places. */
export function besidePlaces(
  program: Program, effects: Effects, places: Iterable<PlaceIdx>,
): Effects {
  const [reads, writes] = [effects.reads.slice(), effects.writes.slice()];
  for (const place of places) {
    const { base, count } = program.places[place]!;
    for (let cell = base; cell < base + count; cell++) {
      reads[cell >>> 5]! &= ~(1 << (cell & 31));
      writes[cell >>> 5]! &= ~(1 << (cell & 31));
    }
  }
  return { ...effects, reads, writes };
}
