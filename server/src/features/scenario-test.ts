// Feature: a scenario as a test: whether it comes out as its `expect` lines say, and where not.
import { unreachable } from '../text/unreachable.ts';
import type { FileId, Range } from '../text/range.ts';
import { seenName } from '../analysis/expect.ts';
import type { Check, Snapshot } from './snapshot.ts';
import { verdictText } from './verdict-text.ts';

export interface ScenarioTest {
  /** `errored`: nothing is claimed. */
  readonly state: 'passed' | 'failed' | 'errored';
  readonly text: string;
  readonly elapsedMs: number;
  readonly messages: readonly TestMessage[];
}
export interface TestMessage {
  readonly message: string;
  /** The `expect` lines, and what was found; null where neither says more. */
  readonly expected: string | null;
  readonly actual: string | null;
  readonly file: FileId;
  readonly range: Range;
  /** Which violation of the scenario it is, from 0; null: none. */
  readonly violation: number | null;
}

export function scenarioTest(snapshot: Snapshot, scenario: string): ScenarioTest {
  const at = snapshot.model.scenarios.findIndex(({ name }) => name.text === scenario);
  const check = snapshot.checks[at] ?? { kind: 'broken' as const };
  const text = verdictText(check);
  const place = {
    file: snapshot.file, range: snapshot.model.scenarios[at]?.name.range ?? { start: 0, end: 0 },
  };
  const nothing = { state: 'errored' as const, text, elapsedMs: 0, messages: [
    { message: text, expected: null, actual: null, ...place, violation: null },
  ] };
  switch (check.kind) {
    case 'broken': case 'off': case 'checking': case 'failed': return nothing;
    case 'judged': {
      const { expectation } = check.judgement;
      const state = expectation === 'met' ? 'passed'
        : expectation === 'unmet' ? 'failed' : 'errored';
      const messages = messagesOf(snapshot, check);
      return {
        state, text, elapsedMs: check.result.elapsedMs,
        messages: state === 'passed' || messages.length > 0 ? messages : nothing.messages,
      };
    }
    default: return unreachable(check);
  }
}

function messagesOf(
  snapshot: Snapshot, { judgement }: Extract<Check, { kind: 'judged' }>,
): readonly TestMessage[] {
  const { expectation, problems, violations, scenario } = judgement;
  if (expectation === 'met') return [];
  const expected = scenario.items.filter((item) => item.kind === 'expect')
    .map(({ range }) => snapshot.text.slice(range.start, range.end)).join('\n') || 'expect safe';
  const found = [...new Set(violations.map(seenName))].join(', ');
  const actual = found === '' ? judgement.verdict : `fails ${found}`;
  return [
    ...problems.filter(({ code }) => code === 'expectation' || code === 'unknown')
      .map(({ message, range }): TestMessage =>
        ({ message, expected, actual, file: snapshot.file, range, violation: null })),
    ...violations.flatMap((told, violation): readonly TestMessage[] => (told.expected ? [] : [{
      message: `${seenName(told)}: ${told.message}`, expected: null, actual: null,
      file: told.file, range: told.range, violation,
    }])),
  ];
}
