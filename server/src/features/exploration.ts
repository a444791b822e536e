// What is known of the states that a scenario can reach: from its check, and more of it from a
// survey, where somebody asked for one. What was cut short shows what can be, never what cannot.
import type { Survey, SurveyedRest } from '../../../simulator/src/index.ts';
import type { ThreadIdx } from '../../../simulator/src/program.ts';
import type { Facts, Rest } from '../../../simulator/src/verdict.ts';
import type { Result } from '../analysis/judgement.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { explored, type Snapshot } from './snapshot.ts';

/** The surveys there are; null: none of this program, or none yet. */
export type Surveys = (lowered: Lowered) => Survey | null;
export const NO_SURVEYS: Surveys = () => null;

export interface Exploration {
  readonly scenario: string;
  readonly lowered: Lowered;
  /** By thread, for each resting pc that was reached. */
  readonly rests: readonly (readonly KnownRest[])[];
  /** Every reachable state was seen: what is not in `rests` is never reached. */
  readonly complete: boolean;
  /** Sites that were reached, also inside of steps. */
  readonly reached: ReadonlySet<number>;
  /** `beside` is all there is. */
  readonly knowsBeside: boolean;
  /** null: no survey yet, so `values` are not there. `some`: it was cut short. */
  readonly values: 'all' | 'some' | null;
  readonly states: number;
}

export type KnownRest = Rest & Partial<Omit<SurveyedRest, keyof Rest>>;

/** Without surveys, by version of a file: asked for at each of its statements. */
const unsurveyed = new WeakMap<Snapshot, readonly Exploration[]>();

/** In the order of the file. */
export function explorations(snapshot: Snapshot, surveys: Surveys): readonly Exploration[] {
  const before = surveys === NO_SURVEYS ? unsurveyed.get(snapshot) : undefined;
  if (before !== undefined) return before;
  const found = explored(snapshot)
    .map((result) => explorationOf(result, surveys(result.lowered)));
  if (surveys === NO_SURVEYS) unsurveyed.set(snapshot, found);
  return found;
}

function explorationOf({ scenario, lowered, verdict }: Result, survey: Survey | null): Exploration {
  const reached = new Set(verdict.facts.reached);
  const known = { scenario: scenario.name.text, lowered, reached };
  const nThreads = lowered.program.threads.length;
  if (survey !== null && survey.bound === null) {
    const { rests, states } = survey;
    const knowsBeside = tellsBeside(rests, nThreads);
    return { ...known, rests, states, complete: true, knowsBeside, values: 'all' };
  }
  const { rests } = verdict.facts;
  const complete = verdict.bound === null;
  const knowsBeside = complete && verdict.reduction === undefined && tellsBeside(rests, nThreads);
  const part = { ...known, complete, knowsBeside, states: survey?.states ?? verdict.states };
  if (survey === null) return { ...part, rests, values: null };
  return { ...part, rests: joined(rests, survey, knowsBeside), values: 'some' };
}

/** There may have been too many places to note who stands beside whom. */
function tellsBeside(rests: Facts['rests'], nThreads: number): boolean {
  return nThreads === 1 || rests.flat().every(({ beside }) => beside.length > 0);
}

/** What the check saw, with what the survey saw of it besides. */
function joined(
  rests: Facts['rests'], survey: Survey, knowsBeside: boolean,
): readonly (readonly KnownRest[])[] {
  return rests.map((all, t) => all.map((rest): KnownRest => {
    const more = survey.rests[t]?.find(({ pc }) => pc === rest.pc);
    if (more === undefined) return rest;
    const { values, objects } = more;
    return { ...rest, values, objects, beside: knowsBeside ? rest.beside : more.beside };
  }));
}

/** A place of a thread of a scenario. */
export interface Standing {
  readonly exploration: Exploration;
  readonly thread: ThreadIdx;
  readonly rest: KnownRest;
}
