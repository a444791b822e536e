// What is held before a step and who can be beside it: from what the scenarios were seen to do
// where they were searched, else from the thread's own text.
import type { Range } from '../text/range.ts';
import { lockStateOf } from '../analysis/lockstate.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { lockInMode, threadName } from '../analysis/state-rows.ts';
import type { Rest } from '../../../simulator/src/verdict.ts';
import { threadsAlone } from './alone.ts';
import { explored, lineNumber, type Snapshot } from './snapshot.ts';

export interface LockState {
  /** On every path here; each as people say it: `mmap_sem for writing`. */
  readonly always: readonly string[];
  /** On some, not on all. */
  readonly sometimes: readonly string[];
  /** By other thread; empty where no scenario was searched. */
  readonly beside: readonly Beside[];
  /** Whether scenarios were searched, so that `beside` is all there is. */
  readonly searched: boolean;
}

export interface Beside {
  /** The thread's declaration; several instances count together. */
  readonly thread: string;
  /** 1-based, ascending: the lines of the steps it can be about to take. */
  readonly lines: readonly number[];
  readonly done: boolean;
}

/** What is held at one resting place of one instance. */
interface Seen {
  readonly always: ReadonlySet<string>;
  readonly sometimes: ReadonlySet<string>;
}

/** Before the statement that stands there; null where no thread can rest there. */
export function lockStateAt(snapshot: Snapshot, stmt: Range): LockState | null {
  const beside = new Map<string, { readonly lines: Set<number>; done: boolean }>();
  const seen: Seen[] = [];
  for (const { lowered, verdict } of explored(snapshot)) {
    verdict.facts.rests.forEach((rests, thread) => {
      for (const rest of rests) {
        if (!isAt(snapshot, lowered, rest.site, stmt)) continue;
        seen.push(seenIn(lowered, rest));
        for (const other of rest.beside) addBeside(snapshot, { lowered, other, thread }, beside);
      }
    });
  }
  if (seen.length > 0) {
    const all = [...beside].map(([thread, { lines, done }]) =>
      ({ thread, lines: [...lines].sort((a, b) => a - b), done }));
    return { ...together(seen), beside: all, searched: true };
  }
  const alone = threadsAlone(snapshot).flatMap((lowered) => seenAlone(snapshot, lowered, stmt));
  return alone.length === 0 ? null : { ...together(alone), beside: [], searched: false };
}

/** A statement's site is all of it or its head. */
function isAt(snapshot: Snapshot, { sites }: Lowered, site: number, stmt: Range): boolean {
  const place = sites[site];
  return place !== undefined && place.file === snapshot.file
    && place.range.start === stmt.start && place.range.end <= stmt.end;
}

function seenIn({ program }: Lowered, { always, sometimes, rcu }: Rest): Seen {
  const name = ({ lock, mode }: Rest['always'][number]): string => lockInMode(program, lock, mode);
  return {
    always: new Set([...always.map(name), ...(rcu === 'always' ? ['rcu_read_lock'] : [])]),
    sometimes: new Set([...sometimes.map(name), ...(rcu === 'sometimes' ? ['rcu_read_lock'] : [])]),
  };
}

function seenAlone(snapshot: Snapshot, lowered: Lowered, stmt: Range): readonly Seen[] {
  return lowered.program.threads.flatMap(({ code }, thread) => {
    const places = code.flatMap(({ rest, site }, pc) =>
      rest && isAt(snapshot, lowered, site, stmt) ? [pc] : []);
    if (places.length === 0) return [];
    const states = lockStateOf(lowered, thread);
    return places.flatMap((pc) => {
      const state = states.get(pc);
      return state === undefined ? [] : [seenIn(lowered, {
        pc, site: 0, beside: [], rcu: 'never', ...state,
      })];
    });
  });
}

function together(seen: readonly Seen[]): Pick<LockState, 'always' | 'sometimes'> {
  const all = [...new Set(seen.flatMap((each) => [...each.always, ...each.sometimes]))];
  const everywhere = (name: string): boolean => seen.every(({ always }) => always.has(name));
  return {
    always: all.filter(everywhere),
    sometimes: all.filter((name) => !everywhere(name)),
  };
}

interface Meeting {
  readonly lowered: Lowered;
  readonly thread: number;
  readonly other: Rest['beside'][number];
}

function addBeside(
  snapshot: Snapshot, { lowered, other }: Meeting,
  beside: Map<string, { readonly lines: Set<number>; done: boolean }>,
): void {
  const thread = lowered.program.threads[other.thread];
  const name = thread?.decl ?? threadName(lowered.program, other.thread);
  const entry = beside.get(name) ?? { lines: new Set<number>(), done: false };
  beside.set(name, entry);
  for (const pc of other.pcs) {
    if (pc < 0) entry.done = true;
    const site = lowered.sites[thread?.code[pc]?.site ?? -1];
    const line = site === undefined ? null : lineNumber(snapshot, site);
    if (line !== null) entry.lines.add(line);
  }
}
