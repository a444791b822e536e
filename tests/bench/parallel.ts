// Part `parallel`: wall time of a search over several threads, beside one thread and beside pan.
import {
  buildOurs, inFolder, interleaved, isAsked, median, ratio, short, table, whole, type Bench,
  type Row,
} from './bench.ts';
import { UNREDUCED, WORKERS } from './engine.ts';
import { PLAIN, SIZES, type Size } from './models.ts';
import { buildPan, type Job } from './peers.ts';
import { agree } from './throughput.ts';

const HEAD: Row = ['protocol', 'states', 'tool', 'wall s', 'user s', 'wall / ours'];

export function parallel(bench: Bench): void {
  bench.say('\n## Parallel: unreduced, wall time\n');
  const sizes = bench.full ? [SIZES.most, SIZES.mostCoarse] : [SIZES.huge];
  const asked = sizes.filter((size) => isAsked(bench, size));
  bench.say(table([HEAD, ...asked.flatMap((size) => measured(bench, size))]));
}

function measured(bench: Bench, size: Size): readonly Row[] {
  return inFolder((folder) => {
    const job: Job = { models: bench.models, size, variant: PLAIN, folder };
    const common = { size, folder, variant: PLAIN, queued: false };
    const one = buildOurs(bench, { ...common, options: UNREDUCED });
    const many = buildOurs(bench, { ...common, options: { ...UNREDUCED, workers: WORKERS } });
    const peers = bench.tools.spin && bench.tools.gcc
      ? ['-O2', '-O3'].map((level) =>
        buildPan(job, { reduced: false, compiler: ['gcc', level] })) : [];
    const runs = interleaved(bench, [one, many, ...peers], 2);
    for (const [built, [first]] of runs) agree(size, built, first);
    const wall = (built: typeof one): number =>
      median((runs.get(built) ?? []).map(({ cost }) => cost.wall));
    return [...runs].map(([built, all]): Row => [
      size.name, whole(size.states), built === many ? `mmlock, ${WORKERS} workers` : built.name,
      short(wall(built)), short(median(all.map(({ cost }) => cost.user))),
      built === many ? '' : ratio(wall(built) / wall(many)),
    ]);
  });
}
