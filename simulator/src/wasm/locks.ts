// The kernel's locks as WebAssembly: who blocks whom, joining and leaving queues, and when a wait
// may close a circle. The rules are those of locks.ts of the interpreter.
import type { LockIdx, ThreadIdx } from '../program.ts';
import { I32, I64, OP } from './assembler.ts';
import {
  anySet, bitOf, isWaiting, readRest, readSlot, slotIs, withLocal, writeConstant, writeSlot,
  type Unit,
} from './unit.ts';

type Mode = 'read' | 'write';

const slotsOf = (u: Unit, lock: LockIdx) => u.plan.layout.locks[lock]!;

export const isQueued = (u: Unit, lock: LockIdx): boolean =>
  u.plan.program.classes[u.plan.program.locks[lock]!.cls]!.kind === 'rwsem';

/** The slots of everyone who holds the lock in a way that excludes this mode. */
function excluding(u: Unit, lock: LockIdx, mode: Mode): readonly number[] {
  const { writer, readers } = slotsOf(u, lock);
  return mode === 'write' ? [...writer, ...readers] : writer;
}

/** Threads other than `self` that can stand in the lock's queue. */
function rivals(u: Unit, lock: LockIdx): ThreadIdx[] {
  const { wait } = slotsOf(u, lock);
  return [...wait.keys()].filter((t) => t !== u.self && wait[t] !== -1);
}

/** The resting places at which the thread waits for the lock to write. */
function writingRests(u: Unit, t: ThreadIdx): Set<number> {
  const { layout, program } = u.plan;
  const found = new Set<number>();
  layout.rests[t]!.forEach((pc, rest) => {
    const instr = program.threads[t]!.code[pc]!;
    if (instr.op === 'acquire' && instr.mode === 'write') found.add(rest);
  });
  return found;
}

function waitsToWrite(u: Unit, lock: LockIdx, t: ThreadIdx): void {
  const { code, plan } = u;
  const wait = slotsOf(u, lock).wait[t]!;
  const writing = writingRests(u, t);
  const acquires = plan.layout.rests[t]!.filter((pc) =>
    plan.program.threads[t]!.code[pc]!.op === 'acquire').length;
  if (writing.size === 0) {
    code.i32(0);
    return;
  }
  anySet(u, [wait]);
  if (writing.size === acquires) return;
  readRest(u, t);
  bitOf(u, writing);
  code.op(OP.i32And);
}

/** Leaves an i32: whether a thread that does not wait yet is kept from taking the lock. */
export function blocksNewcomer(u: Unit, lock: LockIdx, mode: Mode): void {
  const { code } = u;
  const held = excluding(u, lock, mode);
  if (!isQueued(u, lock)) {
    anySet(u, held);
    return;
  }
  if (mode === 'write') {
    anySet(u, [...held, ...slotsOf(u, lock).wait]);
    return;
  }
  anySet(u, held);
  for (const t of rivals(u, lock)) {
    waitsToWrite(u, lock, t);
    code.op(OP.i32Or);
  }
}

/** Leaves an i32: whether the waiting thread is still kept from taking the lock. */
export function blocksWaiter(u: Unit, lock: LockIdx, mode: Mode): void {
  const { code } = u;
  anySet(u, excluding(u, lock, mode));
  if (!isQueued(u, lock)) return;
  const { wait } = slotsOf(u, lock);
  if (mode === 'write') {
    slotIs(u, wait[u.self]!, 1);
    code.op(OP.i32Eqz).op(OP.i32Or);
    return;
  }
  for (const t of rivals(u, lock)) {
    readSlot(u, wait[t]!);
    readSlot(u, wait[u.self]!);
    code.op(OP.i64LtU);
    waitsToWrite(u, lock, t);
    code.op(OP.i32And).op(OP.i32Or);
  }
}

export function join(u: Unit, lock: LockIdx): void {
  const { code } = u;
  const { wait } = slotsOf(u, lock);
  if (!isQueued(u, lock)) {
    writeConstant(u, wait[u.self]!, 1);
    return;
  }
  code.i64(1);
  for (const t of rivals(u, lock)) {
    anySet(u, [wait[t]!]);
    code.op(OP.i64ExtendI32U).op(OP.i64Add);
  }
  writeSlot(u, wait[u.self]!);
}

export function leave(u: Unit, lock: LockIdx): void {
  const { code } = u;
  const { wait } = slotsOf(u, lock);
  if (isQueued(u, lock)) {
    withLocal(u, I64, (own) => {
      readSlot(u, wait[u.self]!);
      code.set(own);
      for (const t of rivals(u, lock)) {
        readSlot(u, wait[t]!);
        readSlot(u, wait[t]!);
        code.get(own).op(OP.i64GtU).op(OP.i64ExtendI32U).op(OP.i64Sub);
        writeSlot(u, wait[t]!);
      }
    });
  }
  writeConstant(u, wait[u.self]!, 0);
}

/** The lock is free for the thread. A read depth beyond what is counted goes to the interpreter. */
export function take(u: Unit, lock: LockIdx, mode: Mode): void {
  const { code, plan } = u;
  const { writer, readers } = slotsOf(u, lock);
  if (mode === 'write') {
    writeConstant(u, writer[u.self]!, 1);
    return;
  }
  const slot = readers[u.self]!;
  if (plan.layout.hi[slot] === 1) {
    anySet(u, [slot]);
    code.brIf(u.slow);
    writeConstant(u, slot, 1);
    return;
  }
  slotIs(u, slot, plan.layout.hi[slot]!);
  code.brIf(u.slow);
  readSlot(u, slot);
  code.i64(1).op(OP.i64Add);
  writeSlot(u, slot);
}

export function dropRead(u: Unit, lock: LockIdx): void {
  const slot = slotsOf(u, lock).readers[u.self]!;
  readSlot(u, slot);
  u.code.i64(1).op(OP.i64Sub);
  writeSlot(u, slot);
}

/**
 * Goes to the interpreter where a thread that has joined may close a circle: someone who holds the
 * lock waits himself. (Those ahead in the queue wait for its holders and for each other alone.)
 */
export function unlessCircle(u: Unit, lock: LockIdx): void {
  const { code, plan } = u;
  const { writer, readers } = slotsOf(u, lock);
  withLocal(u, I32, (found) => {
    code.i32(0).set(found);
    for (let t = 0; t < plan.program.threads.length; t++) {
      if (writer[t] === -1 && readers[t] === -1) continue;
      anySet(u, [writer[t]!, readers[t]!]);
      code.if(() => {
        isWaiting(u, t);
        code.get(found).op(OP.i32Or).set(found);
      });
    }
    code.get(found).brIf(u.slow);
  });
}
