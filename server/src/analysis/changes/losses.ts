// What a change takes away: steps that are under fewer locks than before, accesses that are no
// longer checked for races, statements that are never reached any more. From the text alone, so
// that it is told of every change alike.
import type { FileId, Range } from '../../text/range.ts';
import { unreachable } from '../../text/unreachable.ts';
import { originOf, type Splice } from './change.ts';
import { stepKey, type Cover, type CoveredStep, type Mode } from './cover.ts';

/** One thread's step is less covered by a lock than it was. */
export interface Weaker {
  readonly step: CoveredStep;
  /** The class, or `rcu`. */
  readonly lock: string;
  /** On no path; at best for reading; on every path, but not always for writing; not always. */
  readonly now: 'none' | 'read' | 'sometimes_write' | 'sometimes';
}

export interface Gained {
  readonly step: CoveredStep;
  /** The class, or `rcu`. */
  readonly lock: string;
}

/** Two steps of one thread that one section of the lock covered, and now two do. */
export interface Split {
  readonly steps: readonly [CoveredStep, CoveredStep];
  readonly lock: string;
  /** One of them stands elsewhere now, perhaps for the better: no lock step came between. */
  readonly moved: boolean;
}

export interface Losses {
  readonly weaker: readonly Weaker[];
  /** Steps that are under a lock now and were not. */
  readonly gained: readonly Gained[];
  readonly split: readonly Split[];
  /** Places that are declared atomic now. */
  readonly atomic: readonly string[];
  /** Places of which plain accesses are marked now, and in which threads and procs. */
  readonly marked: ReadonlyMap<string, ReadonlySet<string>>;
  /** Steps that the text still has and that are never reached. */
  readonly dead: readonly CoveredStep[];
}

export interface Changed {
  readonly file: FileId;
  /** Before the change. */
  readonly text: string;
  readonly splices: readonly Splice[];
}

export function lossesOf(before: Cover, after: Cover, changed: Changed): Losses {
  const pairs = pairsOf(before, after, changed);
  const marked = new Map<string, Set<string>>();
  for (const [old, now] of pairs) {
    for (const name of now.marked) {
      if (!old.plain.has(name) || now.plain.has(name)) continue;
      marked.set(name, (marked.get(name) ?? new Set()).add(now.site.owner));
    }
  }
  return {
    weaker: pairs.flatMap(([old, now]) => weakerIn(old, now)),
    gained: pairs.flatMap(([old, now]) => gainedIn(old, now)),
    split: splitIn(pairs.filter(([old]) => old.matters)),
    atomic: [...after.atomic].filter((name) => !before.atomic.has(name)),
    marked,
    dead: deadIn(before, after, { ...changed, pairs }),
  };
}

/** Each step that is in both texts, before and after. */
function pairsOf(
  before: Cover, after: Cover, { file, text, splices }: Changed,
): readonly Pair[] {
  return [...after.steps.values()].flatMap((now) => {
    const places = now.places.map((place) => (place.file !== file ? place
      : { file, start: originOf(text, splices, place.start) ?? NEW }));
    const old = before.steps.get(stepKey({ thread: now.thread, places }));
    const moved = places.some((place) => place.file === file
      && splices.some(({ from }) => within(place.start, from)));
    return old === undefined ? [] : [[old, now, moved] as const];
  });
}

/** No place of the text before. */
const NEW = -1;

/** Before, after, and whether it, or a call that leads to it, was put elsewhere. */
type Pair = readonly [CoveredStep, CoveredStep, boolean];

function within(at: number, range: Range | undefined): boolean {
  return range !== undefined && range.start <= at && at < range.end;
}

function deadIn(
  before: Cover, after: Cover,
  { file, splices, pairs }: Changed & { readonly pairs: readonly Pair[] },
): readonly CoveredStep[] {
  const found = new Set(pairs.map(([old]) => old));
  return [...before.steps.values()].filter((step) => {
    if (!step.matters || found.has(step) || after.unknown.has(step.thread)) return false;
    return step.places.every(({ start, file: of }) =>
      of !== file || !splices.some((splice) => within(start, splice))
      || splices.some(({ from }) => within(start, from)));
  });
}

function weakerIn(old: CoveredStep, now: CoveredStep): readonly Weaker[] {
  if (!old.matters) return [];
  return [...old.held.keys()].flatMap((lock): Weaker[] => {
    const [was, is] = [spanOf(old, lock), spanOf(now, lock)];
    const { least, most } = is;
    if (least >= was.least && most >= was.most) return [];
    const weak = (kind: Weaker['now']): Weaker[] => [{ step: now, lock, now: kind }];
    if (most === RANK.none) return weak('none');
    if (most < was.most) return weak('read');
    return weak(least === RANK.none ? 'sometimes' : 'sometimes_write');
  });
}

