// A search that goes on in generated code: the interpreter's states are handed over, the code takes
// state after state, and comes back for what is out of the ordinary.
import { unreachable } from './assert.ts';
import { MAX_CANDIDATES, STRETCH_EDGES } from './bounds.ts';
import { restBase } from './facts.ts';
import { noteTried } from './machine.ts';
import type { SearchState } from './search.ts';
import { attendEnd } from './stuck.ts';
import { placeOf } from './table.ts';
import type { Exchange } from './wasm/exchange.ts';
import { besideAt, nRests, rcuAt } from './wasm/sightings.ts';
import {
  bytesFor, firstRoom, grow, hasRoom, instantiate, roomFor, type GraphInstance, type Views,
} from './wasm/graph-instance.ts';
import { moveOut, type Home } from './wasm/home.ts';
import { bytesOf, type Loaded } from './wasm/instance.ts';
import { ATTENTION_AT, BATCH, GLOBALS, RUN_ROOM, SIGHTINGS_AT, STACK } from './wasm/memory.ts';
import { fits } from './wasm/module.ts';
import { partsOf } from './wasm/parts.ts';
import type { Event } from './wasm/registry.ts';
import { EVENTS_AT, TOLD_AT } from './wasm/unit.ts';

/** What the search does for generated code. */
export interface Interpreter {
  /** Expands the state by interpretation. */
  readonly expand: (s: SearchState, state: number) => void;
  /** Judges a new state by interpretation and tells what is wrong with it. */
  readonly attend: (s: SearchState, state: number) => void;
}

/** Generated code that has a search. */
export interface Running {
  readonly loaded: Loaded;
  readonly lean: boolean;
  /** Of one that keeps its states; see thin.ts. */
  readonly keeping: { readonly instance: GraphInstance; readonly rowsAt: number | null } | null;
  /** Where it is left to the next search, if it can be. */
  readonly home: Home | null;
  /** Where states of other shares lie; null: all states are this search's. */
  readonly exchange: Exchange | null;
  /** Of memory that the search has need of. */
  readonly bytes: () => number;
  /** Room for one more run; false where the limit or the host refuses it. */
  readonly makeRoom: () => boolean;
  /** The number of the state that stands behind the last, new or not. */
  readonly file: () => number;
  /** Once there is nothing left to expand: what is then to be found out. See progress.ts. */
  readonly settle: ((budget: number) => 'more' | 'settled' | 'memory') | null;
}

/** null: the interpreter keeps the search. */
export function takeOver(s: SearchState): Running | null {
  const { machine: m, program } = s.engine;
  const parts = fits(program, m.layout) ? partsOf(program, m.layout) : null;
  if (parts === null) return null;
  const used = { states: s.table.count, edges: s.graph.nEdges };
  const instance = instantiate(parts, firstRoom(parts, used, s.limits.maxMemory));
  if (instance === null) return null;
  const { loaded } = instance;
  fill(s, instance);
  startCounting(s, loaded);
  instance.rehash();
  s.table.grow = () => { makeRoom(s, instance, Infinity); };
  s.graph.grow = s.table.grow;
  useViews(s, instance.views);
  return {
    loaded, lean: false, settle: null, home: instance.home, exchange: null,
    keeping: { instance, rowsAt: parts.rowsAt },
    bytes: () => bytesFor(instance, instance.room),
    makeRoom: () => makeRoom(s, instance, s.limits.maxMemory),
    file: () => loaded.put(instance.views.arena.byteOffset + 4 * placeOf(s.table, s.table.count)),
  };
}

function fill(s: SearchState, { views }: GraphInstance): void {
  const { table, graph } = s;
  views.arena.set(table.arena.subarray(0, table.count * table.width));
  views.first.set(graph.first.subarray(0, graph.nExpanded + 1));
  views.target.set(graph.target.subarray(0, graph.nEdges));
  views.move.set(graph.move.subarray(0, graph.nEdges));
  views.eventual.set(s.eventual.subarray(0, table.count));
}

function useViews(s: SearchState, views: Omit<Views, 'slots'>): void {
  s.table.arena = views.arena;
  s.eventual = views.eventual;
  if (s.graph.lean) return;
  s.graph.first = views.first;
  s.graph.target = views.target;
  s.graph.move = views.move;
}

