// The reference for reduced searches: breadth first on the interpreter, each reduction with its own
// switch. It says what is violated, not how one gets there: no traces, no `eventually`.
import type { Program, SiteId } from '../program.ts';
import { packFrame, unpackFrame } from '../layout.ts';
import { beginChoices, type Found } from '../machine.ts';
import {
  compileProperties, isOver, propertyFound, valueOf, type Properties,
} from '../properties.ts';
import {
  clearAccesses, collectAccesses, createNextAccesses, findRaces, type NextAccesses,
} from '../races.ts';
import { nextChoice } from '../search.ts';
import { createEngine, enter, isDone, takeStep, type Engine, type Outcome } from '../step.ts';
import { createTable, intern, reserve, type StateTable } from '../table.ts';
import type { Bound } from '../verdict.ts';
import { ampleTable, isAmple, type AmpleTable } from './ample.ts';
import { classSlots, putInOrder, type ClassSlots } from './canonical.ts';
import { heapOf, type Heap } from './heap.ts';
import { heldTable } from './held.ts';
import { liveTable, type LiveTable } from './live.ts';
import { closedUnder, findStuck, type ReducedEdge } from './reduced-graph.ts';

export interface Switches {
  /** Where one thread's step may stand for all, only that one is taken. */
  readonly ample: boolean;
  /** States with such a step are passed through, not stored. */
  readonly chains: boolean;
  /** Locals that are not looked at again are forgotten. */
  readonly dead: boolean;
  /** Of states that differ in which of several like threads is where, one is kept. */
  readonly symmetry: boolean;
  /** Of states that differ in which object is which, or in nobody's objects, one is kept. */
  readonly objects: boolean;
}

export interface ReducedVerdict {
  readonly result: 'safe' | 'violated' | 'unknown';
  readonly bound: Bound | null;
  /** Stored. */
  readonly states: number;
  /** Between stored states. */
  readonly transitions: number;
  /** Steps taken, also those that had to be taken again or came to nothing. */
  readonly steps: number;
  /**
   * `code|subject|step`, each that was met; of a circle of waiting threads besides
   * `code|subject|` and the steps of all, sorted. Without `eventually`.
   */
  readonly violations: ReadonlySet<string>;
  /** As JSON, as in `Verdict.outcomes`. */
  readonly outcomes: ReadonlySet<string>;
  /** Indices of the properties that are `reachable` and were met. */
  readonly reachables: ReadonlySet<number>;
  readonly reached: readonly SiteId[];
}

interface Walk {
  readonly engine: Engine;
  readonly switches: Switches;
  readonly properties: Properties;
  readonly table: StateTable;
  readonly ample: AmpleTable | null;
  readonly live: LiveTable | null;
  readonly classes: readonly ClassSlots[];
  readonly heap: Heap | null;
  readonly next: NextAccesses;
  readonly edges: ReducedEdge[];
  /** By state, where some are: the invariants that do not hold. */
  readonly broken: Map<number, ReadonlySet<number>>;
  readonly cutStates: Set<number>;
  readonly violations: Set<string>;
  readonly outcomes: Set<string>;
  readonly reachables: Set<number>;
  steps: number;
}

/** A state on the way, not (yet) stored. */
interface Here {
  readonly frame: Int32Array;
  readonly broken: ReadonlySet<number>;
  /** A property could not be judged: the run ends here. */
  readonly isCut: boolean;
  /** Bit mask of the threads that moved since the state it is reached from. */
  readonly moved: number;
}

const NONE: ReadonlySet<number> = new Set();

