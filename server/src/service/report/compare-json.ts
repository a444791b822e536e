// What `mmlock compare --format json` prints: shapes as in `check --format json`, where they are
// the same thing.
import type { Change, Compared, Sided, Standing } from '../compare.ts';
import { jsonStep, ranges } from './json.ts';
import type { RangeOf } from './json.ts';

export function compareJson(
  all: readonly Compared[], [before, after]: readonly [Sided, Sided],
) {
  const [old, now] = [before, after].map(({ report }) => ranges(report.file, report.opened));
  return {
    version: 1,
    before: sideOf(before), after: sideOf(after),
    scenarios: all.map((compared) => ({
      name: compared.name,
      before: standingOf(compared.before), after: standingOf(compared.after),
      changes: compared.changes.map((change) =>
        changeOf(change, change.change === 'gained' ? now : old)),
    })),
  };
}

function sideOf({ report, scenario }: Sided) {
  return { path: report.file, scenario };
}

/** null: it is not there. */
function standingOf(standing: Standing) {
  if (standing.kind === 'absent') return null;
  if (standing.kind === 'broken') return { verdict: 'broken' };
  const { judgement, result } = standing.judged;
  const { states, transitions, depth } = result.verdict;
  const { verdict, expectation, outcomes, scenario } = judgement;
  return {
    name: scenario.name.text, verdict, expectation, states, transitions, depth, outcomes,
  };
}

function changeOf(change: Change, range: RangeOf | undefined) {
  const { kind, name, told, certain, at, schedule, loop, trace } = change;
  return {
    kind, change: change.change, name, certain,
    ...(told === null ? {} : { message: told.message }),
    range: at === null || range === undefined ? null : range(at.file, at.range),
    schedule,
    ...(loop === null ? {} : { loop }),
    trace: range === undefined ? [] : trace.map((step) => jsonStep(step, range)),
  };
}