function makeRoom(s: SearchState, instance: GraphInstance, most: number): boolean {
  const used = { states: s.table.count, edges: s.graph.lean ? 0 : s.graph.nEdges };
  if (hasRoom(instance, used)) return true;
  const larger = roomFor(instance, used, most);
  if (larger === null || !grow(instance, larger, used)) return false;
  useViews(s, instance.views);
  return true;
}

/** Sets the code's counters, and what it need not find out again. */
export function startCounting(s: SearchState, loaded: Loaded): void {
  const { globals } = loaded;
  globals[GLOBALS.batchEnd]!.value = BATCH.start;
  globals[GLOBALS.count]!.value = s.table.count;
  globals[GLOBALS.stackEnd]!.value = STACK.start;
  const bytes = bytesOf(loaded);
  for (const { events, first } of loaded.registries) {
    events.forEach((event, i) => {
      const at = EVENTS_AT + first.events + i;
      if (event.kind === 'reachable' && s.reached.has(event.index)) bytes[at] = 1;
    });
  }
}

/** As `advance` of search.ts: at most `budget` states; true where nothing is left to explore. */
export function advanceGenerated(
  s: SearchState, running: Running, budget: number, by: Interpreter,
): boolean {
  const stop = s.graph.nExpanded + budget;
  const full = s.graph.nEdges + STRETCH_EDGES * budget;
  while (s.graph.nExpanded < stop && s.graph.nEdges <= full) {
    const stacked = running.loaded.globals[GLOBALS.stackEnd]!.value > STACK.start;
    if (s.graph.nExpanded === s.table.count && !stacked) return settled(s, running, budget);
    if (!running.makeRoom()) return outOfMemory(s);
    advanceLevel(s, running, { stop, by });
    s.bound ??= s.engine.machine.overflow;
    if (s.table.count > s.limits.maxStates) {
      s.bound ??= { kind: 'states', limit: s.limits.maxStates };
    }
    if (s.bound !== null) return true;
  }
  return false;
}

/** Nothing is left to be expanded. */
function settled(s: SearchState, { settle }: Running, budget: number): boolean {
  const outcome = settle === null ? 'settled' : settle(budget);
  if (outcome === 'memory') return outOfMemory(s);
  s.complete = outcome === 'settled';
  return s.complete;
}

function outOfMemory(s: SearchState): true {
  s.bound = { kind: 'memory', limit: s.limits.maxMemory };
  return true;
}

/** States of the level under way, up to `stop`. */
export function advanceLevel(
  s: SearchState, { loaded }: Running, at: { stop: number; by: Interpreter },
): void {
  const { graph, table } = s;
  const from = graph.nExpanded;
  if (from === graph.levels[s.depth + 1]) {
    s.depth++;
    tellAll(s, loaded);
  }
  const levelEnd = graph.levels[s.depth + 1] ?? table.count;
  if (s.cutStates.has(from)) {
    at.by.expand(s, from);
    return;
  }
  const single = table.count + RUN_ROOM > s.limits.maxStates;
  const end = single ? from + 1 : Math.min(at.stop, levelEnd, nextCut(s, from));
  loaded.globals[GLOBALS.edges]!.value = graph.lean ? 0 : graph.nEdges;
  graph.nExpanded = loaded.run(from, end);
  takeBack(s, loaded, levelEnd);
  attendAll(s, loaded, { by: at.by, levelEnd });
  const slow = loaded.globals[GLOBALS.slow]!;
  if (slow.value === 0) return;
  slow.value = 0;
  const [state, nEdges] = [graph.nExpanded, graph.nEdges];
  at.by.expand(s, state);
  if (graph.lean && graph.nEdges === nEdges) attendEnd(s, state);
  tellFull(s, loaded);
}

/** The first state from there on that is not expanded; `from` never goes back. */
function nextCut(s: SearchState, from: number): number {
  while (s.nextCut < s.cuts.length && s.cuts[s.nextCut]! < from) s.nextCut++;
  return s.cuts[s.nextCut] ?? Infinity;
}

