// Everything a report has to say as one list, for formats that know nothing of scenarios: problems
// of the file, then of each scenario its violations and what its `expect` came to.
import type { Code, Related, Severity } from '../../text/problem.ts';
import type { FileId, Range } from '../../text/range.ts';
import type { Told } from '../../analysis/judgement.ts';
import { seenName } from '../../analysis/expect.ts';
import type { Judged, Report } from '../check-file.ts';

export interface Found {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly file: FileId;
  readonly range: Range;
  readonly related: readonly Related[];
  /** null: it is said of the file. */
  readonly scenario: Judged | null;
  /** Set where it is a violation. */
  readonly told: Told | null;
}

export function foundIn({ file, problems, judged }: Report): readonly Found[] {
  return [
    ...problems.map((problem): Found => ({ ...problem, file, scenario: null, told: null })),
    ...judged.flatMap((scenario) => [
      ...scenario.judgement.violations.map((told): Found => ({
        code: told.code, severity: told.expected ? 'information' : 'error', message: told.message,
        file: told.file, range: told.range, related: [], scenario, told,
      })),
      ...scenario.judgement.problems
        .filter(({ code }) => code === 'expectation' || code === 'unknown')
        .map((problem): Found => ({ ...problem, file, scenario, told: null })),
    ]),
  ];
}

/** Violations as `expect fails` would name them, each name once. */
export function seenNames(violations: readonly Told[]): readonly string[] {
  return [...new Set(violations.map(seenName))];
}

/** `data_race(pte)`, `invariant(total)`; the text of an assertion is in the message. */
export function titleOf({ code, told }: Pick<Found, 'code' | 'told'>): string {
  const subject = told === null || code === 'assert' ? null : told.subject;
  return subject === null ? code : `${code}(${subject})`;
}
