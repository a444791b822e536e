// Verdicts that outlive the session, on whatever shelf the host has: written a little later and
// together, bounded in number and size, the least recently used given up first. Another session may
// use the same shelf. What goes wrong is never told: then a verdict is worked out again.

export interface VerdictStore {
  /** Data of any shape; undefined where there is none or it cannot be read. Never rejects. */
  get(key: string): Promise<unknown>;
  /** Kept soon, unless it is too large. */
  put(key: string, value: unknown): void;
  /** Forgets everything, also what other sessions have put there. */
  clear(): Promise<void>;
  /** Resolves when all that was put is written. */
  flush(): Promise<void>;
}

/** What a host has to keep texts on. Keys are made of `a-z`, `0-9`, `.` and `-`. */
export interface Shelf {
  /** null: there is none. Reading it counts as a use. */
  read(key: string): Promise<string | null>;
  /** All or nothing, whoever else writes. */
  write(key: string, text: string): Promise<void>;
  list(): Promise<readonly Shelved[]>;
  remove(keys: readonly string[]): Promise<void>;
}
export interface Shelved {
  readonly key: string;
  readonly bytes: number;
  /** Larger is later. */
  readonly usedAt: number;
}

export interface StoreOptions {
  readonly shelf: Shelf;
  /** Calls back after so many milliseconds, unless the returned function is called first. */
  after(ms: number, then: () => void): () => void;
  readonly bounds?: Bounds;
}
export interface Bounds {
  readonly bytes: number;
  readonly entries: number;
}

/** Some hundred protocols with all their scenarios, and no folder that anyone would notice. */
export const STORE_BOUNDS: Bounds = { bytes: 16 * 2 ** 20, entries: 2000 };
/** Characters. A larger verdict has long traces, and nobody waits for reading it. */
export const ENTRY_LENGTH_MAX = 256 * 2 ** 10;
/** Verdicts that come within this are written together. */
export const WRITE_DELAY_MS = 2000;
/** Of the bounds: what is left after giving entries up, so that it is not done at each write. */
const TRIMMED = 7 / 8;

export function createVerdictStore(options: StoreOptions): VerdictStore {
  return new ShelfStore(options);
}

class ShelfStore implements VerdictStore {
  readonly #shelf: Shelf;
  readonly #after: StoreOptions['after'];
  readonly #bounds: Bounds;
  /** What is still to be written. */
  readonly #pending = new Map<string, string>();
  #stopTimer: (() => void) | null = null;
  /** Writes one after the other; never rejects. */
  #written: Promise<void> = Promise.resolve();
  /** Room, as far as is known, until the shelf has to be looked through. */
  #room: Bounds = { bytes: 0, entries: 0 };

  constructor({ shelf, after, bounds = STORE_BOUNDS }: StoreOptions) {
    this.#shelf = shelf;
    this.#after = after;
    this.#bounds = bounds;
  }

  async get(key: string): Promise<unknown> {
    try {
      const text = this.#pending.get(key) ?? await this.#shelf.read(key);
      return text === null || text.length > ENTRY_LENGTH_MAX ? undefined : JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  put(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (text.length > ENTRY_LENGTH_MAX) return;
    this.#pending.set(key, text);
    this.#stopTimer ??= this.#after(WRITE_DELAY_MS, () => void this.flush());
  }

  clear(): Promise<void> {
    this.#pending.clear();
    return this.#then(async () => {
      await this.#shelf.remove((await this.#shelf.list()).map(({ key }) => key));
    });
  }

  flush(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = null;
    return this.#then(() => this.#write());
  }

  #then(next: () => Promise<void>): Promise<void> {
    this.#written = this.#written.then(next).catch(() => {});
    return this.#written;
  }

  async #write(): Promise<void> {
    const entries = [...this.#pending];
    for (const [key, text] of entries) {
      await this.#shelf.write(key, text).catch(() => {}); // Not tried again: the next one is.
      if (this.#pending.get(key) === text) this.#pending.delete(key);
      const { bytes, entries: left } = this.#room;
      this.#room = { bytes: bytes - text.length, entries: left - 1 };
    }
    if (entries.length > 0 && (this.#room.bytes < 0 || this.#room.entries < 0)) await this.#trim();
  }

  async #trim(): Promise<void> {
    const all = [...await this.#shelf.list()].sort((a, b) => b.usedAt - a.usedAt);
    const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
    const fits = total <= this.#bounds.bytes && all.length <= this.#bounds.entries;
    const share = fits ? 1 : TRIMMED;
    let room = { bytes: this.#bounds.bytes * share, entries: this.#bounds.entries * share };
    const given: string[] = [];
    for (const { key, bytes } of all) {
      const rest = { bytes: room.bytes - bytes, entries: room.entries - 1 };
      if (rest.bytes < 0 || rest.entries < 0) given.push(key);
      else room = rest;
    }
    if (given.length > 0) await this.#shelf.remove(given);
    const spare = 1 - share;
    this.#room = {
      bytes: room.bytes + this.#bounds.bytes * spare,
      entries: room.entries + this.#bounds.entries * spare,
    };
  }
}
