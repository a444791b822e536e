// Two files or scenarios compared for a person at an editor: read as they stand there or where they
// lie, searched with the editor's limits, and kept together for the runs that are asked for after.
import type { FileId } from '../text/range.ts';
import { changeRun } from '../features/change-run.ts';
import type { RunTable } from '../features/run-view.ts';
import type { Snapshot } from '../features/snapshot.ts';
import type { Cache } from './cache.ts';
import { cachedSearch, Withdrawn } from './cached-search.ts';
import { reportBy } from './check-file.ts';
import type { Checker } from './checker.ts';
import { compare, type Compared, type Sided } from './compare.ts';
import { gather, type Gathered, type Gathering } from './gather.ts';
import { FIRST_VERSION, snapshotOf } from './report-snapshot.ts';
import { compareText } from './report/compare-text.ts';
import type { CheckSettings } from './settings.ts';

export interface ComparerOptions extends Gathering {
  readonly checker: Checker;
  readonly cache: Cache;
  readonly settings: () => CheckSettings;
  /** null: not open. */
  readonly versionOf: (file: FileId) => number | null;
}

export interface Side {
  readonly file: FileId;
  /** null: all of them. */
  readonly scenario: string | null;
  /** What people call the file. */
  readonly label: string;
}
export interface AskingToCompare {
  /** Searches done, of those known to be needed. */
  readonly progress: (done: number, of: number) => void;
  readonly cancelled: () => boolean;
  readonly onCancel: (stop: () => void) => void;
}

export interface Comparison {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly scenarios: readonly Compared[];
  /** What `mmlock compare` prints. */
  readonly text: readonly string[];
  /** All files that were looked at. */
  readonly files: readonly FileId[];
}

/** The run to a change, and the text it is a run of; null: there is none. */
export function runOfChange(
  comparison: Comparison, at: { readonly scenario: number; readonly change: number },
  titled: (change: Compared['changes'][number]) => string,
): { readonly snapshot: Snapshot; readonly table: RunTable } | null {
  const compared = comparison.scenarios[at.scenario];
  const change = compared?.changes[at.change];
  if (compared === undefined || change === undefined) return null;
  const side = change.change === 'gained' ? 'after' : 'before';
  const standing = compared[side];
  if (standing.kind !== 'judged') return null;
  const table = changeRun(standing.judged, change, titled(change));
  return table === null ? null : { snapshot: comparison[side], table };
}

export interface Comparer {
  /** A sentence where it cannot be done; null: nobody waits. */
  compare(before: Side, after: Side, asking: AskingToCompare): Promise<Comparison | string | null>;
}

export function createComparer(options: ComparerOptions): Comparer {
  return {
    async compare(before, after, asking) {
      try {
        return await compared(options, [before, after], asking);
      } catch (error) {
        if (error instanceof Withdrawn) return null;
        throw error;
      }
    },
  };
}

async function compared(
  options: ComparerOptions, sides: readonly [Side, Side], asking: AskingToCompare,
): Promise<Comparison | string | null> {
  const { limits } = options.settings();
  const [one, two] = sides;
  const before = await gather(options, one.file, one.scenario ?? two.scenario);
  const after = await gather(options, two.file, two.scenario ?? one.scenario);
  if (before === null || after === null) {
    return `${(before === null ? one : two).label} cannot be read`;
  }
  for (const [{ scenario, label }, { opened }] of [[one, before], [two, after]] as const) {
    const known = opened.model.scenarios.some(({ name }) => name.text === scenario);
    if (scenario !== null && !known) return `there is no scenario ${scenario} in ${label}`;
  }
  const plain = cachedSearch({ ...options, ...asking, limits });
  const search = counting(before.opened.jobs.length + after.opened.jobs.length, plain, asking);
  const reported = async ({ input, opened }: Gathered) =>
    reportBy(input, opened, (_, program) => search(program));
  const old: Sided = { report: await reported(before), scenario: one.scenario };
  const now: Sided = { report: await reported(after), scenario: two.scenario };
  const scenarios = await compare(old, now, async (_, program) => (await plain(program)).verdict);
  const shown = ({ report }: Sided): Snapshot =>
    snapshotOf(report, { limits, version: options.versionOf(report.file) ?? FIRST_VERSION });
  return {
    before: shown(old), after: shown(now), scenarios,
    text: compareText(scenarios, [old, now]),
    files: [...new Set([...before.files, ...after.files])],
  };
}

function counting<A extends readonly unknown[], T>(
  of: number, search: (...args: A) => Promise<T>, { progress }: AskingToCompare,
): (...args: A) => Promise<T> {
  let done = 0;
  return async (...args) => {
    const answer = await search(...args);
    progress(Math.min(++done, of), of);
    return answer;
  };
}