export function reducedSearch(
  program: Program, switches: Switches, maxStates: number,
): ReducedVerdict {
  const engine = createEngine(program);
  const { machine: m } = engine;
  const heap = switches.objects ? heapOf(program, m.layout) : null;
  const w: Walk = {
    engine, switches, properties: compileProperties(program),
    table: createTable(m.layout.words),
    ample: switches.ample ? ampleTable(program, heldTable(program)) : null,
    live: switches.dead ? liveTable(program) : null,
    heap, classes: switches.symmetry ? classSlots(program, m.layout, heap) : [],
    next: createNextAccesses(), edges: [], broken: new Map(), cutStates: new Set(),
    violations: new Set(), outcomes: new Set(), reachables: new Set(), steps: 0,
  };
  begin(w);
  let state = 0;
  while (state < w.table.count && m.overflow === null && state < maxStates) expand(w, state++);
  const bound: Bound | null = m.overflow
    ?? (state < w.table.count ? { kind: 'states', limit: maxStates } : null);
  if (bound === null) conclude(w);
  const result = w.violations.size > 0 ? 'violated' : bound === null ? 'safe' : 'unknown';
  const { reached } = m.witness;
  return {
    result, bound, states: w.table.count, transitions: w.edges.length, steps: w.steps,
    violations: w.violations, outcomes: closedUnder(program, w.classes, w.outcomes),
    reachables: w.reachables, reached: [...reached.keys()].filter((site) => reached[site] === 1),
  };
}

function conclude(w: Walk): void {
  const { engine, table, edges, cutStates } = w;
  for (const found of findStuck({ engine, table, edges, cutStates })) tell(w, found);
  w.properties.reachables.forEach(({ property }, i) => {
    if (!w.reachables.has(i)) tell(w, propertyFound(property, null));
  });
}

function begin(w: Walk): void {
  const { machine: m } = w.engine;
  const entered = enter(w.engine);
  tellAll(w);
  if (!entered) return;
  const { broken, isCut } = judge(w);
  for (const i of broken) tell(w, propertyFound(w.properties.invariants[i]!.property, null));
  store(w, { frame: m.frame.slice(), broken, isCut, moved: 0 });
}

function tell(w: Walk, found: Found): void {
  const about = `${found.code}|${found.subject ?? ''}|`;
  w.violations.add(`${about}${found.step}`);
  if (found.cycle !== true) return;
  const steps = [found, ...found.others].map(({ step }) => step).sort((a, b) => a - b);
  w.violations.add(`${about}${steps.join('+')}`);
}

/** Tells what the machine has found. */
function tellAll(w: Walk): void {
  const { machine: m } = w.engine;
  for (const found of m.found) tell(w, found);
  m.found = [];
}

/** Judges the properties in the machine's frame. */
function judge(w: Walk): { broken: ReadonlySet<number>; isCut: boolean } {
  const { machine: m } = w.engine;
  const { invariants, reachables, eventuallys } = w.properties;
  const broken = new Set<number>();
  let isCut = false;
  invariants.forEach((judged, i) => {
    const value = valueOf(m, judged);
    if (value === false) broken.add(i);
    isCut ||= value === null;
  });
  reachables.forEach((judged, i) => {
    const value = valueOf(m, judged);
    if (value === true) w.reachables.add(i);
    isCut ||= value === null;
  });
  for (const judged of eventuallys) isCut = valueOf(m, judged) === null || isCut;
  isCut = judgeEnd(w) || isCut;
  tellAll(w);
  return { broken, isCut };
}

/** Finals and outcomes, where all are done. True where a final could not be judged. */
function judgeEnd(w: Walk): boolean {
  const { machine: m, program } = w.engine;
  if (!isOver(m)) return false;
  let isCut = false;
  for (const judged of w.properties.finals) {
    const value = valueOf(m, judged);
    if (value === false) tell(w, propertyFound(judged.property, null));
    isCut ||= value === null;
  }
  w.outcomes.add(JSON.stringify(program.threads.flatMap((thread, t) => {
    if (thread.outcomes.length === 0) return [];
    const outcome = m.frame[m.layout.threads[t]!.outcome]!;
    return [outcome === 0 ? null : outcome - 1];
  })));
  tellAll(w);
  return isCut;
}

/** Stores the state, or finds it; `order` as in `canonicalize`, null: nobody changed places. */
function store(w: Walk, here: Here): { state: number; order: Int32Array | null } {
  const { table, engine: { machine: m, program } } = w;
  let order: Int32Array | null = null;
  const changed = Int32Array.from(program.threads, (_, t) => t);
  putInOrder(w, here.frame, changed);
  if (changed.some((from, t) => from !== t)) order = changed;
  reserve(table);
  packFrame(m.layout, here.frame, table.arena, table.count * table.width);
  const state = intern(table);
  if (here.broken.size > 0) w.broken.set(state, here.broken);
  if (here.isCut) w.cutStates.add(state);
  return { state, order };
}

