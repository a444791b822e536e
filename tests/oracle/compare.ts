// Where the engine's verdict and the naive checker's opinion part.
import type { Program, Trace, Verdict, Violation } from '../../simulator/src/index.ts';
import { keyFor, nameOfCircle, type Finding, type Opinion } from './oracle.ts';
import { compareTrace, nameOfRace } from './runs.ts';

const switchesOf = (trace: Trace): number =>
  trace.steps.filter((step, i) => i > 0 && trace.steps[i - 1]?.thread !== step.thread).length;

function compareSets(what: string, ours: Iterable<string>, theirs: Iterable<string>): string[] {
  const [a, b] = [new Set(ours), new Set(theirs)];
  return [
    ...[...a].filter((it) => !b.has(it)).map((it) => `${what}: engine lacks ${it}`),
    ...[...b].filter((it) => !a.has(it)).map((it) => `${what}: engine alone has ${it}`),
  ];
}

function compareRun(name: string, finding: Finding, violation: Violation): string[] {
  const { trace } = violation;
  if (finding.length === null) return [];
  if (trace === null) return [`${name}: no trace`];
  if (trace.steps.length !== finding.length) {
    return [`${name}: length ${trace.steps.length}, shortest is ${finding.length}`];
  }
  const switches = switchesOf(trace);
  if (finding.switches.has(switches)) return [];
  return [`${name}: switches ${switches}, fewest is ${[...finding.switches].join(' or ')}`];
}

/**
 * A race is told at the step that writes, once for each such step; of two writes at either. So
 * where a pair is not told itself, its step was told for a pair met no later.
 */
function compareRaces(opinion: Opinion, told: readonly Violation[]): string[] {
  const all: string[] = [];
  if (new Set(told.map(keyFor)).size !== told.length) all.push('a race is told twice');
  for (const violation of told) {
    const name = nameOfRace(violation);
    const mine = opinion.races.get(name);
    if (mine === undefined) all.push(`violations: engine alone has ${name}`);
    else all.push(...compareRun(name, mine.finding, violation));
  }
  for (const [name, { race, finding }] of opinion.races) {
    const covers = told.some(({ subject, step, trace }) => subject === race.subject
      && (step === race.writer || (race.access === 'write' && step === race.other))
      && (trace?.steps.length ?? Infinity) <= (finding.length ?? 0));
    if (!covers) all.push(`violations: engine lacks ${name}`);
  }
  return all;
}

/**
 * Every circle that one step closes is told, once; where it closes several about the same locks, in
 * one run or in several, one of them.
 */
function compareCycles(opinion: Opinion, told: readonly Violation[]): string[] {
  const names = new Map(told.map((violation) => [nameOfCircle(violation), violation]));
  const all: string[] = [];
  if (names.size !== told.length) all.push('a cycle is told twice');
  for (const closing of opinion.closings) {
    if (closing.names.some((name) => names.has(name))) continue;
    const about = closing.names.map(locksOf);
    const sameStep = told.filter(({ step }) => step === closing.step).map(nameOfCircle);
    if (sameStep.some((name) => about.includes(locksOf(name)))) continue;
    all.push(`violations: engine lacks ${closing.names.join(' or ')}`);
  }
  for (const [name, violation] of names) {
    const ways = opinion.closings.filter((closing) => closing.names.includes(name));
    const sure = ways.filter((way) => way.names.length === 1);
    if (ways.length === 0) all.push(`violations: engine alone has ${name}`);
    const length = violation.trace?.steps.length ?? -1;
    if (sure.some((way) => way.length < length)) all.push(`${name}: there is a shorter run`);
    const same = ways.filter((way) => way.step === violation.step && way.length === length);
    if (same.length === 0) all.push(`${name}: no such run`);
    const switches = violation.trace === null ? -1 : switchesOf(violation.trace);
    const fewest = Math.min(...same.map((way) => way.switches));
    if (fewest !== switches) all.push(`${name}: switches ${switches}, fewest is ${fewest}`);
  }
  return all;
}

/** `deadlock|A` of `deadlock|A{1,2}`. */
const locksOf = (name: string): string => name.slice(0, name.indexOf('{'));

/** Of a search that was cut short (a lock nested too deep) only the runs it shows are compared. */
export function differences(program: Program, opinion: Opinion, verdict: Verdict): string[] {
  const all: string[] = [];
  if (verdict.bound !== null) {
    return verdict.violations.flatMap((violation) => compareTrace(program, opinion, violation));
  }
  const result = opinion.findings.size + opinion.races.size + opinion.closings.length === 0
    ? 'safe' : 'violated';
  if (verdict.result !== result) all.push(`result ${verdict.result}, should be ${result}`);
  for (const what of ['states', 'transitions', 'depth'] as const) {
    if (verdict[what] !== opinion[what]) {
      all.push(`${what}: ${verdict[what]}, should be ${opinion[what]}`);
    }
  }
  const cycles = verdict.violations.filter((violation) => violation.cycle === true);
  const races = verdict.violations.filter((violation) => violation.code === 'data_race');
  const others = verdict.violations.filter((violation) =>
    violation.cycle !== true && violation.code !== 'data_race');
  all.push(...compareCycles(opinion, cycles), ...compareRaces(opinion, races));
  const circular = new Set(cycles.map(keyFor));
  const ours = [...opinion.findings.keys()].filter((key) => !circular.has(key));
  const theirs = others.map(keyFor).filter((key) => !circular.has(key));
  all.push(...compareSets('violations', ours, theirs));
  all.push(...compareSets(
    'outcomes', opinion.outcomes, verdict.outcomes.map((it) => JSON.stringify(it)),
  ));
  for (const violation of verdict.violations) {
    const name = keyFor(violation);
    const finding = violation.cycle === true ? undefined : opinion.findings.get(name);
    if (finding !== undefined) all.push(...compareRun(name, finding, violation));
    all.push(...compareTrace(program, opinion, violation));
  }
  return all;
}
