// What is asked of every new state: the properties, the outcomes where a run is over.
import { packFrame } from './layout.ts';
import { enterFound } from './ledger.ts';
import { isOver, propertyFound, valueOf } from './properties.ts';
import type { SearchState } from './search.ts';

/** Judges the properties of a new state; what goes wrong in that is in the machine's `found`. */
export function judge(s: SearchState, state: number): void {
  const { machine: m } = s.engine;
  const { properties } = s;
  let broken: Set<number> | null = null;
  let unjudged = false;
  for (let i = 0; i < properties.invariants.length; i++) {
    const value = valueOf(m, properties.invariants[i]!);
    if (value === false) broken = (broken ?? new Set<number>()).add(i);
    unjudged ||= value === null;
  }
  properties.reachables.forEach((judged, i) => {
    const value = valueOf(m, judged);
    if (value === true) s.reached.add(i);
    unjudged ||= value === null;
  });
  properties.eventuallys.forEach((judged, i) => {
    const value = valueOf(m, judged);
    unjudged ||= value === null;
    setEventual(s, i, { state, value: value === true });
  });
  if (isOver(m)) unjudged = judgeEnd(s) || unjudged;
  if (broken !== null) s.broken.set(state, broken);
  if (unjudged) cutAt(s, state);
  if (state === 0) foundAtStart(s, broken ?? new Set());
}

/** Mostly states are judged in the order of their numbers. */
function cutAt(s: SearchState, state: number): void {
  if (s.cutStates.has(state)) return;
  const isLast = (s.cuts.at(-1) ?? -1) < state;
  s.cutStates.add(state);
  s.cuts.push(state);
  const { layout, frame } = s.engine.machine;
  const packed = new Int32Array(layout.words);
  packFrame(layout, frame, packed, 0);
  s.cutFrames.push(packed);
  if (isLast) return;
  s.cuts.sort((a, b) => a - b);
  s.nextCut = 0;
}

/** Violations of the very first state. */
function foundAtStart(s: SearchState, broken: ReadonlySet<number>): void {
  const falseOnes = [...broken].map((i) =>
    propertyFound(s.properties.invariants[i]!.property, null));
  for (const found of [...falseOnes, ...s.engine.machine.found]) {
    enterFound(s.ledger, 0, { state: 0, move: -1, found });
  }
  s.engine.machine.found = [];
}

/** The state is one in which all threads are done: finals and outcomes. True where unjudged. */
function judgeEnd(s: SearchState): boolean {
  const { machine: m } = s.engine;
  let unjudged = false;
  for (const judged of s.properties.finals) {
    const value = valueOf(m, judged);
    if (value === false) m.found.push(propertyFound(judged.property, null));
    unjudged ||= value === null;
  }
  const combination = s.engine.program.threads.flatMap((thread, t) => {
    if (thread.outcomes.length === 0) return [];
    const outcome = m.frame[m.layout.threads[t]!.outcome]!;
    return [outcome === 0 ? null : outcome - 1];
  });
  const key = combination.join(' ');
  if (!s.outcomes.has(key)) s.outcomes.set(key, combination);
  return unjudged;
}

const eventualBytes = (s: SearchState): number => (s.properties.eventuallys.length + 7) >> 3;

function setEventual(s: SearchState, i: number, at: { state: number; value: boolean }): void {
  const byte = at.state * eventualBytes(s) + (i >> 3);
  if (byte >= s.eventual.length) {
    const larger = new Uint8Array(s.eventual.length * 2 + byte);
    larger.set(s.eventual);
    s.eventual = larger;
  }
  if (at.value) s.eventual[byte]! |= 1 << (i & 7);
  else s.eventual[byte]! &= ~(1 << (i & 7));
}

/** Whether eventually number `i` is true in the state. */
export function isEventual(s: SearchState, i: number, state: number): boolean {
  return (s.eventual[state * eventualBytes(s) + (i >> 3)]! & (1 << (i & 7))) !== 0;
}
