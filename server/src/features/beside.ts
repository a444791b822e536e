// Who can be beside a place and who cannot: the lines of every other thread, and for those where it
// is never seen the lock that keeps it away. Lines from 1; instances of a thread count together.
import type { Location } from '../text/range.ts';
import type { Held } from '../../../simulator/src/verdict.ts';
import type { Pc, Program, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { hasModes, threadName } from '../analysis/state-rows.ts';
import type { Claim } from './claim.ts';
import type { KnownRest, Standing } from './exploration.ts';

export interface Other {
  /** The thread's declaration; several instances count together. */
  readonly thread: string;
  /** Where it can be, by line. */
  readonly can: readonly Line[];
  /** Every line it is known to ever be at, ascending. */
  readonly lines: readonly number[];
  /** It can be at each of them. */
  readonly anywhere: boolean;
  /** It can be done by then; null: that was not seen. */
  readonly done: Claim | null;
  /** Empty where not all is known. */
  readonly cannot: readonly Kept[];
}

export interface Line {
  readonly line: number;
  /** The lock it is about to take there and cannot get, because it is held here; else null. */
  readonly waits: string | null;
  readonly claim: Claim | null;
}

type Mode = Held['mode'] | null;

/** Lines where it is never seen beside the place. */
export interface Kept {
  /** The lock that keeps it away; null: no lock does, it just does not happen. */
  readonly lock: string | null;
  /** How it is held at the place, and by the other; null for a lock without modes, or for both. */
  readonly mine: Mode;
  readonly theirs: Mode;
  readonly lines: readonly number[];
  /** These are all the lines where the thread holds the lock in such a way. */
  readonly section: boolean;
}

/** What is known of one line of one other thread. */
interface Seen {
  can: boolean;
  claim: Claim | null;
  /** Locks that keep it away wherever it was not seen; null until then. */
  reasons: Map<string, Pick<Kept, 'mine' | 'theirs'>> | null;
  /** The locks that it always holds there. */
  holds: Set<string> | null;
  /** The lock that it waits for at each sight of it; null until seen. */
  waits: Set<string> | null;
}

interface SeenThread {
  readonly lines: Map<number, Seen>;
  done: Claim | null;
}

/** `certain`: all there is was seen, so that what was not seen cannot be. */
export function othersAt(
  standings: readonly Standing[], lineOf: (at: Location) => number | null, certain: boolean,
): readonly Other[] {
  const threads = new Map<string, SeenThread>();
  for (const standing of standings) noteOthers(threads, standing, lineOf);
  return [...threads].map(([thread, { lines, done }]): Other => {
    const can = [...lines].flatMap(([line, { can: seen, waits, claim }]): Line[] =>
      (seen ? [{ line, waits: first(waits), claim }] : [])).sort((a, b) => a.line - b.line);
    const anywhere = lines.size > 1 && can.length === lines.size;
    const cannot = certain ? keptOut(lines) : [];
    return { thread, can, lines: sortedLines(lines), anywhere, done, cannot };
  });
}

function noteOthers(
  threads: Map<string, SeenThread>, standing: Standing, lineOf: (at: Location) => number | null,
): void {
  const { exploration: { lowered, rests }, rest, thread } = standing;
  const { program } = lowered;
  program.threads.forEach((_, u) => {
    if (u === thread) return;
    const name = program.threads[u]?.decl ?? threadName(program, u);
    const known = threads.get(name) ?? { lines: new Map<number, Seen>(), done: null };
    threads.set(name, known);
    const pcs = rest.beside.find((each) => each.thread === u)?.pcs ?? [];
    if (pcs.includes(DONE)) known.done ??= claimOf(standing, u, DONE);
    for (const other of rests[u] ?? []) {
      const at = lowered.sites[other.site];
      const line = at === undefined ? null : lineOf(at);
      if (line === null) continue;
      const seen = known.lines.get(line) ?? blank();
      known.lines.set(line, seen);
      note(seen, standing, { u, other, can: pcs.includes(other.pc) });
    }
  });
}

const DONE = -1;

function blank(): Seen {
  return { can: false, claim: null, reasons: null, holds: null, waits: null };
}

function claimOf({ exploration, thread, rest }: Standing, other: ThreadIdx, pc: Pc): Claim {
  return {
    scenario: exploration.scenario,
    wanted: [
      { kind: 'at', thread, pcs: [rest.pc] }, { kind: 'at', thread: other, pcs: [pc] },
    ],
  };
}

function note(
  seen: Seen, standing: Standing,
  { u, other, can }: { readonly u: ThreadIdx; readonly other: KnownRest; readonly can: boolean },
): void {
  const { exploration: { lowered: { program } }, rest } = standing;
  if (can) {
    noteHolds(seen, program, other.always);
    seen.can = true;
    seen.claim ??= claimOf(standing, u, other.pc);
    seen.waits = common(seen.waits, waitedFor(program, u, { other, mine: rest.always }));
    return;
  }
  noteKept(seen, program, { held: rest.always, always: other.always });
}

function noteHolds(seen: Seen, program: Program, always: readonly Held[]): void {
  seen.holds = common(seen.holds, always.map(({ lock }) => program.locks[lock]?.name ?? ''));
}

/** It is not there: which locks it holds there are why? */
function noteKept(
  seen: Seen, program: Program,
  { held, always }: { readonly held: readonly Held[]; readonly always: readonly Held[] },
): void {
  noteHolds(seen, program, always);
  const reasons = new Map(conflicts(held, always).map(({ lock, mode }) => {
    const modes = hasModes(program, lock);
    const theirs = always.find((each) => each.lock === lock)?.mode ?? null;
    return [program.locks[lock]?.name ?? '',
      { mine: modes ? mode : null, theirs: modes ? theirs : null }] as const;
  }));
  if (seen.reasons === null) {
    seen.reasons = reasons;
    return;
  }
  for (const [name, before] of [...seen.reasons]) {
    const now = reasons.get(name);
    if (now === undefined) seen.reasons.delete(name);
    else seen.reasons.set(name, same(before, now));
  }
}

/** What is not the same in both is not told. */
function same(
  a: Pick<Kept, 'mine' | 'theirs'>, b: Pick<Kept, 'mine' | 'theirs'>,
): Pick<Kept, 'mine' | 'theirs'> {
  const both = (x: Mode, y: Mode): Mode => (x === y ? x : null);
  return { mine: both(a.mine, b.mine), theirs: both(a.theirs, b.theirs) };
}

function sortedLines(lines: ReadonlyMap<number, Seen>): readonly number[] {
  return [...lines.keys()].sort((a, b) => a - b);
}

function common(before: ReadonlySet<string> | null, now: readonly string[]): Set<string> {
  return new Set(now.filter((name) => before === null || before.has(name)));
}

/** Of the locks held on one side, those that shut out one of the other side. */
export function conflicts(mine: readonly Held[], theirs: readonly Held[]): readonly Held[] {
  return mine.filter(({ lock, mode }) =>
    theirs.some((it) => it.lock === lock && (mode === 'write' || it.mode === 'write')));
}

/** The lock that the thread is about to take, if it is held at the place against it. */
function waitedFor(
  program: Program, u: ThreadIdx,
  { other, mine }: { readonly other: KnownRest; readonly mine: readonly Held[] },
): readonly string[] {
  const instr = program.threads[u]?.code[other.pc];
  if (instr?.op !== 'acquire' || instr.lock.ref !== null || instr.lock.index !== null) return [];
  const wanted: Held = { lock: instr.lock.base, mode: instr.mode };
  return conflicts(mine, [wanted]).map(({ lock }) => program.locks[lock]?.name ?? '');
}

function first(names: ReadonlySet<string> | null): string | null {
  return [...names ?? []][0] ?? null;
}

/** By lock, the one that keeps most lines away first; those that no lock keeps away last. */
function keptOut(lines: ReadonlyMap<number, Seen>): readonly Kept[] {
  const found: Kept[] = [];
  let left = [...lines].filter(([, { can }]) => !can).sort(([a], [b]) => a - b);
  while (left.length > 0) {
    const counts = new Map<string, number>();
    for (const [, { reasons }] of left) {
      for (const name of reasons?.keys() ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const [lock] = [...counts].reduce<readonly [string | null, number]>(
      (best, each) => (each[1] > best[1] ? each : best), [null, 0]);
    const ofLock = left.filter(([, { reasons }]) => lock === null || reasons?.has(lock) === true);
    const section = lock === null ? [] : [...lines].filter(([, { holds }]) => holds?.has(lock));
    const why = ofLock.flatMap(([, { reasons }]) =>
      (lock === null ? [] : reasons?.get(lock) ?? []));
    found.push({
      lock, ...why.reduce((all, each) => same(all, each), why[0] ?? { mine: null, theirs: null }),
      lines: ofLock.map(([line]) => line),
      section: lock !== null && section.length === ofLock.length,
    });
    left = left.filter((each) => !ofLock.includes(each));
  }
  return found;
}

/** By thread: what each holds at each of its steps, whatever others do. */
export interface Alone {
  readonly lowered: Lowered;
  readonly thread: ThreadIdx;
  readonly steps: readonly { readonly at: Location; readonly always: readonly Held[] }[];
}

/**
 * The same from the text alone: only what a lock keeps away, for all threads of the file. Locks
 * are compared by name, for each thread is a program of its own; only single ones, for how many
 * there are of the others is the scenario's to say.
 */
export function keptOutAlone(
  mine: readonly { readonly lock: string; readonly mode: Held['mode'] }[],
  others: readonly Alone[], lineOf: (at: Location) => number | null,
): readonly Other[] {
  const threads = new Map<string, SeenThread>();
  for (const { lowered: { program }, thread, steps } of others) {
    const name = program.threads[thread]?.decl ?? threadName(program, thread);
    const known = threads.get(name) ?? { lines: new Map<number, Seen>(), done: null };
    threads.set(name, known);
    const held = mine.flatMap(({ lock, mode }) => {
      const index = program.locks.findIndex((each) =>
        each.name === lock && program.classes[each.cls]?.name === lock);
      return index === -1 ? [] : [{ lock: index, mode }];
    });
    for (const { at, always } of steps) {
      const line = lineOf(at);
      if (line === null) continue;
      const seen = known.lines.get(line) ?? blank();
      known.lines.set(line, seen);
      noteKept(seen, program, { held, always });
    }
  }
  return [...threads].flatMap(([thread, { lines }]) => {
    const cannot = keptOut(lines).filter(({ lock }) => lock !== null);
    return cannot.length === 0 ? [] : [{
      thread, can: [], lines: sortedLines(lines), anywhere: false, done: null, cannot,
    }];
  });
}
