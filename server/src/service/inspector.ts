// What a person asks about a place: surveys of scenarios, kept for as long as one may look at them,
// and single runs. Asked of the checker out of turn; nobody waits longer than they said.
import type { Survey, Wanted, Witness } from '../../../simulator/src/index.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { LimitsUsed } from '../features/snapshot.ts';
import type { AskAnswer, AskJob, Checker, Running } from './checker.ts';
import { fingerprint } from './hash.ts';
import type { Clock } from './workspace.ts';

export interface Inspector {
  /** What is known by now; null: nothing. */
  surveyOf(program: Program): Survey | null;
  /**
   * Surveys what is not known yet, and no longer what `owner` asked for before. Resolves with
   * whether all of it is known: at once if so, else when it is, or after so many milliseconds.
   */
  survey(owner: string, programs: readonly Program[], within: Within): Promise<boolean>;
  /** A shortest run; what it comes to, or a sentence on why that is not known. */
  witness(program: Program, wanted: Wanted, within: Within): Promise<Witness | string>;
  forget(owner: string): void;
}

export interface Within {
  readonly ms: number;
  readonly limits: LimitsUsed;
  /** Called with what ends the waiting early. */
  readonly onCancel?: ((stop: () => void) => void) | undefined;
}

/** A protocol with more states is no less understood by what the first million show. */
export const SURVEY_STATES_MAX = 1_000_000;
const SURVEY_MEMORY_MAX = 256 * 2 ** 20;
/** As long as anyone looks at a place. */
const SURVEY_MS_MAX = 10_000;
/** A file has few scenarios; those of two or three files are looked at in turn. */
const KEPT_MAX = 32;

interface Asked {
  readonly running: Running<AskAnswer>;
  readonly known: Promise<void>;
}

export function createInspector(
  { checker, clock }: { readonly checker: Pick<Checker, 'ask'>; readonly clock: Clock },
): Inspector {
  const keys = new WeakMap<Program, string>();
  const kept = new Map<string, Survey | null>();
  const asked = new Map<string, Asked>();
  const wants = new Map<string, ReadonlySet<string>>();

  const keyOf = (program: Program): string => {
    const known = keys.get(program) ?? fingerprint(JSON.stringify(program));
    keys.set(program, known);
    return known;
  };
  const keep = (key: string, answer: AskAnswer): void => {
    asked.delete(key);
    if (answer.kind === 'cancelled') return;
    // A breakdown is kept as well: the same would happen again.
    kept.set(key, answer.kind === 'survey' ? answer.survey : null);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_MAX) break;
      kept.delete(oldest);
    }
  };
  const start = (key: string, program: Program, limits: LimitsUsed): Asked => {
    const running = checker.ask(jobOf(program, limits, { kind: 'survey' }));
    const known = running.answer.then((answer) => keep(key, answer));
    const entry = { running, known };
    asked.set(key, entry);
    return entry;
  };
  const dropUnwanted = (): void => {
    const wanted = new Set([...wants.values()].flatMap((all) => [...all]));
    for (const [key, { running }] of asked) if (!wanted.has(key)) running.cancel();
  };
  return {
    surveyOf: (program) => kept.get(keyOf(program)) ?? null,
    async survey(owner, programs, within) {
      wants.set(owner, new Set(programs.map(keyOf)));
      dropUnwanted();
      const open = programs.flatMap((program) => {
        const key = keyOf(program);
        return kept.has(key) ? [] : asked.get(key) ?? start(key, program, within.limits);
      });
      if (open.length === 0) return true;
      return timely(clock, within, Promise.all(open.map(({ known }) => known)).then(() => true))
        .then((answer) => answer ?? false);
    },
    async witness(program, wanted, within) {
      const running = checker.ask(jobOf(program, within.limits, { kind: 'witness', wanted }));
      within.onCancel?.(() => running.cancel());
      const answer = await running.answer;
      if (answer.kind === 'witness') return answer.witness;
      return answer.kind === 'failed' ? answer.message : 'the question was withdrawn';
    },
    forget(owner) {
      wants.delete(owner);
      dropUnwanted();
    },
  };
}

function jobOf(program: Program, limits: LimitsUsed, question: AskJob['question']): AskJob {
  const { maxStates, maxMemory, timeLimitMs } = limits;
  const isSurvey = question.kind === 'survey';
  return {
    program, question,
    limits: isSurvey ? {
      maxStates: Math.min(maxStates, SURVEY_STATES_MAX),
      maxMemory: Math.min(maxMemory, SURVEY_MEMORY_MAX),
    } : { maxStates, maxMemory },
    timeLimitMs: isSurvey ? Math.min(timeLimitMs, SURVEY_MS_MAX) : timeLimitMs,
  };
}

/** The answer if it comes in time, else null. */
function timely<T>(clock: Clock, { ms, onCancel }: Within, answer: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const stop = clock.after(ms, () => resolve(null));
    const end = (value: T | null): void => {
      stop();
      resolve(value);
    };
    onCancel?.(() => end(null));
    void answer.then(end);
  });
}
