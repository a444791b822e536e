// Fixes that were checked before they are offered: candidates made from the text, each put to trial
// as a text of its own. Offered is only what leaves every scenario as it is expected to be and
// brings no error or warning that was not there.
import type { Problem } from '../../text/problem.ts';
import { encloses } from '../../text/range.ts';
import type { ExpectItem } from '../../syntax/ast.ts';
import { candidates, type Fault } from '../../analysis/changes/candidates.ts';
import { applied, ordered, type Change, type Splice } from '../../analysis/changes/change.ts';
import { costOf } from '../../analysis/changes/costs.ts';
import { coverOf } from '../../analysis/changes/cover.ts';
import { candidatesForWarning } from '../../analysis/changes/warned.ts';
import type { Owner } from '../../analysis/entity.ts';
import { ownersIn, sourceOf, type Source } from '../../analysis/changes/source.ts';
import type { Judgement, Told } from '../../analysis/judgement.ts';
import { broughtBy, isThereStill, warningOf, type About } from './about.ts';
import { leftOut } from './left-out.ts';
import {
  allJudged, Cancelled, judged, problemsOf, readTrial, type Trial, type TrialHost,
} from './trial.ts';

export interface Fix {
  /** Names it among those of one text; the same for the same text. */
  readonly id: string;
  readonly title: string;
  /** `mmap_sem held for writing over 2 steps more`. */
  readonly cost: string;
  /** Of the text it was made for; `expect` lines that change are among them. */
  readonly splices: readonly Splice[];
  /** Scenarios that failed as expected and no longer do, or not in all: what they expect then. */
  readonly expects: readonly Expects[];
}

export interface Expects {
  readonly scenario: string;
  /** `expect safe`, or what is left of `expect fails ...`. */
  readonly text: string;
}

export interface Rejected {
  readonly title: string;
  readonly splices: readonly Splice[];
  /** Why it is not offered: `one_fault still fails: data_race(pte)`. */
  readonly reason: string;
}

export interface Fixes {
  /** The smallest and cheapest first. */
  readonly offered: readonly Fix[];
  readonly rejected: readonly Rejected[];
  readonly tried: number;
  /** Some candidates were left out for their number. */
  readonly cut: boolean;
}

/** Candidates for one scenario; a large one has more, of which the last ones help least. */
export const CANDIDATES_MAX = 600;
/** Of pairs of candidates, each of which mends a part. */
const PARTIAL_MAX = 6;
const PAIRS_MAX = 120;

export interface Progress {
  /** So many of so many have been tried. */
  (tried: number, of: number): void;
}

/** What is wrong there, mended; nothing where nothing is. Rejects with `Cancelled`. */
export async function findFixes(
  host: TrialHost, text: string, asked: { readonly about: About; readonly progress?: Progress },
): Promise<Fixes> {
  const base = readTrial(host, text);
  const before = await allJudged(host, base);
  const problems = problemsOf(base);
  const warning = warningOf(problems, asked.about);
  const search = new FixSearch(host, { base, before, problems, warning, about: asked.about });
  return search.run(asked.progress ?? (() => {}));
}

interface Asked {
  readonly base: Trial;
  readonly before: ReadonlyMap<string, Judgement | null>;
  /** As the text stands. */
  readonly problems: readonly Problem[];
  readonly about: About;
  /** null: it is about a scenario. */
  readonly warning: Problem | null;
}

interface Offer {
  readonly kind: 'fix';
  readonly fix: Fix;
  /** As of its cost; what is alike in both stands as it was found. */
  readonly rank: number;
  readonly weight: number;
}

type Outcome =
  | Offer
  /** It mends a part and breaks nothing there. */
  | { readonly kind: 'partial'; readonly reason: string }
  | { readonly kind: 'no'; readonly reason: string }
  /** It makes no sense as a text. */
  | { readonly kind: 'void' };

class FixSearch {
  readonly #host: TrialHost;
  readonly #asked: Asked;
  readonly #source: Source;
  /** What some scenario runs. */
  readonly #run: ReadonlySet<Owner>;
  readonly #texts = new Set<string>();
  readonly #offered: Offer[] = [];
  readonly #rejected: Rejected[] = [];
  #tried = 0;

