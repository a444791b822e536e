// One open file: its text, and for each version what reading it gives and how its checks stand.
// Works only when asked; the workspace decides when.
import type { FileId } from '../text/range.ts';
import { createLines, type Lines } from '../text/lines.ts';
import type { Problem } from '../text/problem.ts';
import { KeptPrograms } from '../analysis/kept-programs.ts';
import type { Model } from '../analysis/model.ts';
import type { LimitsUsed, Snapshot } from '../features/snapshot.ts';
import type { Cache } from './cache.ts';
import type { Files, OpenFile } from './files.ts';
import { judging, readFile } from './front.ts';
import type { Queue } from './queue.ts';
import { createSlots, type Slots } from './slots.ts';

export interface DocumentContext {
  readonly files: Files;
  readonly cache: Cache;
  readonly queue: Queue;
  limits(): LimitsUsed;
  now(): number;
}

/** Whether there is no time for what will take so many milliseconds more. */
export type Expiry = (ms?: number) => boolean;

/** One version, read. */
interface Reading {
  readonly version: number;
  readonly text: string;
  readonly lines: Lines;
  readonly model: Model;
  readonly problems: readonly Problem[];
  /** The files that were looked for, found or not. */
  readonly uses: ReadonlySet<FileId>;
  readonly slots: Slots;
}

export interface Document {
  readonly file: FileId;
  readonly open: OpenFile;
  /** Offset of the last edit: what is near it is checked first. */
  lastEdit: number;
  /** Its checks are about to be asked for. */
  scheduled: boolean;
  /** Scenarios that somebody waits for, whatever the settings say. */
  readonly demanded: Set<string>;
  reading(): Reading;
  /** What it takes in has changed, or a limit: to be read again. */
  invalidate(): void;
  /** A check went on: the next snapshot is a new one. */
  touch(): void;
  /** Nothing is begun that would not be done by then; a later snapshot has it. */
  snapshot(expired: Expiry): Snapshot;
  uses(file: FileId): boolean;
}

export function createDocument(open: OpenFile, context: DocumentContext): Document {
  let reading: Reading | null = null;
  let snapshot: Snapshot | null = null;
  /** What the last findings took, in milliseconds: the next will take about as long. */
  let findingsMs = 0;
  const linesOf = linesByText(context.files);
  const kept = new KeptPrograms();

  const timed = <T>(work: () => T): T => {
    const start = context.now();
    const result = work();
    findingsMs = context.now() - start;
    return result;
  };
  const current = (): Reading => {
    if (reading === null || reading.version !== open.version || reading.text !== open.text) {
      reading = readVersion(open, context, kept);
      snapshot = null;
    }
    return reading;
  };
  const document: Document = {
    file: open.file, open, lastEdit: 0, scheduled: false, demanded: new Set(),
    reading: current,
    invalidate() {
      reading = null;
      snapshot = null;
    },
    touch() {
      snapshot = null;
    },
    snapshot(expired) {
      const { version, text, lines, model, problems, slots } = current();
      if (snapshot !== null) return snapshot;
      const { queue } = context;
      const checks = slots.checks({ queue, scheduled: document.scheduled, expired });
      const findings = expired(findingsMs) ? [] : timed(() => slots.findings());
      snapshot = {
        file: open.file, version, text, lines, model, problems, linesOf, findings, checks,
        usedBy: (decl) => context.files.target(open.file, decl),
      };
      return snapshot;
    },
    uses: (file) => reading !== null && reading.uses.has(file),
  };
  return document;
}

function readVersion(
  open: OpenFile, { files, cache, limits }: DocumentContext, kept: KeptPrograms,
): Reading {
  const uses = new Set<FileId>();
  const { model, problems } = readFile({
    file: open.file, syntax: open.syntax(), kept,
    use: (from, decl) => {
      const target = files.target(from, decl);
      if (target !== null) uses.add(target);
      return files.use(from, decl);
    },
  });
  const slots = createSlots({
    scenarios: model.scenarios, judging: judging(model), limits: limits(), cache,
  });
  const { version, text } = open;
  return { version, text, lines: createLines(text), model, problems, uses, slots };
}

/** Lines of other files, worked out once for each text. */
function linesByText(files: Files): (file: FileId) => Lines | null {
  const known = new Map<FileId, { readonly text: string; readonly lines: Lines }>();
  return (file) => {
    const text = files.textOf(file);
    if (text === null) return null;
    const entry = known.get(file);
    if (entry?.text === text) return entry.lines;
    const lines = createLines(text);
    known.set(file, { text, lines });
    return lines;
  };
}
