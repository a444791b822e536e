// One line that says how a scenario's check stands and what it cost: the lens, the status bar, the
// head of a run. `safe` is said only of a complete search.
import { unreachable } from '../text/unreachable.ts';
import type { Judgement, Result } from '../analysis/judgement.ts';
import type { Check, LimitsUsed } from './snapshot.ts';
import { counted, elapsed, grouped, memory } from './numbers.ts';

type Told = Judgement['violations'][number];

export function verdictText(check: Check): string {
  switch (check.kind) {
    case 'broken': return 'not checked: the file has errors here';
    case 'off': return 'not checked yet';
    case 'checking':
      return check.states === null ? 'checking…' : `checking… ${counted(check.states, 'state')}`;
    case 'failed': return `unknown: the checker stopped: ${check.message}`;
    case 'judged': return judgedText(check);
    default: return unreachable(check);
  }
}

function judgedText(check: Extract<Check, { kind: 'judged' }>): string {
  const { judgement, result } = check;
  const unexpected = judgement.violations.filter((told) => !told.expected);
  if (unexpected.length > 0) return failure('fails', unexpected);
  if (judgement.verdict === 'unknown') return unknownText(result, check.limits);
  if (judgement.expectation === 'unknown') return unknownText(result, check.limits);
  if (judgement.expectation === 'unmet') {
    const found = judgement.violations.map(named).join(', ');
    return `not as expected: ${found === '' ? 'nothing is violated' : found}${cost(result)}`;
  }
  if (judgement.violations.length > 0) return failure('fails as expected', judgement.violations);
  return `safe${cost(result)}`;
}

/** The first violation, which has the shortest run, and how many there are besides. */
function failure(head: string, violations: readonly Told[]): string {
  const first = violations[0];
  if (first === undefined) return head;
  const steps = first.trace.length === 0 ? '' : `, ${counted(first.trace.length, 'step')}`;
  const others = violations.length === 1 ? '' : ` · ${grouped(violations.length - 1)} more`;
  return `${head}: ${named(first)}${steps}${others}`;
}

/** As `expect fails` would name it, but a forbidden outcome in words. */
export function named(told: Pick<Told, 'code' | 'subject'>): string {
  switch (told.code) {
    case 'forbidden_outcome': return `forbidden outcome ${told.subject ?? ''}`.trimEnd();
    case 'invariant': case 'final': case 'eventually': case 'reachable':
      return `${told.code} ${told.subject ?? ''}`.trimEnd();
    default: // As it is written.
      return told.subject === null ? told.code : `${told.code}(${told.subject})`;
  }
}

function cost(result: Result): string {
  return ` · ${counted(result.verdict.states, 'state')} · ${elapsed(result.elapsedMs)}`;
}

function unknownText(result: Result, limits: LimitsUsed): string {
  const { bound, states } = result.verdict;
  const after = `after ${counted(states, 'state')}`;
  if (bound === null) return `unknown ${after}`;
  switch (bound.kind) {
    case 'states': return `unknown: the limit of ${counted(bound.limit, 'state')} reached`;
    case 'memory': return `unknown: ${memory(bound.limit)} reached ${after}`;
    case 'stopped': return `unknown: ${elapsed(limits.timeLimitMs)} passed ${after}`;
    case 'nesting': return `unknown: a lock nested deeper than ${grouped(bound.limit)}`;
    case 'step_length':
      return `unknown: a step longer than ${counted(bound.limit, 'instruction')}`;
    default: return unreachable(bound);
  }
}
