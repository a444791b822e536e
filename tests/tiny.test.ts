// All tiny programs, not random ones: every combination of a few statements over a little state,
// in two or three threads. A run takes one slice of them; TINY_SLICE (0..TINY_SLICES-1) says which,
// and TINY_SLICES=1 takes all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAll, ORACLE } from './differential/engines.ts';
import { bare } from './spin/spin.ts';
import { tinyPrograms } from './tiny/programs.ts';

const SLICES = Number(process.env['TINY_SLICES'] ?? 200);
const SLICE = Number(process.env['TINY_SLICE'] ?? 0);
const MAX_TOLD = 10;

/** Neighbours are alike, so they go to different slices, and in no pattern. */
const sliceOf = (index: number): number => (Math.imul(index, 2654435761) >>> 8) % SLICES;

test('all engines agree on tiny programs', async (context) => {
  const told: string[] = [];
  const results = new Map<string, number>();
  let [all, chosen, compared] = [0, 0, 0];
  for (const tiny of tinyPrograms()) {
    if (sliceOf(all++) !== SLICE || told.length >= MAX_TOLD) continue;
    const { verdict, differences, judged } = await askAll(
      bare(tiny.build()), { judges: [ORACLE], turn: all },
    );
    if (judged.includes(ORACLE.name)) compared++;
    chosen++;
    results.set(verdict.result, (results.get(verdict.result) ?? 0) + 1);
    told.push(...differences.map((what) => `${tiny.name}: ${what}`));
  }
  const shares = [...results].map(([result, count]) => `${count} ${result}`).join(', ');
  context.diagnostic(`TINY_SLICE=${SLICE} TINY_SLICES=${SLICES}: ${compared} of ${all}; ${shares}`);
  assert.deepEqual(told, []);
  assert.ok(compared > chosen * 0.99, 'hardly any is too large');
});
