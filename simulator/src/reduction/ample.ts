// Static partial-order reduction that understands locks (Kurshan, Levin, Minea, Peled, Yenigun
// 1998): in which states one thread's step alone may stand for all. Worked out before the search.
import { locksOf } from '../layout.ts';
import type { LockIdx, Pc, Program, ThreadIdx } from '../program.ts';
import { conflicts, queuesThatMatter, type Actor } from './dependence.ts';
import { effectsOf, type StepEffects } from './effects.ts';
import { freshOf } from './fresh.ts';
import { holdingsAt, NOT_HELD, READ, type HeldTable } from './held.ts';
import { plentyOf } from './plenty.ts';
import { stickyRests } from './proviso.ts';
import { stepKeys, type KeyOf } from './step-keys.ts';
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
  readonly threads: readonly ThreadSteps[];
  /** As in `queuesThatMatter`. */
  readonly queues: readonly boolean[];
  /** Rows of one thread known already, by what they follow from. */
  readonly known: Map<string, Int32Array>;
}

interface ThreadSteps {
  readonly steps: readonly StepEffects[];
  /** By rest: the rests that can follow, and those that can come before. */
  readonly next: readonly (readonly number[])[];
  readonly before: readonly (readonly number[])[];
  /** By rest: of an acquire, the locks it can mean. */
  readonly acquires: readonly (Acquired | null)[];
  /** By rest: equal where steps touch the same. */
  readonly keys: readonly string[];
  /** Equal for threads whose steps touch the same and lead the same ways. */
  readonly shape: string;
}
type Mode = 'read' | 'write';
interface Acquired {
  readonly locks: readonly LockIdx[];
  readonly mode: Mode;
}

export function ampleTable(program: Program, held: HeldTable): AmpleTable {
  const fresh = freshOf(program);
  const plenty = plentyOf(program);
  const effects = program.threads.map((_, thread) =>
    effectsOf({ program, held, fresh, plenty, thread }));
  const keyOf = stepKeys(program, effects);
  const analysis: Analysis = {
    program, held, known: new Map(), queues: queuesThatMatter(program, effects.flat()),
    threads: effects.map((steps, t) => threadSteps(program, steps, { t, keyOf })),
  };
  const watched = watchedBy(program);
  const rows = analysis.threads.map(({ steps, next }, t) => {
    const invisible = steps.map((step) => !isVisible(program, watched, wholeStep(t, step)));
    const offered = steps.map((_, rest) => (invisible[rest] === true ? rowOf(analysis, t, rest)
      : null));
    const sticky = stickyRests(next, invisible, (rest) => nBars(offered[rest] ?? []));
    return offered.map((row, rest) => (sticky.has(rest) ? null : row));
  });
  return { rows, effects };
}

function threadSteps(
  program: Program, steps: readonly StepEffects[], of: { t: ThreadIdx; keyOf: KeyOf },
): ThreadSteps {
  const restOf = new Map(steps.map(({ pc }, rest) => [pc, rest]));
  const next = steps.map((step) => step.next.flatMap((pc) => restOf.get(pc) ?? []));
  const acquires = steps.map(({ pc }) => {
    const instr = program.threads[of.t]!.code[pc]!;
    return instr.op !== 'acquire' ? null
      : { locks: locksOf(program, instr.lock), mode: instr.mode };
  });
  const keys = steps.map((step) => of.keyOf(of.t, step));
  const shape = keys.map((key, at) => {
    const acquired = acquires[at];
    const barred = acquired ? `${acquired.mode} ${acquired.locks.join(',')}` : '';
    return `${key}>${next[at]!.join(',')} ${barred}`;
  }).join('\n');
  return { steps, next, before: reversed(next), acquires, keys, shape };
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

/** Places at which others must not stand. */
function nBars(row: readonly Int32Array[]): number {
  let n = 0;
  for (const words of row) {
    for (const word of words) for (let rest = word; rest !== 0; rest &= rest - 1) n++;
  }
  return n;
}

/** By thread: where it must not stand; worked out once for threads and steps that are alike. */
function rowOf(analysis: Analysis, t: ThreadIdx, rest: number): readonly Int32Array[] {
  const { threads, known } = analysis;
  const { steps, keys } = threads[t]!;
  const must = mustHold(analysis, t, steps[rest]!.pc);
  const kind = `${keys[rest]!}|${[...must].join(';')}|`;
  return threads.map(({ shape, steps: others }, u) => {
    if (u === t) return new Int32Array((others.length + 2 + 31) >>> 5);
    const key = kind + shape;
    const first = wholeStep(t, steps[rest]!);
    const words = known.get(key) ?? barsOf(analysis, { first, must }, u);
    known.set(key, words);
    return words;
  });
}

/** The places from which u could come to a step that `first` cannot be swapped with. */
function barsOf(
  { threads, queues }: Analysis, by: { first: Actor; must: MustHold }, u: ThreadIdx,
): Int32Array {
  const { steps, before, acquires } = threads[u]!;
  const words = new Int32Array((steps.length + 2 + 31) >>> 5);
  const stops = acquires.map((acquired) => acquired !== null && isBarred(acquired, by.must));
  const pending: number[] = [];
  const mark = (at: number): void => {
    if (((words[at >>> 5]! >>> (at & 31)) & 1) !== 0) return;
    words[at >>> 5]! |= 1 << (at & 31);
    pending.push(at);
  };
  steps.forEach((other, at) => {
    const effects = stops[at] === true && other.joining !== null ? other.joining : other;
    if (conflicts(by.first, { thread: u, step: other, effects }, queues)) mark(at);
  });
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const from of before[at]!) if (stops[from] !== true) mark(from);
  }
  return words;
}

function reversed(next: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const before: number[][] = next.map(() => []);
  next.forEach((tos, from) => { for (const to of tos) before[to]!.push(from); });
  return before;
}

type MustHold = ReadonlyMap<LockIdx, Mode>;

/** The locks that the thread holds whenever it stands there; `write`: always so. */
function mustHold({ held }: Analysis, t: ThreadIdx, pc: Pc): MustHold {
  const found = new Map<LockIdx, Mode>();
  for (let lock = 0; lock < held.nLocks; lock++) {
    const bits = holdingsAt(held, { t, pc, lock });
    if (bits === 0 || (bits & NOT_HELD) !== 0) continue;
    found.set(lock, (bits & READ) !== 0 ? 'read' : 'write');
  }
  return found;
}

/** Whether the acquire cannot be got past while those locks are held by another thread. */
function isBarred({ locks, mode }: Acquired, must: MustHold): boolean {
  return must.size > 0 && locks.length > 0 && locks.every((lock) => {
    const held = must.get(lock);
    return held === 'write' || (held === 'read' && mode === 'write');
  });
}
