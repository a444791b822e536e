// What is so wherever a thread rests, asked for by an editor: who stands where beside it, what each
// variable can be, where it came from. A plain search of its own, which leaves nothing out and
// keeps all states; as far as it got, what it saw can be, and only a complete one says what cannot.
import { MAX_BESIDE_RESTS, MAX_SURVEY_CELLS } from './bounds.ts';
import { factsOf, restBase } from './facts.ts';
import { collectSightings } from './generated.ts';
import { threadOf } from './graph.ts';
import { unpackFrame, type Layout, type Slot } from './layout.ts';
import type { Pc, Program, ThreadIdx } from './program.ts';
import { objectState } from './replay.ts';
import { advance, startSearch, type SearchState } from './search.ts';
import { placeOf } from './table.ts';
import type { Bound, Limits, ObjectState, Rest } from './verdict.ts';

export interface Survey {
  /** null: every reachable state was looked at, so what is not told of cannot be. */
  readonly bound: Bound | null;
  readonly states: number;
  /** By thread, for each resting pc that was reached. */
  readonly rests: readonly (readonly SurveyedRest[])[];
}

export interface SurveyedRest extends Rest {
  /** By cell: what it can hold while the thread rests here; null where there are too many cells. */
  readonly values: readonly Values[] | null;
  /** By pool, by object: what can have become of it. */
  readonly objects: readonly (readonly (readonly ObjectState[])[])[];
  /** Where the thread rested right before; -1: nowhere, it starts here. null: too many places. */
  readonly from: readonly Pc[] | null;
}

export interface Values {
  readonly lo: number;
  readonly hi: number;
  /** Ascending; null where the cell has too many values to tell them apart. */
  readonly each: readonly number[] | null;
}

export interface SurveySearch {
  /** Explores at most `budget` states; true where nothing is left to explore. */
  advance(budget: number): boolean;
  progress(): { readonly states: number };
  /** As far as the search got. */
  survey(): Survey;
}

/** Values that a word has bits for. */
const BITS = 32;
/** Of a cell with more of them, more seen at one place are told by the smallest and the largest. */
const EACH_MAX = 16;

export function createSurvey(program: Program, limits: Limits): SurveySearch {
  const search = startSearch(program, limits, { leanAt: Infinity });
  const sightings = createSightings(search);
  return {
    advance(budget) {
      const done = advance(search, budget);
      look(sightings, search);
      return done;
    },
    progress: () => ({ states: search.table.count }),
    survey: () => surveyOf(sightings, search),
  };
}

interface Wide {
  lo: number;
  hi: number;
  /** Those seen, as long as they are few. */
  readonly each: Set<number>;
}

interface Sightings {
  /** Cells, then the states of objects. */
  readonly watched: readonly Slot[];
  /** By rest and watched slot: a bit for each value, from the slot's smallest. */
  readonly bits: Int32Array;
  /** The same of slots with more values than bits. */
  readonly wide: Map<number, Wide>;
  /** By thread, by rest and the rest after it; null where there are too many. */
  readonly moves: readonly Uint8Array[] | null;
  readonly frame: Int32Array;
  nStates: number;
  nExpanded: number;
}

function createSightings({ engine, table }: SearchState): Sightings {
  const { layout, program } = engine.machine;
  const nRests = restBase(layout, layout.rests.length);
  const all = [...program.cells.keys(), ...layout.objects.flat().map(({ status }) => status)];
  const watched = nRests * all.length <= MAX_SURVEY_CELLS ? all : [];
  const size = nRests * watched.length;
  const sightings: Sightings = {
    watched,
    bits: new Int32Array(size),
    wide: new Map(),
    moves: nRests > MAX_BESIDE_RESTS ? null
      : layout.rests.map(({ length }) => new Uint8Array((length + 2) ** 2)),
    frame: new Int32Array(layout.size),
    nStates: 0,
    nExpanded: 0,
  };
  if (table.count === 0) sightings.nStates = Infinity; // It cannot even begin.
  return sightings;
}

/** Takes in what the search has found since. */
function look(sightings: Sightings, search: SearchState): void {
  const { table, graph, engine: { machine: { layout } } } = search;
  for (; sightings.nStates < table.count; sightings.nStates++) {
    unpackFrame(layout, table.arena, placeOf(table, sightings.nStates), sightings.frame);
    noteValues(sightings, layout);
  }
  for (; sightings.nExpanded < graph.nExpanded; sightings.nExpanded++) {
    noteMoves(sightings, search, sightings.nExpanded);
  }
}

