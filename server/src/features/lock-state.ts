// What is so before a statement: the locks held, who can be beside it and who cannot, what every
// variable can be, in which scenarios it is reached. From all states that the scenarios reach where
// those are known, else from the threads' own text; which of the two, and what is missing, is said.
import type { Location } from '../text/range.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Held } from '../../../simulator/src/verdict.ts';
import { lockStateOf, type LockStateAt } from '../analysis/lockstate.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { hasModes } from '../analysis/state-rows.ts';
import { threadsAlone, type ThreadAlone } from './alone.ts';
import { keptOutAlone, othersAt, type Other } from './beside.ts';
import type { Claim } from './claim.ts';
import {
  explorations, NO_SURVEYS, type Exploration, type Standing, type Surveys,
} from './exploration.ts';
import { differenceAt } from './lock-paths.ts';
import { firstSteps, passagesAt, placeOf, sitesAt, type PlaceOfStmt } from './place.ts';
import { reachOf, type Reach } from './reach.ts';
import { explored, lineNumber, type Snapshot } from './snapshot.ts';
import { valuesAt, type ValueHere } from './values-here.ts';

export interface LockState {
  /** The threads whose statement it is: one, or those that call its proc. */
  readonly threads: readonly string[];
  /** Whether it is a step, or begins with one. */
  readonly isStep: boolean;
  /** `explored`: so in all states that its scenarios reach. `text`: so on the paths of the text. */
  readonly from: 'explored' | 'text';
  readonly held: readonly HeldHere[];
  readonly others: readonly Other[];
  /** Who is not told of in `others` cannot be beside it. */
  readonly knowsOthers: boolean;
  readonly values: readonly ValueHere[];
  /** `some`: seen so far, there may be more. null: no survey has been made. */
  readonly knowsValues: 'all' | 'some' | null;
  /** The scenarios that run its thread. */
  readonly reach: readonly Reach[];
}

export interface HeldHere {
  readonly lock: string;
  /** As it can be held here; null for a lock without modes, and RCU. */
  readonly modes: readonly Held['mode'][] | null;
  /** In every state, on every path; else in some. */
  readonly always: boolean;
  /** Of one that is held sometimes: the lines that make the difference, where known. */
  readonly difference: { readonly by: readonly number[]; readonly notBy: readonly number[] } | null;
  /** Of one that is held sometimes: a state with it, a state without. */
  readonly withIt: Claim | null;
  readonly withoutIt: Claim | null;
}

/** Before the statement at the offset; null where no thread gets to a statement. */
export function lockStateAt(
  snapshot: Snapshot, offset: number, surveys: Surveys = NO_SURVEYS,
): LockState | null {
  const place = placeOf(snapshot, offset);
  const grounds = place === null ? null : groundsOf(snapshot, place, surveys);
  return grounds === null ? null : stateOn(snapshot, grounds);
}

/** What a place's state is told from, and the locks. */
export interface Grounds
  extends Pick<LockState, 'threads' | 'isStep' | 'from' | 'held' | 'reach'> {
  readonly place: PlaceOfStmt;
  readonly standings: readonly Standing[];
  /** The threads whose own text has the statement. */
  readonly alone: readonly ThreadAlone[];
  /** All states of all scenarios that run it are known. */
  readonly complete: boolean;
}

/** null where no thread gets to the statement. */
export function groundsOf(
  snapshot: Snapshot, place: PlaceOfStmt, surveys: Surveys = NO_SURVEYS,
): Grounds | null {
  const all = explorations(snapshot, surveys);
  const standings = all.flatMap((exploration) => standingsIn(snapshot, exploration, place));
  const alone = threadsAlone(snapshot).filter((each) => statesIn(snapshot, each, place).length > 0);
  const names = new Set([
    ...standings.map(({ exploration: { lowered }, thread }) => declOf(lowered, thread)),
    ...alone.map(({ lowered, thread }) => declOf(lowered, thread)),
  ]);
  if (names.size === 0) return null;
  const isStep = standings.length > 0
    || alone.some((each) => isStepIn(snapshot, each, place));
  const reach = reachOf(snapshot, { explored: all, threads: names, standings, place, isStep });
  // What holds in all states, if all states of all its scenarios are known.
  const complete = standings.length > 0 && reach.every(({ how }) => how !== 'unknown');
  const from = complete && place.own ? 'explored' : 'text';
  const held = from === 'explored' ? together(snapshot, standings.map(seenAt))
    : together(snapshot, alone.flatMap((each) => seenAlone(snapshot, each, place)))
      .filter(mayBeHeld(all, names, !isStep && reach.every(({ how }) => how !== 'unknown')));
  return { place, standings, alone, complete, threads: [...names], isStep, from, held, reach };
}

