// Sleep sets (Godefroid 1996), for look-ups alone: a thread sleeps in a state where its step comes
// before the one that led there, in the order of threads, and commutes with it. It is taken all the
// same, checked and counted; but what it leads to is found without it, and need not be looked up.
// The set lies in bits of the state's word that the state does not use. See docs/reductions.md.
import type { Layout } from '../layout.ts';
import type { Program, ThreadIdx } from '../program.ts';
import {
  commutingSteps, type Commuting, type CommutingPlaces,
} from '../reduction/commuting.ts';
import type { Which } from '../reduction/items.ts';
import { I32, I64, OP, type Code } from './assembler.ts';
import { mayFail } from './judgeable.ts';
import { entryBytes, GLOBALS } from './memory.ts';
import { ones, type Quotient } from './quotient.ts';
import { readSlot, type Plan, type Unit } from './unit.ts';

export interface Sleep {
  readonly commuting: Commuting;
  /** So many of the first threads can sleep; the bit of the first, from which on all are theirs. */
  readonly threads: number;
  readonly shift: number;
}

/**
 * null: there is no room for the sets, or no thread that could sleep; or some state may be filed
 * and not expanded, since a property has no value there: what is to be found from it is not known.
 * (Where an invariant has none, the interpreter takes the state before, and nobody sleeps behind.)
 */
export function sleepOf(program: Program, layout: Layout, quotient: Quotient): Sleep | null {
  const taken = Math.max(layout.used[1] ?? 0, quotient.bits - quotient.low);
  const threads = Math.min(program.threads.length - 1, 32 - taken);
  if (threads <= 0 || mayStayUnexpanded(program)) return null;
  return { commuting: commutingSteps(program, layout.held), threads, shift: 64 - threads };
}

/** Whether some state may have no value for a property that ends the run there. */
export function mayStayUnexpanded(program: Program): boolean {
  return program.properties.some(({ kind, expr }) =>
    kind !== 'invariant' && mayFail(program, expr));
}

/**
 * Leaves an i64: who sleeps behind the step of the unit's thread from a resting place, in its bits
 * of the state's word. The unit's words are the state that the step has led to; where the others
 * rest, and what their locals are, it has not changed.
 */
export function emitAsleep(u: Unit, sleep: Sleep, rest: number): void {
  const { code, plan: { layout } } = u;
  const others = sleep.commuting[u.self]![rest]!.slice(0, sleep.threads);
  const isAll = ({ always }: CommutingPlaces, t: ThreadIdx): boolean =>
    always === ones(layout.rests[t]!.length);
  const certain = others.reduce((bits, places, t) =>
    (isAll(places, t) ? bits | (1n << BigInt(sleep.shift + t)) : bits), 0n);
  code.i64(BigInt.asIntN(64, certain));
  others.forEach((places, t) => {
    if (isAll(places, t) || (places.always === 0n && places.unless.length === 0)) return;
    emitPlaces(u, places);
    readSlot(u, layout.threads[t]!.pc);
    code.op(OP.i64ShrU).i64(1).op(OP.i64And).i64(sleep.shift + t).op(OP.i64Shl).op(OP.i64Or);
  });
}

/** Leaves an i64: the places whose steps commute in this state. */
function emitPlaces(u: Unit, { always, unless }: CommutingPlaces): void {
  const { code } = u;
  code.i64(BigInt.asIntN(64, always));
  for (const { equal, places } of unless) {
    code.i64(BigInt.asIntN(64, places)).i64(0);
    equal.forEach(([a, b], i) => {
      readWhich(u, a);
      readWhich(u, b);
      code.op(OP.i64Ne);
      if (i > 0) code.op(OP.i32And);
    });
    code.op(OP.select).op(OP.i64Or);
  }
}

function readWhich(u: Unit, which: Which): void {
  if (which.kind === 'const') u.code.i64(which.value);
  else readSlot(u, which.cell);
}

/** Whether the thread's function is told, in a last parameter, that it sleeps. */
export const maySleep = ({ lean }: Plan, t: ThreadIdx): boolean =>
  lean?.sleep != null && t < lean.sleep.threads;

/** The locals of a search loop that knows who sleeps. */
export interface Sleepers {
  readonly sleep: Sleep;
  /** Who sleeps in the state that is expanded. */
  readonly asleep: number;
  /** The batch's end before a step. */
  readonly before: number;
}

export function createSleepers(code: Code, sleep: Sleep): Sleepers {
  return { sleep, asleep: code.local(I64), before: code.local(I32) };
}

/** Takes the set out of a state from the queue (a local). */
export function wakeState(code: Code, { sleep, asleep }: Sleepers, word: number): void {
  code.get(word).i64(sleep.shift).op(OP.i64ShrU).set(asleep);
  code.get(word).i64(ones(sleep.shift)).op(OP.i64And).set(word);
}

/** Leaves, for a thread that may sleep, whether it does. */
export function beforeStep(
  code: Code, { sleep, asleep, before }: Sleepers, t: ThreadIdx,
): void {
  code.getGlobal(GLOBALS.batchEnd).set(before);
  if (t < sleep.threads) emitSleeps(code, asleep, t);
}

function emitSleeps(code: Code, asleep: number, t: ThreadIdx): void {
  code.get(asleep).i64(t).op(OP.i64ShrU).op(OP.i32WrapI64).i32(1).op(OP.i32And);
}

/** Behind the step of thread t: where it sleeps, its successors are counted and leave the batch. */
export function afterStep(
  code: Code, { sleep, asleep, before }: Sleepers, t: ThreadIdx,
): void {
  if (t >= sleep.threads) return;
  // the entries, or none: without a branch, which would be mistaken every other time
  code.getGlobal(GLOBALS.batchEnd).get(before).op(OP.i32Sub);
  code.i32(0);
  emitSleeps(code, asleep, t);
  code.op(OP.i32Sub).op(OP.i32And).set(before);
  code.getGlobal(GLOBALS.batchEnd).get(before).op(OP.i32Sub).setGlobal(GLOBALS.batchEnd);
  code.get(before).i32(Math.log2(entryBytes(1))).op(OP.i32ShrU).getGlobal(GLOBALS.edges);
  code.op(OP.i32Add).setGlobal(GLOBALS.edges);
}