function noteValues({ watched, bits, wide, frame }: Sightings, layout: Layout): void {
  let base = 0;
  for (let t = 0; t < layout.threads.length; t++) {
    const at = (base + frame[layout.threads[t]!.pc]!) * watched.length;
    base += layout.rests[t]!.length + 2;
    for (let i = 0; i < watched.length; i++) {
      const slot = watched[i]!;
      const value = frame[slot]!;
      if (layout.hi[slot]! - layout.lo[slot]! < BITS) {
        bits[at + i]! |= 1 << (value - layout.lo[slot]!);
      } else noteWide(wide, at + i, value);
    }
  }
}

function noteWide(wide: Map<number, Wide>, index: number, value: number): void {
  const seen = wide.get(index);
  if (seen === undefined) {
    wide.set(index, { lo: value, hi: value, each: new Set([value]) });
    return;
  }
  if (value < seen.lo) seen.lo = value;
  if (value > seen.hi) seen.hi = value;
  if (seen.each.size <= EACH_MAX) seen.each.add(value);
}

function noteMoves({ moves }: Sightings, search: SearchState, state: number): void {
  if (moves === null) return;
  const { graph, engine: { machine: { layout } } } = search;
  for (let e = graph.first[state]!; e < graph.first[state + 1]!; e++) {
    const target = graph.target[e]!;
    if (target < 0) continue;
    const t = threadOf(graph.move[e]!);
    const n = layout.rests[t]!.length + 2;
    moves[t]![restAt(search, state, t) * n + restAt(search, target, t)] = 1;
  }
}

function restAt({ table, engine: { machine: { layout } } }: SearchState,
  state: number, t: ThreadIdx): number {
  const { pc } = layout.threads[t]!;
  const word = table.arena[placeOf(table, state) + layout.word[pc]!]!;
  return ((word >>> layout.shift[pc]!) & layout.mask[pc]!) + layout.lo[pc]!;
}

function surveyOf(sightings: Sightings, search: SearchState): Survey {
  const { engine: { machine: m }, gatherer, instance, table } = search;
  if (instance !== null) collectSightings(search, instance.loaded);
  const { rests } = factsOf(gatherer, m);
  return {
    bound: search.bound ?? (search.complete ? null : { kind: 'stopped' }),
    states: table.count,
    rests: rests.map((all, t) => all.map((rest) => {
      const i = m.layout.restOf[t]![rest.pc]!;
      const from = cameFrom(sightings, search, { t, i });
      return { ...rest, ...valuesAt(sightings, search, { t, i }), from };
    })),
  };
}

/** The thread's rest number `i`. */
interface At {
  readonly t: ThreadIdx;
  readonly i: number;
}

function valuesAt(
  sightings: Sightings, { engine: { program, machine: { layout } } }: SearchState, { t, i }: At,
): Pick<SurveyedRest, 'values' | 'objects'> {
  const { watched } = sightings;
  if (watched.length === 0 && program.cells.length > 0) return { values: null, objects: [] };
  const at = (restBase(layout, t) + i) * watched.length;
  const all = watched.map((slot, w) => valuesOf(sightings, layout, { slot, index: at + w }));
  let next = program.cells.length;
  return {
    values: all.slice(0, next),
    objects: layout.objects.map((pool) => pool.map(() =>
      (all[next++]?.each ?? []).map(objectState))),
  };
}

function valuesOf(
  { bits, wide }: Sightings, layout: Layout, { slot, index }: { slot: Slot; index: number },
): Values {
  const [lo, hi] = [layout.lo[slot]!, layout.hi[slot]!];
  if (hi - lo >= BITS) {
    const seen = wide.get(index)!;
    const few = seen.each.size <= EACH_MAX;
    return { lo: seen.lo, hi: seen.hi, each: few ? [...seen.each].sort((a, b) => a - b) : null };
  }
  const each = Array.from({ length: hi - lo + 1 }, (_, v) => lo + v)
    .filter((value) => (bits[index]! & (1 << (value - lo))) !== 0);
  return { lo: each[0] ?? lo, hi: each.at(-1) ?? hi, each };
}

function cameFrom(
  { moves }: Sightings, search: SearchState, { t, i }: At,
): readonly Pc[] | null {
  if (moves === null) return null;
  const pcs = search.engine.machine.layout.rests[t]!;
  const before = pcs.filter((_, from) =>
    from !== i && moves[t]![from * (pcs.length + 2) + i] === 1);
  return restAt(search, 0, t) === i ? [-1, ...before] : before;
}
