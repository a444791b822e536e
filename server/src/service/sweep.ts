// Files that are in no editor, checked at leisure where the user wants that: one scenario at a
// time, only while nothing in an editor is, and given up as soon as somebody types.
import type { FileId } from '../text/range.ts';
import { staticFindings } from '../analysis/file-findings.ts';
import type { Snapshot } from '../features/snapshot.ts';
import type { Cache } from './cache.ts';
import { cachedSearch, Withdrawn } from './cached-search.ts';
import type { Catalogue } from './catalogue.ts';
import { reportBy, type Report } from './check-file.ts';
import type { Checker } from './checker.ts';
import { gather, type Gathering } from './gather.ts';
import { FIRST_VERSION, snapshotOf } from './report-snapshot.ts';
import type { CheckSettings } from './settings.ts';
import type { Clock } from './workspace.ts';

export interface SweepOptions extends Gathering {
  readonly catalogue: Catalogue;
  readonly checker: Checker;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly settings: () => CheckSettings;
  /** Something in an editor is being checked. */
  readonly busy: () => boolean;
}

export interface Listener {
  /** null: nothing is to be said of the file any more: it is in an editor, or gone. */
  told(file: FileId, snapshot: Snapshot | null): void;
  /** A mistake of ours. */
  failed(error: unknown): void;
}

export interface Sweep {
  /** Checks from now on, and tells what it finds; null: no longer, and forgets what was found. */
  start(listener: Listener | null): void;
  /** Something is another now: a text, which files there are or are open, a setting. */
  touch(): void;
  /** Resolves when all that was found is told; at once where nothing is wanted. */
  settled(): Promise<void>;
}

/** After the last that was typed: longer than for the file one types in. */
export const PAUSE_MS = 1000;

interface Told {
  readonly texts: readonly (string | null)[];
  readonly settings: CheckSettings;
}

export function createSweep(options: SweepOptions): Sweep {
  return new FileSweep(options);
}

class FileSweep implements Sweep {
  readonly #options: SweepOptions;
  readonly #told = new Map<FileId, Told>();
  #listener: Listener | null = null;
  /** Counts what is touched: what was begun before is given up. */
  #round = 0;
  #stopTimer = (): void => {};
  #done = false;
  #waiting: (() => void)[] = [];

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  start(listener: Listener | null): void {
    if (listener === null) for (const file of [...this.#told.keys()]) this.#drop(file);
    this.#listener = listener;
    if (listener === null) this.#settle();
    this.touch();
  }

  touch(): void {
    this.#stopTimer();
    this.#round++;
    this.#done = false;
    const { clock } = this.#options;
    if (this.#listener === null) return;
    this.#stopTimer = clock.after(PAUSE_MS, () => {
      this.#go(this.#round).catch((error: unknown) => this.#listener?.failed(error));
    });
  }

  settled(): Promise<void> {
    return this.#listener === null || this.#done ? Promise.resolve()
      : new Promise((resolve) => void this.#waiting.push(resolve));
  }

  async #go(round: number): Promise<void> {
    const { catalogue, textOf, busy } = this.#options;
    const current = (): boolean => round === this.#round && this.#listener !== null;
    if (busy()) return this.touch();
    await catalogue.ready();
    for (const file of this.#told.keys()) {
      if (!catalogue.found.has(file) || textOf(file) !== null) this.#drop(file);
    }
    for (const file of catalogue.found) {
      if (!current()) return;
      if (busy()) return this.touch();
      if (textOf(file) === null) await this.#look(file, current);
    }
    if (current()) this.#settle();
  }

  async #look(file: FileId, current: () => boolean): Promise<void> {
    const { catalogue } = this.#options;
    const texts = [file, ...catalogue.closure(file)].map((each) => catalogue.textOf(each));
    const settings = this.#options.settings();
    const before = this.#told.get(file);
    if (before?.settings === settings && isSame(before.texts, texts)) return;
    const snapshot = await checked(this.#options, file, () => !current());
    if (!current()) return;
    if (snapshot === null) return this.#drop(file);
    this.#told.set(file, { texts, settings });
    this.#listener?.told(file, snapshot);
  }

  #drop(file: FileId): void {
    if (this.#told.delete(file)) this.#listener?.told(file, null);
  }

  #settle(): void {
    this.#done = true;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }
}

function isSame(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** null: the file is not there, or nobody waits. */
async function checked(
  options: SweepOptions, file: FileId, cancelled: () => boolean,
): Promise<Snapshot | null> {
  const { when, limits } = options.settings();
  const gathered = await gather(options, file, null);
  if (gathered === null) return null;
  const { input, opened } = gathered;
  const unchecked: Report = {
    file, opened, judged: [],
    problems: [...opened.problems, ...staticFindings(opened.model, [])],
  };
  const shown = (report: Report): Snapshot =>
    snapshotOf(report, { version: FIRST_VERSION, limits });
  if (when === 'manual') return shown(unchecked);
  const search = inTurn(cachedSearch({ ...options, limits, cancelled }));
  try {
    return shown(await reportBy(input, opened, (_, program) => search(program)));
  } catch (error) {
    return error instanceof Withdrawn ? null : shown(unchecked);
  }
}

/** One call after another. */
function inTurn<A, T>(work: (given: A) => Promise<T>): (given: A) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (given) => {
    const turn = last.then(() => work(given));
    last = turn.catch(() => {});
    return turn;
  };
}
