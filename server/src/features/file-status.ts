// Feature: how a whole file stands, in one word for an icon and one line for people.
import { counted } from './numbers.ts';
import { diagnostics } from './diagnostics.ts';
import type { Check, Snapshot } from './snapshot.ts';
import { isLimit, limitOf, type LimitName } from './limit.ts';
import { verdictText } from './verdict-text.ts';

export interface FileStatus {
  readonly state: 'checking' | 'safe' | 'violated' | 'unknown' | 'errors' | 'stale';
  readonly text: string;
  /** The limit that a check ended at, where `unknown` is due to one: it could be raised. */
  readonly limit: LimitName | null;
}

/** The worst there is to say, and first of all what is not known yet. */
export function fileStatus(snapshot: Snapshot): FileStatus {
  const worst = worstOf(snapshot);
  const limit = worst.state === 'unknown' ? snapshot.checks.map(limitOf).find(isLimit) : null;
  return { ...worst, limit: limit ?? null };
}

type Worst = Omit<FileStatus, 'limit'>;

function worstOf(snapshot: Snapshot): Worst {
  const { checks } = snapshot;
  const errors = snapshot.problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return { state: 'errors', text: counted(errors, 'error') };
  const total = counted(checks.length, 'scenario');
  if (checks.length === 0) return { state: 'safe', text: 'no scenario' };
  const open = checks.filter(({ kind }) => kind === 'checking').length;
  if (open > 0) return { state: 'checking', text: `checking ${open} of ${total}` };
  if (checks.some(({ kind }) => kind === 'off')) return { state: 'stale', text: 'not checked yet' };
  const first = (state: FileStatus['state'], wanted: (check: Check) => boolean) => {
    const i = checks.findIndex(wanted);
    const check = checks[i];
    if (check === undefined) return null;
    const name = snapshot.model.scenarios[i]?.name.text ?? '';
    return { state, text: `${name}: ${verdictText(check)}` };
  };
  return first('violated', isUnmet)
    ?? first('unknown', (check) => check.kind !== 'judged' || isUnknown(check))
    ?? found(snapshot)
    ?? { state: 'safe', text: `${total} as expected` };
}

function isUnmet(check: Check): boolean {
  return check.kind === 'judged' && check.judgement.expectation === 'unmet';
}

function isUnknown(check: Extract<Check, { kind: 'judged' }>): boolean {
  return check.judgement.expectation === 'unknown';
}

/** Errors that only all scenarios together show, such as a nesting against `order`. */
function found(snapshot: Snapshot): Worst | null {
  const errors = diagnostics(snapshot).filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return first === undefined ? null : { state: 'violated', text: first.message };
}
