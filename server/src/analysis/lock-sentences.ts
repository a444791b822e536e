// What a thread does wrong with its locks, in one sentence: the same words whether the walk of the
// thread alone found it or a run of a scenario.
import { unreachable } from '../text/unreachable.ts';
import type { Instr, Program } from '../../../simulator/src/program.ts';
import type { Held } from '../../../simulator/src/verdict.ts';
import { lockInMode } from './state-rows.ts';

export type LockCode = 'lock_not_held' | 'lock_held_at_exit' | 'sleep_in_atomic' | 'lock_order';

export interface Wrong {
  readonly code: LockCode;
  /** The lock's class, or `rcu`. */
  readonly subject: string;
  readonly who: string;
  readonly instr: Instr | null;
  /** The step as it stands in the text. */
  readonly step: string;
  /** What the thread holds then; null where that is not known. */
  readonly held: readonly Held[] | null;
}

export function lockSentence(program: Program, wrong: Wrong): string {
  const { code, subject, who, held } = wrong;
  const rcu = subject === 'rcu';
  switch (code) {
    case 'lock_not_held': return notHeld(program, wrong);
    case 'lock_held_at_exit':
      return rcu ? `${who} ends inside rcu_read_lock` : `${who} ends while it holds \`${subject}\``;
    case 'sleep_in_atomic': {
      const why = rcu
        ? `${who} is inside rcu_read_lock` : `${who} holds the spinning \`${subject}\``;
      return `\`${wrong.step}\` may sleep, but ${why}`;
    }
    case 'lock_order': {
      const inner = (held ?? []).filter((it) => isAgainst(program, subject, it));
      const names = inner.map((it) => `\`${classOf(program, it)}\``);
      const under = names.length === 0
        ? '' : ` while ${who} holds ${[...new Set(names)].join(', ')}`;
      return `\`${subject}\` is taken${under}, against the declared order`;
    }
    default: return unreachable(code);
  }
}

function notHeld(program: Program, { subject, who, instr, held }: Wrong): string {
  const holds = held === null ? '' : ` (${who} ${holdingText(program, held)})`;
  if (subject === 'rcu') return `${who} leaves rcu_read_lock but is not inside it`;
  if (instr?.op === 'downgrade') {
    return `${who} downgrades \`${subject}\` but does not hold it for writing${holds}`;
  }
  const how = instr?.op === 'release' && instr.mode !== null && hasModes(program, subject)
    ? ` for ${instr.mode === 'read' ? 'reading' : 'writing'}` : '';
  return `${who} releases \`${subject}\` but does not hold it${how}${holds}`;
}

function isAgainst(program: Program, outer: string, held: Held): boolean {
  const inner = program.locks[held.lock]?.cls;
  return program.orders.some((order) =>
    order.inner === inner && program.classes[order.outer]?.name === outer);
}

function classOf(program: Program, held: Held): string {
  return program.classes[program.locks[held.lock]?.cls ?? -1]?.name ?? '';
}

function hasModes(program: Program, cls: string): boolean {
  const kind = program.classes.find((it) => it.name === cls)?.kind;
  return kind === 'rwsem' || kind === 'rwlock';
}

/** `holds mmap_sem for reading, ptl`, `holds no lock`. */
export function holdingText(program: Program, held: readonly Held[]): string {
  if (held.length === 0) return 'holds no lock';
  return `holds ${held.map((it) => lockInMode(program, it.lock, it.mode)).join(', ')}`;
}
