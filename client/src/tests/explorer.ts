// The test explorer: each scenario is a test. Runs them, opens the run of one that fails, counts
// what they reach, and runs again what is watched when its check has moved on.
import * as vscode from 'vscode';
import type {
  FileCoverageView, RunParams, ScenarioTestView, StatusParams, TestMessageView, TestParams,
  TestResult,
} from '../../../server/src/lsp/protocol.ts';
import { coverageOf, rangeOf, ScenarioCoverage } from './coverage.ts';
import { TestTree, type AskForScenarios } from './tree.ts';

export interface TestMeans {
  readonly scenarios: AskForScenarios;
  readonly test: (params: TestParams, token: vscode.CancellationToken) => Promise<TestResult>;
  readonly show: (params: RunParams) => Promise<void>;
}

type Kind = 'run' | 'debug' | 'coverage';

interface Watched {
  readonly request: vscode.TestRunRequest;
  readonly kind: Kind;
  readonly token: vscode.CancellationToken;
}

export class ScenarioTests implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController('mmlock', 'mmlock');
  private readonly tree: TestTree;
  private readonly watched = new Set<Watched>();

  constructor(private readonly means: TestMeans) {
    this.tree = new TestTree(this.controller, means.scenarios);
    const { Run, Debug, Coverage } = vscode.TestRunProfileKind;
    this.profile(vscode.l10n.t('Check'), Run, 'run');
    this.profile(vscode.l10n.t('Open the Run'), Debug, 'debug');
    const coverage = this.profile(
      vscode.l10n.t('Check with Coverage'), Coverage, 'coverage');
    const detailed = async (_: vscode.TestRun, file: vscode.FileCoverage) =>
      (file instanceof ScenarioCoverage ? file.of() : []);
    const ofTest = async (
      _: vscode.TestRun, file: vscode.FileCoverage, test: vscode.TestItem,
    ) => (file instanceof ScenarioCoverage ? file.of(test) : []);
    coverage.loadDetailedCoverage = detailed;
    // Of 1.94: an editor that does not know it never calls it.
    Object.assign(coverage, { loadDetailedCoverageForTest: ofTest });
  }

  dispose(): void {
    this.tree.dispose();
    this.controller.dispose();
  }

  start(): void {
    this.tree.start();
  }

  /** The server has said how a file stands. */
  async hear({ uri, state }: StatusParams): Promise<void> {
    if (state === 'checking') return;
    await this.tree.update(vscode.Uri.parse(uri));
    for (const watched of this.watched) {
      const tests = (await this.testsOf(watched.request)).filter((test) =>
        test.parent?.id === uri);
      if (tests.length > 0) await this.runTests(watched, tests, watched.token);
    }
  }

  private profile(
    name: string, of: vscode.TestRunProfileKind, kind: Kind,
  ): vscode.TestRunProfile {
    const handle = async (
      request: vscode.TestRunRequest, token: vscode.CancellationToken,
    ): Promise<void> => {
      const watched = { request, kind, token };
      if (request.continuous === true) {
        this.watched.add(watched);
        token.onCancellationRequested(() => this.watched.delete(watched));
      }
      await this.runTests(watched, await this.testsOf(request), token);
    };
    return this.controller.createRunProfile(
      name, of, handle, kind !== 'debug', undefined, kind === 'run');
  }

  /** Files are read first: their scenarios are what is run. */
  private async testsOf(request: vscode.TestRunRequest): Promise<readonly vscode.TestItem[]> {
    const chosen = request.include ?? [...this.controller.items].map(([, item]) => item);
    const excluded = new Set(request.exclude ?? []);
    const tests: vscode.TestItem[] = [];
    for (const item of chosen) {
      if (item.parent === undefined) await this.tree.read(item);
      const own = item.parent === undefined ? [...item.children].map(([, test]) => test) : [item];
      const isLeftOut = (test: vscode.TestItem): boolean =>
        excluded.has(test) || (test.parent !== undefined && excluded.has(test.parent));
      tests.push(...own.filter((test) => !isLeftOut(test)));
    }
    return tests;
  }

  private async runTests(
    { request, kind }: Watched, tests: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
  ): Promise<void> {
    const run = this.controller.createTestRun(request);
    const covered = new Map<vscode.TestItem, readonly FileCoverageView[]>();
    for (const test of tests) run.enqueued(test);
    const either = new vscode.CancellationTokenSource();
    for (const each of [token, run.token]) each.onCancellationRequested(() => either.cancel());
    for (const test of tests) {
      const result = await this.runOne(run, test, either.token);
      if (result !== null) covered.set(test, result.coverage);
      if (kind === 'debug' && result !== null) await this.open(test, result);
    }
    if (kind === 'coverage') {
      for (const file of coverageOf(covered)) run.addCoverage(file);
    }
    run.end();
    either.dispose();
  }

  /** null where it was cancelled or is no more. */
  private async runOne(
    run: vscode.TestRun, test: vscode.TestItem, token: vscode.CancellationToken,
  ): Promise<ScenarioTestView | null> {
    const { uri } = test;
    if (uri === undefined || token.isCancellationRequested) {
      run.skipped(test);
      return null;
    }
    run.started(test);
    const result = await this.answer(uri, test.id, token).catch((error: unknown) => {
      if (!token.isCancellationRequested) run.errored(test, new vscode.TestMessage(String(error)));
      return null;
    });
    if (result === null) {
      if (token.isCancellationRequested) run.skipped(test);
      return null;
    }
    run.appendOutput(`${test.id}: ${result.verdictText}\r\n`, undefined, test);
    const messages = result.messages.map(messageOf);
    switch (result.state) {
      case 'passed': run.passed(test, result.elapsedMs); break;
      case 'failed': run.failed(test, messages, result.elapsedMs); break;
      case 'errored': run.errored(test, messages, result.elapsedMs); break;
      default: unreachable(result.state);
    }
    return result;
  }

  private async answer(
    uri: vscode.Uri, scenario: string, token: vscode.CancellationToken,
  ): Promise<TestResult> {
    await vscode.workspace.openTextDocument(uri);
    const result = await this.means.test({ uri: uri.toString(), scenario }, token);
    if (result === null) throw new Error(`there is no scenario ${scenario}`);
    return result;
  }

  /** The run of what is not as expected, else the first there is. */
  private async open(test: vscode.TestItem, { messages }: ScenarioTestView): Promise<void> {
    const index = messages.find(({ violation }) => violation !== null)?.violation ?? 0;
    const uri = test.uri?.toString() ?? '';
    await this.means.show({ uri, scenario: test.id, kind: 'violation', index });
  }
}

function messageOf(view: TestMessageView): vscode.TestMessage {
  const { message, expected, actual, uri } = view;
  const said = expected === null || actual === null ? new vscode.TestMessage(message)
    : vscode.TestMessage.diff(message, expected, actual);
  said.location = new vscode.Location(vscode.Uri.parse(uri), rangeOf(view));
  return said;
}

function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
