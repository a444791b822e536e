// What is said of a file as a whole, once its scenarios are searched: the order of locks over all
// threads, what no scenario reaches, and what one thread alone certainly does wrong.
import type { Problem, Related, Severity } from '../text/problem.ts';
import type { FileId, Location, Range } from '../text/range.ts';
import type { ThreadDecl } from '../syntax/ast.ts';
import type { ClassIdx, SiteId } from '../../../simulator/src/program.ts';
import type { Nesting } from '../../../simulator/src/verdict.ts';
import { isComplete } from './judgement.ts';
import type { Result } from './judgement.ts';
import type { Lowered } from './lowered.ts';
import { cycleText, edgeText, lockCycles } from './lock-order.ts';
import type { Classes, Edge } from './lock-order.ts';
import { hasMarks } from './marks.ts';
import type { Model } from './model.ts';
import { certainProblems, staleProblems } from './thread-findings.ts';
import { siteOf } from './trace.ts';
import { unreachedProblems } from './unreached-findings.ts';
import { runningThread, searchedThreads, walksOf } from './walks.ts';
import type { OneWalk, Walked } from './walks.ts';

/**
 * `results`: of all scenarios that could be searched. A thread that one of them ran to the end is
 * judged by what was seen there; the others by walking them alone.
 */
export function fileFindings(model: Model, results: readonly Result[]): readonly Problem[] {
  const all = walksOf(model, results);
  const covered = coveredBy(results);
  const unseen = all.filter(({ decl }) => !covered.has(decl.name.text)
    && !isPending(model, decl, results));
  const walks = unseen.flatMap((it) => it.walks);
  return [
    ...certain(model, unseen, results),
    ...orderProblems(model, results, walks),
    ...recursiveReads(model, results, walks),
    ...staleProblems(model, all.filter(({ decl }) =>
      searchedThreads(model, decl, results)?.some(hasMarks) ?? true).flatMap((it) => it.walks)),
    ...unreachedProblems(model, results),
  ].sort((a, b) => a.range.start - b.range.start);
}

/**
 * What can be said before anything is searched: every thread alone, certain errors only. Those of
 * threads that a scenario runs are replaced by what its search finds.
 */
export function staticFindings(model: Model, results: readonly Result[] = []): readonly Problem[] {
  const covered = coveredBy(results);
  const unseen = walksOf(model, results).filter(({ decl }) => !covered.has(decl.name.text));
  return certain(model, unseen, results);
}

/** Not what a search that was cut off has told already. */
function certain(
  model: Model, unseen: readonly Walked[], results: readonly Result[],
): readonly Problem[] {
  const key = (code: string, { file, range }: Location): string =>
    `${code} ${file} ${range.start} ${range.end}`;
  const told = new Set(results.flatMap(({ lowered, verdict }) =>
    verdict.violations.map(({ code, site }) => key(code, siteOf(lowered, site)))));
  return unseen.filter((it) => !isOpen(model, it.decl, results))
    .flatMap((it) => certainProblems(model, it, (code, at) => told.has(key(code, at))));
}

/**
 * A scenario without a result runs the thread to see it fail: its verdict will say whether that is
 * the failure expected, and what is an error now would be information then. Or an error touches it,
 * and with it the params that the thread is meant to run with.
 */
function isOpen(model: Model, decl: ThreadDecl, results: readonly Result[]): boolean {
  return runningThread(model, decl).some((scenario) =>
    !results.some((result) => result.scenario === scenario)
    && scenario.items.some((item) => (item.kind === 'expect' && item.expect === 'fails')
      || (item.kind === 'with' && model.broken.has(scenario))));
}

/** The threads, by name, that a scenario was searched with to the end. */
function coveredBy(results: readonly Result[]): ReadonlySet<string> {
  return new Set(results.filter(isComplete).flatMap(({ lowered }) =>
    lowered.program.threads.map((thread) => thread.decl)));
}

/** A scenario that was not asked for runs it: that one's search would tell. */
function isPending(model: Model, decl: ThreadDecl, results: readonly Result[]): boolean {
  return runningThread(model, decl).some((scenario) => !model.broken.has(scenario)
    && !results.some((result) => result.scenario === scenario));
}

/** A problem of this file; of a used file nothing is said here. */
function here(
  model: Model, at: { file: FileId; range: Range }, problem: Omit<Problem, 'range'>,
): readonly Problem[] {
  return at.file === model.file ? [{ ...problem, range: at.range }] : [];
}

