// `unreachable_step`: what no scenario of a file ever gets to, once all of them were searched.
import type { Problem } from '../text/problem.ts';
import type { FileId, Range } from '../text/range.ts';
import type { ProcDecl, ThreadDecl } from '../syntax/ast.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Verdict } from '../../../simulator/src/verdict.ts';
import { isComplete } from './judgement.ts';
import type { Result } from './judgement.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import { unreachedIn } from './unreached.ts';

/** Of threads that scenarios run, all of them to the end; and of the procs these call. */
export function unreachedProblems(model: Model, results: readonly Result[]): readonly Problem[] {
  const nScenarios = model.scenarios.length;
  if (results.length === 0 || results.length < nScenarios) return [];
  const bodies = model.decls.filter((it) => it.file === model.file).map((it) => it.decl)
    .filter((decl): decl is ThreadDecl | ProcDecl =>
      decl.kind === 'thread' || decl.kind === 'proc');
  const byOwner = resultsByOwner(results);
  const spansOf = spansByResult(model.file);
  const { kept } = model.meaning;
  const known = new Map<string, KeptRanges>();
  const problems = bodies.flatMap((decl) => {
    const { start } = decl.range;
    const touching = byOwner.get(decl.name.text) ?? [];
    const before = kept.unreached.get(decl.name.text);
    const now = before !== undefined && areOf(before, touching) ? before : {
      of: touching.map(({ lowered: { program }, verdict }) => ({ program, verdict })),
      ranges: unreachedRanges(decl, touching, spansOf).map((range) => moved(range, -start)),
    };
    known.set(decl.name.text, now);
    return now.ranges.map((range): Problem => ({
      code: 'unreachable_step', severity: 'hint', range: moved(range, start), related: [],
      tags: ['unnecessary'], message: 'no scenario ever gets here',
    }));
  });
  kept.unreached = known;
  return problems;
}

/** What no scenario reaches of a body; kept, as a program is, while what it was seen in is kept. */
export interface KeptRanges {
  readonly of: readonly { readonly program: Program; readonly verdict: Verdict }[];
  /** From the start of the declaration. */
  readonly ranges: readonly Range[];
}

function areOf({ of }: KeptRanges, results: readonly Result[]): boolean {
  return of.length === results.length && of.every(({ program, verdict }, i) =>
    program === results[i]?.lowered.program && verdict === results[i]?.verdict);
}

function moved({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

function unreachedRanges(
  decl: ThreadDecl | ProcDecl, touching: readonly Result[], spansOf: (result: Result) => Spans,
): readonly Range[] {
  const running = touching.filter((it) => spansOf(it).sites.anyIn(decl.body.range));
  if (running.length === 0 || !running.every(isComplete)) return [];
  const spans = running.map(spansOf);
  return unreachedIn(decl.body.stmts, {
    never: neverOutcomes(running),
    known: (range) => spans.some(({ steps }) => steps.anyIn(range)),
    reached: (range) => spans.some(({ reached }) => reached.anyIn(range)),
  });
}

/** Places of one file that a result knows of. */
interface Spans {
  readonly sites: Places;
  /** Of steps, but the end of a thread. */
  readonly steps: Places;
  readonly reached: Places;
}

function spansByResult(file: FileId): (result: Result) => Spans {
  const known = new Map<Result, Spans>();
  return (result) => {
    const before = known.get(result);
    if (before !== undefined) return before;
    const spans = spansIn(result, file);
    known.set(result, spans);
    return spans;
  };
}

function spansIn({ lowered, verdict }: Result, file: FileId): Spans {
  const { sites, program } = lowered;
  const placed = (ids: Iterable<number>): Places => new Places(
    [...ids].flatMap((id) => sites[id] ?? []).filter((site) => site.file === file)
      .map((site) => site.range));
  const steps = new Set<number>();
  for (const { code } of program.threads) {
    for (const { op, site } of code) if (op !== 'end') steps.add(site);
  }
  return {
    sites: placed(sites.keys()), steps: placed(steps), reached: placed(verdict.facts.reached),
  };
}

class Places {
  readonly #byStart: readonly Range[];

  constructor(ranges: readonly Range[]) {
    this.#byStart = [...ranges].sort((a, b) => a.start - b.start);
  }

  /** Whether one of them lies in `outer`. */
  anyIn(outer: Range): boolean {
    let [from, to] = [0, this.#byStart.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#byStart[middle]?.start ?? 0) < outer.start) from = middle + 1;
      else to = middle;
    }
    for (let i = from; i < this.#byStart.length; i++) {
      const range = this.#byStart[i];
      if (range === undefined || range.start > outer.end) return false;
      if (range.end <= outer.end) return true;
    }
    return false;
  }
}

/** By the name of a body: the results that have a step or an access in it. */
function resultsByOwner(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  const byOwner = new Map<string, Result[]>();
  for (const result of results) {
    for (const name of ownersIn(result.lowered)) {
      const known = byOwner.get(name);
      if (known === undefined) byOwner.set(name, [result]);
      else known.push(result);
    }
  }
  return byOwner;
}

const owners = new WeakMap<Program, ReadonlySet<string>>();

function ownersIn(lowered: Lowered): ReadonlySet<string> {
  const { program } = lowered;
  const found = owners.get(program) ?? new Set(lowered.sites.map((site) => site.owner));
  owners.set(program, found);
  return found;
}

/** A proc's outcome is that of whichever thread calls it. */
function neverOutcomes(running: readonly Result[]): ReadonlySet<string> {
  return new Set(running.flatMap(({ lowered }) => lowered.program.threads)
    .flatMap((thread) => thread.outcomes.filter((it) => it.never).map((it) => it.name)));
}
