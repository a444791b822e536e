// A run, taken again step by step: from moves to a trace with the state after each.
import { assert } from './assert.ts';
import { choiceOf, threadOf, type Move } from './graph.ts';
import { placeOf, readersMask, readsOf, restingInstr, waitsFor, writerOf } from './locks.ts';
import { beginChoices, type Machine } from './machine.ts';
import { FREED, LIVE, PENDING } from './objects.ts';
import { nextChoice } from './search.ts';
import { enter, isDone, takeStep, type Engine, type Outcome } from './step.ts';
import type { LockState, ObjectState, Snapshot, Trace, TraceStep } from './verdict.ts';

/** The run that these moves make from the initial state; `loop` as in `Trace`. */
export function replay(engine: Engine, moves: readonly Move[], loop: number | null): Trace {
  const { machine: m } = engine;
  enter(engine);
  m.found = [];
  const initial = snapshot(m);
  const steps: TraceStep[] = [];
  for (const move of moves) {
    const outcome = takeChosen(engine, threadOf(move), choiceOf(move));
    assert(outcome !== null, 'a run can be taken again');
    steps.push(traceStep(m, move, outcome));
  }
  m.found = [];
  return { initial, steps, loop };
}

export function traceStep(m: Machine, move: Move, outcome: Outcome): TraceStep {
  return {
    thread: threadOf(move),
    choice: choiceOf(move),
    site: m.began,
    move: outcome === 'wait' || outcome === 'granted' ? outcome : 'step',
    after: snapshot(m),
  };
}

/** Takes the thread's step with its nth choice; null where there is no such step. */
export function takeChosen(engine: Engine, t: number, choice: number): Outcome | null {
  const { machine: m } = engine;
  if (isDone(m, t)) return null;
  const base = m.frame.slice();
  beginChoices(m);
  let n = 0;
  do {
    m.frame.set(base);
    m.found = [];
    const outcome = takeStep(engine, t);
    if (outcome !== 'blocked' && n++ === choice) {
      if (outcome === 'cut' && m.found.some((found) => found.code === 'deadlock')) return 'wait';
      return outcome;
    }
  } while (nextChoice(m));
  m.frame.set(base);
  return null;
}

export function snapshot(m: Machine): Snapshot {
  const { program, layout, frame } = m;
  return {
    cells: [...frame.slice(0, program.cells.length)],
    locks: program.locks.map((_, lock) => lockState(m, lock)),
    objects: layout.objects.map((pool) => pool.map((slots) => objectState(frame[slots.status]!))),
    threads: layout.threads.map((slots, t) => ({
      pc: layout.rests[t]![frame[slots.pc]!] ?? -1,
      waiting: waitsFor(m, t) !== null || frame[slots.begun] !== 0,
      rcuDepth: frame[slots.rcu]!,
      outcome: frame[slots.outcome]!,
    })),
  };
}

export function objectState(status: number): ObjectState {
  if (status === LIVE) return 'live';
  if (status === PENDING) return 'free_pending';
  return status === FREED ? 'freed' : 'unused';
}

function lockState(m: Machine, lock: number): LockState {
  const readers: number[] = [];
  const mask = readersMask(m, lock);
  const waiting: number[] = [];
  for (let t = 0; t < m.program.threads.length; t++) {
    if ((mask & (1 << t)) !== 0) {
      for (let n = readsOf(m, lock, t); n > 0; n--) readers.push(t);
    }
    if (waitsFor(m, t) === lock) waiting.push(t);
  }
  waiting.sort((a, b) => placeOf(m, lock, a) - placeOf(m, lock, b) || a - b);
  const waiters = waiting.map((t) => {
    const instr = restingInstr(m, t);
    assert(instr !== null && instr.op === 'acquire', 'a thread waits at an acquire');
    return { thread: t, mode: instr.mode };
  });
  return { writer: writerOf(m, lock), readers, waiters };
}
