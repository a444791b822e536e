// Edits in, immutable snapshots out, and checks under way between them. A snapshot never waits: it
// holds what is known of the text as it is now, and an event says when more is.
import type { FileId } from '../text/range.ts';
import type { Lowered } from '../analysis/lowered.ts';
import type { Snapshot } from '../features/snapshot.ts';
import type { SyntaxParser } from '../syntax/parse.ts';
import { createCache } from './cache.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import type { Checker } from './checker.ts';
import { createComparer, type Comparer } from './comparing.ts';
import { createDocument, type Document, type Expiry } from './document.ts';
import type { TextEdit } from './edits.ts';
import { createFiles, type Sources } from './files.ts';
import { formatting, type Formatting } from './formatting.ts';
import { createDesk, type Desk } from './fixes/desk.ts';
import { createQueue } from './queue.ts';
import { DEBOUNCE_MS, DEFAULT_SETTINGS, type CheckSettings } from './settings.ts';
import type { Missing, Slot } from './slots.ts';
import { createSweep, type Sweep } from './sweep.ts';

export { createParser } from '../syntax/parse.ts';

export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls back once after so many milliseconds, unless the returned function is called first. */
  after(ms: number, then: () => void): () => void;
}

export interface WorkspaceOptions {
  readonly parser: SyntaxParser;
  readonly checker: Checker;
  readonly sources: Sources;
  readonly clock: Clock;
  /**
   * What `file` shows has changed other than by an edit of it. `settled`: nothing more is under
   * way for it.
   */
  readonly onChange: (file: FileId, settled: boolean) => void;
}

/** Says when somebody no longer waits. */
export type Withdrawal = (then: () => void) => void;

export interface Workspace {
  open(file: FileId, version: number, text: string): void;
  edit(file: FileId, version: number, edits: readonly TextEdit[]): void;
  save(file: FileId): void;
  close(file: FileId): void;
  /** A file has changed where the host reads it; `there`: it still is. */
  changedOutside(file: FileId, there?: boolean): void;
  configure(settings: CheckSettings): void;
  /** Checks all of a file, whatever the settings say when; also what broke down before. */
  check(file: FileId): void;
  /** Resolves when the scenario is judged, or cannot be, or is no more. */
  demand(file: FileId, scenario: string, until?: Withdrawal): Promise<void>;
  /** null: not open. */
  text(file: FileId): string | null;
  /** null: no such scenario, or an error touches it. */
  program(file: FileId, scenario: string): Lowered | null;
  /** null: not open. */
  snapshot(file: FileId): Snapshot | null;
  /** null: not open. */
  formatting(file: FileId): Formatting | null;
  /** Resolves when the files it takes in are there, or known not to be. */
  complete(file: FileId): Promise<void>;
  readonly files: readonly FileId[];
  /** Changes of the open files, put to trial. */
  readonly desk: Desk;
  readonly comparer: Comparer;
  /** The files that are in no editor. */
  readonly catalogue: Catalogue;
  /** Checks those too, where that is wanted. */
  readonly sweep: Sweep;
  dispose(): void;
}

/** Of one frame, what a snapshot after a key press may spend on more than reading the text. */
const EAGER_MS = 12;
const NEVER: Expiry = () => false;
/** Answers that come within this are told together. */
const GATHER_MS = 10;
/** Of lowering in the background, between two looks at the messages. */
const SLICE_MS = 12;

export function createWorkspace(options: WorkspaceOptions): Workspace {
  return new ServedWorkspace(options);
}

interface Waiter {
  readonly scenario: string;
  readonly done: () => void;
}

interface Entry {
  readonly document: Document;
  /** All of it is to be checked once the timer is up. */
  checksAll: boolean;
  /** Just edited: an answer is wanted within a frame, and the rest after a pause. */
  fresh: boolean;
  stopTimer: () => void;
  readonly waiters: Set<Waiter>;
}

