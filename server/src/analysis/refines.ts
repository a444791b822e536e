// Whether every combination of outcomes of one scenario is one of another's. Threads are matched by
// alias, else by name and place; only those that declare outcomes on both sides are compared.
import type { Program, Expr, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Result } from './judgement.ts';

/** A thread of this scenario and the one it is compared with. */
export interface Pair {
  readonly mine: ThreadIdx;
  readonly other: ThreadIdx;
}

export interface Comparison {
  readonly state: 'met' | 'unmet' | 'unknown';
  readonly pairs: readonly Pair[];
  /** Combinations of this scenario, by thread, that the other cannot end with. */
  readonly extra: readonly (readonly (number | null)[])[];
}

export function compareOutcomes(mine: Result, other: Result): Comparison {
  const pairs = matchThreads(mine, other);
  const possible = new Set(other.verdict.outcomes.map((combo) =>
    pairs.map((pair) => outcomeOf(other, pair.other, combo)).join()));
  const extra = pairs.length === 0 ? [] : mine.verdict.outcomes.filter((combo) =>
    !possible.has(pairs.map((pair) => outcomeOf(mine, pair.mine, combo)).join()));
  const complete = extra.length > 0 ? other.verdict.bound === null : isComplete(mine);
  const state = !complete ? 'unknown' : extra.length > 0 ? 'unmet' : 'met';
  return { state, pairs, extra };
}

function isComplete(result: Result): boolean {
  return result.verdict.bound === null;
}

/** `fault#1 = content, fault#2 = sigsegv`, the compared threads only. */
export function printCombo(
  mine: Result, { pairs }: Comparison, combo: readonly (number | null)[],
): string {
  return pairs.map(({ mine: thread }) => {
    const outcome = outcomeOf(mine, thread, combo);
    const name = mine.lowered.program.threads[thread]?.name ?? '';
    return outcome === '' ? `${name} without an outcome` : `${name} = ${outcome}`;
  }).join(', ');
}

/**
 * The same program asked one thing only: a `final` that the first run to one of these combinations
 * breaks, so that there is a shortest run to show. `site` is where that property is said to be.
 */
export function runTo(
  mine: Result, extra: Comparison['extra'], site: number,
): Program {
  const { program } = mine.lowered;
  const declaring = withOutcomes(program);
  const reached = extra.map((combo) => all(declaring.map((thread, i): Expr => ({
    kind: 'binary', op: '==', left: { kind: 'outcome', thread }, right: constant(valueIn(combo, i)),
  }))));
  const expr: Expr = { kind: 'not', operand: any(reached) };
  return { ...program, properties: [{ kind: 'final', name: RUN_TO, site, expr }] };
}

/** No name of the language. */
export const RUN_TO = '(outcome)';

function valueIn(combo: readonly (number | null)[], i: number): number {
  const outcome = combo[i] ?? null;
  return outcome === null ? 0 : outcome + 1;
}

const constant = (value: number): Expr => ({ kind: 'const', value });

function all(parts: readonly Expr[]): Expr {
  return parts.reduce<Expr>((left, right) => ({ kind: 'binary', op: '&&', left, right }),
    constant(1));
}

function any(parts: readonly Expr[]): Expr {
  return parts.reduce<Expr>((left, right) => ({ kind: 'binary', op: '||', left, right }),
    constant(0));
}

/** In the order of `Verdict.outcomes`. */
function withOutcomes(program: Program): readonly ThreadIdx[] {
  return program.threads.flatMap((thread, t) => (thread.outcomes.length > 0 ? [t] : []));
}

/** The outcome's name; '' while unset. */
function outcomeOf(
  result: Result, thread: ThreadIdx, combo: readonly (number | null)[],
): string {
  const { program } = result.lowered;
  const outcome = combo[withOutcomes(program).indexOf(thread)] ?? null;
  return outcome === null ? '' : program.threads[thread]?.outcomes[outcome]?.name ?? '';
}

/** Pairs of threads that both declare outcomes, in this scenario's order. */
export function matchThreads(mine: Result, other: Result): readonly Pair[] {
  const left = callsOf(mine);
  const right = callsOf(other);
  const partner = new Map<ThreadIdx, ThreadIdx>();
  const taken = new Set<ThreadIdx>();
  const match = (by: (a: Call, b: Call) => boolean): void => {
    for (const a of left) {
      if (partner.has(a.thread)) continue;
      const b = right.find((it) => !taken.has(it.thread) && by(a, it));
      if (b === undefined) continue;
      partner.set(a.thread, b.thread);
      taken.add(b.thread);
    }
  };
  match((a, b) => a.alias !== null && a.alias === b.alias && a.number === b.number);
  match((a, b) => a.decl === b.decl);
  match((a, b) => (a.alias ?? a.decl) === (b.alias ?? b.decl));
  const declares = (result: Result, thread: ThreadIdx): boolean =>
    (result.lowered.program.threads[thread]?.outcomes.length ?? 0) > 0;
  return left.flatMap(({ thread }) => {
    const found = partner.get(thread);
    if (found === undefined || !declares(mine, thread) || !declares(other, found)) return [];
    return [{ mine: thread, other: found }];
  });
}

interface Call {
  readonly thread: ThreadIdx;
  readonly decl: string;
  readonly alias: string | null;
  readonly number: string;
}

function callsOf({ lowered }: Result): readonly Call[] {
  return lowered.program.threads.map(({ name, decl }, thread) => {
    const [base = name, number = ''] = name.split('#');
    return { thread, decl, alias: base === decl ? null : base, number };
  });
}
