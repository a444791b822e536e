// What each lock step, re-check, RCU step and guard is there for: the file is checked without it,
// and what then fails is told, with the run. What no scenario misses is either not needed or shows
// that a scenario is missing.
import type { FileId, Range } from '../../text/range.ts';
import { applied, rangeBefore, type Change, type Splice } from '../../analysis/changes/change.ts';
import { sourceOf } from '../../analysis/changes/source.ts';
import { pillarsOf, type Pillar } from '../../analysis/changes/weakenings.ts';
import type { Judgement, Told } from '../../analysis/judgement.ts';
import type { Model } from '../../analysis/model.ts';
import { changedRandomRun, changedRun, type RunTable } from '../../features/run-view.ts';
import { drawnRun, type RunQuestion } from '../runs.ts';
import type { Progress } from './fixing.ts';
import {
  allJudged, Cancelled, judged, readTrial, type Trial, type TrialHost,
} from './trial.ts';

export interface Borne {
  /** Among the pillars of its text. */
  readonly place: number;
  readonly range: Range;
  readonly text: string;
  readonly owner: string;
  readonly tried: readonly Tried[];
}

export interface Tried {
  readonly title: string;
  readonly splices: readonly Splice[];
  /** Empty: nothing new fails. */
  readonly breaks: readonly Break[];
  /** Nothing was taken out: a statement stands elsewhere. */
  readonly moved: boolean;
  /** Scenarios that could not be checked to the end, so that nothing is claimed. */
  readonly open: readonly string[];
}

/** A violation that is not there as the text stands. */
export interface Break {
  readonly scenario: string;
  readonly code: string;
  readonly subject: string | null;
  readonly message: string;
  /** Among the violations of the scenario in the changed text. */
  readonly index: number;
}

/** `thread` null: all of the file. What makes no sense as a text is left out. */
export async function loadBearing(
  host: TrialHost, text: string, asked: { readonly thread: string | null; progress?: Progress },
): Promise<readonly Borne[]> {
  const base = readTrial(host, text);
  const before = await allJudged(host, base);
  const pillars = pillarsOf(sourceOf(base.model), asked.thread);
  const found: Borne[] = [];
  for (const [i, pillar] of pillars.entries()) {
    asked.progress?.(i, pillars.length);
    const tried = await triedOf(host, { base, before, pillar });
    const { range, owner } = pillar;
    if (tried.length > 0) found.push({ place: i, range, text: pillar.text, owner, tried });
  }
  return found;
}

/** Everything that would be tried, by `Borne.place`: for a text that means the same. */
export function pillarsIn(model: Model, thread: string | null): readonly Pillar[] {
  return pillarsOf(sourceOf(model), thread);
}

interface Asked {
  readonly base: Trial;
  readonly before: ReadonlyMap<string, Judgement | null>;
  readonly pillar: Pillar;
}

async function triedOf(host: TrialHost, { base, before, pillar }: Asked): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const change of pillar.tried) {
    if (!await host.pause()) throw new Cancelled();
    const trial = readTrial(host, applied(base.text, change.splices));
    const errors = trial.problems.filter(({ severity }) => severity === 'error').length;
    const known = base.problems.filter(({ severity }) => severity === 'error').length;
    if (errors > known) continue;
    tried.push(compared(change, before, await allJudged(host, trial)));
  }
  return tried;
}

function compared(
  { title, splices, family }: Change, before: ReadonlyMap<string, Judgement | null>,
  after: ReadonlyMap<string, Judgement | null>,
): Tried {
  const breaks: Break[] = [];
  const open: string[] = [];
  for (const [scenario, judgement] of after) {
    const old = before.get(scenario) ?? null;
    if (judgement === null || old === null || judgement.verdict === 'unknown') open.push(scenario);
    if (judgement === null || old === null) continue;
    const known = new Set(old.violations.map(nameOf));
    judgement.violations.forEach((told, index) => {
      if (known.has(nameOf(told))) return;
      known.add(nameOf(told));
      const { code, subject, message } = told;
      breaks.push({ scenario, code, subject, message, index });
    });
  }
  return { title, splices, breaks, open, moved: family.startsWith('move ') };
}

function nameOf({ code, subject }: Told): string {
  return `${code} ${subject ?? ''}`;
}

/**
 * A run of the changed text, to a violation or as the seed draws it, its places those of the text
 * as it stands; null: there is none.
 */
export async function variantRun(
  host: TrialHost, text: string,
  asked: RunQuestion & { readonly tried: Pick<Tried, 'title' | 'splices'> },
): Promise<RunTable | null> {
  const { tried: { title, splices }, scenario, kind, index, seed } = asked;
  const trial = readTrial(host, applied(text, splices));
  const judgement = await judged(host, trial, scenario);
  const result = trial.slots.lowerOne(scenario)[0]?.result ?? null;
  if (judgement === null || result === null) return null;
  const changed = { judgement, result, title };
  const table = kind === 'violation' ? changedRun(changed, index)
    : changedRandomRun(changed, { drawn: drawnRun(result.lowered, seed), seed });
  const back = <T extends { readonly file: FileId; readonly range: Range }>(place: T): T =>
    (place.file === host.file ? { ...place, range: rangeBefore(splices, place.range) } : place);
  return table === null ? null : {
    ...table, steps: table.steps.map(back), violations: table.violations.map(back),
  };
}
