// What analysis is asked for one version of a file: its model, and what scenarios come to.
import type { FileId } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import { analyze, keptScenario } from '../analysis/analyze.ts';
import { fileFindings, staticFindings } from '../analysis/file-findings.ts';
import type { AnalyzeInput } from '../analysis/input.ts';
import { judge, refinesQuestion, scenariosNeeded } from '../analysis/judge.ts';
import type { Model } from '../analysis/model.ts';
import type { Syntax } from '../syntax/parse.ts';
import type { Judging } from './slots.ts';

export interface ReadInput {
  readonly file: FileId;
  readonly syntax: Syntax;
  readonly use: AnalyzeInput['use'];
  readonly kept?: AnalyzeInput['kept'];
}

export function readFile({ file, syntax, use, kept }: ReadInput): {
  readonly model: Model; readonly problems: readonly Problem[];
} {
  const model = analyze({
    file, use, kept, source: syntax.file, text: syntax.text,
    damaged: syntax.problems.map(({ range }) => range),
  });
  return { model, problems: [...syntax.problems, ...model.problems] };
}

export function judging(model: Model): Judging {
  return {
    lower: (scenario) => keptScenario(model, scenario),
    needs: scenariosNeeded,
    question: (result, others) => refinesQuestion({ model, result, others }),
    judge: (result, others, answer) => judge({ model, result, others, answer }),
    findings: (results, complete) =>
      complete ? fileFindings(model, results) : staticFindings(model, results),
  };
}
