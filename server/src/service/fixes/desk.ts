// Where changes of open files are put to trial: one question after another, at leisure, each given
// up as soon as its file is edited or closed. Remembers what was found for the text as it is.
import type { FileId } from '../../text/range.ts';
import type { AnalyzeInput } from '../../analysis/input.ts';
import type { SyntaxParser } from '../../syntax/parse.ts';
import type { Cache } from '../cache.ts';
import type { Checker, RunningCheck } from '../checker.ts';
import type { Clock } from '../workspace.ts';
import type { About } from './about.ts';
import { findFixes, type Fixes, type Progress } from './fixing.ts';
import { Cancelled, createReader, TRIAL_LIMITS, type TrialHost } from './trial.ts';

export interface DeskOptions {
  readonly parser: SyntaxParser;
  readonly checker: Checker;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly use: AnalyzeInput['use'];
  /** null: not open. */
  readonly textOf: (file: FileId) => string | null;
}

export interface Question {
  readonly file: FileId;
  readonly about: About;
}

export interface Asking {
  readonly progress?: Progress;
  /** Whether nobody waits for it any more. */
  readonly cancelled?: () => boolean;
}

export interface Desk {
  /** What was found for the text as it is; null: nothing yet. */
  known(question: Question): Fixes | null;
  /** null: the file was edited or closed, or nobody waits. */
  find(question: Question, asking?: Asking): Promise<Fixes | null>;
  /** What any question about the text as it is needs; `work` may reject with `Cancelled`. */
  trial<T>(
    file: FileId, work: (host: TrialHost, text: string) => Promise<T>, asking?: Asking,
  ): Promise<T | null>;
}

interface Found {
  readonly text: string;
  readonly byAbout: Map<About, Promise<Fixes | null>>;
  readonly known: Map<About, Fixes>;
}

export function createDesk(options: DeskOptions): Desk {
  const files = new Map<FileId, Found>();
  let last: Promise<unknown> = Promise.resolve();

  const foundFor = (file: FileId): Found | null => {
    const text = options.textOf(file);
    const found = files.get(file);
    if (text === null) files.delete(file);
    if (text === null || found?.text === text) return text === null ? null : found ?? null;
    const fresh: Found = { text, byAbout: new Map(), known: new Map() };
    files.set(file, fresh);
    return fresh;
  };
  const desk: Desk = {
    known: ({ file, about }) => foundFor(file)?.known.get(about) ?? null,
    find({ file, about }, asking = {}) {
      const found = foundFor(file);
      const before = found?.byAbout.get(about);
      if (found === null || before !== undefined) return before ?? Promise.resolve(null);
      const { progress } = asking;
      const answer = desk.trial(file, (host, text) => findFixes(host, text,
        progress === undefined ? { about } : { about, progress }), asking);
      found.byAbout.set(about, answer);
      return answer.then((fixes) => {
        if (fixes === null) found.byAbout.delete(about);
        else found.known.set(about, fixes);
        return fixes;
      });
    },
    trial(file, work, asking = {}) {
      const text = options.textOf(file);
      if (text === null) return Promise.resolve(null);
      const wanted = (): boolean =>
        options.textOf(file) === text && asking.cancelled?.() !== true;
      const job = { file, text, wanted };
      const turn = last.then(() => (wanted() ? atWork(options, job, work) : null));
      last = turn.catch(() => {});
      return turn;
    },
  };
  return desk;
}

interface Job {
  readonly file: FileId;
  readonly text: string;
  readonly wanted: () => boolean;
}

async function atWork<T>(
  options: DeskOptions, { file, text, wanted }: Job,
  work: (host: TrialHost, text: string) => Promise<T>,
): Promise<T | null> {
  const { clock, checker, cache } = options;
  const reader = createReader(options.parser, file);
  try {
    return await work({
      reader, file, cache, use: options.use, limits: TRIAL_LIMITS,
      pause: () => new Promise((resolve) => clock.after(0, () => resolve(wanted()))),
      async search(missing) {
        const run = checker.check(missing.job(), () => stopUnless(wanted, run));
        const answer = await run.answer;
        if (answer.kind === 'cancelled' || !wanted()) return null;
        cache.put(missing.key, answer);
        return answer;
      },
    }, text);
  } catch (error) {
    if (error instanceof Cancelled) return null;
    throw error;
  } finally {
    reader.dispose();
  }
}

/** Looked at whenever the search says how far it is. */
function stopUnless(wanted: () => boolean, run: RunningCheck): void {
  if (!wanted()) run.cancel();
}
