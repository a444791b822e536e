// `unreachable_step`: what no scenario of a file ever gets to, once all of them were searched.
import type { Problem } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { Block, ProcDecl, ThreadDecl } from '../syntax/ast.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Verdict } from '../../../simulator/src/verdict.ts';
import { isComplete } from './judgement.ts';
import type { Result } from './judgement.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import { unreachedIn } from './unreached.ts';
import type { Coverage } from './unreached.ts';

/** Of threads that scenarios run, all of them to the end; and of the procs these call. */
export function unreachedProblems(model: Model, results: readonly Result[]): readonly Problem[] {
  const nScenarios = model.scenarios.length;
  if (results.length === 0 || results.length < nScenarios) return [];
  const bodies = model.decls.filter((it) => it.file === model.file).map((it) => it.decl)
    .filter((decl): decl is ThreadDecl | ProcDecl =>
      decl.kind === 'thread' || decl.kind === 'proc');
  const byOwner = resultsByOwner(results);
  const { kept } = model.meaning;
  const known = new Map<string, KeptRanges>();
  const problems = bodies.flatMap((decl) => {
    const { start } = decl.range;
    const touching = byOwner.get(decl.name.text) ?? [];
    const before = kept.unreached.get(decl.name.text);
    const now = before !== undefined && areOf(before, touching) ? before : {
      of: touching.map(({ lowered: { program }, verdict }) => ({ program, verdict })),
      ranges: unreachedRanges(model, decl, touching).map((range) => moved(range, -start)),
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
  model: Model, decl: ThreadDecl | ProcDecl, touching: readonly Result[],
): readonly Range[] {
  const running = touching.filter((it) => touches(model, it.lowered, decl.body));
  if (running.length === 0 || !running.every(isComplete)) return [];
  const never = neverOutcomes(running);
  return unreachedIn(decl.body.stmts, { ...coverageOf(model, running), never });
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

function touches(model: Model, lowered: Lowered, { range }: Block): boolean {
  return lowered.sites.some((site) => site.file === model.file && within(site.range, range));
}

function within(inner: Range, outer: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** A proc's outcome is that of whichever thread calls it. */
function neverOutcomes(running: readonly Result[]): ReadonlySet<string> {
  return new Set(running.flatMap(({ lowered }) => lowered.program.threads)
    .flatMap((thread) => thread.outcomes.filter((it) => it.never).map((it) => it.name)));
}

function coverageOf(
  model: Model, running: readonly Result[],
): Pick<Coverage, 'known' | 'reached'> {
  const steps = running.flatMap(({ lowered }) => {
    const used = new Set(lowered.program.threads.flatMap((thread) =>
      thread.code.filter((instr) => instr.op !== 'end').map((instr) => instr.site)));
    return [...used].flatMap((site) => lowered.sites[site] ?? []);
  });
  const reached = running.flatMap(({ lowered, verdict }) =>
    verdict.facts.reached.flatMap((site) => lowered.sites[site] ?? []));
  const anyIn = (sites: typeof steps) => (range: Range): boolean =>
    sites.some((site) => site.file === model.file && within(site.range, range));
  return { known: anyIn(steps), reached: anyIn(reached) };
}
