// What two scenarios, or one before and after a change, differ in: the outcomes, violations and
// nestings of locks that only one of them has. Threads are matched as for `expect refines`.
import type { FileId, Range } from '../text/range.ts';
import type { Program, Property } from '../../../simulator/src/program.ts';
import type { Nesting, Trace, Verdict } from '../../../simulator/src/verdict.ts';
import { seenName } from './expect.ts';
import type { Judgement, Result, Told, ToldStep } from './judgement.ts';
import type { Lowered } from './lowered.ts';
import { compareOutcomes, printCombo, runTo } from './refines.ts';
import { printSchedule } from './schedule.ts';
import { stateRows } from './state-rows.ts';
import { siteOf, tellTrace } from './trace.ts';

export interface Side {
  readonly result: Result;
  readonly judgement: Judgement;
}

export interface Change {
  readonly kind: 'outcome' | 'violation' | 'lock_order';
  readonly change: 'gained' | 'lost';
  /** `fault = sigsegv`, `data_race(pte)`, `ptl (write) under mmap_sem (read)`. */
  readonly name: string;
  /** Of a violation, among those of its side; else null. */
  readonly told: Told | null;
  /** The other side was not searched to the end: it may have the same. */
  readonly certain: boolean;
  /** Where it happens; null for an outcome. */
  readonly at: { readonly file: FileId; readonly range: Range } | null;
  /** On the side that has it: `after` where gained, `before` where lost. Empty: none is known. */
  readonly trace: readonly ToldStep[];
  /** The state that the run begins in. */
  readonly start: ToldStep['state'];
  readonly schedule: string;
  readonly loop: number | null;
}

/** A change whose run is still to be looked for. */
interface Wanted extends Change {
  readonly goal:
    | { readonly kind: 'combos'; readonly combos: readonly (readonly (number | null)[])[] }
    | { readonly kind: 'nesting'; readonly nesting: Nesting }
    | null;
}

export interface Half {
  readonly wanted: readonly Wanted[];
  /** Its verdict has the runs: for `withRuns`. null: none is needed. */
  readonly question: Program | null;
}

/** More in one scenario are left without a run. */
const MOST_RUNS = 24;

/** What `mine` has and `other` has not; `change` says which of them is the later. */
export function onlyIn(mine: Side, other: Side, change: Change['change']): Half {
  const certain = other.result.verdict.bound === null;
  const frame = {
    change, certain, told: null, trace: [], start: [], schedule: '', loop: null,
  } as const;
  const wanted: readonly Wanted[] = [
    ...outcomesOnlyIn(mine, other).map(({ name, combos }): Wanted =>
      ({ ...frame, kind: 'outcome', name, at: null, goal: { kind: 'combos', combos } })),
    ...violationsOnlyIn(mine, other).map(({ name, told }): Wanted => ({
      ...frame, kind: 'violation', name, told, goal: null,
      at: { file: told.file, range: told.range },
      trace: told.trace, schedule: told.schedule, loop: told.loop,
    })),
    ...nestingsOnlyIn(mine, other).map(({ name, nesting }): Wanted => {
      const { file, range } = siteOf(mine.result.lowered, nesting.site);
      return { ...frame, kind: 'lock_order', name, at: { file, range },
        goal: { kind: 'nesting', nesting } };
    }),
  ];
  return { wanted, question: questionOf(mine.result, wanted) };
}

/** `answer`: the verdict of the question, null where there was none. */
export function withRuns(
  { result }: Side, { wanted }: Half, answer: Verdict | null,
): readonly Change[] {
  return wanted.map(({ goal, ...change }, i): Change => {
    const trace = goal === null ? null : traceOf(result, { goal, name: goalName(i) }, answer);
    if (trace === null) return change;
    const { lowered } = result;
    return {
      ...change, trace: goal?.kind === 'nesting'
        ? withNext(lowered, trace, goal.nesting) : tellTrace(lowered, trace),
      start: stateRows(lowered, trace.initial),
      schedule: printSchedule(lowered.program, trace.steps), loop: trace.loop,
    };
  });
}

/** The step that takes the inner lock is about to be taken. */
function withNext(
  lowered: Lowered, trace: Trace, { site, thread }: Nesting,
): readonly ToldStep[] {
  const told = tellTrace(lowered, trace);
  const { file, range, text } = siteOf(lowered, site);
  const taker = trace.steps.at(-1)?.thread ?? thread;
  const state = told.at(-1)?.state ?? [];
  return [...told, {
    thread: lowered.program.threads[taker]?.name ?? '', lane: taker, text, file, range,
    move: 'next', changes: {}, state,
  }];
}

