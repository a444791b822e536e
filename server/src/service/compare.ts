// Two reports side by side, scenario by scenario: how each stands before and after, and what only
// one of the two has, with a run to it. Searches once more for the runs that no violation gives.
import type { ScenarioDecl } from '../syntax/ast.ts';
import { onlyIn, withRuns, type Change } from '../analysis/compare.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Verdict } from '../../../simulator/src/verdict.ts';
import type { Judged, Report } from './check-file.ts';

export type { Change } from '../analysis/compare.ts';

/** A file, and which of its scenarios: null all of them. */
export interface Sided {
  readonly report: Report;
  readonly scenario: string | null;
}

export type Standing =
  | { readonly kind: 'judged'; readonly judged: Judged }
  /** The file has errors that touch it. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'absent' };

export interface Compared {
  /** Of the later one, where it is there. */
  readonly name: string;
  readonly before: Standing;
  readonly after: Standing;
  /** What is gained first, of each kind. */
  readonly changes: readonly Change[];
}

/** null: the search broke off before it had anything. */
export type Search = (name: string, program: Program) => Promise<Verdict | null>;

/**
 * Two scenarios that are both named are compared, whatever they are called; else those of the same
 * name, in the order of the later file, what only the earlier one has last.
 */
export async function compare(
  before: Sided, after: Sided, search: Search,
): Promise<readonly Compared[]> {
  return Promise.all(pairs(before, after).map(async ([old, now]) => {
    const name = now ?? old ?? '';
    const sides = {
      before: standing(before.report, old), after: standing(after.report, now),
    };
    const changes = sides.before.kind === 'judged' && sides.after.kind === 'judged'
      ? await changesOf(name, [sides.before.judged, sides.after.judged], search) : [];
    return { name, ...sides, changes };
  }));
}

type Names = readonly [before: string | null, after: string | null];

function pairs(before: Sided, after: Sided): readonly Names[] {
  if (before.scenario !== null && after.scenario !== null) {
    return [[before.scenario, after.scenario]];
  }
  const only = before.scenario ?? after.scenario;
  const [old, now] = [namesIn(before.report), namesIn(after.report)];
  if (only !== null) return [[has(old, only), has(now, only)]];
  return [
    ...now.map((name): Names => [has(old, name), name]),
    ...old.filter((name) => !now.includes(name)).map((name): Names => [name, null]),
  ];
}

function namesIn({ opened }: Report): readonly string[] {
  return opened.model.scenarios.map(({ name }: ScenarioDecl) => name.text);
}

function has(names: readonly string[], name: string): string | null {
  return names.includes(name) ? name : null;
}

function standing({ judged, opened }: Report, name: string | null): Standing {
  const found = judged.find(({ judgement }) => judgement.scenario.name.text === name);
  if (found !== undefined) return { kind: 'judged', judged: found };
  const isBroken = opened.broken.some((decl) => decl.name.text === name);
  return { kind: isBroken ? 'broken' : 'absent' };
}

async function changesOf(
  name: string, [before, after]: readonly [Judged, Judged], search: Search,
): Promise<readonly Change[]> {
  const gained = onlyIn(after, before, 'gained');
  const lost = onlyIn(before, after, 'lost');
  const [answerGained, answerLost] = await Promise.all([gained, lost].map(async ({ question }) =>
    (question === null ? null : search(name, question))));
  const all = [
    ...withRuns(after, gained, answerGained ?? null),
    ...withRuns(before, lost, answerLost ?? null),
  ];
  return (['outcome', 'violation', 'lock_order'] as const)
    .flatMap((kind) => all.filter((change) => change.kind === kind));
}

/** 0 nothing differs, 1 something does, 2 errors or a scenario that is nowhere, 3 not known. */
export function compareStatus(
  all: readonly Compared[], sides: readonly Sided[],
): 0 | 1 | 2 | 3 {
  const broken = all.some(({ before, after }) =>
    before.kind === 'broken' || after.kind === 'broken')
    || sides.some(({ report }) =>
      report.opened.problems.some(({ severity }) => severity === 'error'));
  const nowhere = all.length === 0 || all.some(({ before, after }) =>
    before.kind === 'absent' && after.kind === 'absent');
  if (broken || nowhere) return 2;
  const differs = all.some(({ before, after, changes }) => before.kind !== after.kind
    || changes.some(({ certain }) => certain));
  if (differs) return 1;
  return all.some(({ before, after }) => isOpen(before) || isOpen(after)) ? 3 : 0;
}

function isOpen(standing: Standing): boolean {
  return standing.kind === 'judged' && standing.judged.result.verdict.bound !== null;
}
