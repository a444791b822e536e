// What fixes are asked for: a scenario that fails, or a warning by its code and place. As one word,
// so that whoever asks can hand it on.
import type { Problem } from '../../text/problem.ts';
import { originOf, type Splice } from '../../analysis/changes/change.ts';
import { MENDABLE } from '../../analysis/changes/warned.ts';

/** A scenario's name, or `lock_order@120`: a warning's code and where it begins. */
export type About = string;

export function aboutWarning({ code, range }: Problem): About {
  return `${code}@${range.start}`;
}

export function isMendable({ code, severity }: Problem): boolean {
  return severity === 'warning' && MENDABLE.has(code);
}

/** null: it is a scenario. */
export function warningCode(about: About): string | null {
  const at = about.indexOf('@');
  return at === -1 ? null : about.slice(0, at);
}

/** For people: `one_fault`, `this lock_order`. */
export function aboutText(about: About): string {
  const code = warningCode(about);
  return code === null ? about : `this ${code}`;
}

export function warningOf(problems: readonly Problem[], about: About): Problem | null {
  return problems.find((it) => isMendable(it) && aboutWarning(it) === about) ?? null;
}

/** Whether the warning is there still, wherever its statement is now. */
export function isThereStill(
  warning: Problem, problems: readonly Problem[],
  { text, splices }: { readonly text: string; readonly splices: readonly Splice[] },
): boolean {
  return problems.some(({ code, range }) => code === warning.code
    && originOf(text, splices, range.start) === warning.range.start);
}

/** An error or a warning that is there more often than before; null: there is none. */
export function broughtBy(
  before: readonly Problem[], after: readonly Problem[], counts = isGrave,
): Problem | null {
  const left = new Map<string, number>();
  for (const it of before) left.set(keyOf(it), (left.get(keyOf(it)) ?? 0) + 1);
  for (const it of after) {
    const count = left.get(keyOf(it)) ?? 0;
    if (counts(it) && count === 0) return it;
    left.set(keyOf(it), count - 1);
  }
  return null;
}

function isGrave({ severity }: Problem): boolean {
  return severity === 'error' || severity === 'warning';
}

function keyOf({ code, message }: Problem): string {
  return `${code} ${message}`;
}
