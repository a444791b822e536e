// For tests: a workspace without a host. Time stands still until it is told to go on; the checker
// answers when told to, or searches on the spot.
import { readFileSync } from 'node:fs';
import {
  check, createSurvey, createWitness, DEFAULT_LIMITS,
} from '../../../simulator/src/index.ts';
import { NO_SURVEYS, type Surveys } from '../features/exploration.ts';
import type { Snapshot } from '../features/snapshot.ts';
import type { AskAnswer, AskJob, CheckAnswer, CheckJob, Checker } from './checker.ts';
import {
  createParser, createWorkspace, type Clock, type Workspace, type WorkspaceOptions,
} from './workspace.ts';

const root = new URL('../../../', import.meta.url);

export const FILE = 'file:///test.mmlock';

export function grammarBytes(): { readonly runtime: Uint8Array; readonly grammar: Uint8Array } {
  return {
    runtime: readFileSync(new URL('node_modules/web-tree-sitter/web-tree-sitter.wasm', root)),
    grammar: readFileSync(new URL('grammars/mmlock.wasm', root)),
  };
}

export const parser = await createParser(grammarBytes());

export interface FakeClock extends Clock {
  /** Lets so many milliseconds pass, and what was to happen in them. */
  advance(ms: number): void;
}

export function fakeClock(): FakeClock {
  let now = 0;
  let timers: { readonly due: number; readonly then: () => void }[] = [];
  return {
    now: () => now,
    after(ms, then) {
      const timer = { due: now + ms, then };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        now = next.due;
        next.then();
      }
      now = end;
    },
  };
}

/** A job that was given to the checker and is still to be answered. */
export interface Given {
  readonly job: CheckJob;
  readonly cancelled: boolean;
  /** With what the simulator says, or with this. */
  answer(answer?: CheckAnswer): void;
  progress(states: number): void;
}

export interface FakeChecker extends Checker {
  /** All that were ever asked, in order. */
  readonly given: readonly Given[];
}

export function searched(job: CheckJob): CheckAnswer {
  return { kind: 'verdict', verdict: check(job.program, job.limits), elapsedMs: 4 };
}

/** What the simulator says to what a person asks. */
export function answered({ program, limits, question }: AskJob): AskAnswer {
  if (question.kind === 'survey') {
    const search = createSurvey(program, limits);
    while (!search.advance(1000));
    return { kind: 'survey', survey: search.survey() };
  }
  const search = createWitness(program, question.wanted, limits);
  while (!search.advance(1000));
  return { kind: 'witness', witness: search.witness() };
}

/** `atOnce`: every job is searched when it is given; else each waits for its `answer`. */
export function fakeChecker(atOnce: boolean): FakeChecker {
  const given: Given[] = [];
  return {
    given,
    check(job, onProgress) {
      let resolve: (answer: CheckAnswer) => void = () => {};
      let cancelled = false;
      const answer = new Promise<CheckAnswer>((done) => {
        resolve = done;
      });
      const entry: Given = {
        job,
        get cancelled() { return cancelled; },
        answer: (value) => resolve(value ?? searched(job)),
        progress: onProgress,
      };
      given.push(entry);
      if (atOnce) entry.answer();
      return {
        answer,
        cancel() {
          cancelled = true;
          resolve({ kind: 'cancelled' });
        },
      };
    },
    ask: (job) => ({ answer: Promise.resolve(answered(job)), cancel() {} }),
    dispose() {},
  };
}

export interface Bench {
  readonly workspace: Workspace;
  readonly clock: FakeClock;
  readonly checker: FakeChecker;
  /** Files on the disk. */
  readonly disk: Map<string, string>;
  /** What `onChange` heard. */
  readonly changes: { readonly file: string; readonly settled: boolean }[];
  /** Lets time and promises go on until nothing more comes of it. */
  settle(): Promise<void>;
}

export interface BenchOptions extends Partial<Pick<WorkspaceOptions, 'sources'>> {
  readonly atOnce?: boolean;
}

export function createBench({ atOnce = true, sources }: BenchOptions = {}): Bench {
  const clock = fakeClock();
  const checker = fakeChecker(atOnce);
  const disk = new Map<string, string>();
  const changes: Bench['changes'] = [];
  const workspace = createWorkspace({
    parser, clock, checker,
    sources: sources ?? {
      modules: [], library: () => null,
      resolve: (_, path) => new URL(path, FILE).toString(),
      read: (file) => Promise.resolve(disk.get(file) ?? null),
    },
    onChange: (file, settled) => changes.push({ file, settled }),
  });
  return {
    workspace, clock, checker, disk, changes,
    async settle() {
      for (let i = 0; i < 20; i++) {
        clock.advance(1000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** The text with everything checked. */
export async function settledSnapshot(text: string): Promise<Snapshot> {
  const bench = createBench();
  bench.workspace.open(FILE, 1, text);
  await bench.settle();
  const snapshot = bench.workspace.snapshot(FILE);
  if (snapshot === null) throw new Error('the file is not open');
  return snapshot;
}

/** Every scenario surveyed in full, once it is asked for. */
export function surveyor(): Surveys {
  const known = new Map<Parameters<Surveys>[0], ReturnType<Surveys>>();
  return (lowered) => {
    if (!known.has(lowered)) {
      const search = createSurvey(lowered.program, DEFAULT_LIMITS);
      while (!search.advance(10_000));
      known.set(lowered, search.survey());
    }
    return known.get(lowered) ?? NO_SURVEYS(lowered);
  };
}

/** The text as it is the moment it is opened. */
export function freshSnapshot(text: string): Snapshot {
  const { workspace } = createBench({ atOnce: false });
  workspace.open(FILE, 1, text);
  const snapshot = workspace.snapshot(FILE);
  if (snapshot === null) throw new Error('the file is not open');
  return snapshot;
}

/** `<|>` is the cursor. */
export function cursor(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf('<|>');
  if (offset < 0) throw new Error('no <|> in the text');
  return { text: text.replace('<|>', ''), offset };
}
