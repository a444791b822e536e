// Feature: diagnostics. Everything to be said about one version of a file: what reading it found,
// what each judged scenario found, and what all of them found together. Each thing once.
import type { Problem, Severity } from '../text/problem.ts';
import type { Snapshot } from './snapshot.ts';

/** More in one file help nobody; the first ones in the text are kept, errors before the rest. */
export const MOST_PROBLEMS = 1000;

/** In the order of the text, errors first where two begin together. */
export function diagnostics(snapshot: Snapshot): readonly Problem[] {
  const judged = snapshot.checks.flatMap((check) =>
    check.kind === 'judged' ? check.judgement.problems : []);
  const all = merged([...snapshot.problems, ...failures(snapshot), ...judged,
    ...snapshot.findings]);
  const order = (a: Problem, b: Problem): number =>
    a.range.start - b.range.start || rank(a.severity) - rank(b.severity);
  if (all.length <= MOST_PROBLEMS) return all.sort(order);
  const first = [...all].sort((a, b) => rank(a.severity) - rank(b.severity) || order(a, b));
  return first.slice(0, MOST_PROBLEMS).sort(order);
}

/** A checker that broke down is said where the scenario stands: nothing is claimed about it. */
function failures(snapshot: Snapshot): readonly Problem[] {
  return snapshot.model.scenarios.flatMap((scenario, i): readonly Problem[] => {
    const check = snapshot.checks[i];
    if (check?.kind !== 'failed') return [];
    return [{
      code: 'unknown', severity: 'warning', range: scenario.name.range, related: [],
      message: `${scenario.name.text} was not checked to the end: ${check.message}`,
    }];
  });
}

/** The same thing found by several scenarios is shown once, the worst of its severities. */
function merged(problems: readonly Problem[]): Problem[] {
  const byKey = new Map<string, Problem>();
  for (const problem of problems) {
    const key = `${problem.code} ${problem.range.start} ${problem.range.end} ${problem.message}`;
    const seen = byKey.get(key);
    if (seen === undefined || rank(problem.severity) < rank(seen.severity)) {
      byKey.set(key, problem);
    }
  }
  return [...byKey.values()];
}

const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

function rank(severity: Severity): number {
  return RANKS[severity];
}
