// What a message needs to know of the state a violation happens in: values, places, guards.
import type {
  Access, CellIdx, Guard, LockIdx, Program, ThreadIdx,
} from '../../../simulator/src/program.ts';
import type { Snapshot, Violation } from '../../../simulator/src/verdict.ts';
import { unreachable } from '../text/unreachable.ts';
import type { Lowered } from './lowered.ts';
import { evaluate, lockOf } from './evaluate.ts';
import type { Env } from './evaluate.ts';
import { heldLocks } from './state-rows.ts';

/** What every sentence is made from. */
export interface Case {
  readonly lowered: Lowered;
  readonly violation: Violation;
  /** The state it happens in; null without a run. */
  readonly state: Snapshot | null;
  /** The thread whose step it is, by name; '' for a property. */
  readonly who: string;
}

/** Of codes that are found while a step is taken: the run's last step is that step. */
const IN_STEP: ReadonlySet<string> = new Set([
  'lock_not_held', 'guard', 'use_after_free', 'double_free', 'null_ref', 'range',
  'pool_exhausted', 'assert', 'forbidden_outcome', 'missing_outcome',
]);

/** The state before the step that violates, or that violates itself; null without a run. */
export function stateOf(violation: Violation): Snapshot | null {
  const { trace } = violation;
  if (trace === null) return null;
  const steps = trace.steps;
  const last = steps.at(-1);
  if (last === undefined) return trace.initial;
  const taken = IN_STEP.has(violation.code) && last.thread === violation.thread;
  if (!taken) return last.after;
  return steps.at(-2)?.after ?? trace.initial;
}

export function envOf(
  program: Program, state: Snapshot, thread: ThreadIdx, self: Env['self'] = NO_SELF,
): Env {
  const env: Env = {
    self,
    local: (cell) => state.cells[cell] ?? null,
    reg: () => null,
    load: (access) => {
      const cell = cellOf(program, access, env);
      return cell === null ? null : state.cells[cell] ?? null;
    },
    holds: (lock, mode) => {
      const found = lockOf(lock, env);
      return found === null ? null : Number(holds(state, thread, found, mode));
    },
  };
  return env;
}

const NO_SELF: Env['self'] = { ref: null, index: null };

export function holds(
  state: Snapshot, thread: ThreadIdx, lock: LockIdx, mode: 'read' | 'write' | null,
): boolean {
  return heldLocks(state, thread)
    .some((it) => it.lock === lock && (mode === null || it.mode === mode));
}

/** null where it is not known, or no such cell exists. */
export function cellOf(program: Program, access: Access, env: Env): CellIdx | null {
  const place = program.places[access.place];
  if (place === undefined) return null;
  const ref = access.ref === null ? 1 : evaluate(access.ref, env);
  const index = access.index === null ? 0 : evaluate(access.index, env);
  if (ref === null || index === null || ref < 1 || index < 0) return null;
  const offset = ref - 1 + index;
  return offset < place.count ? place.base + offset : null;
}

/** `pte[1]` where the state says which, else `pte`. */
export function placeName(lowered: Lowered, access: Access, env: Env | null): string {
  const cell = env === null ? null : cellOf(lowered.program, access, env);
  const name = cell === null ? undefined : lowered.cells[cell]?.name;
  return name ?? lowered.program.places[access.place]?.name ?? 'this';
}

/** As the language writes it: `read mmap_lock || read vma.vm_lock`. */
export function printGuard(program: Program, guard: Guard): string {
  if (guard.kind === 'rcu') return 'rcu';
  if (guard.kind === 'lock') {
    const cls = program.classes[program.locks[guard.lock.base]?.cls ?? -1];
    const { index } = guard.lock;
    const element = index?.kind === 'const' ? `[${index.value}]` : '';
    const name = `${cls?.name ?? 'a lock'}${element}`;
    const modes = cls?.kind === 'rwsem' || cls?.kind === 'rwlock';
    return modes ? `${guard.write ? 'write' : 'read'} ${name}` : name;
  }
  const side = (part: Guard): string => {
    const text = printGuard(program, part);
    return guard.kind === 'and' && part.kind === 'or' ? `(${text})` : text;
  };
  const op = guard.kind === 'and' ? '&&' : '||';
  return `${side(guard.left)} ${op} ${side(guard.right)}`;
}

/** Whether the thread may make this access; null where the state does not tell. */
export function guardHolds(
  guard: Guard, env: Env, insideRcu: boolean | null,
): boolean | null {
  switch (guard.kind) {
    case 'rcu': return insideRcu;
    case 'lock': {
      const held = env.holds(guard.lock, guard.write ? 'write' : null);
      return held === null ? null : held !== 0;
    }
    case 'and':
    case 'or': {
      const left = guardHolds(guard.left, env, insideRcu);
      const right = guardHolds(guard.right, env, insideRcu);
      const decides = guard.kind === 'or';
      if (left === decides || right === decides) return decides;
      return left === null || right === null ? null : !decides;
    }
    default: return unreachable(guard);
  }
}
