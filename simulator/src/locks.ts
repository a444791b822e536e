// The kernel's locks on a frame: who holds, who waits, who is granted. Rules: language.md "Lock
// kinds"; kernel/locking/rwsem.c for the queue (phase-fair readers, no barging past a writer).
import { assert } from './assert.ts';
import { MAX_READ_DEPTH } from './bounds.ts';
import { overflow, type Machine } from './machine.ts';
import type { Instr, LockIdx, LockKind, ThreadIdx } from './program.ts';

export type Mode = 'read' | 'write';

export function kindOf(m: Machine, lock: LockIdx): LockKind {
  return m.kinds[lock]!;
}

export function classNameOf(m: Machine, lock: LockIdx): string {
  return m.program.classes[m.program.locks[lock]!.cls]!.name;
}

export const spins = (kind: LockKind): boolean => kind === 'spinlock' || kind === 'rwlock';

export function writerOf(m: Machine, lock: LockIdx): ThreadIdx | null {
  const { writer } = m.layout.locks[lock]!;
  for (let t = 0; t < writer.length; t++) {
    if (writer[t] !== -1 && m.frame[writer[t]!] !== 0) return t;
  }
  return null;
}

export function readsOf(m: Machine, lock: LockIdx, t: ThreadIdx): number {
  const slot = m.layout.locks[lock]!.readers[t]!;
  return slot === -1 ? 0 : m.frame[slot]!;
}

/** Bit mask of the threads that hold it for reading. */
export function readersMask(m: Machine, lock: LockIdx): number {
  return maskOf(m, m.layout.locks[lock]!.readers);
}

export function heldBy(m: Machine, lock: LockIdx, t: ThreadIdx): Mode | null {
  const writer = m.layout.locks[lock]!.writer[t]!;
  if (writer !== -1 && m.frame[writer] !== 0) return 'write';
  return readsOf(m, lock, t) > 0 ? 'read' : null;
}

/** The mode in which a waiting thread wants its lock. */
export function wantedMode(m: Machine, t: ThreadIdx): Mode {
  const instr = restingInstr(m, t);
  assert(instr !== null && instr.op === 'acquire', 'a thread waits at an acquire');
  return instr.mode;
}

/** The instruction before which the thread rests, or null where it is done or diverged. */
export function restingInstr(m: Machine, t: ThreadIdx): Instr | null {
  const pc = m.layout.rests[t]![m.frame[m.layout.threads[t]!.pc]!];
  return pc === undefined ? null : m.program.threads[t]!.code[pc]!;
}

/** Bit mask of the threads that keep `t` from taking the lock now; 0: it is granted. */
export function blockers(m: Machine, lock: LockIdx, t: ThreadIdx, mode: Mode): number {
  const writer = writerOf(m, lock);
  let mask = writer === null ? 0 : 1 << writer;
  const kind = kindOf(m, lock);
  if (mode === 'write' && kind !== 'mutex' && kind !== 'spinlock') mask |= readersMask(m, lock);
  if (kind === 'rwsem') mask |= ahead(m, lock, t, mode);
  return mask;
}

/** Of a queue: everyone ahead of a writer, the writers ahead of a reader. */
function ahead(m: Machine, lock: LockIdx, t: ThreadIdx, mode: Mode): number {
  const { wait } = m.layout.locks[lock]!;
  const own = placeOf(m, lock, t);
  let mask = 0;
  for (let u = 0; u < wait.length; u++) {
    const place = placeOf(m, lock, u);
    if (place === 0 || u === t || (own !== 0 && place > own)) continue;
    if (mode === 'write' || wantedMode(m, u) === 'write') mask |= 1 << u;
  }
  return mask;
}

/** Where in the queue the thread stands, from 1; 0: it does not wait for this lock. */
export function placeOf(m: Machine, lock: LockIdx, t: ThreadIdx): number {
  const slot = m.layout.locks[lock]!.wait[t]!;
  return slot === -1 ? 0 : m.frame[slot]!;
}

export function take(m: Machine, lock: LockIdx, t: ThreadIdx, mode: Mode): void {
  if (mode === 'read') {
    addReader(m, lock, t);
    return;
  }
  const slot = m.layout.locks[lock]!.writer[t]!;
  assert(slot !== -1 && m.frame[slot] === 0, 'a writer takes a lock that it has not');
  m.frame[slot] = 1;
}