/** Where all states are known, what the threads hold in none of them they do not hold here. */
function mayBeHeld(
  all: readonly Exploration[], names: ReadonlySet<string>, isKnown: boolean,
): (held: HeldHere) => boolean {
  if (!isKnown) return () => true;
  const seen = new Set(all.flatMap(({ lowered, rests }) => rests.flatMap((ofThread, thread) =>
    (names.has(declOf(lowered, thread)) ? ofThread : []).flatMap((rest) =>
      [...rest.always, ...rest.sometimes].map(({ lock }) => lowered.program.locks[lock]?.name)))));
  return ({ lock, always }) => always || seen.size === 0 || seen.has(lock)
    || lock === 'rcu_read_lock';
}

export function stateOn(snapshot: Snapshot, grounds: Grounds): LockState {
  const { threads, isStep, from, held, reach, standings, complete, place } = grounds;
  return {
    threads, isStep, from, held, reach, ...othersOf(snapshot, grounds),
    ...valuesOf(place.own ? standings : [], complete),
  };
}

function othersOf(
  snapshot: Snapshot,
  { standings, complete, isStep, held, alone }: Grounds,
): Pick<LockState, 'others' | 'knowsOthers'> {
  const knowsOthers = complete && standings.every(({ exploration }) => exploration.knowsBeside);
  const lineOf = (at: Location): number | null => lineNumber(snapshot, at);
  const seen = knowsOthers || standings.some(seesOthers)
    ? othersAt(standings, lineOf, knowsOthers) : [];
  if (knowsOthers) return { others: seen, knowsOthers };
  // Of what is no step nothing more is known than its locks.
  const kept = isStep ? othersAlone(snapshot, held, alone) : [];
  const both = seen.map((other) => ({
    ...other, cannot: kept.find(({ thread }) => thread === other.thread)?.cannot ?? [],
  }));
  const more = kept.filter(({ thread }) => seen.every((other) => other.thread !== thread));
  return { others: [...both, ...more], knowsOthers };
}

function valuesOf(
  standings: readonly Standing[], complete: boolean,
): Pick<LockState, 'values' | 'knowsValues'> {
  const known = standings.map(({ exploration }) => exploration.values);
  const all = complete && known.every((each) => each === 'all');
  const some = known.some((each) => each !== null);
  return { values: valuesAt(standings), knowsValues: all ? 'all' : some ? 'some' : null };
}

function isStepIn(
  snapshot: Snapshot, { lowered, thread }: ThreadAlone, { stmt }: PlaceOfStmt,
): boolean {
  const passages = passagesAt(snapshot, lowered, stmt.range);
  if (passages.length > 0) {
    return passages.some((passage) => firstSteps(lowered, passage).length > 0);
  }
  const sites = sitesAt(snapshot, lowered, stmt.range);
  return lowered.program.threads[thread]?.code.some(({ rest, site }) =>
    rest && sites.includes(site)) === true;
}

/** The programs that a survey would have to look at to tell all of the place. */
export function programsAt(snapshot: Snapshot, offset: number): readonly Program[] {
  const place = placeOf(snapshot, offset);
  if (place === null) return [];
  return explored(snapshot).flatMap(({ lowered }) =>
    (sitesAt(snapshot, lowered, place.rest).length > 0
      || passagesAt(snapshot, lowered, place.rest).length > 0 ? [lowered.program] : []));
}

function seesOthers({ rest }: Standing): boolean {
  return rest.beside.some(({ pcs }) => pcs.length > 0);
}

function declOf({ program }: Lowered, thread: number): string {
  return program.threads[thread]?.decl ?? '';
}

