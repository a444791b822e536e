// A search that goes on in generated code: the interpreter's states are handed over, the code takes
// state after state, and comes back for what is out of the ordinary.
import { MAX_CANDIDATES } from './bounds.ts';
import { restBase } from './facts.ts';
import type { SearchState } from './search.ts';
import {
  bytesFor, grow, instantiate, roomFor, slotsFor, type Instance,
} from './wasm/instance.ts';
import { ATTENTION_AT, BATCH, GLOBALS, RUN_ROOM, SIGHTINGS_AT } from './wasm/memory.ts';
import { generate } from './wasm/module.ts';
import { besideAt, nRests, rcuAt } from './wasm/sightings.ts';
import { EVENTS_AT, TOLD_AT } from './wasm/unit.ts';

/** What the search does for generated code. */
export interface Interpreter {
  /** Expands the state by interpretation. */
  readonly expand: (s: SearchState, state: number) => void;
  /** Judges a new state by interpretation and tells what is wrong with it. */
  readonly attend: (s: SearchState, state: number) => void;
}

/** null: the interpreter keeps the search. */
export function takeOver(s: SearchState): Instance | null {
  const { machine: m, program } = s.engine;
  const generated = generate(program, m.layout);
  if (generated === null) return null;
  const states = s.table.count + RUN_ROOM;
  const room = { states, edges: s.graph.nEdges + RUN_ROOM, slots: slotsFor(states, 2) };
  const instance = instantiate(generated, m.layout.words, room);
  if (instance === null || bytesFor(instance, room) > s.limits.maxMemory) return null;
  handOver(s, instance);
  return instance;
}

function handOver(s: SearchState, instance: Instance): void {
  const { views, globals } = instance;
  const { table, graph } = s;
  views.arena.set(table.arena.subarray(0, table.count * table.width));
  views.first.set(graph.first.subarray(0, graph.nExpanded + 1));
  views.target.set(graph.target.subarray(0, graph.nEdges));
  views.move.set(graph.move.subarray(0, graph.nEdges));
  views.eventual.set(s.eventual.subarray(0, table.count));
  globals[GLOBALS.batchEnd]!.value = BATCH.start;
  globals[GLOBALS.count]!.value = table.count;
  globals[GLOBALS.edges]!.value = graph.nEdges;
  instance.rehash();
  instance.generated.registry.events.forEach((event, at) => {
    if (event.kind === 'reachable' && s.reached.has(event.index)) views.bytes[EVENTS_AT + at] = 1;
  });
  table.file = () => {
    const state = instance.put(instance.views.arena.byteOffset + 4 * table.count * table.width);
    table.count = globals[GLOBALS.count]!.value;
    return state;
  };
  table.grow = () => { makeRoom(s, instance, Infinity); };
  graph.grow = table.grow;
  useViews(s, instance);
  tellAll(s, instance);
}

function useViews(s: SearchState, { views }: Instance): void {
  s.table.arena = views.arena;
  s.graph.first = views.first;
  s.graph.target = views.target;
  s.graph.move = views.move;
  s.eventual = views.eventual;
}

/** Room for one more run; false where that would take more than `most` bytes, or memory is out. */
function makeRoom(s: SearchState, instance: Instance, most: number): boolean {
  const used = { states: s.table.count, edges: s.graph.nEdges };
  const { room } = instance;
  const enough = used.states + RUN_ROOM <= room.states && used.edges + RUN_ROOM <= room.edges;
  if (enough) return true;
  const larger = roomFor(instance, used, most);
  if (larger === null || !grow(instance, larger, used)) return false;
  useViews(s, instance);
  return true;
}

/** As `advance` of search.ts: at most `budget` states; true where nothing is left to explore. */
export function advanceGenerated(
  s: SearchState, instance: Instance, budget: number, by: Interpreter,
): boolean {
  const stop = s.graph.nExpanded + budget;
  while (s.graph.nExpanded < stop) {
    const from = s.graph.nExpanded;
    if (from === s.table.count) {
      s.complete = true;
      return true;
    }
    if (!makeRoom(s, instance, s.limits.maxMemory)) {
      s.bound = { kind: 'memory', limit: s.limits.maxMemory };
      return true;
    }
    advanceLevel(s, instance, { from, stop, by });
    if (s.table.count > s.limits.maxStates) {
      s.bound ??= { kind: 'states', limit: s.limits.maxStates };
    }
    if (s.bound !== null) return true;
  }
  return false;
}

