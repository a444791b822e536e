// Verdicts by what they are about: least recently used out first, bounded by what they weigh. A
// complete verdict holds under any limits; only one that was cut short depends on them.
import type { LimitsUsed } from '../features/snapshot.ts';
import type { CheckAnswer } from './checker.ts';

/** An answer worth keeping. A breakdown is kept too, so that the same program is not run again. */
export type Kept = Exclude<CheckAnswer, { kind: 'cancelled' }>;

/** Keys are made by `keyOf`. */
export interface Cache {
  get(key: string): Kept | undefined;
  put(key: string, kept: Kept): void;
  /** Forgets breakdowns, so that they are tried again. */
  forgetFailures(): void;
}

/** About 256 MiB: a number of a snapshot or a fact costs about 16 bytes. */
export const CACHE_WEIGHT_MAX = 16 * 2 ** 20;

/** Of a check: what is checked, and under which limits. */
export function keyOf(program: string, { maxStates, maxMemory, timeLimitMs }: LimitsUsed): string {
  return `${program} ${maxStates} ${maxMemory} ${timeLimitMs}`;
}

function withoutLimits(key: string): string {
  return key.split(' ')[0] ?? key;
}

export function createCache(weightMax = CACHE_WEIGHT_MAX): Cache {
  const entries = new Map<string, { readonly kept: Kept; readonly weight: number }>();
  let total = 0;
  const drop = (key: string): void => {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  };
  return {
    get(key) {
      const complete = withoutLimits(key);
      const own = entries.has(complete) ? complete : key;
      const entry = entries.get(own);
      if (entry === undefined) return undefined;
      entries.delete(own); // A Map keeps the order of insertion: the newest is last.
      entries.set(own, entry);
      return entry.kept;
    },
    put(key, kept) {
      const complete = kept.kind === 'verdict' && kept.verdict.bound === null;
      const own = complete ? withoutLimits(key) : key;
      drop(own);
      const weight = weigh(kept);
      entries.set(own, { kept, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= weightMax || entries.size === 1) break;
        drop(oldest);
      }
    },
    forgetFailures() {
      for (const [key, { kept }] of [...entries]) if (kept.kind === 'failed') drop(key);
    },
  };
}

/** Roughly how many numbers an answer holds. */
function weigh(kept: Kept): number {
  if (kept.kind === 'failed') return 1;
  const { violations, facts, outcomes } = kept.verdict;
  let weight = 64 + facts.reached.length + 8 * facts.nestings.length + 8 * outcomes.length;
  for (const { trace } of violations) {
    if (trace === null) continue;
    const { cells, locks, threads } = trace.initial;
    weight += (trace.steps.length + 1) * (8 + cells.length + 4 * locks.length + 4 * threads.length);
  }
  for (const thread of facts.rests) {
    for (const rest of thread) {
      weight += 8 + rest.always.length + rest.sometimes.length;
      for (const beside of rest.beside) weight += beside.pcs.length;
    }
  }
  return weight;
}