function standingsIn(
  snapshot: Snapshot, exploration: Exploration, { rest: at }: PlaceOfStmt,
): readonly Standing[] {
  const { lowered, rests } = exploration;
  const passages = passagesAt(snapshot, lowered, at);
  if (passages.length > 0) {
    return passages.flatMap((passage) => {
      const first = firstSteps(lowered, passage);
      const { thread } = passage;
      return (rests[thread] ?? []).flatMap((rest) =>
        (first.includes(rest.pc) ? [{ exploration, thread, rest }] : []));
    });
  }
  const sites = sitesAt(snapshot, lowered, at);
  if (sites.length === 0) return [];
  return rests.flatMap((all, thread) => all.flatMap((rest) =>
    (sites.includes(rest.site) ? [{ exploration, thread, rest }] : [])));
}

/** What the thread's text says of the place; of a statement that is no step, where it begins. */
export function statesIn(
  snapshot: Snapshot, { lowered, thread, states }: ThreadAlone, { stmt }: PlaceOfStmt,
): readonly LockStateAt[] {
  const passages = passagesAt(snapshot, lowered, stmt.range);
  if (passages.length > 0) {
    return passages.flatMap(({ from }) => from.flatMap((pc) => states.get(pc) ?? []));
  }
  const sites = sitesAt(snapshot, lowered, stmt.range);
  if (sites.length === 0) return [];
  const code = lowered.program.threads[thread]?.code ?? [];
  const pcs = code.flatMap(({ site }, pc) => (sites.includes(site) ? [pc] : []));
  const rests = pcs.filter((pc) => code[pc]?.rest === true);
  return (rests.length > 0 ? rests : pcs).flatMap((pc) => states.get(pc) ?? []);
}

/** What is held at one place of one instance. */
interface Seen {
  readonly always: readonly OneHeld[];
  readonly sometimes: readonly OneHeld[];
  /** The names of those of `sometimes` that are always held, in one mode or the other. */
  readonly mixed: readonly string[];
  readonly standing: Standing | null;
}
interface OneHeld {
  readonly name: string;
  /** null: RCU. */
  readonly lock: number | null;
  readonly mode: Held['mode'] | null;
}

function seenIn(
  { program }: Lowered,
  { always, sometimes, rcu, mixed }: Pick<LockStateAt, 'always' | 'sometimes' | 'rcu' | 'mixed'>,
  standing: Standing | null,
): Seen {
  const one = ({ lock, mode }: Held): OneHeld => ({
    name: program.locks[lock]?.name ?? '', lock, mode: hasModes(program, lock) ? mode : null,
  });
  const inRcu = (when: LockStateAt['rcu']): readonly OneHeld[] =>
    (rcu === when ? [{ name: 'rcu_read_lock', lock: null, mode: null }] : []);
  return {
    always: [...always.map(one), ...inRcu('always')],
    sometimes: [...sometimes.map(one), ...inRcu('sometimes')], standing,
    mixed: mixed.map((lock) => program.locks[lock]?.name ?? ''),
  };
}

function seenAt(standing: Standing): Seen {
  const { exploration: { lowered }, thread, rest } = standing;
  // Of the states only each mode by itself is known; what holds on all paths holds in all of them.
  const modes = rest.sometimes.map(({ lock }) => lock);
  const mixed = new Set(modes).size === modes.length ? []
    : lockStateOf(lowered, thread).get(rest.pc)?.mixed ?? [];
  return seenIn(lowered, { ...rest, mixed }, standing);
}

function seenAlone(
  snapshot: Snapshot, alone: ThreadAlone, place: PlaceOfStmt,
): readonly Seen[] {
  return statesIn(snapshot, alone, place).map((state) => seenIn(alone.lowered, state, null));
}

function together(snapshot: Snapshot, seen: readonly Seen[]): readonly HeldHere[] {
  const all = seen.flatMap((each) => [...each.always, ...each.sometimes]);
  return [...new Set(all.map(({ name }) => name))].map((lock): HeldHere => {
    const modes = all.flatMap(({ name, mode }) => (name === lock && mode !== null ? [mode] : []));
    // Always, also where the mode is sometimes another.
    const always = seen.every((each) => each.always.some(({ name }) => name === lock)
      || each.mixed.includes(lock));
    return {
      lock, always, modes: modes.length === 0 ? null : [...new Set(modes)],
      difference: always ? null : differenceOf(snapshot, seen, lock),
      withIt: always ? null : witness(seen, lock, true),
      withoutIt: always ? null : witness(seen, lock, false),
    };
  });
}

