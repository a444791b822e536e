// From a verdict to what people are told of one scenario: its violations in words with their runs,
// whether the `expect` lines are met, and the problems that puts into the text.
import { unreachable } from '../text/unreachable.ts';
import type { Problem, Related } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { ExpectItem, ScenarioDecl } from '../syntax/ast.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Bound, Trace, Verdict, Violation } from '../../../simulator/src/verdict.ts';
import type { Judgement, Result, Told, ToldStep } from './judgement.ts';
import type { Model } from './model.ts';
import { judgeExpects } from './expect.ts';
import type { Answer, Question } from './expect.ts';
import { messageOf } from './messages.ts';
import { compareOutcomes, printCombo, runTo } from './refines.ts';
import type { Comparison } from './refines.ts';
import { printSchedule } from './schedule.ts';
import { siteOf, tellTrace, tellViolation } from './trace.ts';

export interface JudgeInput {
  readonly model: Model;
  readonly result: Result;
  /** Of the scenarios that `expect refines` names; others do not matter. */
  readonly others: readonly Result[];
  /** What the search of `refinesQuestion` returned: the run that leads to a new outcome. */
  readonly answer?: Verdict | null;
}

/** The scenarios that must be searched before this one can be judged. */
export function scenariosNeeded(scenario: ScenarioDecl): readonly string[] {
  return refinements(scenario).map((item) => item.other.text);
}

/**
 * Where an `expect refines` is not met: a program whose search gives a shortest run to an outcome
 * that the other scenario does not have. Its verdict is the `answer` to judge with; without it the
 * violation is reported without a run.
 */
export function refinesQuestion(input: JudgeInput): Program | null {
  const failing = refinements(input.result.scenario).find((item) =>
    !item.negated && comparison(input, item.other.text)?.state === 'unmet');
  const compared = failing === undefined ? null : comparison(input, failing.other.text);
  return compared === null ? null : runTo(input.result, compared.extra, 0);
}

export function judge(input: JudgeInput): Judgement {
  const { result, model } = input;
  const { verdict, scenario } = result;
  const found = verdict.violations.map((violation) => tell(result, violation));
  const refined = refinements(scenario)
    .filter((item) => !item.negated)
    .flatMap((item) => tellRefines(input, item));
  const seen = [...found, ...refined];
  const answer = judgeExpects({
    expects: expects(scenario),
    complete: verdict.bound === null,
    seen,
    refines: (other) => refinesState(input, other),
  });
  const violations = seen.map((it, i): Told => ({
    ...it, expected: answer.expected[i] ?? false,
  }));
  const remarks = [
    ...notRefining(input),
    ...expectationProblems(scenario, answer),
    ...(answer.state === 'unknown' ? [unknownProblem(input)] : []),
  ];
  const problems = [
    ...violations.map((told, i) =>
      problemOf(model, { scenario, told, violation: verdict.violations[i], result })),
    ...remarks,
  ];
  return {
    scenario,
    verdict: violations.length > 0 ? 'violated' : verdict.bound === null ? 'safe' : 'unknown',
    expectation: answer.state,
    violations,
    outcomes: outcomesOf(result),
    problems,
    remarks,
  };
}

function expects(scenario: ScenarioDecl): readonly ExpectItem[] {
  return scenario.items.filter((item): item is ExpectItem => item.kind === 'expect');
}

type RefinesItem = Extract<ExpectItem, { readonly expect: 'refines' }>;

function refinements(scenario: ScenarioDecl): readonly RefinesItem[] {
  return expects(scenario).filter((item): item is RefinesItem => item.expect === 'refines');
}

/** null where the other scenario was not searched. */
function comparison({ result, others }: JudgeInput, name: string): Comparison | null {
  const other = others.find((it) => it.scenario.name.text === name);
  return other === undefined ? null : compareOutcomes(result, other);
}

function refinesState(input: JudgeInput, other: string): ReturnType<Question['refines']> {
  const compared = comparison(input, other);
  if (compared === null) return { state: 'unknown', why: `${other} was not checked` };
  const first = compared.extra[0];
  const why = first === undefined
    ? '' : `${printCombo(input.result, compared, first)} is no outcome of it`;
  return { state: compared.state, why };
}

function tell(result: Result, violation: Violation): Omit<Told, 'expected'> {
  const { lowered } = result;
  const { program } = lowered;
  const site = siteOf(lowered, violation.site);
  return {
    code: violation.code,
    subject: violation.subject,
    message: messageOf(lowered, violation),
    thread: violation.thread === null ? null : program.threads[violation.thread]?.name ?? null,
    file: site.file,
    range: site.range,
    ...ran(result, violation.trace),
    trace: tellViolation(lowered, violation),
  };
}

function ran({ lowered }: Result, trace: Trace | null): Pick<Told, 'schedule' | 'loop'> {
  if (trace === null) return { schedule: '', loop: null };
  return { schedule: printSchedule(lowered.program, trace.steps), loop: trace.loop };
}

function tellRefines(input: JudgeInput, item: RefinesItem): readonly Omit<Told, 'expected'>[] {
  const { result, model, answer } = input;
  const other = item.other.text;
  const compared = comparison(input, other);
  if (compared === null || compared.state !== 'unmet') return [];
  const found = answer?.violations.find((it) => it.code === 'final')?.trace ?? null;
  const end = found === null ? '' : outcomesAfter(result, found).join();
  const reached = compared.extra.find((combo) => combo.join() === end);
  // The answer may be about another `expect refines` of the scenario.
  const trace = reached === undefined ? null : found;
  return [{
    code: 'refines', subject: other, thread: null, file: model.file, range: item.other.range,
    message: `${printCombo(result, compared, reached ?? compared.extra[0] ?? [])} is no outcome `
      + `of \`${other}\``,
    ...ran(result, trace),
    trace: trace === null ? [] : tellTrace(result.lowered, trace),
  }];
}

