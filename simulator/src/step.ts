// One step of one thread: from where it rests to where it rests next, with all that is silent in
// between. Nondeterminism inside a step is explored by running it again with other choices.
import { assert } from './assert.ts';
import { MAX_STEP_LENGTH, MAX_STEP_WORK } from './bounds.ts';
import { divergedRest, doneRest } from './layout.ts';
import {
  classNameOf, heldBy, heldLocks, kindOf, spins, waitCycle, waitsFor,
} from './locks.ts';
import { CUT, createMachine, overflow, type Machine } from './machine.ts';
import { BLOCKED, compileInstr, END, WAITS, type Op } from './ops.ts';
import { standAt, type Instr, type Program, type ThreadIdx } from './program.ts';
import type { Party } from './verdict.ts';

/** How a step came out. After `cut` the frame is as far as the step got, and is not followed. */
export type Outcome = 'blocked' | 'step' | 'wait' | 'granted' | 'cut';

export interface Engine {
  readonly program: Program;
  readonly machine: Machine;
  /** By thread, by pc: once it was run. */
  readonly ops: readonly (Op | undefined)[][];
}

export function createEngine(program: Program): Engine {
  return {
    program,
    machine: createMachine(program),
    ops: program.threads.map(({ code }) => new Array<Op | undefined>(code.length)),
  };
}

/**
 * Brings the machine to the initial state: values, objects, every thread at its first step.
 * Returns false where a thread cannot even get there (what was found says why).
 */
export function enter(engine: Engine): boolean {
  const { machine: m, program } = engine;
  m.frame.fill(0);
  program.cells.forEach((cell, i) => { m.frame[i] = cell.init; });
  program.pools.forEach((pool, p) => {
    for (let ref = 1; ref <= pool.nLive; ref++) m.frame[m.layout.objects[p]![ref - 1]!.status] = 1;
  });
  for (let t = 0; t < program.threads.length; t++) {
    const { code, entry } = program.threads[t]!;
    begin(m, t);
    m.began = code[entry]!.site;
    if (guarded(m, () => settle(engine, t, entry, false)) === 'cut') return false;
  }
  return true;
}

function begin(m: Machine, t: ThreadIdx): void {
  m.self = t;
  m.chosen = 0;
  m.quiet = false;
  m.log.count = 0;
}

function guarded(m: Machine, body: () => Outcome): Outcome {
  try {
    return body();
  } catch (thrown) {
    if (thrown !== CUT) throw thrown;
    m.quiet = false;
    return 'cut';
  }
}

/** Whether the thread has ended; a thread that diverged has not. */
export function isDone(m: Machine, t: ThreadIdx): boolean {
  return m.frame[m.layout.threads[t]!.pc] === doneRest(m.layout, t);
}

/**
 * Takes thread `t`'s step in the machine's frame, with the machine's choices. The access log and
 * `found` are those of this step.
 */
export function takeStep(engine: Engine, t: ThreadIdx): Outcome {
  const { machine: m } = engine;
  const rest = m.frame[m.layout.threads[t]!.pc]!;
  const { code, entry } = engine.program.threads[t]!;
  begin(m, t);
  if (rest === divergedRest(m.layout, t)) {
    m.began = code[entry]!.site;
    return 'step';
  }
  assert(rest < doneRest(m.layout, t), 'a thread that is done takes no step');
  const pc = m.layout.rests[t]![rest]!;
  m.began = code[pc]!.site;
  return guarded(m, () => settle(engine, t, pc, true));
}

/** Runs from `pc` to the next resting place; `first` says that the instruction at `pc` is taken. */
function settle(engine: Engine, t: ThreadIdx, from: number, first: boolean): Outcome {
  const { machine: m } = engine;
  const { code } = engine.program.threads[t]!;
  const ops = engine.ops[t]!;
  const waited = isWaiting(m, t);
  let watch: Watch | null = null;
  let length = 0;
  let pc = from;
  for (let taken = first; taken || !code[pc]!.rest; taken = false) {
    standAt(m, code[pc]!);
    m.witness.reached[m.step] = 1;
    const next = (ops[pc] ??= compileInstr(engine.program, code[pc]!))(m);
    if (next === BLOCKED) return 'blocked';
    if (next === WAITS) return joined(m, t);
    if (next === END) {
      m.frame[m.layout.threads[t]!.pc] = doneRest(m.layout, t);
      return waited ? 'granted' : 'step';
    }
    pc = next;
    if (++length < WATCH_FROM) continue;
    watch ??= { length, power: WATCH_FROM * 2, pc: -1, frame: null };
    if (cycles(watch, m, pc)) {
      m.frame[m.layout.threads[t]!.pc] = divergedRest(m.layout, t);
      return 'step';
    }
  }
  m.frame[m.layout.threads[t]!.pc] = m.layout.restOf[t]![pc]!;
  arrive(m, t, code[pc]!);
  return waited ? 'granted' : 'step';
}

