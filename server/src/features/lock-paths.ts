// Why a lock is held at a place on some paths only: the lines by which the thread gets there with
// it, and those by which without. From the moves that a survey saw, so each was really made.
import type { LockRef, Instr, Pc, LockIdx } from '../../../simulator/src/program.ts';
import type { KnownRest, Standing } from './exploration.ts';

/** Sites of the last steps at which it is decided; both are there. */
export interface Difference {
  readonly by: readonly number[];
  readonly notBy: readonly number[];
}

type Before = 'always' | 'never' | 'sometimes';

/** null where no survey saw it, or the steps alone do not tell. */
export function differenceAt(
  { exploration, thread, rest }: Standing, lock: LockIdx,
): Difference | null {
  const code = exploration.lowered.program.threads[thread]?.code ?? [];
  const byPc = new Map((exploration.rests[thread] ?? []).map((each) => [each.pc, each]));
  const [by, notBy] = [new Set<number>(), new Set<number>()];
  const seen = new Set<Pc>([rest.pc]);
  const todo: KnownRest[] = [rest];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at.from == null) return null;
    for (const pc of at.from) {
      const before = byPc.get(pc);
      const instr = code[pc];
      if (before === undefined || instr === undefined) return null; // Held at the start by none.
      const effect = effectOn(instr, lock) === 'tries'
        ? triedBefore(byPc, pc, lock) : effectOn(instr, lock);
      const was = heldAt(before, lock);
      if (effect === null && was === 'sometimes') {
        if (!seen.has(pc)) todo.push(before);
        seen.add(pc);
      } else if (effect === 'maybe') return null;
      else if (effect === 'takes' || (effect === null && was === 'always')) by.add(before.site);
      else notBy.add(before.site);
    }
  }
  const mixed = [...by].some((site) => notBy.has(site));
  return mixed || by.size === 0 || notBy.size === 0 ? null : { by: [...by], notBy: [...notBy] };
}

function heldAt({ always, sometimes }: KnownRest, lock: LockIdx): Before {
  if (always.some((held) => held.lock === lock)) return 'always';
  return sometimes.some((held) => held.lock === lock) ? 'sometimes' : 'never';
}

type Effect = 'takes' | 'drops' | 'maybe' | null;

/** What the step does to the lock; `maybe`: that depends. */
function effectOn(instr: Instr, lock: LockIdx): Effect | 'tries' {
  switch (instr.op) {
    case 'acquire': return effectIf(instr.lock, lock, 'takes');
    case 'release': return effectIf(instr.lock, lock, 'drops');
    case 'try': return effectIf(instr.lock, lock, 'tries');
    default: // A downgrade keeps it; the others have nothing to do with locks.
      return null;
  }
}

function effectIf<E>(named: LockRef, lock: LockIdx, effect: E): E | 'maybe' | null {
  if (!mayBe(named, lock)) return null;
  const { ref, index } = named;
  return ref === null && (index === null || index.kind === 'const') ? effect : 'maybe';
}

/** Where it goes with the lock is elsewhere: so here it comes without. */
function triedBefore(byPc: ReadonlyMap<Pc, KnownRest>, tried: Pc, lock: LockIdx): Effect {
  const after = [...byPc.values()].filter(({ from }) => from?.includes(tried) === true);
  return after.some((each) => heldAt(each, lock) === 'always') ? 'drops' : 'maybe';
}

function mayBe({ base, ref, index, count }: LockRef, lock: LockIdx): boolean {
  if (ref === null && index === null) return lock === base;
  if (ref === null && index?.kind === 'const') return lock === base + index.value;
  return lock >= base && (ref !== null || lock < base + count);
}
