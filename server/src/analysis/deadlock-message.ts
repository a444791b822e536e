// `deadlock` in words: who holds what and waits for what, round the cycle; or why a thread that is
// merely stuck can never go on.
import type { Instr, LockIdx, Program, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Snapshot } from '../../../simulator/src/verdict.ts';
import type { Case } from './run-state.ts';
import { heldLocks, lockInMode, threadName } from './state-rows.ts';
import { siteOf } from './trace.ts';

interface Waiting {
  readonly lock: LockIdx;
  readonly mode: 'read' | 'write';
}

export function deadlockMessage(told: Case): string {
  const { violation, state } = told;
  const { thread } = violation;
  if (state === null || thread === null) return `deadlock on \`${violation.subject ?? ''}\``;
  const circle = [thread, ...violation.others.map((other) => other.thread)];
  return violation.cycle === true && circle.length > 1
    ? cycleMessage(told, state, circle) : stuckMessage(told, state, thread);
}

/** Waiting for itself, or for something that no longer comes. */
function stuckMessage(
  { violation, who, lowered }: Case, state: Snapshot, thread: ThreadIdx,
): string {
  const { program } = lowered;
  const waits = waitingFor(state, thread);
  if (waits !== null) {
    const held = heldLocks(state, thread).find((it) => it.lock === waits.lock);
    if (held !== undefined) return ownLock(program, who, { held, waits });
    const wanted = lockInMode(program, waits.lock, waits.mode);
    return `${who} waits for ${wanted} for ever: ${holders(program, state, waits.lock)}`;
  }
  const instr = instrAt(program, state, thread);
  const step = siteOf(lowered, violation.step).text;
  if (instr?.op === 'synchronize_rcu') {
    const own = (state.threads[thread]?.rcuDepth ?? 0) > 0;
    if (own) return `${who} waits in \`${step}\` for itself: it is inside rcu_read_lock`;
    const readers = program.threads.filter((_, t) => (state.threads[t]?.rcuDepth ?? 0) > 0)
      .map((it) => it.name);
    const never = `never leave${readers.length === 1 ? 's' : ''} rcu_read_lock`;
    return `${who} waits in \`${step}\` for ever: ${readers.join(' and ')} ${never}`;
  }
  if (instr?.op === 'await') {
    return `${who} can never go on: nothing that can still happen makes \`${step}\` true`;
  }
  return `${who} can never go on from \`${step}\``;
}

function ownLock(
  program: Program, who: string, { held, waits }: { held: Waiting; waits: Waiting },
): string {
  const wanted = lockInMode(program, waits.lock, waits.mode);
  const name = program.locks[waits.lock]?.name ?? '';
  if (lockInMode(program, waits.lock, held.mode) === name) {
    return `${who} waits for ${wanted}, which it holds itself`;
  }
  const how = held.mode === 'read' ? 'reading' : 'writing';
  return `${who} waits for ${wanted}, which it holds for ${how} itself`;
}

/** `munmap holds A for writing and waits for B; fault holds B and waits for A for reading`. */
function cycleMessage(
  { lowered }: Case, state: Snapshot, threads: readonly ThreadIdx[],
): string {
  const { program } = lowered;
  const locks = new Set(threads.flatMap((thread) => waitingFor(state, thread)?.lock ?? []));
  const parts = threads.map((thread, i) => {
    const held = heldLocks(state, thread).filter((it) => locks.has(it.lock))
      .map((it) => lockInMode(program, it.lock, it.mode));
    if ((state.threads[thread]?.rcuDepth ?? 0) > 0) held.push('rcu_read_lock');
    const holding = held.length === 0 ? '' : `holds ${held.join(', ')} and `;
    const waits = waitingFor(state, thread);
    const next = threads[(i + 1) % threads.length] ?? thread;
    const wanted = waits === null
      ? 'the readers of rcu_read_lock'
      : `${lockInMode(program, waits.lock, waits.mode)}${behind(program, state, waits, next)}`;
    return `${threadName(program, thread)} ${holding}waits for ${wanted}`;
  });
  return parts.join('; ');
}

/** Said where the next in the cycle does not hold the lock but is ahead in its queue. */
function behind(
  program: Program, state: Snapshot, waits: Waiting, next: ThreadIdx,
): string {
  const lock = state.locks[waits.lock];
  if (lock === undefined || lock.writer === next || lock.readers.includes(next)) return '';
  const queued = lock.waiters.some((it) => it.thread === next);
  return queued ? ` behind ${threadName(program, next)}` : '';
}

function holders(program: Program, state: Snapshot, lock: LockIdx): string {
  const it = state.locks[lock];
  const all = it === undefined ? [] : [...(it.writer === null ? [] : [it.writer]), ...it.readers];
  if (all.length === 0) return 'it is never granted';
  const names = [...new Set(all)].map((thread) => threadName(program, thread));
  return `${names.join(' and ')} never release${names.length === 1 ? 's' : ''} it`;
}

function waitingFor(state: Snapshot, thread: ThreadIdx): Waiting | null {
  for (const [lock, it] of state.locks.entries()) {
    const waiter = it.waiters.find((entry) => entry.thread === thread);
    if (waiter !== undefined) return { lock, mode: waiter.mode };
  }
  return null;
}

function instrAt(program: Program, state: Snapshot, thread: ThreadIdx): Instr | null {
  return program.threads[thread]?.code[state.threads[thread]?.pc ?? -1] ?? null;
}
