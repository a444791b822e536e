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
  /** By other thread; empty where not all scenarios were searched in full. */
  readonly beside: readonly Beside[];
  /** Whether scenarios were searched in full, so that `beside` is all there is. */
  readonly searched: boolean;
}

export interface Beside {
  /** The thread's declaration; several instances count together. */
  readonly thread: string;
  /** Ascending: the lines of the steps it can be about to take. */
  readonly spans: readonly Span[];
  /** They are all there are of it. */
  readonly anywhere: boolean;
  readonly done: boolean;
}

/** Lines from 1, both included; no step between them is left out. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** What is held at one resting place of one instance. */
interface Seen {
  readonly always: readonly HeldName[];
  readonly sometimes: readonly HeldName[];
}
interface HeldName {
  readonly lock: string;
  /** With its mode, as people say it. */
  readonly text: string;
}

/** Before the statement that stands there; null where no thread can rest there. */
export function lockStateAt(snapshot: Snapshot, stmt: Range): LockState | null {
  const beside = new Map<string, Places>();
  const seen: Seen[] = [];
  let searched = true;
  for (const { lowered, verdict } of explored(snapshot)) {
    const { rests } = verdict.facts;
    for (const rest of rests.flat()) {
      if (!isAt(snapshot, lowered, rest.site, stmt)) continue;
      seen.push(seenIn(lowered, rest));
      // A reduced search does not know who can stand beside whom.
      if (verdict.reduction !== undefined) searched = false;
      for (const other of rest.beside) addBeside(snapshot, { lowered, other, rests }, beside);
    }
  }
  if (seen.length > 0) {
    const heads = headLines(snapshot);
    const others = searched ? [...beside].map((each) => besideOf(each, heads)) : [];
    return { ...together(seen), beside: others, searched };
  }
  const alone = threadsAlone(snapshot).flatMap((lowered) => seenAlone(snapshot, lowered, stmt));
  return alone.length === 0 ? null : { ...together(alone), beside: [], searched: false };
}

type Named = readonly [thread: string, places: Places];

function besideOf([thread, places]: Named, heads: ReadonlySet<number>): Beside {
  const { lines, all, done } = places;
  const anywhere = lines.size > 1 && lines.size === all.size;
  return { thread, spans: spansOf(places, heads), done, anywhere };
}

/** Where its next step in the text is one of these too they are drawn together, not over a head. */
function spansOf({ lines, all }: Places, heads: ReadonlySet<number>): readonly Span[] {
  const spans: { first: number; last: number }[] = [];
  let open: { first: number; last: number } | undefined;
  const follows = (line: number, last: number): boolean => {
    for (let between = last + 1; between <= line; between++) if (heads.has(between)) return false;
    return true;
  };
  for (const line of [...all].sort((a, b) => a - b)) {
    if (!lines.has(line)) open = undefined;
    else if (open !== undefined && follows(line, open.last)) open.last = line;
    else spans.push(open = { first: line, last: line });
  }
  return spans;
}

/** The lines on which the file's threads and procs begin. */
function headLines(snapshot: Snapshot): ReadonlySet<number> {
  return new Set(snapshot.model.source.decls.flatMap((decl) =>
    (decl.kind === 'thread' || decl.kind === 'proc'
      ? [snapshot.lines.position(decl.range.start).line + 1] : [])));
}

/** A statement's site is all of it or its head. */
function isAt(snapshot: Snapshot, { sites }: Lowered, site: number, stmt: Range): boolean {
  const place = sites[site];
  return place !== undefined && place.file === snapshot.file
    && place.range.start === stmt.start && place.range.end <= stmt.end;
}

function seenIn({ program }: Lowered, { always, sometimes, rcu }: Rest): Seen {
  const name = ({ lock, mode }: Rest['always'][number]): HeldName => ({
    lock: program.locks[lock]?.name ?? '', text: lockInMode(program, lock, mode),
  });
  const inRcu = (when: Rest['rcu']): readonly HeldName[] =>
    rcu === when ? [{ lock: 'rcu_read_lock', text: 'rcu_read_lock' }] : [];
  return {
    always: [...always.map(name), ...inRcu('always')],
    sometimes: [...sometimes.map(name), ...inRcu('sometimes')],
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
  const all = seen.flatMap((each) => [...each.always, ...each.sometimes]);
  const everywhere = (lock: string): boolean =>
    seen.every((each) => each.always.some((held) => held.lock === lock));
  const [always, sometimes]: [string[], string[]] = [[], []];
  for (const lock of new Set(all.map((held) => held.lock))) {
    const texts = [...new Set(all.filter((held) => held.lock === lock).map(({ text }) => text))];
    if (!everywhere(lock)) sometimes.push(...texts);
    else if (texts.length === 1) always.push(...texts);
    else always.push(`${lock} for reading or writing`);
  }
  return { always, sometimes };
}

/** Where the instances of one thread were seen. */
interface Places {
  readonly lines: Set<number>;
  /** Every line it ever rests at. */
  readonly all: Set<number>;
  done: boolean;
}

interface Meeting {
  readonly lowered: Lowered;
  readonly other: Rest['beside'][number];
  /** By thread. */
  readonly rests: readonly (readonly Rest[])[];
}

function addBeside(
  snapshot: Snapshot, { lowered, other, rests }: Meeting, beside: Map<string, Places>,
): void {
  const thread = lowered.program.threads[other.thread];
  const name = thread?.decl ?? threadName(lowered.program, other.thread);
  const places = beside.get(name) ?? { lines: new Set(), all: new Set(), done: false };
  beside.set(name, places);
  const pcs = new Set(other.pcs);
  if (pcs.has(DONE)) places.done = true;
  for (const { pc, site } of rests[other.thread] ?? []) {
    const at = lowered.sites[site];
    const line = at === undefined ? null : lineNumber(snapshot, at);
    if (line === null) continue;
    places.all.add(line);
    if (pcs.has(pc)) places.lines.add(line);
  }
}

/** Where a thread that is done rests, as the verdict has it. */
const DONE = -1;
