// A checker that looks into the store first. Only a complete verdict is kept: it holds whatever the
// limits; what was cut short would say something about limits, not about the program.
import { ENGINE_VERSION } from '../../../simulator/src/index.ts';
import type { CheckAnswer, Checker, CheckJob, RunningCheck } from './checker.ts';
import { fingerprint } from './hash.ts';
import type { VerdictStore } from './store.ts';
import { isVerdictOf } from './verdict-shape.ts';

export interface StoredOptions {
  readonly checker: Checker;
  readonly store: VerdictStore;
  /** Tells the engine's build apart from any other: of `a-z`, `0-9`, `.`, `-`. Never rejects. */
  readonly engine: Promise<string>;
  /** Whether the store is to be used now. */
  keeps(): boolean;
}

export function createStoredChecker({ checker, ...kept }: StoredOptions): Checker {
  return {
    check(job, onProgress) {
      if (!kept.keeps()) return checker.check(job, onProgress);
      const text = JSON.stringify(job.program);
      let running: RunningCheck | null = null;
      let cancelled = false;
      const find = async (): Promise<CheckAnswer> => {
        const key = `${ENGINE_VERSION}-${await kept.engine}-${fingerprint(text)}`;
        const known = answerIn(await kept.store.get(key), job, text);
        if (cancelled) return { kind: 'cancelled' };
        if (known !== null) return known;
        running = checker.check(job, onProgress);
        const answer = await running.answer;
        if (kept.keeps() && answer.kind === 'verdict' && answer.verdict.bound === null) {
          kept.store.put(key, { verdict: answer.verdict, elapsedMs: answer.elapsedMs });
        }
        return answer;
      };
      return {
        answer: find(),
        cancel() {
          cancelled = true;
          running?.cancel();
        },
      };
    },
    ask: (job) => checker.ask(job),
    dispose: () => checker.dispose(),
  };
}

/** null: it is none. */
function answerIn(found: unknown, { program }: CheckJob, text: string): CheckAnswer | null {
  if (typeof found !== 'object' || found === null) return null;
  if (!('verdict' in found) || !('elapsedMs' in found)) return null;
  const { verdict, elapsedMs } = found;
  if (typeof elapsedMs !== 'number' || !(elapsedMs >= 0)) return null;
  if (!isVerdictOf(program, sitesIn(text), verdict)) return null;
  return { kind: 'verdict', verdict, elapsedMs };
}

function sitesIn(text: string): number {
  return [...text.matchAll(/"site":(\d+)/g)].reduce((most, [, site]) =>
    Math.max(most, Number(site) + 1), 0);
}
