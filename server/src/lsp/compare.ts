// Before and after: two files or scenarios compared, and the runs to what only one of them has. The
// last comparison is kept for those.
import {
  counted, grouped, runOf, runOfChange, standingText, type Change, type Comparison,
  type Compared, type Side, type Snapshot, type Standing,
} from '../service/ide.ts';
import { placeOf, toRunView } from './convert.ts';
import { trackProgress } from './progress.ts';
import {
  COMPARE, type ChangeAsked, type ChangeView, type ComparedView, type CompareParams,
  type CompareResult, type CompareSide, type StandingView,
} from './protocol-compare.ts';
import type { RunParams, RunResult } from './protocol.ts';
import type { Served } from './served.ts';
import type { Session } from './session.ts';

interface Kept {
  readonly id: number;
  readonly params: CompareParams;
  readonly comparison: Comparison;
}

const KEPT = new WeakMap<Session['workspace'], Kept>();

export function onCompare({ connection, guard, session }: Served): void {
  const failed = none('it could not be worked out');
  connection.onRequest(COMPARE, guard<CompareParams, CompareResult>(
    failed, async (params, token) => {
      const workspace = session()?.workspace;
      if (workspace === undefined) return failed;
      const { before, after } = params;
      const tracked = await trackProgress(
        connection, `${before.label} and ${after.label}`, 'scenarios checked');
      const found = await workspace.comparer.compare(sideOf(before), sideOf(after), {
        progress: tracked.progress,
        cancelled: () => tracked.cancelled() || token?.isCancellationRequested === true,
        onCancel(stop) {
          tracked.onCancel(stop);
          token?.onCancellationRequested(stop);
        },
      }).finally(() => tracked.done());
      if (found === null) return none('stopped');
      if (typeof found === 'string') return none(found);
      const id = (KEPT.get(workspace)?.id ?? 0) + 1;
      KEPT.set(workspace, { id, params, comparison: found });
      return {
        kind: 'compared', id, files: found.files,
        scenarios: found.scenarios.map((each) => toCompared(found, each)),
        text: found.text.map((line) => `${line}\n`).join(''),
      };
    }));
}

function sideOf({ uri, scenario, label }: CompareSide): Side {
  return { file: uri, scenario: scenario ?? null, label };
}

function none(reason: string): { readonly kind: 'none'; readonly reason: string } {
  return { kind: 'none', reason };
}

/** A run of the panel that shows a change: to the change itself, or what its buttons ask for. */
export function answerChange(
  { workspace }: Session, { kind, index, seed = 0 }: RunParams, asked: ChangeAsked,
): RunResult {
  const kept = KEPT.get(workspace);
  if (kept === undefined || kept.id !== asked.id) return none('compare again');
  const { comparison, params } = kept;
  const compared = comparison.scenarios[asked.scenario];
  const change = compared?.changes[asked.change];
  if (compared === undefined || change === undefined) return none('compare again');
  const side = change.change === 'gained' ? 'after' : 'before';
  const standing = compared[side];
  const snapshot = comparison[side];
  if (standing.kind === 'judged' && (kind === 'random' || index !== undefined)) {
    const { lowered, scenario: { name } } = standing.judged.result;
    const question = {
      scenario: name.text, kind: kind === 'random' ? kind : 'violation', index: index ?? 0, seed,
    } as const;
    return { kind: 'run', run: toRunView(snapshot, runOf(snapshot, lowered, question)) };
  }
  const found = runOfChange(comparison, asked, (it) => titleOf(it, params));
  if (found === null) return none('there is no run: nothing leads there');
  return { kind: 'run', run: toRunView(found.snapshot, found.table) };
}

function titleOf({ change, certain }: Change, { before, after }: CompareParams): string {
  const [mine, other] = change === 'gained' ? [after, before] : [before, after];
  const what = change === 'gained' ? 'new' : 'gone';
  return certain ? `${what}: in ${mine.label}, not in ${other.label}`
    : `in ${mine.label}; ${other.label} was not searched to the end`;
}

function toCompared({ before, after }: Comparison, compared: Compared): ComparedView {
  const { name, changes } = compared;
  const [old, now] = [toStanding(compared.before), toStanding(compared.after)];
  return {
    name, before: old, after: now, summary: summaryOf(old, now),
    open: [compared.before, compared.after].some((standing) =>
      standing.kind !== 'judged' || standing.judged.result.verdict.bound !== null),
    changes: changes.map((each) => toChange(each, each.change === 'gained' ? after : before)),
  };
}

/** Which violations come and go is said below it. */
function summaryOf(before: StandingView, after: StandingView): string {
  const [old, now] = [before, after].map(({ text }) => text.replace(/:.*/s, ''));
  const verdicts = old === now ? now : `${old} → ${now}`;
  if (before.states === null || after.states === null) return verdicts ?? '';
  const states = before.states === after.states ? '' : `${grouped(before.states)} → `;
  return `${verdicts} · ${states}${counted(after.states, 'state')}`;
}

function toStanding(standing: Standing): StandingView {
  const result = standing.kind === 'judged' ? standing.judged.result : null;
  return {
    text: standingText(standing), states: result?.verdict.states ?? null,
    scenario: result?.scenario.name.text ?? null,
  };
}

function toChange(
  { kind, change, name, told, certain, at, trace }: Change, snapshot: Snapshot,
): ChangeView {
  return {
    kind, change, name, message: told?.message ?? '', certain,
    place: at === null ? null : placeOf(snapshot, at), runs: trace.length > 0,
  };
}
