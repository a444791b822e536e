// The limit that left a scenario unknown, by the name of its setting: what could be raised.
import { unreachable } from '../text/unreachable.ts';
import type { Check } from './snapshot.ts';

export type LimitName = 'maxStates' | 'maxMemory' | 'timeLimit';

/** null: it is not unknown, or for another reason than a limit of the settings. */
export function limitOf(check: Check): LimitName | null {
  if (check.kind !== 'judged' || check.judgement.expectation !== 'unknown') return null;
  const { bound } = check.result.verdict;
  if (bound === null) return null;
  switch (bound.kind) {
    case 'states': return 'maxStates';
    case 'memory': return 'maxMemory';
    case 'stopped': return 'timeLimit';
    case 'nesting': case 'step_length': return null;
    default: return unreachable(bound);
  }
}

export function isLimit(limit: LimitName | null): limit is LimitName {
  return limit !== null;
}