function advanceLevel(
  s: SearchState, instance: Instance, at: { from: number; stop: number; by: Interpreter },
): void {
  const { graph, table } = s;
  const { from, by } = at;
  if (from === graph.levels[s.depth + 1]) {
    s.depth++;
    tellAll(s, instance);
  }
  const levelEnd = graph.levels[s.depth + 1] ?? table.count;
  if (s.cutStates.has(from)) {
    by.expand(s, from);
    return;
  }
  const single = table.count + RUN_ROOM > s.limits.maxStates;
  const end = single ? from + 1 : Math.min(at.stop, levelEnd, nextCut(s, from));
  graph.nExpanded = instance.run(from, end);
  takeBack(s, instance, levelEnd);
  attendAll(s, instance, by);
  const slow = instance.globals[GLOBALS.slow]!;
  if (slow.value === 0) return;
  slow.value = 0;
  by.expand(s, graph.nExpanded);
  instance.globals[GLOBALS.edges]!.value = graph.nEdges;
  tellFull(s, instance);
}

/** The first state from there on that is not expanded. */
function nextCut(s: SearchState, from: number): number {
  let next = Infinity;
  for (const state of s.cutStates) if (state >= from && state < next) next = state;
  return next;
}

/** What the run has added. */
function takeBack(s: SearchState, { globals }: Instance, levelEnd: number): void {
  const { graph, table } = s;
  table.count = globals[GLOBALS.count]!.value;
  graph.nEdges = globals[GLOBALS.edges]!.value;
  const isNew = table.count > levelEnd && graph.levels[s.depth + 1] === undefined;
  if (isNew) graph.levels.push(levelEnd);
}

function attendAll(s: SearchState, instance: Instance, by: Interpreter): void {
  const attention = instance.globals[GLOBALS.attention]!;
  if (attention.value === 0) return;
  const { buffer } = instance.views.bytes;
  const states = new Int32Array(buffer, ATTENTION_AT, attention.value).slice();
  attention.value = 0;
  for (const state of states) by.attend(s, state);
}

/** Violations of earlier levels need not stop the code again: their runs would be longer. */
function tellAll(s: SearchState, { generated, views }: Instance): void {
  for (const key of s.ledger.byKey.keys()) {
    const at = generated.registry.told.get(key);
    if (at !== undefined) views.bytes[TOLD_AT + at] = 1;
  }
}

/** Nor those of which enough runs are known. */
function tellFull(s: SearchState, { generated, views }: Instance): void {
  for (const [key, entry] of s.ledger.byKey) {
    if (entry.ends.length < MAX_CANDIDATES) continue;
    const at = generated.registry.told.get(key);
    if (at !== undefined) views.bytes[TOLD_AT + at] = 1;
  }
}

/** Adds what the code has seen to what the interpreter has. */
export function collectSightings(s: SearchState, instance: Instance): void {
  const { bytes } = instance.views;
  const { machine: m, program } = s.engine;
  const { witness } = m;
  instance.generated.registry.events.forEach((event, at) => {
    if (bytes[EVENTS_AT + at] === 0) return;
    const key = JSON.stringify(event);
    switch (event.kind) {
      case 'reached': witness.reached[event.site] = 1; return;
      case 'nesting': witness.tried.set(key, event.nesting); return;
      case 'recursive_read':
        witness.recursiveReads.set(`${event.site} ${event.cls}`,
          { site: event.site, cls: event.cls });
        return;
      case 'reachable': s.reached.add(event.index); return;
      default: s.outcomes.set(event.combination.join(' '), event.combination);
    }
  });
  const place = { program, layout: m.layout };
  const n = nRests(m.layout);
  const { held, rcu, beside } = s.gatherer;
  for (let i = 0; i < held.length; i++) held[i]! |= bytes[SIGHTINGS_AT + i]!;
  for (let i = 0; i < n; i++) rcu[i]! |= bytes[rcuAt(place) + i]!;
  if (beside === null) return;
  const at = besideAt(place);
  for (let i = restBase(m.layout, 0); i < beside.length; i++) beside[i]! |= bytes[at + i]!;
}
