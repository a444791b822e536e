// A text on trial: read, lowered and searched like that of a file, but beside it. What is known of
// a program from elsewhere costs nothing: a change that a scenario does not notice is free there.
import type { FileId } from '../../text/range.ts';
import type { Problem } from '../../text/problem.ts';
import type { AnalyzeInput } from '../../analysis/input.ts';
import type { Judgement } from '../../analysis/judgement.ts';
import type { Model } from '../../analysis/model.ts';
import type { LimitsUsed } from '../../features/snapshot.ts';
import type { Syntax, SyntaxParser } from '../../syntax/parse.ts';
import type { Cache, Kept } from '../cache.ts';
import { judging, readFile } from '../front.ts';
import { createSlots, type Missing, type Slots } from '../slots.ts';

export interface TrialHost {
  readonly reader: Reader;
  readonly file: FileId;
  readonly use: AnalyzeInput['use'];
  readonly cache: Cache;
  readonly limits: LimitsUsed;
  /** Searches one program and puts the answer into the cache; null: nobody wants it any more. */
  search(missing: Missing): Promise<Kept | null>;
  /** Lets others have a turn; false: nobody wants the answer any more. */
  pause(): Promise<boolean>;
}

/** Reads one text after another, each from where it differs from the one before. */
export interface Reader {
  read(text: string): Syntax;
  dispose(): void;
}

export function createReader(parser: SyntaxParser, file: FileId): Reader {
  let last: Syntax | null = null;
  return {
    read(text) {
      last = last === null ? parser.parse(text, file) : parser.reparse(last, text);
      return last;
    },
    dispose() {
      last?.dispose();
      last = null;
    },
  };
}

export interface Trial {
  readonly text: string;
  readonly model: Model;
  /** Of reading it. */
  readonly problems: readonly Problem[];
  readonly slots: Slots;
}

/** Nobody wants the answer any more. */
export class Cancelled extends Error {}

/**
 * Of one scenario, for one that is put to trial: far more than a protocol of a screen or two has.
 * Beyond it nothing is claimed and nothing is offered.
 */
export const TRIAL_LIMITS: LimitsUsed = {
  maxStates: 300_000, maxMemory: 2 ** 28, timeLimitMs: 3_000,
};

export function readTrial(host: TrialHost, text: string): Trial {
  const syntax = host.reader.read(text);
  const { model, problems } = readFile({ file: host.file, syntax, use: host.use });
  const slots = createSlots({
    scenarios: model.scenarios, judging: judging(model), limits: host.limits, cache: host.cache,
  });
  return { text, model, problems, slots };
}

/** The scenario judged; null where an error touches it or the checker broke down. */
export async function judged(
  host: TrialHost, { slots }: Trial, scenario: string,
): Promise<Judgement | null> {
  const slot = slots.lowerOne(scenario)[0];
  for (;;) {
    const [missing] = slots.missing((it) => it === slot);
    if (slot === undefined || missing === undefined) return slot?.judgement ?? null;
    const kept = host.cache.get(missing.key) ?? await host.search(missing);
    if (kept === null) throw new Cancelled();
  }
}

export async function allJudged(
  host: TrialHost, trial: Trial,
): Promise<ReadonlyMap<string, Judgement | null>> {
  const found = new Map<string, Judgement | null>();
  for (const { name } of trial.model.scenarios) {
    found.set(name.text, await judged(host, trial, name.text));
  }
  return found;
}

/** Everything to be said about it, once all its scenarios are judged. */
export function problemsOf(trial: Trial): readonly Problem[] {
  return [
    ...trial.problems,
    ...trial.slots.all.flatMap(({ judgement }) => judgement?.problems ?? []),
    ...trial.slots.findings(),
  ];
}
