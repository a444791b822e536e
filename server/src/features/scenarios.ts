// Feature: the scenarios of a file as a list to choose from.
import type { Range } from '../text/range.ts';
import type { Snapshot } from './snapshot.ts';
import { verdictText } from './verdict-text.ts';

export interface ScenarioEntry {
  readonly name: string;
  readonly title: string;
  readonly verdictText: string;
  readonly range: Range;
}

export function scenarioViews(snapshot: Snapshot): readonly ScenarioEntry[] {
  return snapshot.model.scenarios.map(({ name, title }, i) => ({
    name: name.text, title: title ?? '', range: name.range,
    verdictText: verdictText(snapshot.checks[i] ?? { kind: 'broken' }),
  }));
}
