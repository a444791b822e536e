// Where the time from an edit to its verdict goes: each part of the way by itself, in the order in
// which the server does them.
import { performance } from 'node:perf_hooks';
import { judging, readFile, type ReadInput } from '../../server/src/service/front.ts';
import { KeptPrograms } from '../../server/src/analysis/kept-programs.ts';
import type { SyntaxParser } from '../../server/src/service/check-file.ts';
import { canonicalProgram, meaningOf } from '../../server/src/service/fingerprint.ts';
import { BUNDLED } from '../../server/src/service/bundled.ts';
import { startSearch, type EngineOptions } from './engine.ts';

export const PHASES = [
  'parse', 'analysis', 'lower', 'fingerprint', 'create', 'advance', 'verdict', 'judge', 'findings',
] as const;
export type Phase = (typeof PHASES)[number];
export type Times = Readonly<Record<Phase, number>>;

/** Milliseconds of each phase, from the text before an edit to the findings of the one after it. */
export function phasesOf(
  parser: SyntaxParser, [before, after]: readonly [string, string], options: EngineOptions,
): Times {
  const times: Record<Phase, number> = {
    parse: 0, analysis: 0, lower: 0, fingerprint: 0, create: 0, advance: 0, verdict: 0, judge: 0,
    findings: 0,
  };
  const timed = <T>(phase: Phase, work: () => T): T => {
    const start = performance.now();
    const result = work();
    times[phase] += performance.now() - start;
    return result;
  };
  const previous = parser.parse(before);
  const use = library(parser);
  const kept = keptFrom({ file: '', syntax: previous, use });
  const syntax = timed('parse', () => parser.reparse(previous, after));
  const { model } = timed('analysis', () => readFile({ file: '', syntax, use, kept }));
  const judges = judging(model);
  const results = model.scenarios.flatMap((scenario) => {
    const lowered = timed('lower', () => judges.lower(scenario));
    if (lowered === null) return [];
    timed('fingerprint', () => {
      canonicalProgram(meaningOf(lowered.program));
    });
    // Not the canonical one, which is the same work: its verdict would want its own names back.
    const search = timed('create', () => startSearch(lowered.program, options));
    timed('advance', () => { while (!search.advance(4096)); });
    const verdict = timed('verdict', () => search.verdict());
    return [{ scenario, lowered, verdict, elapsedMs: 0 }];
  });
  for (const result of results) timed('judge', () => judges.judge(result, results, null));
  timed('findings', () => judges.findings(results, true));
  syntax.dispose();
  return times;
}

/** What a server has of the version before, which it has read and said something of. */
function keptFrom(input: ReadInput): KeptPrograms {
  const kept = new KeptPrograms();
  const { model } = readFile({ ...input, kept });
  const judges = judging(model);
  for (const scenario of model.scenarios) judges.lower(scenario);
  judges.findings([], true);
  return kept;
}

type Use = Parameters<typeof readFile>[0]['use'];

function library(parser: SyntaxParser): Use {
  return (_, { module }) => {
    const text = module === null ? undefined : BUNDLED[module];
    if (text === undefined) return { failure: 'no_file' };
    const { file: source, problems: syntaxProblems, dispose } = parser.parse(text);
    dispose();
    return { file: `library/${module}`, text, source, syntaxProblems };
  };
}