  constructor(host: TrialHost, asked: Asked) {
    this.#host = host;
    this.#asked = asked;
    this.#source = sourceOf(asked.base.model);
    this.#run = new Set(asked.base.model.scenarios.flatMap((decl) =>
      [...ownersIn(this.#source, decl)]));
    this.#texts.add(asked.base.text);
  }

  async run(progress: Progress): Promise<Fixes> {
    const all = onceEach(this.#candidates());
    const singles = all.slice(0, CANDIDATES_MAX);
    const partial: Change[] = [];
    const done = new Set<string>();
    for (const [i, change] of singles.entries()) {
      progress(i, singles.length);
      if (done.has(change.family)) continue;
      const outcome = await this.#try(change);
      if (outcome.kind === 'fix') done.add(change.family);
      if (outcome.kind === 'partial') partial.push(change);
    }
    if (!this.#offered.some(({ rank }) => rank === 0)) await this.#pairs(partial, singles);
    return this.#fixes(all.length > singles.length);
  }

  /** Two faults that have one change each. */
  async #pairs(partial: readonly Change[], all: readonly Change[]): Promise<void> {
    const firsts = partial.slice(0, PARTIAL_MAX);
    const seconds = [...partial, ...all.filter((it) => !partial.includes(it))];
    let left = PAIRS_MAX;
    const done = new Set<string>();
    for (const first of firsts) {
      for (const second of seconds) {
        const splices = ordered([...first.splices, ...second.splices]);
        const family = [first.family, second.family].sort().join(' + ');
        if (first.family === second.family || splices === null || done.has(family)) continue;
        if (left-- <= 0) return;
        const title = `${first.title}; ${lowered(second.title)}`;
        const keeps = [...first.keeps ?? [], ...second.keeps ?? []];
        const outcome = await this.#try({ title, family, splices, keeps });
        if (outcome.kind === 'fix') done.add(family);
      }
    }
  }

  #candidates(): readonly Change[] {
    const source = this.#source;
    const { base, before, about, warning } = this.#asked;
    const { file } = source.model;
    if (warning !== null) {
      const { code, range, related } = warning;
      const own = related.filter((place) => place.file === file);
      const at = [range, ...own.map((place) => place.range)].map(({ start }) => start);
      return candidatesForWarning(source, { code, at });
    }
    const decl = base.model.scenarios.find(({ name }) => name.text === about);
    if (decl === undefined) return [];
    const owners = ownersIn(source, decl);
    return (before.get(about)?.violations ?? []).flatMap((told) => {
      const ends = told.trace.filter(({ move }) => move === 'next');
      const places = [told, ...ends, ...told.trace.slice(-2)];
      const at = places.filter((place) => place.file === file).map(({ range }) => range.start);
      const fault: Fault = { code: told.code, subject: told.subject, owners, at };
      return candidates(source, fault);
    });
  }

  async #try(change: Change): Promise<Outcome> {
    const text = applied(this.#asked.base.text, change.splices);
    if (this.#texts.has(text)) return { kind: 'void' };
    this.#texts.add(text);
    if (!await this.#host.pause()) throw new Cancelled();
    const alone = this.#neverRun(change);
    const outcome: Outcome = alone === null ? await this.#outcome(change, text)
      : { kind: 'no', reason: `no scenario runs ${alone}: there is nothing to check it by` };
    if (outcome.kind !== 'void') this.#tried++;
    if (outcome.kind === 'fix') this.#offered.push(outcome);
    if (outcome.kind === 'no' || outcome.kind === 'partial') {
      const { title, splices } = change;
      this.#rejected.push({ title, splices, reason: outcome.reason });
    }
    return outcome;
  }

  /** The name of a body that it changes and that no scenario runs; null: there is none. */
  #neverRun({ splices }: Change): string | null {
    const { spots } = this.#source;
    const touched = spots.find(({ owner: { range }, owner }) => !this.#run.has(owner)
      && splices.some((splice) => encloses(range, splice)));
    return touched?.owner.name.text ?? null;
  }

  async #outcome(change: Change, text: string): Promise<Outcome> {
    const trial = readTrial(this.#host, text);
    const errors = trial.problems.filter(({ severity }) => severity === 'error');
    if (broughtBy(this.#asked.base.problems, errors) !== null) return { kind: 'void' };
    const { about, warning } = this.#asked;
    if (warning === null) {
      const own = this.#compare(about, await judged(this.#host, trial, about));
      if (own.reason !== null) {
        return { kind: own.partial ? 'partial' : 'no', reason: own.reason };
      }
    }
    const after = await allJudged(this.#host, trial);
    for (const [name, judgement] of after) {
      const { reason } = this.#compare(name, judgement);
      if (reason !== null) return { kind: 'no', reason };
    }
    const expects = [...after].flatMap(([name, it]): Expects[] =>
      (it?.expectation === 'unmet' ? [{ scenario: name, text: expecting(it) }] : []));
    const [changed] = expects;
    if (warning !== null && changed !== undefined) {
      return { kind: 'no', reason: `${changed.scenario} would then be: ${changed.text}` };
    }
    return this.#settled(change, trial, expects);
  }

  /** With the `expect` lines as they are then. */
  #settled(change: Change, trial: Trial, expects: readonly Expects[]): Outcome {
    const { base } = this.#asked;
    const splices = ordered([...change.splices, ...expectLines(base, expects)]);
    if (splices === null) return { kind: 'void' };
    const final = expects.length === 0 ? trial
      : readTrial(this.#host, applied(base.text, splices));
    // The same programs: all answers are there.
    for (const { name } of final.model.scenarios) final.slots.lowerOne(name.text);
    final.slots.missing(() => false);
    const unmet = final.slots.all.find((it) => it.judgement?.expectation !== 'met');
    if (unmet !== undefined) {
      return { kind: 'no', reason: `${unmet.scenario.name.text} is not as expected` };
    }
    const { problems: known, warning } = this.#asked;
    const problems = problemsOf(final);
    if (warning !== null && isThereStill(warning, problems, { text: base.text, splices })) {
      return { kind: 'no', reason: 'the warning would still be there' };
    }
    const brought = broughtBy(known, problems);
    if (brought !== null) {
      return { kind: 'no', reason: `it would bring: ${brought.code}: ${brought.message}` };
    }
    const unseen = ({ code }: Problem): boolean => code === 'unreachable_step';
    if (warning !== null && broughtBy(known, problems, unseen) !== null) {
      return { kind: 'no', reason: 'no scenario would get to all of it' };
    }
    const off = leftOut(this.#source, change, { splices, before: known, after: problems });
    if (off !== null) return { kind: 'no', reason: off };
    const cost = costOf(this.#source, coverOf(final.model),
      { file: this.#host.file, text: base.text, splices });
    const [dead] = cost.losses.dead;
    if (dead !== undefined) {
      return { kind: 'no', reason: `\`${dead.site.text}\` would never be reached` };
    }
    const id = `${change.family} ${change.splices.map(({ start }) => start).join(' ')}`;
    return {
      kind: 'fix', rank: cost.rank, weight: cost.weight * 100 + sizeOf(change),
      fix: { id, title: change.title, cost: cost.text, splices, expects },
    };
  }

  /** null: as it is expected to be, or it fails less where it was expected to fail. */
  #compare(name: string, judgement: Judgement | null): {
    readonly reason: string | null; readonly partial: boolean;
  } {
    const before = this.#asked.before.get(name) ?? null;
    const no = (reason: string, partial = false) => ({ reason, partial });
    if (judgement === null) return no(`${name} could not be checked`);
    if (judgement.verdict === 'unknown' || judgement.expectation === 'unknown') {
      return no(`${name} was not checked to the end`);
    }
    const old = new Set(before?.violations.map(nameOf));
    const fresh = judgement.violations.find((it) => !old.has(nameOf(it)));
    if (fresh !== undefined) return no(`${name} would fail: ${nameOf(fresh)}`);
    const still = judgement.violations[0];
    const asked = name === this.#asked.about;
    const unexpected = before?.violations.some(({ expected }) => !expected) ?? false;
    if (still === undefined || (!asked && !unexpected)) return NOTHING;
    if (!asked && judgement.expectation === 'met') return NOTHING;
    const partial = new Set(judgement.violations.map(nameOf)).size < old.size;
    return no(`${name} still fails: ${nameOf(still)}`, partial);
  }

  #fixes(cut: boolean): Fixes {
    const offered = [...this.#offered]
      .sort((a, b) => a.rank - b.rank || a.weight - b.weight).map(({ fix }) => fix);
    return { offered, rejected: this.#rejected, tried: this.#tried, cut };
  }
}

const NOTHING = { reason: null, partial: false };

function nameOf({ code, subject }: Told): string {
  return subject === null ? code : `${code}(${subject})`;
}

function lowered(title: string): string {
  return title.slice(0, 1).toLowerCase() + title.slice(1);
}

/** Several violations have candidates in common. */
function onceEach(changes: readonly Change[]): readonly Change[] {
  const byKey = new Map(changes.map((change) => [JSON.stringify(change.splices), change]));
  return [...byKey.values()];
}

/** In characters that differ. */
function sizeOf({ splices }: Change): number {
  return splices.reduce((sum, { start, end, text }) => sum + end - start + text.length, 0);
}

function expecting({ violations }: Judgement): string {
  const left = [...new Set(violations.map(nameOf))];
  return left.length === 0 ? 'expect safe' : `expect fails ${left.join(', ')}`;
}

/** In the place of the first `expect fails` of each; a second one goes. */
function expectLines({ model }: Trial, expects: readonly Expects[]): readonly Splice[] {
  return expects.flatMap(({ scenario, text }) => {
    const decl = model.scenarios.find(({ name }) => name.text === scenario);
    const fails = decl?.items.filter((item): item is ExpectItem =>
      item.kind === 'expect' && item.expect === 'fails') ?? [];
    return fails.map(({ range }, i): Splice =>
      ({ start: range.start, end: range.end, text: i === 0 ? text : '' }));
  });
}
