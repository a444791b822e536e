// What all steps of a walk share, and what they find.
import type {
  CellIdx, Instr, LockIdx, Pc, Program, SiteId, ThreadIdx,
} from '../../../simulator/src/program.ts';
import type { Held, Nesting } from '../../../simulator/src/verdict.ts';
import type { Code } from '../text/problem.ts';
import type { Lowered } from './lowered.ts';
import type { Mark, WalkState } from './walk-state.ts';

/** Deeper than anybody nests on purpose; ends loops that only take. */
export const MAX_DEPTH = 8;

/** Something a step does wrong in one state of the walk. */
export interface Event {
  readonly code: Code;
  /** As in the table of `language.md`. */
  readonly subject: string | null;
  readonly pc: Pc;
  readonly site: SiteId;
  /** The locks held then, the thread's own mode of the guard that is broken, ... */
  readonly held: readonly Held[];
  readonly write: boolean;
}

export interface WalkOptions {
  /** Whether what is read from a place, by number, may be different later. */
  readonly mayChange: (place: number) => boolean;
  /** Whether some thread writes it. */
  readonly isWritten: (place: number) => boolean;
  /** All that it can be; null where that is not known. */
  readonly valuesOf: (place: number) => ReadonlySet<number> | null;
  /** Hears every instruction that is walked over, in each state of the walk. */
  readonly onStep?: ((before: WalkState, after: readonly WalkState[]) => void) | undefined;
}

/** A local that is used though what it was read from may have changed. */
export interface StaleUse {
  readonly cell: CellIdx;
  readonly site: SiteId;
  readonly mark: Mark;
}

/** Something that may happen at a step. */
export interface Seen<T> {
  readonly what: T;
  readonly pc: Pc;
  /** In how many states of the step, and whether one of them leaves no doubt. */
  count: number;
  sure: boolean;
}

export function note<T>(
  seen: Map<string, Seen<T>>, key: string, at: { what: T; pc: Pc; sure: boolean },
): void {
  const it = seen.get(key) ?? { ...at, count: 0 };
  it.count++;
  it.sure ||= at.sure;
  seen.set(key, it);
}

/** Shared by all the steps of one walk. */
export interface Walker extends WalkOptions {
  readonly lowered: Lowered;
  readonly program: Program;
  readonly thread: ThreadIdx;
  readonly maxValues: number;
  readonly nestings: Map<string, Seen<Nesting>>;
  readonly stale: Map<string, Seen<StaleUse>>;
  readonly recursive: Map<string, Seen<RecursiveRead>>;
}

export interface RecursiveRead {
  readonly site: SiteId;
  readonly lock: LockIdx;
}

export interface Step {
  readonly next: readonly WalkState[];
  readonly events: readonly Event[];
}

/** The run is not followed. */
export const CUT: readonly WalkState[] = [];

export function event(
  state: WalkState, instr: Instr, code: Code, subject: string | null,
): Event {
  return {
    code, subject, pc: state.pc, site: instr.site, held: heldOf(state), write: false,
  };
}

export function heldOf(state: WalkState): Held[] {
  return state.held.map(({ lock, mode }) => ({ lock, mode }));
}

/** What is so in each of them. */
export function inAll(events: readonly (readonly Event[])[]): readonly Event[] {
  const first = events[0] ?? [];
  return first.filter((event) => events.every((others) =>
    others.some((it) => it.code === event.code && it.subject === event.subject
      && it.site === event.site)));
}
