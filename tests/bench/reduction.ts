// Part `reduction`: less work, not faster work. Every tool with the reductions it has, until the
// verdict; and ours with the real queue of the rwsem, which only `mmlock export` gives to SPIN.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildOurs, inFolder, interleaved, isAsked, median, promelaOf, ratio, short, table, whole,
  type Bench, type Row, type Run,
} from './bench.ts';
import { REDUCED, UNREDUCED } from './engine.ts';
import { mmlockText, PLAIN, SIZES, type Size } from './models.ts';
import {
  buildPan, buildRumur, ccFlags, panFlags, readPan, type Built, type Job,
} from './peers.ts';
import { run } from './stopwatch.ts';
import { agree } from './throughput.ts';

const HEAD: Row = ['protocol', 'states unreduced', 'tool', 'states stored', 'fewer by', 'user s',
  'time / ours'];

export function reduction(bench: Bench): void {
  bench.say('\n## Reduction: every tool with its own, user CPU to the verdict\n');
  const sizes = bench.full
    ? [SIZES.large, SIZES.larger, SIZES.huge, SIZES.most, SIZES.mostCoarse]
    : [SIZES.large, SIZES.larger, SIZES.largerCoarse];
  const asked = (size: Size): boolean => isAsked(bench, size);
  bench.say(table([HEAD, ...sizes.filter(asked).flatMap((size) => reduced(bench, size))]));
  bench.say('\n## The same protocol with the queue of the rwsem\n');
  const queues = bench.full ? [SIZES.tiny, SIZES.small, SIZES.medium, SIZES.large]
    : [SIZES.tiny, SIZES.small, SIZES.medium];
  bench.say(table([HEAD, ...queues.filter(asked).flatMap((size) => queued(bench, size))]));
}

function reduced(bench: Bench, size: Size): readonly Row[] {
  return inFolder((folder) => {
    const { tools, models } = bench;
    const job: Job = { models, size, variant: PLAIN, folder };
    const ours = buildOurs(bench, {
      size, folder, variant: PLAIN, queued: false, options: REDUCED,
    });
    const peers = [
      ...(tools.spin && tools.gcc
        ? [buildPan(job, { reduced: true, compiler: ['gcc', '-O2'] })] : []),
      ...(tools.rumur && tools.gcc && size.steps === 'fine'
        ? [buildRumur(job, { symmetric: true, level: '-O2' })] : []),
    ];
    const runs = interleaved(bench, [ours, ...peers], 3);
    return rows(size, ours, runs);
  });
}

function queued(bench: Bench, size: Size): readonly Row[] {
  return inFolder((folder) => {
    const common = { size, folder, variant: PLAIN, queued: true };
    const plain = buildOurs(bench, { ...common, options: UNREDUCED });
    const ours = buildOurs(bench, { ...common, options: REDUCED });
    const exported = bench.tools.spin && bench.tools.gcc ? [false, true].map((reduced) =>
      buildExported(bench, size, { folder, reduced })) : [];
    const runs = interleaved(bench, [plain, ours, ...exported], 3);
    const states = runs.get(plain)?.[0]?.counts.states ?? NaN;
    const [unreduced] = exported;
    if (unreduced !== undefined) agree({ ...size, states }, unreduced, runs.get(unreduced)?.[0]);
    return rows({ ...size, states }, ours, runs);
  });
}

/** `mmlock export --to promela` of the version with the queue, as pan. */
function buildExported(
  { models, parser }: Bench, size: Size, { folder, reduced }: { folder: string; reduced: boolean },
): Built {
  const where = mkdtempSync(join(folder, 'exported-'));
  writeFileSync(join(where, 'model.pml'), promelaOf(parser, mmlockText(models, size, PLAIN, true)));
  run(['spin', '-a', 'model.pml'], where);
  run(['gcc', '-O2', ...ccFlags(reduced), '-o', 'pan', 'pan.c'], where);
  // The queue multiplies the states of the size by less than this.
  const flags = panFlags({ states: 64 * size.states });
  const name = `SPIN ${reduced ? 'reduced ' : ''}of the export`;
  return { name, folder: where, command: ['./pan', '-n', '-E', ...flags], read: readPan };
}

function rows(
  { name, states }: Size, ours: Built, runs: ReadonlyMap<Built, readonly Run[]>,
): readonly Row[] {
  const user = (built: Built): number =>
    median((runs.get(built) ?? []).map(({ cost }) => cost.user));
  return [...runs].map(([built, [first]]): Row => {
    const stored = first?.counts.states ?? NaN;
    return [name, whole(states), built.name, whole(stored), ratio(states / stored),
      short(user(built)), built === ours ? '' : ratio(user(built) / user(ours))];
  });
}
