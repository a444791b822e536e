// A report as a snapshot: so that a file that is in no editor is shown by the same features.
import type { LimitsUsed, Snapshot } from '../features/snapshot.ts';
import type { Report } from './check-file.ts';
import { createLines } from '../text/lines.ts';

/** A file that is opened later begins with this version. */
export const FIRST_VERSION = 1;

export interface Shown {
  readonly version: number;
  readonly limits: LimitsUsed;
}

/** Scenarios that were not judged are `off` in it. */
export function snapshotOf({ file, opened, problems, judged }: Report, shown: Shown): Snapshot {
  const { model, broken, text, linesOf } = opened;
  return {
    file, version: shown.version, text, lines: createLines(text), model,
    problems: opened.problems,
    findings: problems.filter((each) => !opened.problems.includes(each)),
    checks: model.scenarios.map((scenario) => {
      const found = judged.find(({ judgement }) => judgement.scenario === scenario);
      if (found !== undefined) return { kind: 'judged', limits: shown.limits, ...found };
      return { kind: broken.includes(scenario) ? 'broken' : 'off' };
    }),
    linesOf, usedBy: () => null,
  };
}
