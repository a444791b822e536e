// Runs of a scenario for people to look at: the simulator draws them, the feature tells them.
import { randomRun, violationRun, witnessRun, type RunTable } from '../features/run-view.ts';
import type { Snapshot } from '../features/snapshot.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { run, type Wanted } from '../../../simulator/src/index.ts';
import type { Run, Trace } from '../../../simulator/src/verdict.ts';
import { wantedText } from '../features/witness-run.ts';

export interface RunQuestion {
  readonly scenario: string;
  readonly kind: 'violation' | 'random';
  readonly index: number;
  readonly seed: number;
}

/** Nobody reads further; a spec without an end has to end somewhere. */
export const RUN_STEPS_MAX = 500;

/** The same for the same seed. */
export function drawnRun({ program }: Lowered, seed: number): Run {
  return run(program, { seed, steps: RUN_STEPS_MAX });
}

/** Where no violation is asked for or there is none: the run of the seed. */
export function runOf(snapshot: Snapshot, lowered: Lowered, question: RunQuestion): RunTable {
  const { scenario, kind, index, seed } = question;
  const drawn = drawnRun(lowered, seed);
  const input = { snapshot, scenario, lowered, drawn, seed };
  return (kind === 'violation' ? violationRun(input, index) : null) ?? randomRun(input);
}

/** A run that was looked for, with what it shows. */
export function witnessOf(
  snapshot: Snapshot, lowered: Lowered,
  { scenario, wanted, trace }: {
    readonly scenario: string; readonly wanted: Wanted; readonly trace: Trace;
  },
): RunTable {
  const drawn = { trace, violations: [], end: 'steps' } as const;
  return witnessRun({ snapshot, scenario, lowered, drawn, seed: 0 },
    wantedText(snapshot, lowered, wanted));
}
