// What an engine says of a program, in parts that can be compared as texts; and where two engines
// part. A search that reduces need not know all that a plain one does.
import type { Trace, Verdict, Violation } from '../../simulator/src/index.ts';
import type { ReducedVerdict } from '../../simulator/src/reduction/reduced-search.ts';

/** By name of the part; lists are sorted where order says nothing. */
export type Opinion = Readonly<Record<string, string | readonly string[]>>;

const switchesOf = (trace: Trace): number =>
  trace.steps.filter((step, i) => i > 0 && trace.steps[i - 1]?.thread !== step.thread).length;

/** `code|about|step`; of a circle besides with the steps of all in it. */
function keysOf({ code, subject, step, cycle, others }: Violation): string[] {
  const about = `${code}|${subject ?? ''}|`;
  if (cycle !== true) return [`${about}${step}`];
  const steps = [step, ...others.map((other) => other.step)].sort((a, b) => a - b);
  return [`${about}${step}`, `${about}${steps.join('+')}`];
}

function runOf({ trace }: Violation): string {
  if (trace === null) return 'no run';
  return `${trace.steps.length} steps, ${switchesOf(trace)} switches, loop ${trace.loop}`;
}

/** Who moved, and which of the successors it was. */
const movesOf = ({ trace }: Violation): string =>
  (trace?.steps ?? []).map(({ thread, choice, move }) => `${thread}.${choice}${move[0]}`).join(' ');

const lines = (all: readonly unknown[]): string[] => all.map((it) => JSON.stringify(it)).sort();

export function opinionOf(verdict: Verdict): Opinion {
  const { result, bound, states, transitions, depth, violations, outcomes, facts } = verdict;
  const wholly = violations.map((violation) => {
    const { trace: _, ...rest } = violation;
    return `${JSON.stringify(rest)} ${runOf(violation)} ${movesOf(violation)}`;
  });
  return {
    result, bound: bound?.kind ?? 'none', states: `${states}`, transitions: `${transitions}`,
    depth: `${depth}`, violations: wholly.sort(), keys: violations.flatMap(keysOf).sort(),
    runs: violations.filter(({ trace }) => trace !== null)
      .flatMap((it) => keysOf(it).slice(0, 1).map((key) => `${key} ${runOf(it)}`)),
    outcomes: lines(outcomes),
    reached: lines(facts.reached), nestings: lines(facts.nestings),
    recursion: lines(facts.recursiveReads), rests: facts.rests.flatMap(lines),
    held: facts.rests.flatMap((all) => all.map(({ beside: _, ...rest }) => JSON.stringify(rest))),
  };
}

export function opinionOfReference(verdict: ReducedVerdict): Opinion {
  const { result, bound, violations, outcomes, reached } = verdict;
  return {
    result, bound: bound?.kind ?? 'none', keys: [...violations].sort(),
    outcomes: [...outcomes].sort(), reached: lines(reached),
  };
}

/** How the two are compared: all parts, or what a reduced search, or its reference, can know. */
export type Strictness = 'whole' | 'traced' | 'reduced' | 'reference';

const WHOLE = [
  'states', 'transitions', 'depth', 'violations', 'outcomes', 'reached', 'nestings', 'recursion',
  'rests',
];

/** Parts in which the opinion is another than the reference's. */
export function partings(reference: Opinion, other: Opinion, how: Strictness): readonly string[] {
  if (reference['bound'] !== other['bound']) return ['bound'];
  if (reference['bound'] !== 'none') return [];
  const differs = (part: string): boolean =>
    JSON.stringify(reference[part]) !== JSON.stringify(other[part]);
  if (how === 'whole') return ['result', ...WHOLE].filter(differs);
  const found = ['outcomes', 'reached'].filter(differs);
  if (how !== 'reference') found.push(...['nestings', 'recursion', 'held'].filter(differs));
  if (!sameKeys(reference, other)) found.push('keys');
  if (how === 'traced' && !sameRuns(reference, other)) found.push('runs');
  return found;
}

const listed = (opinion: Opinion, part: string): readonly string[] => {
  const list = opinion[part] ?? [];
  return typeof list === 'string' ? [list] : list;
};

/** A circle is told once, whoever closes it: only whether there is one is compared. */
function sameKeys(reference: Opinion, other: Opinion): boolean {
  const [ours, theirs] = [reference, other].map((opinion) => new Set(listed(opinion, 'keys')
    .filter((key) => !key.startsWith('eventually|'))
    .map((key) => (key.startsWith('deadlock|') ? 'deadlock' : key))));
  return JSON.stringify([...ours ?? []].sort()) === JSON.stringify([...theirs ?? []].sort());
}

/** Runs are the reference's, to everything but circles. */
function sameRuns(reference: Opinion, other: Opinion): boolean {
  const [ours, theirs] = [reference, other].map((opinion) =>
    listed(opinion, 'runs').filter((run) => !run.startsWith('deadlock|')).sort());
  return JSON.stringify(ours) === JSON.stringify(theirs);
}