function addReader(m: Machine, lock: LockIdx, t: ThreadIdx): void {
  const slot = m.layout.locks[lock]!.readers[t]!;
  assert(slot !== -1, 'a reader has a slot');
  if (m.frame[slot] === MAX_READ_DEPTH) overflow(m, { kind: 'nesting', limit: MAX_READ_DEPTH });
  m.frame[slot]!++;
}

/** `mode` must be held. */
export function drop(m: Machine, lock: LockIdx, t: ThreadIdx, mode: Mode): void {
  const slots = m.layout.locks[lock]!;
  if (mode === 'write') {
    const own = slots.writer[t]!;
    assert(own !== -1 && m.frame[own] === 1, 'only the writer drops it');
    m.frame[own] = 0;
    return;
  }
  const slot = slots.readers[t]!;
  assert(slot !== -1 && m.frame[slot]! > 0, 'only a reader drops it');
  m.frame[slot]!--;
}

export function downgrade(m: Machine, lock: LockIdx, t: ThreadIdx): void {
  drop(m, lock, t, 'write');
  addReader(m, lock, t);
}

export function joinQueue(m: Machine, lock: LockIdx, t: ThreadIdx): void {
  const { wait } = m.layout.locks[lock]!;
  let place = 1;
  if (kindOf(m, lock) === 'rwsem') {
    for (let u = 0; u < wait.length; u++) if (placeOf(m, lock, u) !== 0) place++;
  }
  assert(wait[t] !== -1, 'who waits has a place');
  m.frame[wait[t]!] = place;
}

export function leaveQueue(m: Machine, lock: LockIdx, t: ThreadIdx): void {
  const { wait } = m.layout.locks[lock]!;
  const own = placeOf(m, lock, t);
  if (kindOf(m, lock) === 'rwsem') {
    for (let u = 0; u < wait.length; u++) if (placeOf(m, lock, u) > own) m.frame[wait[u]!]!--;
  }
  m.frame[wait[t]!] = 0;
}

/** The lock whose queue the thread has joined, or null. */
export function waitsFor(m: Machine, t: ThreadIdx): LockIdx | null {
  for (const lock of m.layout.waitable[t]!) if (placeOf(m, lock, t) !== 0) return lock;
  return null;
}

export function* heldLocks(m: Machine, t: ThreadIdx): Generator<[LockIdx, Mode]> {
  for (const lock of m.layout.holdable[t]!) {
    const mode = heldBy(m, lock, t);
    if (mode !== null) yield [lock, mode];
  }
}

/**
 * A cycle of threads that wait for each other's locks or grace periods, through `start`, as short
 * as any: each waits for the next, the last for the first. null where there is none.
 */
export function waitCycle(m: Machine, start: ThreadIdx): ThreadIdx[] | null {
  const cameFrom = new Map<ThreadIdx, ThreadIdx>();
  let frontier = [start];
  while (frontier.length > 0) {
    const next: ThreadIdx[] = [];
    for (const t of frontier) {
      const mask = waitedFor(m, t);
      for (let u = 0; u < m.program.threads.length; u++) {
        if ((mask & (1 << u)) === 0) continue;
        if (u === start) return pathTo(cameFrom, start, t);
        if (cameFrom.has(u)) continue;
        cameFrom.set(u, t);
        next.push(u);
      }
    }
    frontier = next;
  }
  return null;
}

function pathTo(from: Map<ThreadIdx, ThreadIdx>, start: ThreadIdx, end: ThreadIdx): ThreadIdx[] {
  const path = [end];
  for (let t = end; t !== start;) {
    const before = from.get(t);
    assert(before !== undefined, 'a path leads back to its start');
    path.unshift(before);
    t = before;
  }
  return path;
}

/** Bit mask of the threads it waits for: the holders and those ahead, or the readers. */
export function waitedFor(m: Machine, t: ThreadIdx): number {
  const lock = waitsFor(m, t);
  if (lock !== null) return blockers(m, lock, t, wantedMode(m, t));
  return maskOf(m, m.layout.threads[t]!.grace);
}

/** Bit mask of the threads whose slot is not 0. */
export function maskOf(m: Machine, slots: readonly number[]): number {
  let mask = 0;
  for (let t = 0; t < slots.length; t++) {
    if (slots[t] !== -1 && m.frame[slots[t]!] !== 0) mask |= 1 << t;
  }
  return mask;
}
