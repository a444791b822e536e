// Single searches beside those of the open files: what is known of a program from anywhere is not
// searched again, and what is found is known from then on.
import type { Program } from '../../../simulator/src/program.ts';
import type { LimitsUsed } from '../features/snapshot.ts';
import { keyOf, type Cache } from './cache.ts';
import type { Answered } from './check-file.ts';
import type { Checker, RunningCheck } from './checker.ts';
import { canonicalProgram, meaningOf } from './fingerprint.ts';
import { inWordsOf } from './legend.ts';

export interface SearchOptions {
  readonly checker: Pick<Checker, 'check'>;
  readonly cache: Cache;
  readonly limits: LimitsUsed;
  /** Whether nobody waits for it any more. */
  readonly cancelled: () => boolean;
  /** Called with what ends the search under way. */
  readonly onCancel?: ((stop: () => void) => void) | undefined;
}

/** Nobody waits for the answer any more. */
export class Withdrawn extends Error {}

/** Rejects with `Withdrawn`, and with a sentence where the checker broke down. */
export function cachedSearch(options: SearchOptions): (program: Program) => Promise<Answered> {
  const { checker, cache, limits, cancelled } = options;
  const { maxStates, maxMemory, timeLimitMs } = limits;
  return async (program) => {
    const { print, legend } = meaningOf(program);
    const key = keyOf(print, limits);
    let kept = cache.get(key);
    if (kept === undefined) {
      if (cancelled()) throw new Withdrawn();
      const job = {
        program: canonicalProgram({ legend }), limits: { maxStates, maxMemory }, timeLimitMs,
      };
      const running: RunningCheck = checker.check(job, () => {
        if (cancelled()) running.cancel();
      });
      options.onCancel?.(() => running.cancel());
      const answer = await running.answer;
      if (answer.kind === 'cancelled') throw new Withdrawn();
      cache.put(key, answer);
      kept = answer;
    }
    if (kept.kind === 'failed') throw new Error(kept.message);
    return { verdict: inWordsOf(legend, kept.verdict), elapsedMs: kept.elapsedMs };
  };
}
