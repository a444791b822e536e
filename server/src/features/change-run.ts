// Feature: the run to what only one of two compared scenarios has.
import type { Change, Side } from '../analysis/compare.ts';
import { changedRun, type RunTable } from './run-view.ts';

/** `title` stands in the place of the scenario's own. null: no run is known. */
export function changeRun(
  { result, judgement }: Side, change: Change, title: string,
): RunTable | null {
  if (change.trace.length === 0) return null;
  const { told, name, trace, start, loop, schedule } = change;
  if (told !== null) {
    return changedRun({ judgement, result, title }, judgement.violations.indexOf(told));
  }
  return {
    scenario: judgement.scenario.name.text, title, verdictText: '',
    lanes: result.lowered.program.threads.map((thread) => thread.name),
    initialState: start, steps: trace, violations: [], shown: null, seed: null, loop,
    cut: false, schedule, shows: name,
  };
}
