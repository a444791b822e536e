// A violation in one sentence, in the kernel's words. The names of threads, locks and places are
// those of the run that shows it.
import { unreachable } from '../text/unreachable.ts';
import type { Program, SiteId, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Snapshot, Violation } from '../../../simulator/src/verdict.ts';
import type { Lowered } from './lowered.ts';
import { touchesAt } from './accesses.ts';
import type { Touch } from './accesses.ts';
import { deadlockMessage } from './deadlock-message.ts';
import { lockSentence } from './lock-sentences.ts';
import type { LockCode } from './lock-sentences.ts';
import { rangeMessage } from './range-message.ts';
import { evaluate } from './evaluate.ts';
import { envOf, guardHolds, placeName, printGuard, stateOf } from './run-state.ts';
import type { Case } from './run-state.ts';
import { heldLocks, holding, threadName } from './state-rows.ts';
import { siteOf } from './trace.ts';

export function messageOf(lowered: Lowered, violation: Violation): string {
  const { thread } = violation;
  const who = thread === null ? '' : threadName(lowered.program, thread);
  const told: Case = { lowered, violation, state: stateOf(violation), who };
  const subject = violation.subject ?? '';
  switch (violation.code) {
    case 'data_race': return raceMessage(told);
    case 'deadlock': return deadlockMessage(told);
    case 'guard': return guardMessage(told);
    case 'range': return rangeMessage(told);
    case 'lock_not_held':
    case 'lock_held_at_exit':
    case 'sleep_in_atomic':
    case 'lock_order': return lockMessage(told, violation.code);
    case 'use_after_free': return `${who} uses an object of \`${subject}\` that has been freed`;
    case 'double_free': return `${who} frees an object of \`${subject}\` a second time`;
    case 'null_ref':
      return `${who === '' ? 'the property' : who} uses a null ref to \`${subject}\``;
    case 'pool_exhausted':
      return `${who} allocates one \`${subject}\` more than the struct declares`;
    case 'assert': return assertMessage(told);
    case 'forbidden_outcome':
      return `${who} ends with \`${subject}\`, which is declared \`never\``;
    case 'missing_outcome': return `${who} ends without an outcome`;
    case 'invariant':
    case 'final':
    case 'eventually':
    case 'reachable': return propertyMessage(told, violation.code);
    default: return unreachable(violation.code);
  }
}

function raceMessage({ lowered, violation, state, who }: Case): string {
  const { program } = lowered;
  const other = violation.others[0];
  const { thread } = violation;
  if (other === undefined || thread === null) return `data race on \`${violation.subject ?? ''}\``;
  const touches = touchesAt(program, thread, violation.site);
  const env = state === null ? null : envOf(program, state, thread);
  const touch = touches[0];
  const name = touch === undefined
    ? violation.subject ?? '' : placeName(lowered, touch.access, env);
  const otherName = threadName(program, other.thread);
  const otherWrites = other.access === 'write';
  const verb = writes(touches, otherWrites) ? 'written' : 'read';
  const apart = keptApart(program, state, [thread, other.thread]);
  return `\`${name}\` is ${verb} here by ${who} while ${otherName} `
    + `${otherWrites ? 'writes' : 'reads'} it: ${apart}`;
}

/** One of the two writes; if the other reads, this one does. */
function writes(touches: readonly Touch[], otherWrites: boolean): boolean {
  return !otherWrites || (touches.length > 0 && touches.every((touch) => touch.write));
}

/** What each of the two holds: no lock of it keeps them apart. */
function keptApart(
  program: Program, state: Snapshot | null, [a, b]: readonly [ThreadIdx, ThreadIdx],
): string {
  if (state === null) return 'no lock keeps them apart';
  const [mine, theirs] = [holding(program, state, a), holding(program, state, b)];
  if (mine !== theirs) {
    return `${threadName(program, a)} ${mine}; ${threadName(program, b)} ${theirs}`;
  }
  return mine === 'holds no lock' ? 'neither holds a lock' : mine.replace(/^holds/, 'both hold');
}

