// Feature: code lenses. Over each scenario stand `Simulate` and how its check stands, always both
// and always on the line of its declaration, so that no text jumps while one types.
import type { Range } from '../text/range.ts';
import type { Snapshot } from './snapshot.ts';
import { verdictText } from './verdict-text.ts';

export interface Lens {
  readonly range: Range;
  readonly title: string;
  /** The scenario to simulate. */
  readonly scenario: string;
  readonly kind: 'simulate' | 'verdict';
  /** Whether there is a run to open. */
  readonly runnable: boolean;
}

export function codeLenses(snapshot: Snapshot): readonly Lens[] {
  return snapshot.model.scenarios.flatMap((scenario, i): readonly Lens[] => {
    const check = snapshot.checks[i] ?? { kind: 'broken' };
    const where = {
      range: scenario.name.range, scenario: scenario.name.text, runnable: check.kind !== 'broken',
    };
    return [
      { ...where, kind: 'simulate', title: 'Simulate' },
      { ...where, kind: 'verdict', title: verdictText(check) },
    ];
  });
}
