// The scenarios of one version of a file on their way from text to verdict: program, key, answer,
// judgement. Lowered a few at a time, so that ten thousand of them hold nobody up.
import type { Problem } from '../text/problem.ts';
import type { Model } from '../analysis/model.ts';
import type { Lowered } from '../analysis/lowered.ts';
import type { Judgement, Result } from '../analysis/judgement.ts';
import type { Check, LimitsUsed } from '../features/snapshot.ts';
import type { Cache, Kept } from './cache.ts';
import type { CheckJob } from './checker.ts';
import {
  canonicalProgram, fingerprint, inWordsOf, meaningOf, type Legend,
} from './fingerprint.ts';
import type { Queue, Wanted } from './queue.ts';

type ScenarioDecl = Model['scenarios'][number];

interface Keyed {
  readonly lowered: Lowered;
  readonly legend: Legend;
  readonly key: string;
}

export interface Slot {
  readonly scenario: ScenarioDecl;
  /** undefined: not lowered yet; null: an error touches it. */
  keyed: Keyed | null | undefined;
  /** The cached answer that `result` and `judgement` were made from. */
  kept: Kept | null;
  result: Result | null;
  judgement: Judgement | null;
}

/** What analysis does for a slot; passed in, so that this file knows no text. */
export interface Judging {
  lower(scenario: ScenarioDecl): Lowered | null;
  /** `others`: the results there are, for `refines`. null while one it needs is missing. */
  judge(result: Result, others: readonly Result[]): Judgement | null;
  findings(results: readonly Result[]): readonly Problem[];
}

export interface Slots {
  readonly all: readonly Slot[];
  /** Lowers what is left until `expired` says so; true when nothing is left. */
  lowerSome(expired: () => boolean): boolean;
  lowerOne(name: string): Slot | null;
  /** What is to be checked, in the order of the file, what `first` accepts before the rest. */
  missing(first: (slot: Slot) => boolean): readonly Wanted[];
  /** `scheduled`: what is not in the queue yet soon will be. */
  checks(queue: Queue, scheduled: boolean): readonly Check[];
  /** Empty until every scenario has its answer. */
  findings(): readonly Problem[];
}

export interface SlotsOptions {
  readonly scenarios: readonly ScenarioDecl[];
  readonly judging: Judging;
  readonly limits: LimitsUsed;
  readonly cache: Cache;
}

export function createSlots(options: SlotsOptions): Slots {
  const all = options.scenarios.map((scenario): Slot =>
    ({ scenario, keyed: undefined, kept: null, result: null, judgement: null }));
  let next = 0;
  let findings: readonly Problem[] | null = null;
  const lower = (slot: Slot): void => {
    if (slot.keyed === undefined) slot.keyed = keyedOf(slot.scenario, options);
  };
  const settle = (slot: Slot): void => look(slot, options.cache);
  return {
    all,
    lowerSome(expired) {
      for (; next < all.length; next++) {
        if (expired()) return false;
        const slot = all[next];
        if (slot !== undefined) lower(slot);
      }
      return true;
    },
    lowerOne(name) {
      const slot = all.find((each) => each.scenario.name.text === name);
      if (slot === undefined) return null;
      lower(slot);
      settle(slot);
      return slot;
    },
    missing(first) {
      const open = all.filter((slot) => {
        settle(slot);
        return slot.keyed != null && slot.kept === null;
      });
      const urgent = open.filter(first);
      const order = urgent.length === 0 ? open : [...urgent, ...open.filter((it) => !first(it))];
      return order.flatMap(({ keyed }) => keyed == null
        ? [] : [{ key: keyed.key, job: () => jobOf(keyed, options.limits) }]);
    },
    checks(queue, scheduled) {
      for (const slot of all) settle(slot);
      const results = resultsOf(all);
      return all.map((slot) => checkOf(slot, { ...options, queue, scheduled, results }));
    },
    findings() {
      if (findings !== null) return findings;
      const over = all.every((slot) => slot.keyed === null || slot.kept !== null);
      if (!over || all.length === 0) return [];
      findings = options.judging.findings(resultsOf(all));
      return findings;
    },
  };
}

function keyedOf(scenario: ScenarioDecl, options: SlotsOptions): Keyed | null {
  const lowered = options.judging.lower(scenario);
  if (lowered === null) return null;
  const { text, legend } = meaningOf(lowered.program);
  const { maxStates, maxMemory, timeLimitMs } = options.limits;
  return { lowered, legend, key: `${fingerprint(text)} ${maxStates} ${maxMemory} ${timeLimitMs}` };
}

/** Made when its turn comes: ten thousand programs twice over would be too much to keep. */
function jobOf({ lowered }: Keyed, { maxStates, maxMemory, timeLimitMs }: LimitsUsed): CheckJob {
  const program = canonicalProgram(lowered.program);
  return { program, limits: { maxStates, maxMemory }, timeLimitMs };
}

/** Takes the answer from the cache once it is there; from then on the slot keeps it. */
function look(slot: Slot, cache: Cache): void {
  if (slot.keyed == null || slot.kept !== null) return;
  const kept = cache.get(slot.keyed.key);
  if (kept === undefined) return;
  slot.kept = kept;
  if (kept.kind === 'failed') return;
  const { lowered, legend } = slot.keyed;
  const verdict = inWordsOf(legend, kept.verdict);
  slot.result = { scenario: slot.scenario, lowered, verdict, elapsedMs: kept.elapsedMs };
}

function resultsOf(slots: readonly Slot[]): readonly Result[] {
  return slots.flatMap((slot) => (slot.result === null ? [] : [slot.result]));
}

interface Judged extends SlotsOptions {
  readonly queue: Queue;
  readonly scheduled: boolean;
  readonly results: readonly Result[];
}

function checkOf(slot: Slot, judged: Judged): Check {
  const { queue, scheduled, results, judging, limits } = judged;
  const later: Check = scheduled ? { kind: 'checking', states: null } : { kind: 'off' };
  if (slot.keyed === null) return { kind: 'broken' };
  if (slot.keyed === undefined) return later;
  if (slot.kept?.kind === 'failed') return { kind: 'failed', message: slot.kept.message };
  if (slot.result !== null) {
    slot.judgement ??= judging.judge(slot.result, results);
    if (slot.judgement === null) return { kind: 'checking', states: null };
    return { kind: 'judged', result: slot.result, judgement: slot.judgement, limits };
  }
  const states = queue.progress(slot.keyed.key);
  return states === undefined ? later : { kind: 'checking', states };
}
