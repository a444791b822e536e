// Threads that can never go on, after a search that has not kept its graph: its table is gone over
// again and again, each state adding what its successors know, until nothing is added any more.
import { assert } from './assert.ts';
import { MAX_CHOICES } from './bounds.ts';
import { packFrame, unpackFrame } from './layout.ts';
import { beginChoices } from './machine.ts';
import type { Program, ThreadIdx } from './program.ts';
import { mayWait, neverBlocks, terminates } from './reduction/terminates.ts';
import { reduceFrame } from './reduction/reduction.ts';
import { nextChoice, type SearchState } from './search.ts';
import { isDone, takeStep } from './step.ts';
import { tellStuckIn } from './stuck.ts';
import { GLOBALS, BATCH } from './wasm/memory.ts';
import { placesOf, roomForMarks, type LeanInstance } from './wasm/lean-instance.ts';
import { allOf, markBytes, type Asked } from './wasm/progress.ts';

/** Places gone over between two looks at the budget. */
const STRETCH = 4_096;

/**
 * The threads of which the graph would have to say whether they can go on: that must end, can wait,
 * and do not show it in states without successors.
 */
export function askedThreads(program: Program): Asked {
  if (neverBlocks(program) || terminates(program)) return [];
  return program.threads.flatMap((thread, t) =>
    (!thread.background && mayWait(thread) ? [t] : []));
}

/** The sweeps of a search that has all its states. */
export interface Sweeps {
  readonly asked: Asked;
  readonly instance: LeanInstance;
  readonly places: number;
  /** Places from which a walk was made. */
  walked: number;
  /** The next place of a sweep, and which way. */
  at: number;
  by: 1 | -1;
}

/** null: there is no memory for the marks. */
export function beginSweeps(
  s: SearchState, instance: LeanInstance, asked: Asked,
): Sweeps | null {
  const { loaded } = instance;
  const places = placesOf(instance, s.table.count);
  if (!roomForMarks(instance, { bytes: places * markBytes(asked), most: s.limits.maxMemory })) {
    return null;
  }
  loaded.globals[GLOBALS.marksChanged]!.value = 0;
  const sweeps: Sweeps = { asked, instance, places, walked: 0, at: places - 1, by: -1 };
  const everyone = allOf(asked);
  for (const packed of s.cutFrames) {
    const place = placeOfState(sweeps, packed);
    if (place !== -1) setMark(sweeps, place, everyone);
  }
  return sweeps;
}

type Marks = Uint8Array | Uint32Array;

function marksOf({ instance: { loaded }, asked, places }: Sweeps): Marks {
  const at = loaded.globals[GLOBALS.marksAt]!.value >>> 0;
  const { buffer } = loaded.memory;
  return markBytes(asked) === 1
    ? new Uint8Array(buffer, at, places) : new Uint32Array(buffer, at, places);
}

function setMark(sweeps: Sweeps, place: number, mark: number): void {
  marksOf(sweeps)[place] = mark;
}

/** Where the packed state is stored, or -1. */
function placeOfState({ instance: { loaded } }: Sweeps, packed: Int32Array): number {
  new Int32Array(loaded.memory.buffer, BATCH.start, packed.length).set(packed);
  return loaded.exported('place')(BATCH.start);
}

/** Goes over some `budget` places; true when no sweep adds anything any more. */
export function advanceSweeps(s: SearchState, sweeps: Sweeps, budget: number): boolean {
  const { instance: { loaded }, places } = sweeps;
  const progress = loaded.exported('progress');
  const changed = loaded.globals[GLOBALS.marksChanged]!;
  const slow = loaded.globals[GLOBALS.slow]!;
  for (let left = budget; left > 0; left -= STRETCH) {
    if (sweeps.walked < places) {
      const end = Math.min(places, sweeps.walked + STRETCH);
      loaded.exported('walk')(sweeps.walked, end);
      sweeps.walked = end;
      continue;
    }
    const end = sweeps.by === 1
      ? Math.min(places, sweeps.at + STRETCH) : Math.max(-1, sweeps.at - STRETCH);
    sweeps.at = progress(sweeps.at, end, sweeps.by);
    if (slow.value !== 0) {
      slow.value = 0;
      addByInterpreter(s, sweeps);
      sweeps.at += sweeps.by;
    }
    if (sweeps.at !== -1 && sweeps.at !== places) continue;
    if (changed.value === 0) return true;
    changed.value = 0;
    sweeps.by = sweeps.by === 1 ? -1 : 1;
    sweeps.at += sweeps.by;
  }
  return false;
}

/** The state whose words are at the batch's start, as the code would have done it. */
function addByInterpreter(s: SearchState, sweeps: Sweeps): void {
  const { machine: m, program } = s.engine;
  const words = new Int32Array(
    sweeps.instance.loaded.memory.buffer, BATCH.start, m.layout.words).slice();
  const base = new Int32Array(m.layout.size);
  unpackFrame(m.layout, words, 0, base);
  let mark = 0;
  program.threads.forEach((_, t) => { mark |= stepsOf(s, sweeps, { base, t }); });
  const marks = marksOf(sweeps);
  const before = marks[sweeps.at]!;
  if ((before | mark) === before) return;
  marks[sweeps.at] = before | mark;
  sweeps.instance.loaded.globals[GLOBALS.marksChanged]!.value = 1;
}

/** What the thread's own steps say, and the marks of the states to which they lead. */
function stepsOf(
  s: SearchState, sweeps: Sweeps, of: { base: Int32Array; t: ThreadIdx },
): number {
  const { machine: m } = s.engine;
  const { base, t } = of;
  const own = sweeps.asked.includes(t) ? 2 ** sweeps.asked.indexOf(t) : 0;
  m.frame.set(base);
  if (isDone(m, t)) return own;
  let mark = 0;
  beginChoices(m);
  for (let tried = 0; tried < MAX_CHOICES; tried++) {
    m.frame.set(base);
    const outcome = takeStep(s.engine, t);
    m.found = [];
    if (outcome === 'cut') mark = allOf(sweeps.asked);
    else if (outcome !== 'blocked') mark |= own | markOfFrame(s, sweeps);
    if (!nextChoice(m)) break;
  }
  m.choices.length = 0;
  return mark;
}

/** The mark of the machine's frame, a state that the search has stored. */
function markOfFrame(s: SearchState, sweeps: Sweeps): number {
  const { machine: { frame, layout, program } } = s.engine;
  if (s.reduction !== null) reduceFrame(s.reduction, { program, layout, frame });
  const packed = new Int32Array(layout.words);
  packFrame(layout, frame, packed, 0);
  const place = placeOfState(sweeps, packed);
  assert(place !== -1, 'the search has stored what the interpreter found');
  return marksOf(sweeps)[place]!;
}

/** Tells of every thread that is stuck somewhere; without a run, since no state has a number. */
export function tellSwept(s: SearchState, sweeps: Sweeps): void {
  const { asked, instance: { loaded } } = sweeps;
  const { machine: m } = s.engine;
  const marks = marksOf(sweeps);
  const everyone = allOf(asked);
  const read = loaded.exported('read');
  for (let place = 0; place < marks.length; place++) {
    if (marks[place] === everyone) continue;
    read(place);
    const words = new Int32Array(loaded.memory.buffer, BATCH.start, m.layout.words);
    unpackFrame(m.layout, words, 0, m.frame);
    const stuck = asked.filter((_, i) => (marks[place]! & 2 ** i) === 0);
    tellStuckIn(s, stuck);
    s.someStuck = true;
  }
}