function guardMessage({ lowered, violation, state, who }: Case): string {
  const { program } = lowered;
  const { thread, subject } = violation;
  const touches = thread === null ? [] : touchesAt(program, thread, violation.site);
  const where: Where = { lowered, state, thread };
  const broken = touches.find((touch) => isGuarded(touch, where) === false) ?? touches[0];
  const place = program.places[broken?.access.place ?? -1];
  const write = broken?.write ?? false;
  const guard = write ? place?.writeGuard : place?.readGuard;
  const env = state === null || thread === null ? null : envOf(program, state, thread);
  const name = broken === undefined ? subject ?? '' : placeName(lowered, broken.access, env);
  const needs = guard === undefined || guard === null ? '' : printGuard(program, guard);
  const said = `\`${name}\` is ${write ? 'written' : 'read'} without \`${needs}\``;
  if (broken === undefined || state === null || thread === null) return said;
  // The state is the one before the step: who had it there gave it up in the step's body.
  if (isGuarded(broken, where) === true) return `${said}: ${who} gives it up earlier in the step`;
  return `${said}: ${who} ${holding(program, state, thread)}`;
}

interface Where {
  readonly lowered: Lowered;
  readonly state: Snapshot | null;
  readonly thread: ThreadIdx | null;
}

/** Whether the guard was met as the step began; null where it is not known. */
function isGuarded(touch: Touch, { lowered, state, thread }: Where): boolean | null {
  const place = lowered.program.places[touch.access.place];
  const guard = touch.write ? place?.writeGuard : place?.readGuard;
  if (guard === undefined || guard === null || state === null || thread === null) return null;
  const outer = envOf(lowered.program, state, thread);
  const { ref, index } = touch.access;
  const env = envOf(lowered.program, state, thread, {
    ref: ref === null ? null : evaluate(ref, outer),
    index: index === null ? null : evaluate(index, outer),
  });
  return guardHolds(guard, env, (state.threads[thread]?.rcuDepth ?? 0) > 0);
}

function lockMessage({ lowered, violation, state, who }: Case, code: LockCode): string {
  const { program } = lowered;
  const { thread, step, statement = step, subject } = violation;
  const instrs = program.threads[thread ?? -1]?.code
    .filter((it) => it.site === statement) ?? [];
  // In the body of a step: what was held before the whole of it may have changed by then.
  const inBody = instrs.some((it) => !it.rest);
  return lockSentence(program, {
    code, who, instr: instrs[0] ?? null, subject: subject ?? '',
    step: siteOf(lowered, statement).text,
    held: state === null || thread === null || inBody ? null : heldLocks(state, thread),
  });
}

function assertMessage({ lowered, violation, who }: Case): string {
  const { step, statement = step, subject } = violation;
  const text = subject ?? siteText(lowered, statement);
  return `assertion fails in ${who}: ${text}`;
}

function siteText(lowered: Lowered, site: SiteId): string {
  return siteOf(lowered, site).text.replace(/^assert\s+/, '');
}

function propertyMessage(
  { violation, who }: Case, code: 'invariant' | 'final' | 'eventually' | 'reachable',
): string {
  const name = violation.subject ?? '';
  const steps = violation.trace?.steps.length ?? 0;
  switch (code) {
    case 'invariant':
      return who === ''
        ? `invariant \`${name}\` is false from the start`
        : `${who} breaks invariant \`${name}\` here`;
    case 'final': return `\`${name}\` is false when all threads are done`;
    case 'eventually': {
      const loop = violation.trace?.loop ?? null;
      const how = loop !== null && loop < steps ? 'goes on for ever' : 'ends';
      return `\`${name}\` need not become true: a fair run ${how} without it`;
    }
    case 'reachable': return `\`${name}\` is true in no reachable state`;
    default: return unreachable(code);
  }
}
