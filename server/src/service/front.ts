// What analysis is asked for one version of a file: its model, and what scenarios come to.
import { contains, type FileId } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { ScenarioDecl } from '../syntax/ast.ts';
import { analyze, lowerScenario } from '../analysis/analyze.ts';
import { fileFindings, staticFindings } from '../analysis/file-findings.ts';
import type { AnalyzeInput } from '../analysis/input.ts';
import { judge, refinesQuestion, scenariosNeeded } from '../analysis/judge.ts';
import type { Result } from '../analysis/judgement.ts';
import type { Model } from '../analysis/model.ts';
import type { Syntax } from '../syntax/parse.ts';
import type { Judging } from './slots.ts';

export interface ReadInput {
  readonly file: FileId;
  readonly syntax: Syntax;
  readonly use: AnalyzeInput['use'];
}

export function readFile({ file, syntax, use }: ReadInput): {
  readonly model: Model; readonly problems: readonly Problem[];
} {
  const model = analyze({
    file, use, source: syntax.file, text: syntax.text,
    damaged: syntax.problems.map(({ range }) => range),
  });
  return { model, problems: [...syntax.problems, ...model.problems] };
}

export function judging(model: Model): Judging {
  return {
    lower: (scenario) => lowerScenario(model, scenario),
    needs: scenariosNeeded,
    question: (result, others) => refinesQuestion({ model, result, others }),
    judge: (result, others, answer) => judge({ model, result, others, answer }),
    findings: (results, complete) =>
      complete ? fileFindings(model, results) : earlyFindings(model, results),
  };
}

/**
 * Nothing about a thread that a scenario runs to see it fail: its verdict will say whether that is
 * the failure expected, and what is an error now would be information then.
 */
function earlyFindings(model: Model, results: readonly Result[]): readonly Problem[] {
  const failing = new Set(model.scenarios.filter(expectsFailure).flatMap(({ items }) =>
    items.flatMap((item) => (item.kind === 'run' ? [item.thread.text] : []))));
  const quiet = model.threads.filter(({ name }) => failing.has(name.text));
  return staticFindings(model, results).filter(({ range }) =>
    !quiet.some((thread) => contains(thread.range, range.start)));
}

function expectsFailure({ items }: ScenarioDecl): boolean {
  return items.some((item) => item.kind === 'expect' && item.expect === 'fails');
}
