// Part `throughput`: how many states a second an unreduced search gets through, in processor time,
// the same state graph for all. And `memory`: what a state costs the whole process.
import {
  buildOurs, inFolder, interleaved, isAsked, mebibytes, median, ratio, short, table, whole,
  type Bench, type Row, type Run,
} from './bench.ts';
import { UNREDUCED } from './engine.ts';
import { PLAIN, SIZES, type Size } from './models.ts';
import { buildPan, buildRumur, buildTlc, type Built, type Job } from './peers.ts';

interface Plan {
  readonly size: Size;
  readonly rounds: number;
  /** Rumur and TLC are five and thirty times slower than SPIN: only up to a size. */
  readonly slowPeers: boolean;
  readonly full: boolean;
}

const PLANS: readonly Plan[] = [
  { size: SIZES.large, rounds: 5, slowPeers: true, full: false },
  { size: SIZES.larger, rounds: 3, slowPeers: false, full: false },
  { size: SIZES.largerCoarse, rounds: 3, slowPeers: false, full: false },
  { size: SIZES.larger, rounds: 3, slowPeers: true, full: true },
  { size: SIZES.huge, rounds: 3, slowPeers: false, full: true },
  { size: SIZES.most, rounds: 2, slowPeers: false, full: true },
  { size: SIZES.largerCoarse, rounds: 3, slowPeers: false, full: true },
  { size: SIZES.mostCoarse, rounds: 2, slowPeers: false, full: true },
];

const HEAD: Row = ['protocol', 'states', 'transitions', 'tool', 'user s', 'states/s', 'RSS MiB',
  'bytes/state', 'time / ours', 'bytes / ours'];

export function throughput(bench: Bench): void {
  bench.say('\n## Throughput: unreduced, one thread, user CPU\n');
  const inFull = new Set(PLANS.filter(({ full }) => full).map(({ size }) => size));
  const chosen = PLANS.filter(({ full, size }) => isAsked(bench, size)
    && (bench.full ? full || !inFull.has(size) : !full));
  const rows = chosen.flatMap((plan) => measured(bench, plan));
  bench.say(table([HEAD, ...rows]));
}

/** The sizes at which a process is mostly its states. */
export function memory(bench: Bench): void {
  bench.say('\n## Memory: unreduced, whole process\n');
  const sizes = bench.full
    ? [SIZES.larger, SIZES.huge, SIZES.most, SIZES.mostCoarse] : [SIZES.larger];
  const rows = sizes.filter((size) => isAsked(bench, size)).flatMap((size) =>
    measured(bench, { size, rounds: 1, slowPeers: size === SIZES.larger, full: false }));
  bench.say(table([HEAD, ...rows]));
}

function measured(bench: Bench, { size, rounds, slowPeers }: Plan): readonly Row[] {
  return inFolder((folder) => {
    const ours = buildOurs(bench, {
      size, folder, variant: PLAIN, queued: false, options: UNREDUCED,
    });
    const job: Job = { models: bench.models, size, variant: PLAIN, folder };
    const fast = [ours, ...pans(bench, job)];
    const slow = slowPeers ? slowOnes(bench, job) : [];
    const runs = new Map([
      ...interleaved(bench, fast, rounds), ...interleaved(bench, slow, 1),
    ]);
    for (const [built, [first]] of runs) agree(size, built, first);
    const own = figures(runs.get(ours) ?? []);
    return [...runs].map(([built, all]) =>
      rowOf(size, built, { own, its: built === ours ? own : figures(all) }));
  });
}

/** SPIN's pan with its reductions off, as gcc makes it best. */
function pans({ tools }: Bench, job: Job): readonly Built[] {
  if (!tools.spin || !tools.gcc) return [];
  return ['-O2', '-O3'].map((level) =>
    buildPan(job, { reduced: false, compiler: ['gcc', level] }));
}

function slowOnes({ tools }: Bench, job: Job): readonly Built[] {
  return [
    ...(tools.rumur && tools.gcc
      ? [buildRumur(job, { symmetric: false, level: '-O2' })] : []),
    ...(tools.tlc === null ? [] : [buildTlc(job, tools.tlc)]),
  ];
}

/** Different counts are different models: then no ratio means anything. */
export function agree({ name, states }: Size, built: Built, run: Run | undefined): void {
  if (run === undefined || run.counts.states === states) return;
  throw new Error(`${built.name} counts ${run.counts.states} states of ${name}, not ${states}`);
}

interface Figures {
  readonly user: number;
  readonly resident: number;
  readonly transitions: number;
}

function figures(runs: readonly Run[]): Figures {
  return {
    user: median(runs.map(({ cost }) => cost.user)),
    resident: median(runs.map(({ cost }) => cost.resident)),
    transitions: runs[0]?.counts.transitions ?? NaN,
  };
}

function rowOf(
  { name: protocol, states }: Size, { name }: Built, { own, its }: { own: Figures; its: Figures },
): Row {
  const self = own === its;
  return [
    protocol, whole(states), whole(its.transitions), name, short(its.user),
    whole(states / its.user), mebibytes(its.resident), short(its.resident / states),
    self ? '' : ratio(its.user / own.user), self ? '' : ratio(its.resident / own.resident),
  ];
}
