// Which locks a thread can hold at each of its instructions, worked out from its own code alone: a
// forward data-flow analysis over its spots. Conditions on its locals are interpreted, and the
// answer of a `try`.
import { MAX_RCU_DEPTH, MAX_READ_DEPTH } from '../bounds.ts';
import { locksOf } from '../layout.ts';
import type { Instr, LockIdx, Pc, Program, ThreadIdx } from '../program.ts';
import { triesAnswered } from './flow.ts';
import { spotsOf, type Spot } from './spots.ts';

/**
 * How a thread can hold a lock, as a set of bits: bit 0 not at all, bit d (1..MAX_READ_DEPTH) for
 * reading, d times; the bit above, for writing. No thread holds one lock in both modes.
 */
export type Holdings = number;
export const NOT_HELD: Holdings = 1;
export const WRITTEN: Holdings = 1 << (MAX_READ_DEPTH + 1);
export const READ: Holdings = WRITTEN - 2;
const DEEPEST = 1 << MAX_READ_DEPTH;
const EVERY_DEPTH = 2 ** (MAX_RCU_DEPTH + 1) - 1;

export interface ThreadHeld {
  /** By `pc * nLocks + lock`: before the instruction. All 0 where the thread never comes. */
  readonly holdings: Uint16Array;
  /** By pc: bit d is set where rcu_read_lock can be d deep; 0 where the thread never comes. */
  readonly rcu: Uint16Array;
  /** By lock: how deep it is ever held for reading. */
  readonly maxReads: readonly number[];
  readonly maxRcu: number;
  /** A lock or rcu_read_lock may be nested deeper than the engine counts. */
  readonly mayOverflow: boolean;
}

export interface HeldTable {
  readonly nLocks: number;
  readonly threads: readonly ThreadHeld[];
}

export interface HeldLock {
  readonly lock: LockIdx;
  readonly mode: 'read' | 'write';
  /** `must`: whenever the thread stands there, it holds the lock so. */
  readonly certainty: 'must' | 'may';
}

export function heldTable(program: Program): HeldTable {
  return {
    nLocks: program.locks.length,
    threads: program.threads.map((_, t) => heldBy(program, t)),
  };
}

/** What the thread can hold before its instruction `pc`; a lock held in either mode comes twice. */
export function heldAt(table: HeldTable, t: ThreadIdx, pc: Pc): readonly HeldLock[] {
  const found: HeldLock[] = [];
  for (let lock = 0; lock < table.nLocks; lock++) {
    const holdings = holdingsAt(table, { t, pc, lock });
    for (const [mode, bits] of [['read', READ], ['write', WRITTEN]] as const) {
      if ((holdings & bits) === 0) continue;
      found.push({ lock, mode, certainty: (holdings & ~bits) === 0 ? 'must' : 'may' });
    }
  }
  return found;
}

export function holdingsAt(
  table: HeldTable, at: { t: ThreadIdx; pc: Pc; lock: LockIdx },
): Holdings {
  return table.threads[at.t]!.holdings[at.pc * table.nLocks + at.lock]!;
}

/** One more acquisition; what cannot be (another mode is held, too deep) is left out. */
function taken(holdings: Holdings, mode: 'read' | 'write'): Holdings {
  if (mode === 'write') return (holdings & NOT_HELD) === 0 ? 0 : WRITTEN;
  return ((holdings & (NOT_HELD | READ) & ~DEEPEST) << 1);
}

function dropped(holdings: Holdings, mode: 'read' | 'write' | null): Holdings {
  const written = mode !== 'read' && (holdings & WRITTEN) !== 0 ? NOT_HELD : 0;
  return written | (mode === 'write' ? 0 : (holdings & READ) >> 1);
}

const lowered = (holdings: Holdings): Holdings => ((holdings & WRITTEN) === 0 ? 0 : NOT_HELD << 1);

/** One thread's analysis: a row for each spot, a lock in each column, rcu in the last. */
interface Flow {
  readonly program: Program;
  readonly code: readonly Instr[];
  readonly spots: readonly Spot[];
  readonly width: number;
  readonly rows: Uint16Array;
  /** What an instruction makes of its row. */
  readonly after: Uint16Array;
  /** By pc: the locks that its instruction can mean. */
  readonly meant: readonly (readonly LockIdx[])[];
  /** By spot: that of the `try` whose answer it asks for, or -1. */
  readonly answered: Int32Array;
  readonly pending: number[];
  readonly isPending: Uint8Array;
  mayOverflow: boolean;
}

function heldBy(program: Program, t: ThreadIdx): ThreadHeld {
  const flow = settled(program, t);
  const { width, rows, spots, code: { length } } = flow;
  const nLocks = width - 1;
  const holdings = new Uint16Array(length * nLocks);
  const rcu = new Uint16Array(length);
  const all = new Uint16Array(width);
  spots.forEach(({ pc }, spot) => {
    for (let lock = 0; lock < width; lock++) {
      const can = rows[spot * width + lock]!;
      all[lock]! |= can;
      if (lock < nLocks) holdings[pc * nLocks + lock]! |= can;
      else rcu[pc]! |= can;
    }
  });
  return {
    holdings, rcu, mayOverflow: flow.mayOverflow,
    maxReads: program.locks.map((_, lock) => Math.max(0, highest(all[lock]! & READ))),
    maxRcu: Math.max(0, highest(all[nLocks]!)),
  };
}