class ServedWorkspace implements Workspace {
  readonly #options: WorkspaceOptions;
  readonly #entries = new Map<FileId, Entry>();
  readonly #cache = createCache();
  readonly #queue;
  readonly #files;
  readonly desk: Desk;
  readonly comparer: Comparer;
  readonly catalogue: Catalogue;
  readonly sweep: Sweep;
  readonly #movedKeys = new Set<string>();
  #settings: CheckSettings = DEFAULT_SETTINGS;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.#files = createFiles(options.parser, options.sources, (file) => this.#dependents(file));
    this.#queue = createQueue({
      checker: options.checker,
      onAnswer: (key, answer) => {
        this.#cache.put(key, answer);
        this.#moved(key);
      },
      onProgress: (key) => this.#moved(key),
    });
    const { parser, checker, clock, sources } = options;
    const common = {
      parser, checker, clock, sources, files: this.#files, cache: this.#cache,
      textOf: (file: FileId) => this.text(file), settings: () => this.#settings,
    };
    this.desk = createDesk({ ...common, use: this.#files.use });
    this.comparer = createComparer({
      ...common, versionOf: (file) => this.#entries.get(file)?.document.open.version ?? null,
    });
    this.catalogue = createCatalogue({
      ...common, open: () => new Map([...this.#entries].map(([file, { document }]) =>
        [file, document.reading().uses])),
    });
    this.sweep = createSweep({
      ...common, catalogue: this.catalogue, busy: () => this.#queue.busy,
      sources: { ...sources, read: (file) => this.#files.load(file) },
    });
  }

  get files(): readonly FileId[] {
    return [...this.#entries.keys()];
  }

  open(file: FileId, version: number, text: string): void {
    this.close(file);
    const document = createDocument(this.#files.open(file, version, text), {
      files: this.#files, cache: this.#cache, queue: this.#queue,
      limits: () => this.#settings.limits, now: () => this.#options.clock.now(),
    });
    const entry: Entry = {
      document, checksAll: false, fresh: true, stopTimer: () => {}, waiters: new Set(),
    };
    this.#entries.set(file, entry);
    this.#schedule(entry, 0, this.#settings.when !== 'manual');
    this.#touched(this.#files.forget(file));
  }

  edit(file: FileId, version: number, edits: readonly TextEdit[]): void {
    const entry = this.#entries.get(file);
    if (entry === undefined) return;
    entry.document.open.edit(version, edits);
    entry.document.lastEdit = edits.at(-1)?.start ?? 0;
    this.#schedule(entry, DEBOUNCE_MS, this.#settings.when === 'onType');
    this.#touched([file]);
  }

  save(file: FileId): void {
    const entry = this.#entries.get(file);
    if (entry !== undefined && this.#settings.when === 'onSave') this.#schedule(entry, 0, true);
  }

  close(file: FileId): void {
    const entry = this.#entries.get(file);
    if (entry === undefined) return;
    entry.stopTimer();
    this.#entries.delete(file);
    entry.document.open.dispose();
    this.#queue.want(file, [], false);
    for (const waiter of entry.waiters) waiter.done();
    this.#touched(this.#files.forget(file));
  }

  changedOutside(file: FileId, there = true): void {
    if (there) this.catalogue.appeared(file);
    else this.catalogue.vanished(file);
    if (this.#entries.has(file)) return; // What the editor has is what counts.
    this.#touched(this.#files.forget(file));
  }

  configure(settings: CheckSettings): void {
    this.#settings = settings;
    this.sweep.touch();
    for (const entry of this.#entries.values()) {
      entry.document.invalidate();
      this.#schedule(entry, 0, settings.when === 'onType');
    }
  }

  check(file: FileId): void {
    const entry = this.#entries.get(file);
    if (entry === undefined) return;
    this.#cache.forgetFailures();
    entry.document.invalidate();
    this.#schedule(entry, 0, true);
  }

  demand(file: FileId, scenario: string, until?: Withdrawal): Promise<void> {
    const entry = this.#entries.get(file);
    if (entry === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = {
        scenario,
        done: () => {
          entry.waiters.delete(waiter);
          resolve();
        },
      };
      entry.waiters.add(waiter);
      entry.document.demanded.add(scenario);
      until?.(() => this.#withdraw(entry, waiter));
      this.#advance(entry);
    });
  }

  /** What nobody else wants checked is no longer. */
  #withdraw(entry: Entry, waiter: Waiter): void {
    const { document } = entry;
    if (!entry.waiters.has(waiter)) return;
    waiter.done();
    const isWaitedFor = [...entry.waiters].some(({ scenario }) => scenario === waiter.scenario);
    if (isWaitedFor || this.#entries.get(document.file) !== entry) return;
    document.demanded.delete(waiter.scenario);
    if (this.#settings.when === 'onType') return; // It would be checked in any case.
    this.#queue.want(document.file, [], false);
    this.#schedule(entry, 0, entry.checksAll);
  }

  text(file: FileId): string | null {
    return this.#entries.get(file)?.document.open.text ?? null;
  }

  program(file: FileId, scenario: string): Lowered | null {
    const slots = this.#entries.get(file)?.document.reading().slots;
    return slots?.lowerOne(scenario)[0]?.lowered ?? null;
  }

  snapshot(file: FileId): Snapshot | null {
    const entry = this.#entries.get(file);
    if (entry === undefined) return null;
    const { document } = entry;
    const expired = entry.fresh ? this.#expiry(EAGER_MS) : NEVER;
    const { slots } = document.reading();
    const before = slots.nLowered;
    slots.lowerSome(expired);
    if (slots.nLowered !== before) document.touch();
    return document.snapshot(expired);
  }

  formatting(file: FileId): Formatting | null {
    const open = this.#entries.get(file)?.document.open;
    return open === undefined ? null : formatting(this.#options.parser, open.syntax());
  }

  async complete(file: FileId): Promise<void> {
    for (;;) {
      const entry = this.#entries.get(file);
      if (entry === undefined) return;
      const waits = this.#pending(entry);
      if (waits.length === 0) return;
      await Promise.all(waits);
    }
  }

  dispose(): void {
    for (const file of this.files) this.close(file);
    this.#queue.dispose();
    this.#options.checker.dispose();
  }

  #pending({ document }: Entry): readonly Promise<void>[] {
    return [...document.reading().uses].flatMap((file) => this.#files.pending(file) ?? []);
  }

  #expiry(ms: number): Expiry {
    const { clock } = this.#options;
    const end = clock.now() + ms;
    return (more = 0) => clock.now() + more >= end;
  }

  /** `checks`: what is not known yet is checked; else only what already was under way goes on. */
  #schedule(entry: Entry, delayMs: number, checks: boolean): void {
    entry.stopTimer();
    const { document } = entry;
    entry.fresh = true;
    entry.checksAll ||= checks;
    document.scheduled = entry.checksAll || document.demanded.size > 0;
    document.touch();
    entry.stopTimer = this.#options.clock.after(delayMs, () => this.#advance(entry));
  }

  /** One slice of lowering, then whatever it brought is asked for; again until all is lowered. */
  #advance(entry: Entry): void {
    const { document } = entry;
    entry.stopTimer();
    if (this.#entries.get(document.file) !== entry) return;
    if (this.#pending(entry).length > 0) return; // Its arrival schedules again.
    const { slots } = document.reading();
    const done = slots.lowerSome(this.#expiry(SLICE_MS));
    const wanted = this.#wanted(entry);
    this.#queue.want(document.file, wanted, !done);
    document.touch();
    if (done) entry.fresh = entry.checksAll = document.scheduled = false;
    else entry.stopTimer = this.#options.clock.after(0, () => this.#advance(entry));
    this.#release(entry);
    if (done) this.#options.onChange(document.file, wanted.length === 0);
  }

  #wanted({ document, checksAll }: Entry): readonly Missing[] {
    const { slots } = document.reading();
    const { demanded, lastEdit } = document;
    const first = ({ scenario: { name, range } }: Slot): boolean =>
      demanded.has(name.text) || (range.start <= lastEdit && lastEdit <= range.end);
    const missing = slots.missing(first);
    if (checksAll) return missing;
    const asked = new Set([...demanded].flatMap((name) => slots.lowerOne(name))
      .map(({ search }) => search?.key));
    return missing.filter(({ key, follows }) =>
      follows || asked.has(key) || this.#queue.progress(key) !== undefined);
  }

  /** A check went on or ended; several at once are told together. */
  #moved(key: string): void {
    this.#movedKeys.add(key);
    if (this.#movedKeys.size === 1) this.#options.clock.after(GATHER_MS, () => this.#tell());
  }

  #tell(): void {
    const keys = new Set(this.#movedKeys);
    this.#movedKeys.clear();
    const isOf = ({ search, question }: Slot): boolean =>
      (search !== null && keys.has(search.key)) || (question != null && keys.has(question.key));
    for (const entry of this.#entries.values()) {
      const { document } = entry;
      const { slots } = document.reading();
      if (!slots.all.some(isOf)) continue;
      document.touch();
      const missing = slots.missing(() => false);
      const asked = ({ key }: Missing): boolean => this.#queue.progress(key) !== undefined;
      if (!document.scheduled && missing.some((each) => each.follows && !asked(each))) {
        this.#queue.want(document.file, this.#wanted(entry), false);
      }
      this.#release(entry);
      const settled = !document.scheduled && !missing.some(asked);
      this.#options.onChange(document.file, settled);
    }
  }

  /** Lets those go who waited for what is now known. */
  #release({ document, waiters }: Entry): void {
    if (waiters.size === 0) return;
    const { checks, model: { scenarios } } = document.snapshot(NEVER);
    for (const waiter of [...waiters]) {
      const check = checks[scenarios.findIndex(({ name }) => name.text === waiter.scenario)];
      if (check !== undefined && (check.kind === 'checking' || check.kind === 'off')) continue;
      document.demanded.delete(waiter.scenario);
      waiter.done();
    }
  }

  /** By all of its names. */
  #touched(names: readonly FileId[]): void {
    for (const name of names) this.#dependents(name);
    this.sweep.touch();
  }

  /** Open files that take `file` in, directly or not, are read again. */
  #dependents(file: FileId): void {
    for (const entry of this.#entries.values()) {
      const { document } = entry;
      if (document.file === file || !document.uses(file)) continue;
      document.invalidate();
      this.#schedule(entry, DEBOUNCE_MS, this.#settings.when === 'onType');
      this.#options.onChange(document.file, false);
    }
  }
}
