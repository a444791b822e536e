// Part `parallel`: wall time of a search over several threads, beside one thread and beside pan.
import {
  buildOurs, inFolder, interleaved, median, ratio, short, table, whole, type Bench, type Row,
} from './bench.ts';
import { UNREDUCED, WORKERS_MAX } from './engine.ts';
import { PLAIN, SIZES } from './models.ts';
import { buildPan, type Job } from './peers.ts';

const HEAD: Row = ['states', 'tool', 'wall s', 'user s', 'wall / ours'];

export function parallel(bench: Bench): void {
  bench.say('\n## Parallel: unreduced, wall time\n');
  if (WORKERS_MAX === 1) {
    bench.say('The engine has one thread: skipped.');
    return;
  }
  const size = bench.full ? SIZES.most : SIZES.larger;
  inFolder((folder) => {
    const job: Job = { models: bench.models, size, variant: PLAIN, folder };
    const common = { size, folder, variant: PLAIN, queued: false };
    const one = buildOurs(bench, { ...common, options: UNREDUCED });
    const many = buildOurs(bench, { ...common, options: { ...UNREDUCED, workers: WORKERS_MAX } });
    const peers = bench.tools.spin && bench.tools.gcc
      ? [buildPan(job, { reduced: false, compiler: ['gcc', '-O3'] })] : [];
    const runs = interleaved(bench, [one, many, ...peers], 3);
    const wall = (built: typeof one): number =>
      median((runs.get(built) ?? []).map(({ cost }) => cost.wall));
    const rows = [...runs].map(([built, all]): Row => [
      whole(size.states), built === many ? `mmlock, ${WORKERS_MAX} workers` : built.name,
      short(wall(built)), short(median(all.map(({ cost }) => cost.user))),
      built === many ? '' : ratio(wall(built) / wall(many)),
    ]);
    bench.say(table([HEAD, ...rows]));
  });
}
