// Feature: the run of a scenario as a table, one lane a thread and one row a step: that of a
// violation, or one that was drawn at random.
import type { FileId, Range } from '../text/range.ts';
import type { Judgement, Result } from '../analysis/judgement.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { printSchedule } from '../analysis/schedule.ts';
import { stateRows } from '../analysis/state-rows.ts';
import { tellTrace } from '../analysis/trace.ts';
import type { Run } from '../../../simulator/src/verdict.ts';
import type { Check, Snapshot } from './snapshot.ts';
import { named, verdictText } from './verdict-text.ts';

type Told = Judgement['violations'][number];
export type RunStep = Told['trace'][number];

export interface RunTable {
  readonly scenario: string;
  readonly title: string;
  readonly verdictText: string;
  readonly lanes: readonly string[];
  readonly initialState: RunStep['state'];
  readonly steps: readonly RunStep[];
  readonly violations: readonly RunViolation[];
  /** What this run ends in: an index into `violations`, or null. */
  readonly shown: number | null;
  readonly seed: number | null;
  readonly loop: number | null;
  /** It was still going on when enough was drawn. */
  readonly cut: boolean;
  readonly schedule: string;
  /** What it was looked for to show; null for any other run. */
  readonly shows: string | null;
}

export interface RunViolation {
  readonly code: string;
  readonly subject: string | null;
  readonly message: string;
  readonly expected: boolean;
  readonly thread: string | null;
  readonly file: FileId;
  readonly range: Range;
}

export interface RunInput {
  readonly snapshot: Snapshot;
  readonly scenario: string;
  readonly lowered: Lowered;
  /** From the start, as it was drawn. */
  readonly drawn: Run;
  readonly seed: number;
}

/** The run of violation `index`, counted from 0; the last one's where there are fewer. */
export function violationRun(input: RunInput, index: number): RunTable | null {
  const { violations } = headOf(input);
  const shown = Math.min(Math.max(0, index), violations.length - 1);
  const told = violations[shown];
  if (told === undefined) return null;
  return {
    ...frameOf(input), steps: told.trace, shown, seed: null, loop: told.loop,
    cut: false, schedule: told.schedule, shows: null,
  };
}

export interface ChangedInput {
  readonly judgement: Judgement;
  readonly result: Result;
  /** What was changed, in the place of the scenario's own title. */
  readonly title: string;
}

/** The run of a violation in a text that was changed; null: there is no such run. */
export function changedRun(input: ChangedInput, index: number): RunTable | null {
  const { judgement, result } = input;
  const told = judgement.violations[index];
  const initial = result.verdict.violations[index]?.trace?.initial;
  if (told === undefined || initial === undefined) return null;
  return {
    ...changedFrame(input, initial), shown: index,
    steps: told.trace, seed: null, loop: told.loop, cut: false, schedule: told.schedule,
    shows: null,
  };
}

/** A run of a text that was changed, as it was drawn. */
export function changedRandomRun(
  input: ChangedInput, { drawn, seed }: Pick<RunInput, 'drawn' | 'seed'>,
): RunTable {
  const { result } = input;
  return {
    ...changedFrame(input, drawn.trace.initial), ...drawnPart(result.lowered, result, drawn), seed,
  };
}

function changedFrame(
  { judgement, result: { lowered }, title }: ChangedInput, initial: Run['trace']['initial'],
): Frame {
  const fails = [...new Set(judgement.violations.map(named))];
  return {
    scenario: judgement.scenario.name.text, title,
    verdictText: fails.length > 0 ? `fails: ${fails.join(', ')}` : judgement.verdict,
    lanes: lowered.program.threads.map(({ name }) => name),
    initialState: stateRows(lowered, initial),
    violations: judgement.violations.map(withoutRun),
  };
}

/** The drawn run up to the first violation it meets. */
export function randomRun(input: RunInput): RunTable {
  const { lowered, drawn, seed } = input;
  return { ...frameOf(input), ...drawnPart(lowered, headOf(input).result, drawn), seed };
}

type Drawn = Pick<RunTable, 'steps' | 'shown' | 'loop' | 'cut' | 'schedule' | 'shows'>;

/** `result`: of the search, where there was one. */
function drawnPart(lowered: Lowered, result: Result | null, drawn: Run): Drawn {
  const met = drawn.violations[0];
  const taken = drawn.trace.steps.slice(0, met?.at ?? drawn.trace.steps.length);
  const steps = tellTrace(lowered, { ...drawn.trace, steps: taken });
  const shown = result?.verdict.violations.findIndex((each) => met !== undefined
    && each.code === met.code && each.subject === met.subject && each.step === met.step) ?? -1;
  return {
    steps, loop: null, shown: shown < 0 ? null : shown,
    cut: met === undefined && drawn.end === 'steps',
    schedule: printSchedule(lowered.program, taken), shows: null,
  };
}

/** The run that was given, to a state that `shows` describes. */
export function witnessRun(input: RunInput, shows: string): RunTable {
  const { lowered, drawn: { trace } } = input;
  return {
    ...frameOf(input), steps: tellTrace(lowered, trace), shown: null, seed: null, loop: null,
    cut: false, schedule: printSchedule(lowered.program, trace.steps), shows,
  };
}

interface Head {
  readonly check: Check;
  readonly violations: readonly Told[];
  readonly result: Extract<Check, { kind: 'judged' }>['result'] | null;
}

function headOf({ snapshot, scenario }: RunInput): Head {
  const at = snapshot.model.scenarios.findIndex(({ name }) => name.text === scenario);
  const check = snapshot.checks[at] ?? { kind: 'broken' };
  if (check.kind !== 'judged') return { check, violations: [], result: null };
  return { check, violations: check.judgement.violations, result: check.result };
}

type Frame = Omit<RunTable, 'steps' | 'shown' | 'seed' | 'loop' | 'cut' | 'schedule' | 'shows'>;

function frameOf(input: RunInput): Frame {
  const { snapshot, scenario, lowered, drawn } = input;
  const { check, violations } = headOf(input);
  const decl = snapshot.model.scenarios.find(({ name }) => name.text === scenario);
  return {
    scenario, title: decl?.title ?? '', verdictText: verdictText(check),
    lanes: lowered.program.threads.map(({ name }) => name),
    initialState: stateRows(lowered, drawn.trace.initial),
    violations: violations.map(withoutRun),
  };
}

function withoutRun({ trace: _, schedule: __, loop: ___, ...told }: Told): RunViolation {
  return told;
}
