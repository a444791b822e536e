// The exit status of `mmlock check`: 0 every expectation met, 1 one not met, 2 errors in a file,
// 3 unknown. Of several the worst, in the order 2, 1, 3, 0.
import type { Report } from '../check-file.ts';

export type ExitStatus = 0 | 1 | 2 | 3;

const WORST_FIRST: readonly ExitStatus[] = [2, 1, 3, 0];

export function exitStatus({ problems, judged }: Report): ExitStatus {
  if (problems.some((problem) => problem.severity === 'error')) return 2;
  return worst(judged.map(({ judgement }): ExitStatus => {
    if (judgement.expectation === 'unmet') return 1;
    return judgement.expectation === 'unknown' ? 3 : 0;
  }));
}

export function worst(statuses: readonly ExitStatus[]): ExitStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 0;
}
