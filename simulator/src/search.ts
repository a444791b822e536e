// Exhaustive search, breadth first: every state once, every transition out of it, every check of
// the language in each. Call `advance` until it says done, then ask for the verdict.
import { assert } from './assert.ts';
import {
  CODE_STATES, LEAN_STATES, LEAN_TABLE_BITS, MAX_CHOICES, STRETCH_EDGES, STRETCH_STATES,
} from './bounds.ts';
import { createGatherer, gather, type Gatherer } from './facts.ts';
import {
  addEdge, closeState, createGraph, CUT_OFF, graphBytes, graphGrowth, moveOf, type Graph,
  type Move,
} from './graph.ts';
import {
  advanceGenerated, takeOver, type Interpreter, type Running,
} from './generated.ts';
import { canBeLean, makeLean } from './lean.ts';
import { makeThin } from './thin.ts';
import { GLOBALS } from './wasm/memory.ts';
import { packFrame, unpackFrame } from './layout.ts';
import { createLedger, enterFound, type Ledger } from './ledger.ts';
import { beginChoices, type Machine } from './machine.ts';
import type { Program } from './program.ts';
import { judge } from './judging.ts';
import {
  compileProperties, propertyFound, valueOf, type Properties,
} from './properties.ts';
import {
  clearAccesses, collectAccesses, createNextAccesses, findRaces, type NextAccesses,
} from './races.ts';
import { reduceFrame, type Reduction } from './reduction/reduction.ts';
import { createEngine, enter, isDone, takeStep, type Engine } from './step.ts';
import {
  createTable, growthBytes, intern, placeOf, reserve, tableBytes, type StateTable,
} from './table.ts';
import type { Bound, Limits } from './verdict.ts';

/** All that a search knows; `verdict.ts` says what comes of it. */
export interface SearchState {
  readonly engine: Engine;
  readonly limits: Limits;
  readonly properties: Properties;
  readonly table: StateTable;
  readonly graph: Graph;
  readonly ledger: Ledger;
  readonly gatherer: Gatherer;
  readonly next: NextAccesses;
  /** The state being expanded, unpacked. */
  readonly base: Int32Array;
  /** Steps from the start to the state being expanded. */
  depth: number;
  /** Invariants (by index) that do not hold, of the states where that is so. */
  readonly broken: Map<number, ReadonlySet<number>>;
  /** States whose properties could not be judged: not expanded. */
  readonly cutStates: Set<number>;
  /** The same in the order of their numbers; before `nextCut` all are behind the search. */
  readonly cuts: number[];
  /** And packed. */
  readonly cutFrames: Int32Array[];
  nextCut: number;
  /** Reachables (by index) seen to be true. */
  readonly reached: Set<number>;
  /** By state: a bit for each eventually, in bytes of eight; see judging.ts. */
  eventual: Uint8Array;
  readonly outcomes: Map<string, readonly (number | null)[]>;
  bound: Bound | null;
  complete: boolean;
  /** Null: nothing is left out. Else states stand for others, and traces are not known. */
  readonly reduction: Reduction | null;
  /** Which part of the states is searched; null: all. */
  readonly part: Part | null;
  /** A lean search knows of a thread that is stuck. */
  someStuck: boolean;
  /** The generated code that has taken over, once it has. */
  instance: Running | null;
  /**
   * States from which on it is tried to go on in code, without transitions, and without the states
   * either; Infinity: never.
   */
  codeAt: number;
  thinAt: number;
  leanAt: number;
  readonly tableBits: number;
  /** Whether steps that lead to known states are looked for, once it is lean. */
  readonly sleep: boolean;
}

/** One of several shares of the states; those of the others are sent away. */
export interface Part {
  readonly shares: number;
  readonly self: number;
}

/** When to change the engine; the verdict is the same. Infinity: never. */
export interface EngineOptions {
  /** States from which on generated code searches. */
  readonly codeAt?: number | undefined;
  /** States from which on it does not keep transitions, where it can do without; not set: never. */
  readonly thinAt?: number | undefined;
  /** States from which on it does so without keeping the graph, where it can. */
  readonly leanAt?: number | undefined;
  /** Binary logarithm of the slots that a lean table begins with. */
  readonly tableBits?: number | undefined;
  /** False: every successor is looked up, as if no step commuted with another. */
  readonly sleep?: boolean | undefined;
  readonly reduction?: Reduction | null | undefined;
  readonly part?: Part | undefined;
}

