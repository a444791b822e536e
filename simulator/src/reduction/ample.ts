// Static partial-order reduction that understands locks (Kurshan, Levin, Minea, Peled, Yenigun
// 1998): in which states one thread's step alone may stand for all. Worked out before the search.
import type { LockIdx, Pc, Program, ThreadIdx } from '../program.ts';
import { conflicts, lockNatures, type Actor, type LockNature } from './dependence.ts';
import { effectsOf, type StepEffects } from './effects.ts';
import { holdingsAt, NOT_HELD, READ, type HeldTable } from './held.ts';
import { locksOf } from '../layout.ts';
import { stickyRests } from './proviso.ts';
import { isVisible, watchedBy, wholeStep } from './visible.ts';

/**
 * `rows[t][rest][u]`, where thread t's step from its resting place is a candidate: the resting
 * places of thread u (as indices into `Layout.rests[u]`, `done` and `diverged` behind; 32 to a
 * word) from which u, with t standing still, could come to a step that t's cannot be swapped with.
 * Where no other thread stands at such a place, and t's step neither waits nor ends the run, t's
 * successors are all that need be looked at.
 */
export interface AmpleTable {
  readonly rows: readonly (readonly (readonly Int32Array[] | null)[])[];
  /** What each step touches, by thread and resting place. */
  readonly effects: readonly (readonly StepEffects[])[];
}

/** One program's analysis under way. */
interface Analysis {
  readonly program: Program;
  readonly held: HeldTable;
  readonly effects: readonly (readonly StepEffects[])[];
  /** By thread, by rest: the rests that can follow. */
  readonly next: readonly (readonly (readonly number[])[])[];
  readonly natures: readonly LockNature[];
}

export function ampleTable(program: Program, held: HeldTable): AmpleTable {
  const effects = program.threads.map((_, thread) => effectsOf({ program, held, thread }));
  const next = effects.map((steps) => {
    const restOf = new Map(steps.map(({ pc }, rest) => [pc, rest]));
    return steps.map((step) => step.next.flatMap((pc) => restOf.get(pc) ?? []));
  });
  const natures = lockNatures(program, effects.flat());
  const analysis: Analysis = { program, held, effects, next, natures };
  const watched = watchedBy(program);
  const rows = effects.map((steps, t) => {
    const invisible = steps.map((step) => !isVisible(program, watched, wholeStep(t, step)));
    const sticky = stickyRests(next[t]!, invisible, (rest) => steps[rest]!.mayBlock);
    return steps.map((_, rest) =>
      (invisible[rest] === true && !sticky.has(rest) ? rowOf(analysis, t, rest) : null));
  });
  return { rows, effects };
}

/** Whether thread t's step, if it is a candidate, stands for all where the others rest so. */
export function isAmple(
  table: AmpleTable, t: ThreadIdx, rests: ArrayLike<number>,
): boolean {
  const row = table.rows[t]![rests[t]!];
  if (row === undefined || row === null) return false;
  for (let u = 0; u < row.length; u++) {
    const rest = rests[u]!;
    if (((row[u]![rest >>> 5]! >>> (rest & 31)) & 1) !== 0) return false;
  }
  return true;
}

function rowOf(analysis: Analysis, t: ThreadIdx, rest: number): readonly Int32Array[] {
  const step = analysis.effects[t]![rest]!;
  const must = mustHold(analysis, t, step.pc);
  const first = wholeStep(t, step);
  return analysis.effects.map((steps, u) => {
    const words = new Int32Array((steps.length + 2 + 31) >>> 5);
    if (u === t) return words;
    const stops = steps.map((_, at) => isBarred(analysis, { t, must }, { u, at }));
    const pending: number[] = [];
    const mark = (at: number): void => {
      if (((words[at >>> 5]! >>> (at & 31)) & 1) !== 0) return;
      words[at >>> 5]! |= 1 << (at & 31);
      pending.push(at);
    };
    steps.forEach((other, at) => {
      const effects = stops[at] === true && other.joining !== null ? other.joining : other;
      const actor: Actor = { thread: u, step: other, effects };
      if (conflicts(first, actor, analysis.natures)) mark(at);
    });
    const before = reversed(analysis.next[u]!);
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const from of before[at]!) if (stops[from] !== true) mark(from);
    }
    return words;
  });
}

function reversed(next: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const before: number[][] = next.map(() => []);
  next.forEach((tos, from) => { for (const to of tos) before[to]!.push(from); });
  return before;
}

type MustHold = ReadonlyMap<LockIdx, 'read' | 'any'>;

/** The locks that the thread holds whenever it stands there; `read`: for certain only so. */
function mustHold({ held }: Analysis, t: ThreadIdx, pc: Pc): MustHold {
  const found = new Map<LockIdx, 'read' | 'any'>();
  for (let lock = 0; lock < held.nLocks; lock++) {
    const bits = holdingsAt(held, { t, pc, lock });
    if (bits === 0 || (bits & NOT_HELD) !== 0) continue;
    found.set(lock, (bits & READ) !== 0 ? 'read' : 'any');
  }
  return found;
}

/** Whether u cannot get past its acquire while t keeps what it holds. */
function isBarred(
  { program, effects }: Analysis, by: { t: ThreadIdx; must: MustHold },
  { u, at }: { u: ThreadIdx; at: number },
): boolean {
  const instr = program.threads[u]!.code[effects[u]![at]!.pc]!;
  if (instr.op !== 'acquire' || by.must.size === 0) return false;
  const locks = locksOf(program, instr.lock);
  return locks.length > 0 && locks.every((lock) => {
    const held = by.must.get(lock);
    return held === 'any' || (held === 'read' && instr.mode === 'write');
  });
}
