// The language server without its transport, in one process: an edit goes in, and the time until
// the diagnostics of the checked text are there comes out. Nothing waits for a pause in the typing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { diagnostics } from '../../server/src/features/diagnostics.ts';
import type { CheckAnswer, CheckJob, Checker } from '../../server/src/service/checker.ts';
import { createParser, type SyntaxParser } from '../../server/src/service/check-file.ts';
import { createWorkspace, type Clock } from '../../server/src/service/workspace.ts';
import { BUNDLED } from '../../server/src/service/bundled.ts';
import { KeptSearches } from '../../simulator/src/index.ts';
import { finish, startSearch, type EngineOptions } from './engine.ts';

export function theParser(root: string): Promise<SyntaxParser> {
  return createParser({
    runtime: readFileSync(join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(join(root, 'grammars/mmlock.wasm')),
  });
}

export interface Answered {
  readonly ms: number;
  /** By scenario. */
  readonly verdicts: Readonly<Record<string, string>>;
  readonly problems: number;
  /** Of all scenarios. */
  readonly states: number;
  /** Searches that were run for it: 0 where every verdict was known. */
  readonly searches: number;
}

export interface Opened {
  readonly text: string;
  readonly options: EngineOptions;
  /** Whatever an edit does, it is searched anew. */
  readonly anew: boolean;
}

export interface WarmServer {
  /** Changes the number behind `name = ` in the text; the answer is for the text after that. */
  change(name: string, value: number): Promise<Answered>;
  close(): void;
}

const FILE = 'file:///bench.mmlock';

/** Time goes on, but nobody waits for it: a pause of any length is over with the next turn. */
const clock: Clock = {
  now: () => performance.now(),
  after(_, then) {
    const immediate = setImmediate(then);
    return () => clearImmediate(immediate);
  },
};

interface Counted extends Checker {
  searches: number;
}

function inProcess(options: EngineOptions, anew: boolean): Counted {
  const kept = new KeptSearches();
  return {
    searches: 0,
    check({ program, limits }: CheckJob) {
      this.searches++;
      const start = performance.now();
      const verdict = finish(startSearch(program, anew ? options : { ...options, kept }, limits));
      const elapsedMs = performance.now() - start;
      const answer: CheckAnswer = { kind: 'verdict', verdict, elapsedMs };
      return { answer: Promise.resolve(answer), cancel() {} };
    },
    ask: () => ({ answer: Promise.resolve({ kind: 'cancelled' }), cancel() {} }),
    dispose() {},
  };
}

export function openServer(
  parser: SyntaxParser, { text, options, anew }: Opened,
): WarmServer {
  let settled = (): void => {};
  let version = 1;
  const checker = inProcess(options, anew);
  const workspace = createWorkspace({
    parser, clock, checker,
    sources: {
      resolve: () => null, read: () => Promise.resolve(null), modules: Object.keys(BUNDLED),
      library: (module) => {
        const known = BUNDLED[module];
        return known === undefined ? null : { file: `library/${module}`, text: known };
      },
    },
    onChange: (_, done) => { if (done) settled(); },
  });
  workspace.open(FILE, version, text);
  const answer = (start: number): Answered | null => {
    const snapshot = workspace.snapshot(FILE);
    if (snapshot === null) return null;
    const problems = diagnostics(snapshot).length;
    const ms = performance.now() - start;
    const judged = snapshot.checks.flatMap((check) => (check.kind === 'judged' ? [check] : []));
    if (judged.length < snapshot.checks.length || judged.length === 0) return null;
    const verdicts = Object.fromEntries(judged.map(({ judgement }) =>
      [judgement.scenario.name.text, judgement.verdict]));
    const states = judged.reduce((sum, { result }) => sum + result.verdict.states, 0);
    return { ms, verdicts, problems, states, searches: checker.searches };
  };
  return {
    change(name, value) {
      const range = numberBehind(workspace.text(FILE) ?? '', name);
      return new Promise((resolve) => {
        checker.searches = 0;
        const start = performance.now();
        settled = () => {
          const answered = answer(start);
          if (answered !== null) resolve(answered);
        };
        workspace.edit(FILE, ++version, [{ ...range, text: `${value}` }]);
      });
    },
    close: () => workspace.dispose(),
  };
}

function numberBehind(text: string, name: string): { start: number; end: number } {
  const found = new RegExp(`\\b${name} = (\\d+)`).exec(text);
  if (found === null) throw new Error(`there is no ${name} in the text`);
  const end = found.index + found[0].length;
  return { start: end - (found[1] ?? '').length, end };
}