/** What the run has added. */
function takeBack(s: SearchState, { globals }: Loaded, levelEnd: number): void {
  const { graph, table } = s;
  const edges = globals[GLOBALS.edges]!.value;
  table.count = globals[GLOBALS.count]!.value;
  graph.nEdges = graph.lean ? graph.nEdges + edges : edges;
  const isNew = table.count > levelEnd && graph.levels[s.depth + 1] === undefined;
  if (isNew) graph.levels.push(levelEnd);
}

function attendAll(
  s: SearchState, loaded: Loaded, at: { by: Interpreter; levelEnd: number },
): void {
  const attention = loaded.globals[GLOBALS.attention]!;
  if (attention.value === 0) return;
  const states = new Int32Array(loaded.memory.buffer, ATTENTION_AT, attention.value).slice();
  attention.value = 0;
  for (const state of states) {
    if (state < at.levelEnd) attendEnd(s, state);
    else at.by.attend(s, state);
  }
}

/** Files the states that lie in the inbox. */
export function receiveStates(
  s: SearchState, { loaded }: Running, from: { nStates: number; by: Interpreter },
): void {
  const levelEnd = s.graph.levels[s.depth + 1]!;
  loaded.exported('receive')(from.nStates);
  s.table.count = loaded.globals[GLOBALS.count]!.value;
  attendAll(s, loaded, { by: from.by, levelEnd });
}

/** Violations of earlier levels need not stop the code again: their runs would be longer. */
export function tellAll(s: SearchState, loaded: Loaded): void {
  for (const key of s.ledger.byKey.keys()) tell(loaded, key);
}

function tell(loaded: Loaded, key: string): void {
  const bytes = bytesOf(loaded);
  for (const { told } of loaded.registries) {
    const at = told.get(key);
    if (at !== undefined) bytes[TOLD_AT + at] = 1;
  }
}

/** Nor those of which enough runs are known. */
function tellFull(s: SearchState, loaded: Loaded): void {
  for (const [key, entry] of s.ledger.byKey) {
    if (entry.ends.length < MAX_CANDIDATES) continue;
    tell(loaded, key);
  }
}

/** Adds what the code has seen to what the interpreter has. */
export function collectSightings(s: SearchState, loaded: Loaded): void {
  const bytes = bytesOf(loaded);
  const { machine: m, program } = s.engine;
  const { witness } = m;
  for (const { events, first } of loaded.registries) {
    events.forEach((event, i) => {
      if (bytes[EVENTS_AT + first.events + i] !== 0) takeIn(s, event);
    });
  }
  const place = { program, layout: m.layout };
  const { held, rcu, beside } = s.gatherer;
  for (let i = 0; i < held.length; i++) held[i]! |= bytes[SIGHTINGS_AT + i]!;
  for (let i = 0; i < nRests(m.layout); i++) rcu[i]! |= bytes[rcuAt(place) + i]!;
  m.layout.rests.forEach((pcs, t) => pcs.forEach((pc, i) => {
    if (rcu[restBase(m.layout, t) + i] === 0) return;
    witness.reached[program.threads[t]!.code[pc]!.site] = 1;
  }));
  if (beside === null) return;
  const at = besideAt(place);
  for (let i = 0; i < beside.length; i++) beside[i]! |= bytes[at + i]!;
}

function takeIn(s: SearchState, event: Event): void {
  const { witness } = s.engine.machine;
  switch (event.kind) {
    case 'reached': witness.reached[event.site] = 1; return;
    case 'nesting': noteTried(witness, event.nesting); return;
    case 'recursive_read':
      witness.recursiveReads.set(`${event.site} ${event.cls}`,
        { site: event.site, cls: event.cls });
      return;
    case 'reachable': s.reached.add(event.index); return;
    case 'outcomes': s.outcomes.set(event.combination.join(' '), event.combination); return;
    default: unreachable(event);
  }
}

/** A search that goes no further: keeps what its code has seen, and gives back its memory. */
export function letGo(s: SearchState): void {
  if (s.instance === null) return;
  collectSightings(s, s.instance.loaded);
  const { home } = s.instance;
  s.instance = null;
  s.table.file = null;
  s.table.grow = null;
  s.graph.grow = null;
  useViews(s, { arena: NONE, first: NONE, target: NONE, move: NONE, eventual: new Uint8Array(0) });
  if (home !== null) moveOut(home);
}

const NONE = new Int32Array(0);
