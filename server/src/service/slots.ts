// The scenarios of one version of a file on their way from text to verdict: program, key, answer,
// judgement. Lowered a few at a time, so that ten thousand of them hold nobody up.
import type { Problem } from '../text/problem.ts';
import type { ScenarioDecl } from '../syntax/ast.ts';
import type { Lowered } from '../analysis/lowered.ts';
import type { Judgement, Result } from '../analysis/judgement.ts';
import type { Check, LimitsUsed } from '../features/snapshot.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Verdict } from '../../../simulator/src/verdict.ts';
import { keyOf, type Cache, type Kept } from './cache.ts';
import { canonicalProgram, meaningOf, type Legend } from './fingerprint.ts';
import { inWordsOf } from './legend.ts';
import type { Queue, Wanted } from './queue.ts';

/** What analysis does for a slot; passed in, so that this file knows no text. */
export interface Judging {
  /** null: an error touches it. */
  lower(scenario: ScenarioDecl): Lowered | null;
  /** The scenarios whose results it is judged with (`refines`). */
  needs(scenario: ScenarioDecl): readonly string[];
  /** A second program to be searched before it can be judged; null mostly. */
  question(result: Result, others: readonly Result[]): Program | null;
  judge(result: Result, others: readonly Result[], answer: Verdict | null): Judgement;
  /** `complete`: there will be no more results. */
  findings(results: readonly Result[], complete: boolean): readonly Problem[];
}

/** A program to be searched and, once it was, what came of it. */
interface Search {
  readonly legend: Legend;
  readonly key: string;
  kept: Kept | null;
}

export interface Slot {
  readonly scenario: ScenarioDecl;
  /** undefined: not lowered yet; null: an error touches it. */
  lowered: Lowered | null | undefined;
  search: Search | null;
  result: Result | null;
  /** undefined: not known yet whether there is one. */
  question: Search | null | undefined;
  judgement: Judgement | null;
}

export interface Missing extends Wanted {
  /** It is a question that an answer raised: part of the same check. */
  readonly follows: boolean;
}

export interface Slots {
  readonly all: readonly Slot[];
  /** How many are lowered. */
  readonly nLowered: number;
  /** Lowers, and judges if the answer is known, until `expired`; true when nothing is left. */
  lowerSome(expired: () => boolean): boolean;
  /** Lowers this one and those it is judged with. */
  lowerOne(name: string): readonly Slot[];
  /** What is to be checked, in the order of the file, what `first` accepts before the rest. */
  missing(first: (slot: Slot) => boolean): readonly Missing[];
  checks(asked: AskedChecks): readonly Check[];
  /** What holds of the file as a whole, given the results there are. */
  findings(): readonly Problem[];
}

export interface AskedChecks {
  readonly queue: Queue;
  /** What is not in the queue yet soon will be. */
  readonly scheduled: boolean;
  /** From when on nothing more is judged for this answer: the rest is `checking` in it. */
  readonly expired: () => boolean;
}

export interface SlotsOptions {
  readonly scenarios: readonly ScenarioDecl[];
  readonly judging: Judging;
  readonly limits: LimitsUsed;
  readonly cache: Cache;
}

export function createSlots(options: SlotsOptions): Slots {
  return new ScenarioSlots(options);
}

