// The programs of scenarios and of threads alone, with the walks of these, kept from one version of
// a file to the next: what no edit touched in anything that they name is not worked out again.
import type { KeptReading } from './kept-reading.ts';
import type { Lowered, Passage, Site } from './lowered.ts';
import type { KeptBuild } from './kept-threads.ts';
import type { Placed } from './needs.ts';
import type { ProgramKey } from './program-key.ts';
import { areAt, movedRange, spotsOf, type Spot } from './spots.ts';
import { walkThread } from './thread-walk.ts';
import type { Walk } from './thread-walk.ts';
import type { KeptRanges } from './unreached-findings.ts';

/** What a walk asks about shared state: by the name of a place. */
export interface Surroundings {
  /** Whether some thread writes it. */
  isWritten(name: string): boolean;
  /** All that it can be; null where that is not known. */
  valuesOf(name: string): ReadonlySet<number> | null;
}

/** The walk of a thread, with what it asked and was told: told the same it would find the same. */
interface KeptWalk {
  readonly written: ReadonlyMap<string, boolean>;
  readonly values: ReadonlyMap<string, string>;
  readonly walk: Walk | null;
}

interface KeptProgram {
  readonly lowered: Lowered;
  /** Where the declarations that it was made of stood then. */
  readonly spots: readonly Spot[];
  /** The latest last. */
  readonly walks: KeptWalk[];
}

/** As it stands in the present text. */
export interface ProgramAtHand {
  readonly lowered: Lowered;
  /** `thread`: of `lowered.program`, alone. null where it has too many states to say anything. */
  walk(thread: number, around: Surroundings): Walk | null;
}

/** While somebody types, others have to be worked out for what is there between two words. */
const MAX_WALKS = 3;

/** Of one open file. What was not asked for since long is dropped: see `begin`. */
export class KeptPrograms {
  /** The last version without a mistake. */
  reading: KeptReading | null = null;
  /** Whether that was the last one without damage: after a mistake the next is mostly wrong too. */
  isRight = false;
  /** By key, the one asked for last at the end. */
  readonly #programs = new Map<string, KeptProgram>();
  /** By the name of a scenario: the last of its programs that was made, thread by thread. */
  readonly #builds = new Map<string, KeptBuild>();
  /** By the name of a body, of the version before. */
  unreached: ReadonlyMap<string, KeptRanges> = new Map();

  /** To be called once for each version, with how many threads and scenarios it has. */
  begin(nBodies: number): void {
    const most = 2 * nBodies + 64;
    shrink(this.#programs, most);
    shrink(this.#builds, most);
  }

  buildOf(scenario: string): KeptBuild | null {
    return this.#builds.get(scenario) ?? null;
  }

  keepBuild(scenario: string, build: KeptBuild): void {
    this.#builds.delete(scenario);
    this.#builds.set(scenario, build);
  }

  /** null where `lower` has nothing. */
  at({ key, parts }: ProgramKey, lower: () => Lowered | null): ProgramAtHand | null {
    const known = this.#programs.get(key);
    if (known !== undefined) {
      this.#programs.delete(key);
      this.#programs.set(key, known);
      return atHand(known, parts);
    }
    const lowered = lower();
    if (lowered === null) return null;
    const kept: KeptProgram = { lowered, spots: spotsOf(parts), walks: [] };
    this.#programs.set(key, kept);
    return atHand(kept, parts);
  }
}

/** Drops the first. */
function shrink(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) break;
    map.delete(key);
  }
}

function atHand(kept: KeptProgram, parts: readonly Placed[]): ProgramAtHand {
  return {
    lowered: movedTo(kept, parts),
    walk(thread, around) {
      const known = kept.walks.find((it) => holds(it, around));
      if (known !== undefined) return known.walk;
      const found = walked(kept.lowered, thread, around);
      kept.walks.push(found);
      if (kept.walks.length > MAX_WALKS) kept.walks.shift();
      return found.walk;
    },
  };
}

function holds({ written, values }: KeptWalk, around: Surroundings): boolean {
  for (const [name, was] of written) if (around.isWritten(name) !== was) return false;
  for (const [name, was] of values) if (printed(around.valuesOf(name)) !== was) return false;
  return true;
}

/** In the set's order: a walk goes through them one by one. */
function printed(values: ReadonlySet<number> | null): string {
  return values === null ? '' : `{${[...values].join()}}`;
}

function walked(lowered: Lowered, thread: number, around: Surroundings): KeptWalk {
  const { places } = lowered.program;
  const written = new Map<string, boolean>();
  const values = new Map<string, string>();
  const nameOf = (place: number): string => places[place]?.name ?? '';
  const isWritten = (name: string): boolean => {
    const is = around.isWritten(name);
    written.set(name, is);
    return is;
  };
  const walk = walkThread(lowered, thread, {
    // Who declares a guard says that it changes under it; else somebody must be seen to write it.
    mayChange: (place) => {
      const it = places[place];
      return it !== undefined
        && (it.readGuard !== null || it.writeGuard !== null || isWritten(it.name));
    },
    isWritten: (place) => isWritten(nameOf(place)),
    valuesOf: (place) => {
      const found = around.valuesOf(nameOf(place));
      values.set(nameOf(place), printed(found));
      return found;
    },
  });
  return { written, values, walk };
}

/** The same program with its sites where its declarations stand now. */
function movedTo(kept: KeptProgram, parts: readonly Placed[]): Lowered {
  const { lowered, spots: before } = kept;
  if (areAt(before, parts)) return lowered;
  const spots = spotsOf(parts);
  const { program, cells } = lowered;
  const moves = { before, spots };
  let sites: readonly Site[] | null = null;
  let passages: readonly Passage[] | null = null;
  return {
    program, cells,
    threads: lowered.threads.map((thread) => ({
      ...thread,
      runRange: thread.runRange && movedRange(thread.runRange, spots.at(-1)?.file ?? '', moves),
    })),
    get sites() {
      return (sites ??= lowered.sites.map((site): Site =>
        ({ ...site, range: movedRange(site.range, site.file, moves) })));
    },
    get passages() {
      return (passages ??= lowered.passages.map((passage): Passage =>
        ({ ...passage, range: movedRange(passage.range, passage.file, moves) })));
    },
  };
}