function gainedIn(old: CoveredStep, now: CoveredStep): readonly Gained[] {
  if (!old.matters) return [];
  return [...now.held.keys()].filter((lock) => spanOf(old, lock).most === RANK.none)
    .map((lock) => ({ step: now, lock }));
}

function splitIn(pairs: readonly Pair[]): readonly Split[] {
  return pairs.flatMap(([oldA, a, movedA], i) => pairs.slice(i + 1).flatMap((other): Split[] => {
    const [oldB, b, movedB] = other;
    if (a.thread !== b.thread) return [];
    return [...oldA.held.keys()].filter((lock) => isOneSection(oldA, oldB, lock)
      && leastOf(a, lock) !== 'none' && leastOf(b, lock) !== 'none' && !isOneSection(a, b, lock))
      .map((lock) => ({ steps: [a, b], lock, moved: movedA || movedB }));
  }));
}

function isOneSection(a: CoveredStep, b: CoveredStep, lock: string): boolean {
  const openers = b.openers.get(lock);
  return [...a.openers.get(lock) ?? []].some((opener) => openers?.has(opener) === true);
}

const RANK: Readonly<Record<Mode, number>> = { none: 0, read: 1, write: 2 };

/** The weakest and the strongest in which the step is under the lock. */
function spanOf({ held }: CoveredStep, lock: string): { least: number; most: number } {
  const modes = [...held.get(lock) ?? ['none' as const]].map((mode) => RANK[mode]);
  return { least: Math.min(...modes), most: Math.max(...modes) };
}

/** The weakest mode in which the step is under the lock. */
export function leastOf(step: CoveredStep, lock: string): Mode {
  const { least } = spanOf(step, lock);
  return least === RANK.none ? 'none' : least === RANK.read ? 'read' : 'write';
}

/** In words, as a reviewer says it; what is alike is told once. */
export function lossText({ weaker, split, atomic, marked }: Losses): readonly string[] {
  return [
    ...atomic.map((name) => `accesses of ${name} are no longer checked for races`),
    ...[...marked].map(([name, owners]) => `accesses of ${name} in ${[...owners].join(', ')} `
      + 'are no longer checked for races with each other'),
    ...weakerText(weaker),
    ...splitText(split),
  ];
}

function weakerText(weaker: readonly Weaker[]): readonly string[] {
  const groups = new Map<string, Weaker[]>();
  for (const each of weaker) {
    const key = `${each.step.site.owner} ${each.now} ${each.lock}`;
    groups.set(key, [...groups.get(key) ?? [], each]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [`${stepsText(group)} ${nowText(first)}`];
  });
}

function stepsText(all: readonly { readonly step: CoveredStep }[]): string {
  const sites = new Map(all.map(({ step: { site } }) => [site.range.start, site]));
  const owners = new Set(all.map(({ step }) => step.site.owner));
  return sites.size === 1 ? [...sites.values()].map(({ text }) => `\`${text}\``).join()
    : `${sites.size} steps of ${[...owners].join(', ')}`;
}

/** `x = 1 now under ptl`. */
export function gainedText({ gained }: Losses, lock: string): readonly string[] {
  const steps = gained.filter((it) => it.lock === lock);
  return steps.length === 0 ? [] : [`${stepsText(steps)} now under ${lockName(lock)}`];
}

/** The first two of each thread and lock: there it is let go between. */
function splitText(splits: readonly Split[]): readonly string[] {
  const first = new Map<string, Split>();
  for (const split of splits) {
    const key = `${split.steps[0].thread} ${split.lock}`;
    if (!first.has(key)) first.set(key, split);
  }
  return [...first.values()].map(({ steps: [a, b], lock }) =>
    `${lockName(lock)} let go between \`${a.site.text}\` and \`${b.site.text}\``);
}

function lockName(lock: string): string {
  return lock === 'rcu' ? 'rcu_read_lock' : lock;
}

function nowText({ now, lock }: Weaker): string {
  const name = lockName(lock);
  switch (now) {
    case 'none': return `no longer under ${name}`;
    case 'sometimes': return `no longer always under ${name}`;
    case 'read': return `under ${name} for reading at most`;
    case 'sometimes_write': return `no longer always under ${name} for writing`;
    default: return unreachable(now);
  }
}

/** 0: everything is protected and checked as before; 1: something is under less; 2: unchecked. */
export function rankOf({ weaker, split, atomic, marked }: Losses): 0 | 1 | 2 {
  if (atomic.length + marked.size > 0) return 2;
  return weaker.length > 0 || split.some(({ moved }) => !moved) ? 1 : 0;
}