/** The number of the highest bit set; -1 where there is none. */
const highest = (bits: number): number => 31 - Math.clz32(bits);

function settled(program: Program, t: ThreadIdx): Flow {
  const { code } = program.threads[t]!;
  const spots = spotsOf(program, t);
  const width = program.locks.length + 1;
  const flow: Flow = {
    program, code, spots, width, rows: new Uint16Array(spots.length * width),
    after: new Uint16Array(width), meant: code.map((instr) => locksMeant(program, instr)),
    answered: answeredTries(code, spots), pending: [],
    isPending: new Uint8Array(spots.length), mayOverflow: false,
  };
  flow.after.fill(NOT_HELD);
  merge(flow, 0);
  for (let spot = flow.pending.pop(); spot !== undefined; spot = flow.pending.pop()) {
    flow.isPending[spot] = 0;
    pass(flow, spot);
  }
  return flow;
}

function locksMeant(program: Program, instr: Instr): readonly LockIdx[] {
  const names = instr.op === 'acquire' || instr.op === 'try' || instr.op === 'release'
    || instr.op === 'downgrade';
  return names ? locksOf(program, instr.lock) : [];
}

/** Between a try and the question for its answer no local changes: one spot leads to the other. */
function answeredTries(code: readonly Instr[], spots: readonly Spot[]): Int32Array {
  const byPc = triesAnswered(code);
  const answered = new Int32Array(spots.length).fill(-1);
  spots.forEach(({ to }, spot) => {
    for (const next of to) if (byPc[spots[next]!.pc] !== -1) answered[next] = spot;
  });
  return answered;
}

/** Adds `after` to what can be at the spot. */
function merge(flow: Flow, spot: number): void {
  const { rows, after, width } = flow;
  let changed = 0;
  for (let i = 0; i < width; i++) {
    const at = spot * width + i;
    const before = rows[at]!;
    rows[at] = before | after[i]!;
    changed |= before ^ rows[at]!;
  }
  if (changed === 0) return;
  push(flow, spot);
  const { pc, to } = flow.spots[spot]!;
  if (flow.code[pc]!.op === 'try') for (const next of to) push(flow, next);
}

function push(flow: Flow, spot: number): void {
  if (flow.isPending[spot] === 1) return;
  flow.isPending[spot] = 1;
  flow.pending.push(spot);
}

function load(flow: Flow, spot: number): void {
  flow.after.set(flow.rows.subarray(spot * flow.width, (spot + 1) * flow.width));
}

/** Carries the row of the spot on to those that follow. */
function pass(flow: Flow, spot: number): void {
  const { pc: at, to } = flow.spots[spot]!;
  const instr = flow.code[at]!;
  const tried = flow.answered[spot]!;
  if (instr.op === 'branch' && tried !== -1) {
    const mergeInto = (pc: Pc): void => {
      for (const next of to) if (flow.spots[next]!.pc === pc) merge(flow, next);
    };
    const isNegated = instr.cond.kind === 'not';
    load(flow, tried);
    mergeInto(isNegated ? instr.next : instr.otherwise);
    if (act(flow, flow.spots[tried]!.pc)) mergeInto(isNegated ? instr.otherwise : instr.next);
    return;
  }
  load(flow, spot);
  if (instr.op === 'try') for (const next of to) merge(flow, next);
  if (!act(flow, at)) return;
  for (const next of to) merge(flow, next);
}

/** The instruction's effect on `after`, a try's where it succeeds. False where none goes on. */
function act(flow: Flow, pc: Pc): boolean {
  const instr = flow.code[pc]!;
  const { after, width } = flow;
  switch (instr.op) {
    case 'acquire': case 'try':
      return change(flow, pc, (holdings) => taken(holdings, instr.mode));
    case 'release': return change(flow, pc, (holdings) => dropped(holdings, instr.mode));
    case 'downgrade': return change(flow, pc, lowered);
    case 'rcu_lock':
      if (after[width - 1]! >>> MAX_RCU_DEPTH !== 0) flow.mayOverflow = true;
      after[width - 1] = (after[width - 1]! << 1) & EVERY_DEPTH;
      return after[width - 1] !== 0;
    case 'rcu_unlock':
      after[width - 1]! >>>= 1;
      return after[width - 1] !== 0;
    default:
      // The others leave locks alone.
      return true;
  }
}

/** Changes the lock that the instruction means; where it can mean several, each may stay. */
function change(flow: Flow, pc: Pc, by: (holdings: Holdings) => Holdings): boolean {
  const { after } = flow;
  const instr = flow.code[pc]!;
  const meant = flow.meant[pc]!;
  const reads = (instr.op === 'acquire' || instr.op === 'try') && instr.mode === 'read';
  let goesOn = false;
  for (const lock of meant) {
    const before = after[lock]!;
    if (reads && (before & DEEPEST) !== 0) flow.mayOverflow = true;
    const changed = by(before);
    goesOn ||= changed !== 0;
    after[lock] = meant.length === 1 ? changed : before | changed;
  }
  return goesOn;
}
