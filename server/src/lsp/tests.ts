// The test explorer's question: how one scenario comes out, and what its search got to.
import { coverage, scenarioTest, type Snapshot } from '../service/ide.ts';
import { placeOf } from './convert.ts';
import {
  TEST, type FileCoverageView, type ScenarioTestView, type TestParams, type TestResult,
} from './protocol.ts';
import type { Served } from './served.ts';
import { isOpenable } from './uris.ts';

export function onTests({ connection, guard, session }: Served): void {
  connection.onRequest(TEST, guard<TestParams, TestResult>(null, async (params, token) => {
    const workspace = session()?.workspace;
    if (workspace === undefined) return null;
    const { uri, scenario } = params;
    await workspace.complete(uri);
    await workspace.demand(uri, scenario, (then) => token?.onCancellationRequested(then));
    const snapshot = workspace.snapshot(uri);
    return snapshot === null ? null : toTest(snapshot, scenario);
  }));
}

function toTest(snapshot: Snapshot, scenario: string): ScenarioTestView | null {
  if (!snapshot.model.scenarios.some(({ name }) => name.text === scenario)) return null;
  const { state, text, elapsedMs, messages } = scenarioTest(snapshot, scenario);
  return {
    state, verdictText: text, elapsedMs,
    messages: messages.map(({ file, range, ...said }) =>
      ({ ...said, ...placeOf(snapshot, { file, range }) })),
    coverage: toCoverage(snapshot, scenario),
  };
}

/** Of a bundled module nothing can be shown: it has no file. */
function toCoverage(snapshot: Snapshot, scenario: string): readonly FileCoverageView[] {
  return coverage(snapshot, scenario).filter(({ file }) => isOpenable(file))
    .map(({ file, statements }) => ({
      uri: file,
      statements: statements.map(({ range, reached, branches }) => ({
        ...placeOf(snapshot, { file, range }), reached,
        branches: branches.map((branch) => ({
          ...placeOf(snapshot, { file, range: branch.range }),
          name: branch.name, reached: branch.reached,
        })),
      })),
    }));
}
