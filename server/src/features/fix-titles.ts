// Feature: how a checked fix is told in a list, and which scenarios a place in the text is about.
import { touches, type Range } from '../text/range.ts';
import type { Snapshot } from './snapshot.ts';

export interface ToldFix {
  readonly title: string;
  readonly cost: string;
  readonly expects: readonly { readonly scenario: string; readonly text: string }[];
}

/** `Take mmap_sem for writing in munlock (safe; mmap_sem held for writing over 5 steps more)` */
export function fixTitle({ title, cost, expects }: ToldFix): string {
  const changed = expects.map(({ scenario, text }) => `; ${scenario}: ${text}`).join('');
  return `${plain(title)} (safe; ${plain(cost)}${changed})`;
}

/** A menu shows no Markdown. */
export function plain(title: string): string {
  return title.replace(/`([^`]*)`/g, '‘$1’');
}

/** The code of the text's problem, and the scenario that runs into it. */
export interface FixablePlace {
  readonly scenario: string;
  readonly expected: boolean;
}

/** The scenarios with a violation at the range, and those that stand there and fail. */
export function fixableAt(snapshot: Snapshot, range: Range): readonly FixablePlace[] {
  return snapshot.checks.flatMap((check): readonly FixablePlace[] => {
    if (check.kind !== 'judged') return [];
    const { scenario, violations } = check.judgement;
    const here = violations.filter((told) =>
      [told, ...told.trace.filter(({ move }) => move === 'next')].some((place) =>
        place.file === snapshot.file && touches(place.range, range))
      || touches(scenario.name.range, range)
      || scenario.items.some((item) => item.kind === 'expect' && touches(item.range, range)));
    if (here.length === 0) return [];
    return [{ scenario: scenario.name.text, expected: here.every((told) => told.expected) }];
  });
}

/** Scenarios that fail and were not expected to: their fixes are looked for unasked. */
export function failing(snapshot: Snapshot): readonly string[] {
  return snapshot.checks.flatMap((check) =>
    (check.kind === 'judged' && check.judgement.violations.some((told) => !told.expected)
      ? [check.judgement.scenario.name.text] : []));
}