class ScenarioSlots implements Slots {
  readonly all: readonly Slot[];
  nLowered = 0;
  readonly #options: SlotsOptions;
  readonly #byName = new Map<string, Slot>();
  #next = 0;
  #findings: { readonly state: string; readonly problems: readonly Problem[] } | null = null;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.all = options.scenarios.map((scenario): Slot => ({
      scenario, lowered: undefined, search: null, result: null, question: undefined,
      judgement: null,
    }));
    for (const slot of this.all) this.#byName.set(slot.scenario.name.text, slot);
  }

  lowerSome(expired: () => boolean): boolean {
    for (; this.#next < this.all.length; this.#next++) {
      if (expired()) return false;
      const slot = this.all[this.#next];
      if (slot === undefined) continue;
      this.#lower(slot);
      this.#look(slot);
    }
    return true;
  }

  lowerOne(name: string): readonly Slot[] {
    const slot = this.#byName.get(name);
    if (slot === undefined) return [];
    const others = this.#options.judging.needs(slot.scenario)
      .flatMap((other) => this.#byName.get(other) ?? []);
    for (const each of [slot, ...others]) this.#lower(each);
    return [slot, ...others];
  }

  missing(first: (slot: Slot) => boolean): readonly Missing[] {
    const open = this.all.flatMap((slot) => {
      this.#look(slot);
      const search = [slot.search, slot.question].find((each) => each?.kept === null);
      return search == null ? [] : [{ slot, search, follows: search === slot.question }];
    });
    const urgent = open.filter(({ slot }) => first(slot));
    const order = urgent.length === 0
      ? open : [...urgent, ...open.filter(({ slot }) => !first(slot))];
    return order.map(({ search: { key, legend }, follows }) => ({
      key, follows, job: () => {
        const { maxStates, maxMemory, timeLimitMs } = this.#options.limits;
        const limits = { maxStates, maxMemory };
        return { program: canonicalProgram({ legend }), limits, timeLimitMs };
      },
    }));
  }

  checks({ queue, scheduled, expired }: AskedChecks): readonly Check[] {
    const later: Check = scheduled ? { kind: 'checking', states: null } : { kind: 'off' };
    return this.all.map((slot): Check => {
      if (slot.judgement === null && !expired()) this.#look(slot);
      const { search, question, result, judgement } = slot;
      if (slot.lowered === null) return { kind: 'broken' };
      if (search?.kept?.kind === 'failed') return { kind: 'failed', message: search.kept.message };
      if (judgement !== null && result !== null) {
        return { kind: 'judged', result, judgement, limits: this.#options.limits };
      }
      if (search !== null && search.kept !== null && question == null) {
        return { kind: 'checking', states: null };
      }
      const states = search === null ? undefined : queue.progress((question ?? search).key);
      return states === undefined ? later : { kind: 'checking', states };
    });
  }

  findings(): readonly Problem[] {
    const results = this.all.flatMap((slot) => {
      this.#look(slot);
      return slot.result ?? [];
    });
    const complete = this.all.every(({ lowered, search }) =>
      lowered === null || (search !== null && search.kept !== null));
    const state = `${results.length} ${complete}`;
    if (this.#findings?.state === state) return this.#findings.problems;
    const problems = this.#options.judging.findings(results, complete);
    this.#findings = { state, problems };
    return problems;
  }

  #lower(slot: Slot): void {
    if (slot.lowered !== undefined) return;
    this.nLowered++;
    slot.lowered = this.#options.judging.lower(slot.scenario);
    if (slot.lowered !== null) slot.search = this.#searchOf(slot.lowered.program);
  }

  #searchOf(program: Program): Search {
    const { print, legend } = meaningOf(program);
    return { legend, key: keyOf(print, this.#options.limits), kept: null };
  }

  /** Takes the answers that the cache has by now; from then on the slot keeps them. */
  #look(slot: Slot): void {
    if (slot.judgement !== null) return;
    this.#fetch(slot);
    if (slot.result !== null) this.#judge(slot, slot.result);
  }

  #take(search: Search): void {
    search.kept ??= this.#options.cache.get(search.key) ?? null;
  }

  /** Once those it is judged with have their results, or will have none. */
  #judge(slot: Slot, result: Result): void {
    const { judging } = this.#options;
    const others: Result[] = [];
    for (const name of judging.needs(slot.scenario)) {
      const other = this.#byName.get(name);
      if (other === undefined || other === slot || other.lowered === null) continue;
      this.#fetch(other);
      if (other.search?.kept?.kind === 'failed') continue;
      if (other.result === null) return;
      others.push(other.result);
    }
    if (slot.question === undefined) {
      const question = judging.question(result, others);
      slot.question = question === null ? null : this.#searchOf(question);
    }
    const { question } = slot;
    if (question !== null) this.#take(question);
    if (question !== null && question.kept === null) return;
    const answer = question?.kept?.kind === 'verdict'
      ? inWordsOf(question.legend, question.kept.verdict) : null;
    slot.judgement = judging.judge(result, others, answer);
  }

  /** Only its result: its own judgement may need this one's. */
  #fetch(slot: Slot): void {
    const { search, lowered, scenario } = slot;
    if (slot.result !== null || search === null || lowered == null) return;
    this.#take(search);
    if (search.kept?.kind !== 'verdict') return;
    const verdict = inWordsOf(search.legend, search.kept.verdict);
    slot.result = { scenario, lowered, verdict, elapsedMs: search.kept.elapsedMs };
  }
}
