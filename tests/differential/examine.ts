// All that is asked about one spec: is it read, do all engines agree, are its expectations judged
// as the language says.
import type { SyntaxParser } from '../../server/src/syntax/parse.ts';
import type { Verdict } from '../../simulator/src/index.ts';
import { askAll, type Question } from './engines.ts';
import { wrongExpectation } from './expecting.ts';
import { checkSpec, errorsOf } from './reading.ts';

export interface Examined {
  /** Errors in a text that is meant to be well-formed. */
  readonly refused: readonly string[];
  /** By scenario: what differs, and from whom. */
  readonly differences: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** Engines and judges, once for each scenario about which they said something. */
  readonly judged: readonly string[];
}

export async function examine(
  parser: SyntaxParser, text: string, question: Question,
): Promise<Examined> {
  const report = checkSpec(parser, text);
  const verdicts: Verdict[] = [];
  const differences: string[] = [];
  const judged: string[] = [];
  for (const { scenario, lowered } of report.opened.jobs) {
    const asked = await askAll(lowered, question);
    verdicts.push(asked.verdict);
    judged.push(...asked.judged);
    differences.push(...asked.differences.map((what) => `${scenario.name.text}: ${what}`));
  }
  for (const one of report.judged) differences.push(...wrongExpectation(one, report.judged));
  const refused = errorsOf(report.opened.problems).map(({ code, message, range }) =>
    `${code}: ${message} [${text.slice(range.start, range.end).split('\n')[0] ?? ''}]`);
  return { refused, differences, verdicts, judged };
}