/** Of all instances that hold it sometimes; null where a line is told of both ways. */
function differenceOf(
  snapshot: Snapshot, seen: readonly Seen[], name: string,
): HeldHere['difference'] {
  const [by, notBy] = [new Set<number>(), new Set<number>()];
  for (const { sometimes, standing } of seen) {
    const lock = sometimes.find((each) => each.name === name)?.lock ?? null;
    if (lock === null || standing === null) continue;
    const found = differenceAt(standing, lock);
    if (found === null) return null;
    const { sites } = standing.exploration.lowered;
    const lines = (ids: readonly number[]): readonly number[] => ids.flatMap((id) =>
      (sites[id] === undefined ? [] : lineNumber(snapshot, sites[id]) ?? []));
    for (const line of lines(found.by)) by.add(line);
    for (const line of lines(found.notBy)) notBy.add(line);
  }
  if (by.size === 0 || notBy.size === 0 || [...by].some((line) => notBy.has(line))) return null;
  const sorted = (lines: ReadonlySet<number>): number[] => [...lines].sort((a, b) => a - b);
  return { by: sorted(by), notBy: sorted(notBy) };
}

function witness(seen: readonly Seen[], name: string, held: boolean): Claim | null {
  for (const { always, sometimes, standing } of seen) {
    if (standing === null) continue;
    const { exploration: { lowered: { program }, scenario }, thread, rest } = standing;
    const one = sometimes.find((each) => each.name === name)
      ?? (held ? always.find((each) => each.name === name) : undefined);
    const without = !held && one === undefined
      && always.every((each) => each.name !== name);
    const lock = one?.lock ?? program.locks.findIndex((each) => each.name === name);
    if ((one === undefined && !without) || lock < 0) continue;
    const mode = rest.always.concat(rest.sometimes).find((each) => each.lock === lock)?.mode;
    return {
      scenario,
      wanted: [
        { kind: 'at', thread, pcs: [rest.pc] },
        { kind: 'held', thread, lock, mode: held ? mode ?? 'write' : null },
      ],
    };
  }
  return null;
}

/** Who cannot be here because of a lock that is surely held. */
function othersAlone(
  snapshot: Snapshot, held: readonly HeldHere[], here: readonly ThreadAlone[],
): readonly Other[] {
  const mine = held.flatMap(({ lock, always, modes }) =>
    (!always || lock === 'rcu_read_lock' ? []
      : [{ lock, mode: modes === null || !modes.includes('read') ? 'write' : 'read' } as const]));
  const names = here.map(({ lowered, thread }) => declOf(lowered, thread));
  const others = threadsAlone(snapshot).flatMap(({ lowered, thread, states }) => {
    const other = declOf(lowered, thread);
    if (!names.some((name) => mayMeet(snapshot, name, other))) return [];
    const code = lowered.program.threads[thread]?.code ?? [];
    const steps = code.flatMap(({ rest, site }, pc) => {
      const state = states.get(pc);
      const at = lowered.sites[site];
      return !rest || state === undefined || at === undefined ? [] : [{ at, always: state.always }];
    });
    return [{ lowered, thread, steps }];
  });
  return keptOutAlone(mine, others, (at) => lineNumber(snapshot, at));
}

/** Some scenario runs both (of the same thread: two of it), or none runs the first. */
function mayMeet({ model: { scenarios } }: Snapshot, thread: string, other: string): boolean {
  const counts = scenarios.map(({ items }) => {
    const of = (name: string): number => items.reduce((sum, item) =>
      (item.kind === 'run' && item.thread.text === name
        ? sum + (item.count === null ? 1 : 2) : sum), 0);
    return { first: of(thread), second: of(other) };
  });
  if (counts.every(({ first }) => first === 0)) return thread !== other;
  return counts.some(({ first, second }) => first > 0 && second > (thread === other ? 1 : 0));
}
