// Where the engine's verdict and the naive checker's opinion part.
import type { Program, Trace, Verdict, Violation } from '../../simulator/src/index.ts';
import { nth, viewOf, viewOfSnapshot, type State } from './state.ts';
import { keyFor, partiesKey, type Finding, type Opinion } from './oracle.ts';
import { movesOf } from './step.ts';

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
  const { trace, step, others } = violation;
  if (violation.code === 'data_race' || violation.cycle === true) {
    const parties = partiesKey([step, ...others.map((other) => other.step)]);
    if (!finding.parties.has(parties)) return [`${name}: not with ${parties}`];
  }
  if (finding.length === null || finding.switches === null) return [];
  if (trace === null) return [`${name}: no trace`];
  if (trace.steps.length !== finding.length) {
    return [`${name}: length ${trace.steps.length}, shortest is ${finding.length}`];
  }
  const switches = switchesOf(trace);
  if (switches === finding.switches) return [];
  return [`${name}: switches ${switches}, fewest is ${finding.switches}`];
}

/** Follows the trace by the naive rules; the states it may be in at the end, or what is wrong. */
function follow(program: Program, start: State, trace: Trace): string | State[] {
  if (viewOfSnapshot(trace.initial) !== viewOf(start)) return 'another start';
  let now = [start];
  for (const [i, step] of trace.steps.entries()) {
    const view = viewOfSnapshot(step.after);
    const isLast = i === trace.steps.length - 1;
    const moves = now.flatMap((state) => movesOf(program, state, step.thread)).filter((move) =>
      move.kind === step.move && move.site === step.site && (isLast || !move.cut));
    const fitting = moves.filter((move) => move.cut || viewOf(move.to) === view);
    if (fitting.length === 0) return `no such step at ${i + 1}`;
    now = fitting.map((move) => move.to);
  }
  return now;
}

function compareTrace(program: Program, opinion: Opinion, violation: Violation): string[] {
  const { trace } = violation;
  if (trace === null) return violation.code === 'reachable' ? [] : ['no trace'];
  const start = nth(opinion.graph.nodes, 0).state;
  const end = follow(program, start, trace);
  return typeof end === 'string' ? [`${keyFor(violation)}: ${end}`] : [];
}

export function differences(program: Program, opinion: Opinion, verdict: Verdict): string[] {
  const all: string[] = [];
  const result = opinion.findings.size === 0 ? 'safe' : 'violated';
  if (verdict.result !== result) all.push(`result ${verdict.result}, should be ${result}`);
  for (const what of ['states', 'transitions', 'depth'] as const) {
    if (verdict[what] !== opinion[what]) {
      all.push(`${what}: ${verdict[what]}, should be ${opinion[what]}`);
    }
  }
  all.push(...compareSets(
    'violations', opinion.findings.keys(), verdict.violations.map(keyFor),
  ));
  all.push(...compareSets(
    'outcomes', opinion.outcomes, verdict.outcomes.map((it) => JSON.stringify(it)),
  ));
  for (const violation of verdict.violations) {
    const name = keyFor(violation);
    const finding = opinion.findings.get(name);
    if (finding !== undefined) all.push(...compareRun(name, finding, violation));
    all.push(...compareTrace(program, opinion, violation));
  }
  return all;
}