function orderProblems(
  model: Model, results: readonly Result[], unseen: readonly OneWalk[],
): readonly Problem[] {
  const facts = [
    ...results.map((it) => ({
      lowered: it.lowered, nestings: it.verdict.facts.nestings, ownLock: sameInstance(it),
    })),
    ...unseen.map((it) => ({
      lowered: it.lowered, nestings: it.walk?.sureNestings ?? [], ownLock: () => false,
    })),
  ];
  const all = facts.map((it) => it.lowered);
  const edges = facts.flatMap(({ lowered, nestings, ownLock }) => nestings
    .filter((nesting) => canWait(nesting) && !ownLock(nesting) && !isAgainst(lowered, nesting))
    .map((nesting) => edgeOf(lowered, nesting)));
  const classes: Classes = {
    kindOf: (name) => all.flatMap((it) => it.program.classes)
      .find((cls) => cls.name === name)?.kind ?? null,
  };
  const cycles = lockCycles(sortedOnce(edges), classes);
  return cycles.flatMap((cycle) => {
    const last = cycle.filter((edge) => edge.file === model.file)
      .reduce<Edge | null>((a, b) => (a === null || b.range.start > a.range.start ? b : a), null);
    const related: Related[] = cycle.map((edge) => ({
      file: edge.file, range: edge.range,
      message: edgeText(edge, classes),
    }));
    if (last === null) return [];
    const severity: Severity = 'warning';
    return here(model, last, {
      code: 'lock_order', severity, related, message: cycleText(cycle),
    });
  });
}

/** Against a declared order it is an error already, wherever it happens. */
function isAgainst({ program }: Lowered, { outer, inner }: Nesting): boolean {
  return program.orders.some((order) => order.outer === inner && order.inner === outer);
}

/** A try waits for nobody; `nested` vouches for its own class. */
function canWait(nesting: Nesting): boolean {
  return !nesting.byTry && !(nesting.nested && nesting.outer === nesting.inner);
}

/**
 * Taking the very lock that is held is `deadlock` or `recursive_read`, not an order of two. Facts
 * name classes only: a class of one lock, or a site where such a thing was found.
 */
function sameInstance({ lowered, verdict }: Result): (nesting: Nesting) => boolean {
  const own = new Set<SiteId>([
    ...verdict.facts.recursiveReads.map((it) => it.site),
    ...verdict.violations.filter((it) => it.code === 'deadlock' && it.others.length === 0)
      .map((it) => it.step),
  ]);
  const size = (cls: ClassIdx): number =>
    lowered.program.locks.filter((lock) => lock.cls === cls).length;
  return ({ outer, inner, site }) =>
    outer === inner && (size(outer) === 1 || own.has(site));
}

function edgeOf(lowered: Lowered, nesting: Nesting): Edge {
  const { classes, threads } = lowered.program;
  const { file, range } = siteOf(lowered, nesting.site);
  return {
    outer: classes[nesting.outer]?.name ?? '', outerMode: nesting.outerMode,
    inner: classes[nesting.inner]?.name ?? '', innerMode: nesting.innerMode,
    file, range, thread: threads[nesting.thread]?.decl ?? '',
  };
}

/** In the order of the text, the same edge of the same place once. */
function sortedOnce(edges: readonly Edge[]): readonly Edge[] {
  const byKey = new Map(edges.map((edge) => [JSON.stringify(edge), edge]));
  return [...byKey.values()].sort((a, b) => a.range.start - b.range.start);
}

function recursiveReads(
  model: Model, results: readonly Result[], unseen: readonly OneWalk[],
): readonly Problem[] {
  const found = [
    ...results.flatMap(({ lowered, verdict }) => verdict.facts.recursiveReads
      .map(({ site, cls }) => ({ lowered, site, cls }))),
    ...unseen.flatMap(({ lowered, walk }) => (walk?.recursiveReads ?? [])
      .map(({ site, lock }) => ({ lowered, site, cls: lowered.program.locks[lock]?.cls ?? -1 }))),
  ];
  const byPlace = new Map<string, Problem>();
  for (const { lowered, site, cls } of found) {
    const at = siteOf(lowered, site);
    const name = lowered.program.classes[cls]?.name ?? '';
    const message = `\`${name}\` is taken for reading by a thread that holds it for reading: `
      + 'a writer queued in between deadlocks it';
    for (const problem of here(model, at, {
      code: 'recursive_read', severity: 'warning', message, related: [],
    })) byPlace.set(`${at.range.start} ${name}`, problem);
  }
  return [...byPlace.values()];
}
