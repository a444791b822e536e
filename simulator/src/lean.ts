// A large search made lean: states and transitions are no longer kept, only a slot for each state,
// and a queue. What needs the graph afterwards (traces) is searched again, as far as it is needed.
import { assert } from './assert.ts';
import { LARGE_STATES, LEAN_BITS_MAX } from './bounds.ts';
import { collectSightings, startCounting, type Running } from './generated.ts';
import { dropTransitions } from './graph.ts';
import {
  advanceSweeps, askedThreads, beginSweeps, tellSwept, type Sweeps,
} from './progress.ts';
import type { SearchState } from './search.ts';
import { attendEnds } from './stuck.ts';
import { placeOf } from './table.ts';
import { moveOut, vacate } from './wasm/home.ts';
import { GLOBALS, RUN_ROOM } from './wasm/memory.ts';
import {
  instantiateLean, makeLeanRoom, queueView, type LeanInstance,
} from './wasm/lean-instance.ts';
import type { Quotient } from './wasm/quotient.ts';
import { sleepOf } from './wasm/sleep.ts';
import { generate } from './wasm/module.ts';
import type { Asked } from './wasm/progress.ts';

/** Bits of a slot that must be left to say how far it is displaced. */
const DISPLACEMENT_BITS = 9;
/** Binary logarithms: larger tables from the start, if narrower slots then suffice. */
const LARGEST_START = 22;
/** Fewer bits are filled up with zeros: so many say the slot. */
const LEAST_BITS = 32;

/** Whether the search can do without its graph: no property needs cycles. */
export const canBeLean = (s: SearchState): boolean => s.properties.eventuallys.length === 0;

/** How states are kept, and how large a table to begin with. */
function storeOf(s: SearchState): { quotient: Quotient | null; tableBits: number } {
  const { telling: [low = 0, high = 0], words } = s.engine.machine.layout;
  if (words > 2 || low + high > LEAN_BITS_MAX) return { quotient: null, tableBits: s.tableBits };
  const bits = Math.max(LEAST_BITS, low + high);
  for (const slotBytes of [4, 5, 6] as const) {
    const needed = bits + DISPLACEMENT_BITS - 8 * slotBytes;
    if (needed > LARGEST_START) continue;
    return { quotient: { low, bits, slotBytes }, tableBits: Math.max(s.tableBits, needed) };
  }
  return { quotient: { low, bits, slotBytes: 8 }, tableBits: s.tableBits };
}

/**
 * Hands a search that has all its states over to a lean one, which reduces if the search has a
 * reduction; null: it stays as it is.
 */
export function makeLean(s: SearchState): Running | null {
  const { quotient, tableBits } = storeOf(s);
  const { program, machine: { layout } } = s.engine;
  const asked = askedThreads(program);
  const sleeps = s.sleep && quotient !== null && s.reduction === null;
  const generated = generate(program, layout, {
    quotient, reduction: s.reduction, asked, shares: s.part?.shares ?? 1,
    sleep: sleeps ? sleepOf(program, layout, quotient) : null,
  });
  if (generated === null) return null;
  const { table } = s;
  const [nWords, capacity] = [layout.words / 2, table.count + 2 * RUN_ROOM];
  const size = { nWords, slots: 2 ** tableBits, capacity };
  const instance = instantiateLean(generated, quotient, size);
  if (instance === null) return null;
  const { loaded } = instance;
  if (s.instance !== null) collectSightings(s, s.instance.loaded);
  queueView(instance).set(table.arena.subarray(0, table.count * table.width));
  startCounting(s, loaded);
  loaded.globals[GLOBALS.self]!.value = s.part?.self ?? 0;
  if (quotient === null) instance.grow();
  else loaded.exported('enter')(0);
  const home = s.instance?.home ?? null;
  if (!s.graph.lean) attendEnds(s);
  dropGraph(s);
  useQueue(s, instance);
  if (home !== null) moveOut(home);
  return runningOn(s, instance, asked);
}

function runningOn(s: SearchState, instance: LeanInstance, asked: Asked): Running {
  const { loaded } = instance;
  const { table, graph } = s;
  const makeRoom = (most: number): boolean => {
    const at = { count: table.count, expanded: graph.nExpanded };
    const made = makeLeanRoom(instance, at, most);
    useQueue(s, instance);
    table.roomTo = table.count + RUN_ROOM / 2;
    return made;
  };
  // one state can have more successors than a run finds: the limit is looked at behind it
  table.grow = () => assert(makeRoom(Infinity), 'the host has memory for what one state adds');
  return {
    loaded, lean: true, keeping: null, home: null, exchange: instance.exchange,
    bytes: () => loaded.memory.buffer.byteLength,
    makeRoom: () => {
      if (table.count > LARGE_STATES) vacate();
      return makeRoom(s.limits.maxMemory);
    },
    file: () => {
      if (isOutboxFull(instance)) {
        s.engine.machine.overflow ??= { kind: 'memory', limit: s.limits.maxMemory };
        return -1; // this search is given up
      }
      const isNew = loaded.put(
        queueView(instance).byteOffset + 4 * placeOf(table, table.count));
      return isNew === 1 ? table.count : -1;
    },
    settle: asked.length === 0 ? null : settler(s, instance, asked),
  };
}

/** Finds out who is stuck; where some end shows that already, all is looked for anew. */
function settler(
  s: SearchState, instance: LeanInstance, asked: Asked,
): NonNullable<Running['settle']> {
  let sweeps: Sweeps | null = null;
  return (budget) => {
    if (s.someStuck && s.reduction === null) return 'settled';
    sweeps ??= beginSweeps(s, instance, asked);
    if (sweeps === null) return 'memory';
    if (!advanceSweeps(s, sweeps, budget)) return 'more';
    tellSwept(s, sweeps);
    return 'settled';
  };
}

function isOutboxFull({ loaded, exchange }: LeanInstance): boolean {
  if (exchange === null) return false;
  const { shares, filledAt, outBytes, nWords } = exchange;
  return new Int32Array(loaded.memory.buffer, filledAt, shares)
    .some((filled) => filled + 8 * nWords > outBytes);
}

function useQueue({ table }: SearchState, instance: LeanInstance): void {
  table.arena = queueView(instance);
  table.origin = instance.origin;
}

function dropGraph({ table, graph }: SearchState): void {
  dropTransitions(graph);
  table.slots = new Int32Array(0);
}