export function startSearch(
  program: Program, limits: Limits, options: EngineOptions = {},
): SearchState {
  const engine = createEngine(program);
  const { machine: m } = engine;
  const properties = compileProperties(program);
  const s: SearchState = {
    engine, limits, properties,
    table: createTable(m.layout.words),
    graph: createGraph(),
    ledger: createLedger(),
    gatherer: createGatherer(m),
    next: createNextAccesses(),
    base: new Int32Array(m.layout.size),
    depth: 0,
    broken: new Map(),
    cutStates: new Set(),
    cuts: [],
    cutFrames: [],
    nextCut: 0,
    reached: new Set(),
    eventual: new Uint8Array(128),
    outcomes: new Map(),
    bound: null,
    complete: false,
    reduction: options.reduction ?? null,
    part: options.part ?? null,
    someStuck: false,
    instance: null,
    codeAt: options.codeAt ?? CODE_STATES,
    thinAt: options.thinAt ?? Infinity,
    leanAt: options.leanAt ?? LEAN_STATES,
    tableBits: options.tableBits ?? LEAN_TABLE_BITS,
    sleep: options.sleep ?? true,
  };
  const entered = enter(engine);
  for (const found of m.found) enterFound(s.ledger, 0, { state: 0, move: -1, found });
  m.found = [];
  if (entered) add(s);
  else s.complete = true;
  s.bound = m.overflow;
  return s;
}

export const BY: Interpreter = { expand, attend };

/**
 * Explores at most `budget` states more, fewer where these have very many successors. Returns true
 * where there is nothing left to explore.
 */
export function advance(s: SearchState, budget: number): boolean {
  const stop = s.graph.nExpanded + budget;
  const full = s.graph.nEdges + STRETCH_EDGES * budget;
  while (s.graph.nExpanded < stop && s.graph.nEdges <= full) {
    if (s.complete || s.bound !== null) return true;
    changeEngine(s);
    if (s.instance !== null) {
      const stretch = Math.min(stop - s.graph.nExpanded, STRETCH_STATES);
      if (advanceGenerated(s, s.instance, stretch, BY)) return true;
      continue;
    }
    const state = s.graph.nExpanded;
    if (state === s.table.count) {
      s.complete = true;
      return true;
    }
    expand(s, state);
    checkLimits(s);
  }
  return s.complete || s.bound !== null;
}

/** From interpreted to generated, to thin and lean where it can be, when it has grown so far. */
export function changeEngine(s: SearchState): void {
  const { count } = s.table;
  if (count >= s.leanAt) {
    s.leanAt = Infinity;
    if (canBeLean(s) && use(s, makeLean(s))) s.codeAt = Infinity; // no graph is left to take over
  }
  if (count >= s.codeAt) {
    s.codeAt = Infinity;
    use(s, takeOver(s));
  }
  if (count >= s.thinAt && s.instance !== null) {
    s.thinAt = Infinity;
    use(s, makeThin(s));
  }
}

/** False (null): all stays as it is. */
function use(s: SearchState, next: Running | null): boolean {
  if (next === null) return false;
  s.instance = next;
  s.table.file = () => {
    const state = next.file();
    s.table.count = next.loaded.globals[GLOBALS.count]!.value;
    return state;
  };
  return true;
}

/** Bytes of states, table and transitions. */
export function searchBytes(s: SearchState): number {
  return s.instance === null ? tableBytes(s.table) + graphBytes(s.graph)
    : s.instance.bytes();
}

function checkLimits(s: SearchState): void {
  s.bound ??= s.engine.machine.overflow;
  if (s.bound !== null) return;
  if (s.table.count > s.limits.maxStates) {
    s.bound = { kind: 'states', limit: s.limits.maxStates };
    return;
  }
  const bytes = searchBytes(s);
  const growth = growthBytes(s.table) + graphGrowth(s.graph, 64);
  if (growth > 0 && bytes + growth > s.limits.maxMemory) {
    s.bound = { kind: 'memory', limit: s.limits.maxMemory };
  }
}

function expand(s: SearchState, state: number): void {
  const { engine, graph, table, base, next } = s;
  const { machine: m } = engine;
  if (state === graph.levels[s.depth + 1]) s.depth++;
  if (!s.cutStates.has(state)) {
    unpackFrame(m.layout, table.arena, placeOf(table, state), base);
    clearAccesses(next);
    for (let t = 0; t < engine.program.threads.length; t++) {
      m.frame.set(base);
      if (!isDone(m, t)) expandThread(s, state, t);
    }
    if (next.seen.length > 1) races(s, state);
  }
  closeState(graph);
}