function expand(w: Walk, state: number): void {
  if (w.cutStates.has(state)) return;
  const { table, engine: { machine: m } } = w;
  const frame = new Int32Array(m.layout.size);
  unpackFrame(m.layout, table.arena, state * table.width, frame);
  const here: Here = { frame, broken: w.broken.get(state) ?? NONE, isCut: false, moved: 0 };
  for (const next of ampleSteps(w, here) ?? allSteps(w, state, here)) arrive(w, state, next);
}

/** Goes on through states that need not be stored; the others become successors of `state`. */
function arrive(w: Walk, state: number, first: Here): void {
  const pending = [first];
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    const further = w.switches.chains && !here.isCut ? ampleSteps(w, here) : null;
    if (further !== null) pending.push(...further);
    else {
      const { state: target, order } = store(w, here);
      w.edges.push({ from: state, to: target, moved: here.moved, order });
    }
  }
}

/** What one step of a thread comes to, for each of its choices. */
interface Taken {
  readonly outcome: Outcome;
  readonly frame: Int32Array;
  readonly found: readonly Found[];
  readonly began: SiteId;
}

function take(w: Walk, frame: Int32Array, t: number, noteAccesses: boolean): Taken[] {
  const { machine: m } = w.engine;
  const all: Taken[] = [];
  beginChoices(m);
  do {
    m.frame.set(frame);
    m.found = [];
    const outcome = takeStep(w.engine, t);
    w.steps++;
    if (noteAccesses && outcome !== 'blocked') collectAccesses(w.next, m, t);
    all.push({ outcome, frame: forgetful(w, t), found: m.found, began: m.began });
  } while (nextChoice(m));
  m.found = [];
  return all;
}

/** A copy of the machine's frame in which the thread that moved has forgotten what is dead. */
function forgetful(w: Walk, t: number): Int32Array {
  const { machine: m, program } = w.engine;
  const frame = m.frame.slice();
  if (w.live === null) return frame;
  const dead = w.live.dead[t]![frame[m.layout.threads[t]!.pc]!]!;
  for (const cell of dead) frame[cell] = program.cells[cell]!.init;
  return frame;
}

/** The successors by a step that stands for all; null where no thread has such a step. */
function ampleSteps(w: Walk, here: Here): Here[] | null {
  const { ample, engine: { machine: m } } = w;
  if (ample === null) return null;
  const rests = m.layout.threads.map(({ pc }) => here.frame[pc]!);
  for (let t = 0; t < rests.length; t++) {
    if (!isAmple(ample, t, rests)) continue;
    const taken = take(w, here.frame, t, false);
    if (taken.some(({ outcome }) => outcome !== 'step' && outcome !== 'granted')) continue;
    return taken.map(({ frame, found }) => {
      for (const it of found) tell(w, it);
      m.frame.set(frame);
      return { frame, broken: here.broken, isCut: judgeEnd(w), moved: here.moved | (1 << t) };
    });
  }
  return null;
}

/** The successors by every thread's step, with all checks. */
function allSteps(w: Walk, state: number, here: Here): Here[] {
  const { engine: { machine: m, program } } = w;
  const successors: Here[] = [];
  clearAccesses(w.next);
  for (let t = 0; t < program.threads.length; t++) {
    m.frame.set(here.frame);
    if (isDone(m, t)) continue;
    for (const { outcome, frame, found, began } of take(w, here.frame, t, true)) {
      if (outcome === 'blocked') continue;
      for (const it of found) tell(w, it);
      if (outcome === 'cut') w.edges.push({ from: state, to: null, moved: 1 << t, order: null });
      else {
        m.frame.set(frame);
        const { broken, isCut } = judge(w);
        blame(w, here.broken, broken, { thread: t, step: began });
        successors.push({ frame, broken, isCut, moved: 1 << t });
      }
    }
  }
  findRaces(w.next, (place) => program.places[place]!.name, (race) => tell(w, race));
  return successors;
}

/** Invariants that hold no longer are the fault of the step. */
function blame(
  w: Walk, before: ReadonlySet<number>, after: ReadonlySet<number>,
  by: { thread: number; step: SiteId },
): void {
  for (const i of after) {
    if (!before.has(i)) tell(w, propertyFound(w.properties.invariants[i]!.property, by));
  }
}