function isWaiting(m: Machine, t: ThreadIdx): boolean {
  return waitsFor(m, t) !== null || m.frame[m.layout.threads[t]!.begun] !== 0;
}

/** The thread has begun to wait; a cycle of waiting threads ends the run. */
function joined(m: Machine, t: ThreadIdx): Outcome {
  const cycle = waitCycle(m, t);
  if (cycle === null) return 'wait';
  const names = cycle.map((u) => waitsFor(m, u)).filter((lock) => lock !== null)
    .map((lock) => m.program.classes[m.program.locks[lock]!.cls]!.name);
  const subject = [...new Set(names)].sort().join(', ');
  m.found.push({
    code: 'deadlock', subject: subject === '' ? null : subject, thread: t,
    step: m.began, site: m.began, pending: false, cycle: true,
    others: cycle.slice(1).map((u) => party(m, u)),
  });
  return 'cut';
}

/** Where a thread is, as a party to another's violation. */
export function party(m: Machine, t: ThreadIdx): Party {
  const rest = m.layout.rests[t]![m.frame[m.layout.threads[t]!.pc]!];
  const site = rest === undefined ? -1 : m.program.threads[t]!.code[rest]!.site;
  return { thread: t, step: site, site, lock: waitsFor(m, t), access: null };
}

/** What must not be so when a step is reached, even if it would then wait. */
function arrive(m: Machine, t: ThreadIdx, instr: Instr): void {
  m.witness.reached[instr.site] = 1;
  if (instr.op !== 'acquire' && instr.op !== 'await' && instr.op !== 'synchronize_rcu') return;
  standAt(m, instr);
  if (instr.op !== 'acquire') {
    checkSleep(m, t, instr);
    return;
  }
  const { cls } = m.program.locks[instr.lock.base]!;
  if (!spins(m.program.classes[cls]!.kind)) checkSleep(m, t, instr);
  checkOrder(m, t, instr, cls);
}

function checkSleep(m: Machine, t: ThreadIdx, instr: Instr): void {
  const told: string[] = [];
  for (let lock = 0; lock < m.kinds.length; lock++) {
    if (!spins(kindOf(m, lock)) || heldBy(m, lock, t) === null) continue;
    const subject = classNameOf(m, lock);
    if (!told.includes(subject)) told.push(subject);
  }
  if (m.frame[m.layout.threads[t]!.rcu]! > 0) told.push('rcu');
  for (const subject of told) pending(m, t, instr, { code: 'sleep_in_atomic', subject });
}

function checkOrder(m: Machine, t: ThreadIdx, instr: Instr, cls: number): void {
  const { orders, classes, locks } = m.program;
  if (!orders.some((order) => order.outer === cls)) return;
  for (const [lock] of heldLocks(m, t)) {
    const held = locks[lock]!.cls;
    if (!orders.some((order) => order.outer === cls && order.inner === held)) continue;
    pending(m, t, instr, { code: 'lock_order', subject: classes[cls]!.name });
    return;
  }
}

function pending(
  m: Machine, t: ThreadIdx, instr: Instr,
  what: { code: 'sleep_in_atomic' | 'lock_order'; subject: string },
): void {
  const { site } = instr;
  m.found.push({ ...what, thread: t, step: site, site, pending: true, others: [] });
}

/** Finds a silent cycle (Brent): the same place with the same values again. */
interface Watch {
  length: number;
  power: number;
  pc: number;
  frame: Int32Array | null;
}

/** Steps shorter than this are not watched. */
const WATCH_FROM = 64;

function cycles(watch: Watch, m: Machine, pc: number): boolean {
  watch.length++;
  if (watch.length > MAX_STEP_LENGTH) {
    overflow(m, { kind: 'step_length', limit: MAX_STEP_LENGTH });
  }
  if (++m.work > MAX_STEP_WORK) overflow(m, { kind: 'step_length', limit: MAX_STEP_WORK });
  if (watch.frame !== null && watch.pc === pc && same(watch.frame, m.frame)) return true;
  if (watch.length === watch.power) {
    watch.power *= 2;
    watch.pc = pc;
    watch.frame = m.frame.slice();
  }
  return false;
}

function same(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