/** One combination of the compared threads, and all of `mine` that come to it. */
interface Extra {
  readonly name: string;
  readonly combos: (readonly (number | null)[])[];
}

function outcomesOnlyIn(mine: Side, other: Side): readonly Extra[] {
  const compared = compareOutcomes(mine.result, other.result);
  const byName = new Map<string, Extra>();
  for (const combo of compared.extra) {
    const name = printCombo(mine.result, compared, combo);
    const extra = byName.get(name) ?? { name, combos: [] };
    extra.combos.push(combo);
    byName.set(name, extra);
  }
  return [...byName.values()];
}

interface Placed {
  readonly name: string;
  /** Its name and the step, by words: the same step of another text. */
  readonly place: string;
  readonly told: Told;
}

/** By name; of one that both have, the places that only `mine` has. */
function violationsOnlyIn(mine: Side, other: Side): readonly Placed[] {
  const theirs = placed(other);
  const names = new Set(theirs.map(({ name }) => name));
  const places = new Set(theirs.map(({ place }) => place));
  const seen = new Set<string>();
  return placed(mine).flatMap((it): readonly Placed[] => {
    const isNew = !names.has(it.name);
    const key = isNew ? it.name : it.place;
    if (places.has(it.place) || seen.has(key)) return [];
    seen.add(key);
    return [isNew ? it : { ...it, name: it.place }];
  });
}

function placed({ result, judgement }: Side): readonly Placed[] {
  const { lowered, verdict } = result;
  return judgement.violations.map((told, i) => {
    const violation = verdict.violations[i];
    const name = seenName(told);
    if (violation === undefined || violation.thread === null) return { name, place: name, told };
    const decl = lowered.program.threads[violation.thread]?.decl ?? '';
    return { name, told, place: `${name} at ${decl}: ${siteOf(lowered, violation.step).text}` };
  });
}

interface Nested {
  readonly name: string;
  readonly nesting: Nesting;
}

function nestingsOnlyIn(mine: Side, other: Side): readonly Nested[] {
  const theirs = new Set(nestings(other).map(({ name }) => name));
  const own = nestings(mine).filter(({ name }) => !theirs.has(name));
  return own.filter(({ name }, i) => own.findIndex((it) => it.name === name) === i);
}

function nestings({ result: { lowered, verdict } }: Side): readonly Nested[] {
  const name = (cls: number): string => lowered.program.classes[cls]?.name ?? '';
  return verdict.facts.nestings.map((nesting) => ({
    nesting,
    name: `${name(nesting.inner)} (${nesting.innerMode}) under `
      + `${name(nesting.outer)} (${nesting.outerMode})`,
  }));
}

function goalName(i: number): string {
  return `(goal ${i})`;
}

/** The same program, asked for nothing but the runs: each goal is a violation of it. */
function questionOf(mine: Result, wanted: readonly Wanted[]): Program | null {
  const properties: Property[] = [];
  const orders: Program['orders'][number][] = [];
  for (const [i, { goal }] of wanted.entries()) {
    if (goal === null || properties.length + orders.length >= MOST_RUNS) continue;
    if (goal.kind === 'combos') {
      const [final] = runTo(mine, goal.combos, 0).properties;
      if (final !== undefined) properties.push({ ...final, name: goalName(i) });
    } else {
      orders.push({ outer: goal.nesting.inner, inner: goal.nesting.outer });
    }
  }
  if (properties.length + orders.length === 0) return null;
  return { ...mine.lowered.program, properties, orders };
}

function traceOf(
  { lowered }: Result,
  { goal, name }: { readonly goal: NonNullable<Wanted['goal']>; readonly name: string },
  answer: Verdict | null,
): Trace | null {
  if (goal.kind === 'combos') {
    return answer?.violations.find((it) => it.code === 'final' && it.subject === name)?.trace
      ?? null;
  }
  const { inner, site } = goal.nesting;
  const found = answer?.violations.find((it) => it.code === 'lock_order' && it.step === site
    && it.subject === lowered.program.classes[inner]?.name);
  const trace = found?.trace ?? null;
  return trace !== null && endsHolding(lowered, trace, goal.nesting) ? trace : null;
}

/** One step and one lock may be taken under several others: the run has to be that of this one. */
function endsHolding(
  { program }: Lowered, trace: Trace, { thread, outer, outerMode }: Nesting,
): boolean {
  const { decl } = program.threads[thread] ?? {};
  const { locks } = trace.steps.at(-1)?.after ?? trace.initial;
  return locks.some(({ writer, readers }, i) => {
    const holders = outerMode === 'write' ? [writer] : readers;
    return program.locks[i]?.cls === outer
      && holders.some((holder) => holder !== null && program.threads[holder]?.decl === decl);
  });
}
