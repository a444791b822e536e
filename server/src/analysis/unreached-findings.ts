// `unreachable_step`: what no scenario of a file ever gets to, once all of them were searched.
import type { Problem } from '../text/problem.ts';
import type { FileId, Range } from '../text/range.ts';
import type { ProcDecl, ThreadDecl } from '../syntax/ast.ts';
import type { Program } from '../../../simulator/src/program.ts';
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
  const seen = new Seen(model.file);
  const { kept } = model.meaning;
  const known = new Map<string, KeptRanges>();
  const problems = bodies.flatMap((decl) => {
    const { start } = decl.range;
    const touching = byOwner.get(decl.name.text) ?? [];
    const before = kept.unreached.get(decl.name.text);
    const of = touching.map(({ lowered: { program }, verdict }) => ({ program, verdict }));
    const now = before !== undefined && isAsBefore(decl, before.of, of) ? { ...before, of } : {
      of, ranges: unreachedRanges(decl, touching, seen).map((range) => moved(range, -start)),
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

type Searched = Pick<Lowered, 'program'> & Pick<Result, 'verdict'>;

/** What no scenario reaches of a body; kept, as a program is, while what it was seen in is kept. */
export interface KeptRanges {
  readonly of: readonly Searched[];
  /** From the start of the declaration. */
  readonly ranges: readonly Range[];
}

function isAsBefore(
  decl: ThreadDecl | ProcDecl, was: readonly Searched[], is: readonly Searched[],
): boolean {
  return was.length === is.length && was.every((one, i) => {
    const other = is[i];
    return other !== undefined && ((one.program === other.program && one.verdict === other.verdict)
      || (decl.kind === 'thread' && isSeenAlike(decl.name.text, one, other)));
  });
}

/** The thread is the same in both programs, with the same sites, and the same of them reached. */
function isSeenAlike(name: string, was: Searched, is: Searched): boolean {
  const [before, now] = [was.program.threads, is.program.threads];
  return before.length === now.length && isComplete(was) === isComplete(is)
    && before.every((thread, i) => {
      const other = now[i];
      return thread === other || (thread.decl !== name && other?.decl !== name);
    })
    && areEqual(was.verdict.facts.reached, is.verdict.facts.reached)
    && areEqual(neverIn(was.program), neverIn(is.program));
}

function areEqual<T>(was: readonly T[], is: readonly T[]): boolean {
  return was === is || (was.length === is.length && was.every((one, i) => one === is[i]));
}

function moved({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

function unreachedRanges(
  decl: ThreadDecl | ProcDecl, touching: readonly Result[], seen: Seen,
): readonly Range[] {
  const found = touching.map((result) => ({ result, spans: seen.spansIn(result, decl) }));
  const running = found.filter(({ spans }) => spans.isThere);
  if (running.length === 0 || !running.every(({ result }) => isComplete(result))) return [];
  return unreachedIn(decl.body.stmts, {
    // A proc's outcome is that of whichever thread calls it.
    never: new Set(running.flatMap(({ result }) => neverIn(result.lowered.program))),
    known: (range) => running.some(({ spans: { steps } }) => steps.anyIn(range)),
    reached: (range) => running.some(({ spans: { reached } }) => reached.anyIn(range)),
  });
}

/** Places of one body that a result knows of. */
interface Spans {
  /** Some are, steps or not. */
  readonly isThere: boolean;
  /** Of steps, but the end of a thread. */
  readonly steps: Places;
  readonly reached: Places;
}

const STEP = 1;
const REACHED = 2;

/** What results know of the sites in one file. */
class Seen {
  readonly #file: FileId;
  /** By site, whether it is a step and reached. */
  readonly #marks = new Map<Result, Uint8Array>();

  constructor(file: FileId) {
    this.#file = file;
  }

  spansIn(result: Result, { name: { text: owner }, body }: ThreadDecl | ProcDecl): Spans {
    const marks = this.#marks.get(result) ?? marksOf(result);
    this.#marks.set(result, marks);
    let isThere = false;
    const steps: Range[] = [];
    const reached: Range[] = [];
    for (const [i, site] of result.lowered.sites.entries()) {
      if (site.owner !== owner || site.file !== this.#file) continue;
      const { range } = site;
      isThere ||= body.range.start <= range.start && range.end <= body.range.end;
      const mark = marks[i] ?? 0;
      if ((mark & STEP) !== 0) steps.push(range);
      if ((mark & REACHED) !== 0) reached.push(range);
    }
    return { isThere, steps: new Places(steps), reached: new Places(reached) };
  }
}

function marksOf({ lowered: { sites, program }, verdict }: Result): Uint8Array {
  const marks = new Uint8Array(sites.length);
  for (const { code } of program.threads) {
    for (const { op, site } of code) if (op !== 'end') marks[site] = STEP;
  }
  for (const site of verdict.facts.reached) marks[site] = (marks[site] ?? 0) | REACHED;
  return marks;
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

const nevers = new WeakMap<Program, readonly string[]>();

/** The outcomes that its threads declare `never`. */
function neverIn(program: Program): readonly string[] {
  const known = nevers.get(program);
  if (known !== undefined) return known;
  const found: string[] = [];
  for (const { outcomes } of program.threads) {
    for (const { name, never } of outcomes) if (never) found.push(name);
  }
  nevers.set(program, found);
  return found;
}
