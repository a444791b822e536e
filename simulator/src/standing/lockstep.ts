// Two instructions in the same place of two programs, taken one after the other on the same state:
// whether they do the same.
import { CUT, type AccessLog, type Machine } from '../machine.ts';
import type { Op } from '../ops.ts';
import { isSame } from '../same.ts';

/** What two programs, taken in lockstep, did. */
export interface Lockstep {
  /** Not the same, in some state. */
  apart: boolean;
}

/**
 * Takes `before`, then `after` from the same state. Once they did not do the same, nothing that
 * follows means anything: the step is left. They make no choices and take no locks: all that they
 * can do is to change values, to note accesses and violations, and to end the run.
 */
export function inLockstep(
  { before, after }: { before: Op; after: Op }, { frame, regs }: Machine, told: Lockstep,
): Op {
  const [start, first] = [frame, frame].map((each) => each.slice());
  const [startRegs, firstRegs] = [regs, regs].map((each) => each.slice());
  const accesses = emptyLog();
  return (m) => {
    const { log } = m;
    const { count } = log;
    const nFound = m.found.length;
    start!.set(m.frame);
    startRegs!.set(m.regs);
    const next = attempt(before, m);
    first!.set(m.frame);
    firstRegs!.set(m.regs);
    copyAccesses(log, count, accesses);
    const found = m.found.splice(nFound);
    m.frame.set(start!);
    m.regs.set(startRegs!);
    log.count = count;
    told.apart ||= attempt(after, m) !== next || m.overflow !== null
      || !areLike(m.frame, first!) || !areLike(m.regs, firstRegs!)
      || !sameAccesses(log, count, accesses) || !isSame(m.found.slice(nFound), found);
    if (told.apart || next === null) throw CUT;
    return next;
  };
}

/** Where it leads; null: nowhere, the run ends. */
function attempt(op: Op, m: Machine): number | null {
  try {
    return op(m);
  } catch (thrown) {
    if (thrown !== CUT) throw thrown;
    m.quiet = false;
    return null;
  }
}

function areLike(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const emptyLog = (): AccessLog =>
  ({ count: 0, cell: [], place: [], write: [], marked: [], site: [], step: [] });

/** Those from number `from` on. */
function copyAccesses(log: AccessLog, from: number, to: AccessLog): void {
  to.count = log.count - from;
  for (let i = 0; i < to.count; i++) {
    to.cell[i] = log.cell[from + i]!;
    to.place[i] = log.place[from + i]!;
    to.write[i] = log.write[from + i]!;
    to.marked[i] = log.marked[from + i]!;
    to.site[i] = log.site[from + i]!;
    to.step[i] = log.step[from + i]!;
  }
}

function sameAccesses(log: AccessLog, from: number, to: AccessLog): boolean {
  if (log.count - from !== to.count) return false;
  for (let i = 0; i < to.count; i++) {
    const at = from + i;
    const are = log.cell[at] === to.cell[i] && log.place[at] === to.place[i]
      && log.write[at] === to.write[i] && log.marked[at] === to.marked[i]
      && log.site[at] === to.site[i] && log.step[at] === to.step[i];
    if (!are) return false;
  }
  return true;
}