function outcomesAfter({ lowered }: Result, trace: Trace): readonly (number | null)[] {
  const last = trace.steps.at(-1)?.after ?? trace.initial;
  return lowered.program.threads.flatMap((thread, t) => {
    const outcome = last.threads[t]?.outcome ?? 0;
    return thread.outcomes.length === 0 ? [] : [outcome === 0 ? null : outcome - 1];
  });
}

/** What an `expect not refines` that is met was met by. */
function notRefining(input: JudgeInput): readonly Problem[] {
  return refinements(input.result.scenario).flatMap((item): readonly Problem[] => {
    const compared = comparison(input, item.other.text);
    const first = compared?.extra[0];
    if (!item.negated || compared?.state !== 'unmet' || first === undefined) return [];
    const combo = printCombo(input.result, compared, first);
    return [{
      code: 'refines', severity: 'information', range: item.other.range, related: [],
      message: `${combo} is no outcome of \`${item.other.text}\``,
    }];
  });
}

function outcomesOf({ lowered, verdict }: Result): Judgement['outcomes'] {
  const declaring = lowered.program.threads.filter((thread) => thread.outcomes.length > 0);
  if (declaring.length === 0) return [];
  return verdict.outcomes.map((combo) => Object.fromEntries(declaring.map((thread, i) => {
    const outcome = combo[i] ?? null;
    return [thread.name, outcome === null ? null : thread.outcomes[outcome]?.name ?? null];
  })));
}

interface Shown {
  readonly scenario: ScenarioDecl;
  readonly told: Told;
  /** undefined for `refines`. */
  readonly violation: Violation | undefined;
  readonly result: Result;
}

/** Where it happens; what happens in a used file is shown at the scenario that ran into it. */
function problemOf(model: Model, { scenario, told: it, violation, result }: Shown): Problem {
  const here = it.file === model.file;
  const related = [
    ...(here ? [] : [{ file: it.file, range: it.range, message: it.message }]),
    ...(violation?.code === 'data_race' ? otherAccess(result, violation) : []),
    ...interleaving(it.trace),
  ];
  return {
    code: it.code,
    severity: it.expected ? 'information' : 'error',
    message: it.message,
    range: here ? it.range : scenario.name.range,
    related,
  };
}

function otherAccess({ lowered }: Result, violation: Violation): readonly Related[] {
  return violation.others.map((other) => {
    const { file, range } = siteOf(lowered, other.site);
    const name = lowered.program.threads[other.thread]?.name ?? '';
    const does = other.access === 'write' ? 'writes' : 'reads';
    return { file, range, message: `${name} ${does} it here` };
  });
}

/** One entry a step: `3. fault#1: acquire read mmap_sem`. */
export function interleaving(trace: readonly ToldStep[]): readonly Related[] {
  return trace.map((step, i) => ({
    file: step.file, range: step.range,
    message: `${i + 1}. ${step.thread}: ${step.text}${moveNote(step.move)}`,
  }));
}

export function moveNote(move: ToldStep['move']): string {
  switch (move) {
    case 'step': return '';
    case 'waits': return ' (waits)';
    case 'granted': return ' (granted)';
    case 'next': return ' (next)';
    default: return unreachable(move);
  }
}

function expectationProblems(scenario: ScenarioDecl, answer: Answer): readonly Problem[] {
  const lines = new Map<ExpectItem | null, string[]>();
  for (const { item, message } of answer.unmet) {
    lines.set(item, [...(lines.get(item) ?? []), message]);
  }
  return [...lines].map(([item, messages]) => ({
    code: 'expectation', severity: 'error', related: [],
    range: item?.range ?? scenario.name.range,
    message: `${scenario.name.text}: ${messages.join('; ')}`,
  }));
}

/** Nothing is claimed: which bound, how far the search got, how to go further. */
function unknownProblem(input: JudgeInput): Problem {
  const { scenario, verdict } = input.result;
  const range: Range = scenario.name.range;
  const reason = verdict.bound === null
    ? `${scenariosOpen(input).join(', ')} could not be searched to the end`
    : boundText(verdict.bound, verdict);
  return {
    code: 'unknown', severity: 'warning', range, related: [],
    message: `${scenario.name.text}: nothing is claimed: ${reason}`,
  };
}

function scenariosOpen(input: JudgeInput): readonly string[] {
  const open = scenariosNeeded(input.result.scenario)
    .filter((name) => refinesState(input, name).state === 'unknown');
  return open.length === 0 ? ['the scenario'] : open;
}

function boundText(bound: Bound, { states, depth }: Verdict): string {
  const far = `after ${states} states, ${depth} steps deep`;
  switch (bound.kind) {
    case 'states':
      return `the limit of ${bound.limit} states was reached ${depth} steps deep; `
        + 'raise it with --max-states or mmlock.check.maxStates';
    case 'memory':
      return `the limit of ${Math.round(bound.limit / 2 ** 20)} MiB was reached ${far}; `
        + 'raise it with --max-memory or mmlock.check.maxMemory';
    case 'stopped':
      return `the time limit was reached ${far}; `
        + 'raise it with --time-limit or mmlock.check.timeLimit';
    case 'nesting':
      return 'a lock or rcu_read_lock is nested deeper than the engine counts';
    case 'step_length':
      return 'a single step is longer, or has more choices, than the engine takes';
    default: return unreachable(bound);
  }
}
