// The threads of a scenario's program, kept from one version of a file to the next: where the rest
// of the program is laid out as before, only those are lowered that an edit touched.
import type { Cell } from '../../../simulator/src/program.ts';
import type { Added, Draft, Finished } from './drafts.ts';
import type { CellInfo, Passage, Site } from './lowered.ts';
import type { ProgramKey } from './program-key.ts';
import { areAt, movedRange, spotsOf, type Spot } from './spots.ts';
import type { Instance, World } from './world.ts';

/** A thread with all that it has in the world of its program. */
export interface KeptThread extends Finished {
  readonly kind: 'kept';
  /** See `ProgramKey`; and where the declarations stood that it is made of. */
  readonly key: string;
  readonly spots: readonly Spot[];
  readonly added: Added;
  readonly cells: readonly Cell[];
  readonly infos: readonly CellInfo[];
  readonly sites: readonly Site[];
  /** The thread and the procs that it calls, directly or not, by name. */
  readonly bodies: ReadonlySet<string>;
}

export interface KeptBuild {
  readonly layout: Layout;
  /** By instance; null where its code depends on the other threads. */
  readonly threads: readonly (KeptThread | null)[];
}

export const NOTHING_BUILT: KeptBuild = {
  layout: { places: [], pools: [], classes: [], locks: [], instances: [] }, threads: [],
};

/** The numbers of all that threads can name, and who runs. */
type Layout = Pick<World, 'places' | 'pools' | 'classes' | 'locks' | 'instances'>;

export interface Bodies {
  /** By instance: what its thread is made of. */
  readonly keys: readonly (ProgramKey | null)[];
  /** See `KeptThread.bodies`. */
  inside(instance: Instance): ReadonlySet<string>;
}

/** By instance: what need not be lowered if all before it turns out as it was; null the others. */
export function keptIn(
  { layout, threads }: KeptBuild, world: World, { keys, inside }: Bodies,
): readonly (KeptThread | null)[] {
  const { instances } = world;
  if (!isAlike(layout, world)) return instances.map(() => null);
  const found = instances.map((_, i) => {
    const [was, key] = [threads[i], keys[i]];
    return was == null || key == null || was.key !== key.key ? null : movedTo(was, key);
  });
  // Threads that call one proc share its sites: those of whoever is the first.
  const open = [...found.keys()].filter((i) => found[i] === null);
  for (const i of open) {
    const instance = instances[i];
    if (instance === undefined || found.every((it) => it === null || it.bodies.size < 2)) break;
    const bodies = inside(instance);
    for (const [other, it] of found.entries()) {
      if (it === null || ![...it.bodies].some((name) => bodies.has(name))) continue;
      found[other] = null;
      open.push(other);
    }
  }
  return found;
}

/** Puts it where it was; false where that place is not its own now. */
export function takeThread(world: World, kept: KeptThread): boolean {
  const { added: { firstCell, firstSite, nRegs }, cells, infos, sites } = kept;
  if (firstCell !== world.cells.length || firstSite !== world.sites.sites.length) return false;
  world.cells.push(...cells);
  world.cellInfos.push(...infos);
  world.sites.takeOver(sites);
  world.nRegs = Math.max(world.nRegs, nRegs);
  return true;
}

/** Taken before other threads of this program are changed or made. */
export function keepThread(
  world: World, { added }: Draft, made: Finished & ProgramKey & Pick<KeptThread, 'bodies'>,
): KeptThread | null {
  if (added.asksThreads) return null;
  const { firstCell, endCell, firstSite, endSite } = added;
  const { thread, passages, labels, key, parts, bodies } = made;
  return {
    kind: 'kept', thread, passages, labels, key, spots: spotsOf(parts), bodies, added,
    cells: world.cells.slice(firstCell, endCell),
    infos: world.cellInfos.slice(firstCell, endCell),
    sites: world.sites.sites.slice(firstSite, endSite),
  };
}

/** The same thread where its declarations stand now. */
function movedTo(kept: KeptThread, { parts }: ProgramKey): KeptThread {
  const { spots: before, sites, passages } = kept;
  if (areAt(before, parts)) return kept;
  const spots = spotsOf(parts);
  const moves = { before, spots };
  return {
    ...kept, spots,
    sites: sites.map((site): Site =>
      ({ ...site, range: movedRange(site.range, site.file, moves) })),
    passages: passages.map((passage): Passage =>
      ({ ...passage, range: movedRange(passage.range, passage.file, moves) })),
  };
}

export function layoutOf({ places, pools, classes, locks, instances }: World): Layout {
  return { places, pools, classes, locks, instances };
}

/** Every name leads to the same number, and every number to as many. */
function isAlike(was: Layout, is: Layout): boolean {
  return same(was.places, is.places, (a, b) => a.name === b.name && a.base === b.base
      && a.count === b.count && a.pool === b.pool)
    && same(was.pools, is.pools, (a, b) => a.name === b.name && a.count === b.count)
    && same(was.classes, is.classes, (a, b) => a.name === b.name && a.kind === b.kind)
    && same(was.locks, is.locks, (a, b) => a.cls === b.cls && a.name === b.name)
    && same(was.instances, is.instances, (a, b) => a.name === b.name && a.alias === b.alias
      && a.decl.name.text === b.decl.name.text && same(a.args, b.args, Object.is));
}

function same<T>(was: readonly T[], is: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  if (was.length !== is.length) return false;
  for (let i = 0; i < was.length; i++) {
    const [a, b] = [was[i], is[i]];
    if (a === undefined || b === undefined || !isSame(a, b)) return false;
  }
  return true;
}
