// Threads as programs of their own, and their walks, kept from one version of a file to the next:
// what neither the thread nor anything that it names was touched by is not worked out again.
import type { FileId, Range } from '../text/range.ts';
import type { Lowered, Site } from './lowered.ts';
import type { Spot } from './thread-key.ts';
import { walkThread } from './thread-walk.ts';
import type { Walk } from './thread-walk.ts';

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

interface KeptThread {
  readonly lowered: Lowered;
  /** Where the declarations that it was made of stood then. */
  readonly spots: readonly Spot[];
  /** The latest last. */
  readonly walks: KeptWalk[];
}

/** A thread as it stands in the present text. */
export interface ThreadAtHand {
  readonly lowered: Lowered;
  /** `thread`: of `lowered.program`. null where there are too many states to say anything. */
  walk(thread: number, around: Surroundings): Walk | null;
}

/** While somebody types, others have to be worked out for what is there between two words. */
const MAX_WALKS = 3;

/** Of one open file. What was not asked for since long is dropped: see `begin`. */
export class KeptThreads {
  /** By key, the one asked for last at the end. */
  readonly #threads = new Map<string, KeptThread>();

  /** To be called once for each version of the text, with how many threads that has. */
  begin(nThreads: number): void {
    const most = 4 * nThreads + 16;
    for (const key of this.#threads.keys()) {
      if (this.#threads.size <= most) break;
      this.#threads.delete(key);
    }
  }

  /** `key` and `spots` as `threadKey` has them; null where `lower` has nothing. */
  at(
    { key, spots }: { readonly key: string; readonly spots: readonly Spot[] },
    lower: () => Lowered | null,
  ): ThreadAtHand | null {
    const known = this.#threads.get(key);
    if (known !== undefined) {
      this.#threads.delete(key);
      this.#threads.set(key, known);
      return atHand(known, spots);
    }
    const lowered = lower();
    if (lowered === null) return null;
    const kept: KeptThread = { lowered, spots, walks: [] };
    this.#threads.set(key, kept);
    return atHand(kept, spots);
  }
}

function atHand(kept: KeptThread, spots: readonly Spot[]): ThreadAtHand {
  return {
    lowered: movedTo(kept, spots),
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
function movedTo(kept: KeptThread, spots: readonly Spot[]): Lowered {
  const { lowered, spots: before } = kept;
  if (spots.every((spot, i) => spot.start === before[i]?.start)) return lowered;
  const { program, cells, threads } = lowered;
  let sites: readonly Site[] | null = null;
  return {
    program, cells, threads,
    get sites() {
      return (sites ??= lowered.sites.map((site): Site =>
        ({ ...site, range: movedRange(site.range, site.file, { before, spots }) })));
    },
  };
}

function movedRange(
  range: Range, file: FileId,
  { before, spots }: { readonly before: readonly Spot[]; readonly spots: readonly Spot[] },
): Range {
  const at = before.findIndex((spot) =>
    spot.file === file && spot.start <= range.start && range.end <= spot.end);
  const [from, to] = [before[at], spots[at]];
  if (from === undefined || to === undefined) throw new Error('a site outside of its declarations');
  const by = to.start - from.start;
  return { start: range.start + by, end: range.end + by };
}