function races(s: SearchState, state: number): void {
  const { places } = s.engine.program;
  findRaces(s.next, (place) => places[place]!.name, (found) =>
    enterFound(s.ledger, s.depth, { state, move: -1, found }));
}

/** Every successor of one thread in one state. */
function expandThread(s: SearchState, state: number, t: number): void {
  const { machine: m } = s.engine;
  beginChoices(m);
  let choice = 0;
  let tried = 0;
  do {
    if (++tried > MAX_CHOICES) {
      m.overflow = { kind: 'step_length', limit: MAX_CHOICES };
      return;
    }
    m.frame.set(s.base);
    const outcome = takeStep(s.engine, t);
    if (outcome !== 'blocked') {
      collectAccesses(s.next, m, t);
      const move = moveOf(t, choice++);
      if (m.found.length > 0) enterAll(s, state, move);
      if (outcome === 'cut') addEdge(s.graph, CUT_OFF, move);
      else follow(s, state, move);
    }
    if (m.found.length > 0) m.found = [];
  } while (m.overflow === null && nextChoice(m));
}

function enterAll(s: SearchState, state: number, move: Move): void {
  for (const found of s.engine.machine.found) {
    enterFound(s.ledger, s.depth + 1, { state, move, found });
  }
}

/** Moves on to the next combination of choices of the same step; false after the last. */
export function nextChoice(m: Machine): boolean {
  if (m.chosen === 0) return false;
  m.choices.length = m.chosen;
  for (let at = m.chosen - 1; at >= 0; at--) {
    if (m.choices[at]! + 1 < m.options[at]!) {
      m.choices[at]!++;
      m.choices.length = at + 1;
      return true;
    }
  }
  return false;
}

function follow(s: SearchState, state: number, move: Move): void {
  const { machine: m } = s.engine;
  const nBefore = s.table.count;
  const { began, self: thread } = m;
  m.found = [];
  const target = add(s);
  addEdge(s.graph, target, move);
  if (target === nBefore && m.found.length > 0) {
    for (const found of m.found) {
      enterFound(s.ledger, s.depth + 1, { state: target, move: -1, found });
    }
  }
  const broken = brokenIn(s, target);
  if (broken === undefined || broken.size === 0) return;
  const before = brokenBefore(s, state);
  for (const i of broken) {
    if (before?.has(i)) continue;
    const { property } = s.properties.invariants[i]!;
    const found = propertyFound(property, { thread, step: began });
    enterFound(s.ledger, s.depth + 1, { state, move, found });
  }
}

/** The invariants that do not hold in the frame, which is state `target`. */
function brokenIn(s: SearchState, target: number): ReadonlySet<number> | undefined {
  if (s.instance === null) return s.broken.get(target);
  const { machine: m } = s.engine;
  const broken = new Set<number>();
  s.properties.invariants.forEach((judged, i) => {
    if (valueOf(m, judged) === false) broken.add(i);
  });
  m.found = [];
  return broken;
}

/** The same of the state that is being expanded. */
function brokenBefore(s: SearchState, state: number): ReadonlySet<number> | undefined {
  if (s.instance === null) return s.broken.get(state);
  const { machine: m } = s.engine;
  const after = m.frame.slice();
  m.frame.set(s.base);
  const broken = brokenIn(s, state);
  m.frame.set(after);
  return broken;
}

/** Judges a state that generated code has found. */
function attend(s: SearchState, state: number): void {
  const { machine: m } = s.engine;
  unpackFrame(m.layout, s.table.arena, placeOf(s.table, state), m.frame);
  m.found = [];
  judge(s, state);
  for (const found of m.found) {
    enterFound(s.ledger, s.depth + 1, { state, move: -1, found });
  }
  m.found = [];
}

/** Files the machine's frame as a state; a new one is judged. Returns its number. */
function add(s: SearchState): number {
  const { table, graph } = s;
  const { machine: m } = s.engine;
  reserve(table);
  if (s.reduction !== null) {
    reduceFrame(s.reduction, { program: m.program, layout: m.layout, frame: m.frame });
  }
  packFrame(m.layout, m.frame, table.arena, placeOf(table, table.count));
  if (s.part !== null) gather(s.gatherer, m); // it may be new to another share
  const nBefore = table.count;
  const state = intern(table);
  if (state < nBefore) return state;
  const level = state === 0 ? 0 : s.depth + 1;
  if (level === graph.levels.length) graph.levels.push(state);
  assert(graph.levels[level]! <= state, 'states are numbered breadth first');
  gather(s.gatherer, m);
  judge(s, state);
  return state;
}
