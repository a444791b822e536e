// What the scenarios of a test run got to, through the editor's own coverage: a file's statements
// and branches, of all of them together and, where the editor asks for it, of each.
import * as vscode from 'vscode';
import type { FileCoverageView, Place, StatementView } from '../../../server/src/lsp/protocol.ts';

/** One file: what each scenario, by its test, reached of it. */
export class ScenarioCoverage extends vscode.FileCoverage {
  /** Editors before 1.94 do not know it, and do not ask. */
  readonly includesTests: vscode.TestItem[];

  constructor(
    uri: vscode.Uri,
    private readonly byTest: ReadonlyMap<vscode.TestItem, readonly StatementView[]>,
  ) {
    const counts = vscode.FileCoverage.fromDetails(uri, details([...byTest.values()]));
    super(uri, counts.statementCoverage, counts.branchCoverage);
    this.includesTests = [...byTest.keys()];
  }

  of(test?: vscode.TestItem): vscode.FileCoverageDetail[] {
    const own = test === undefined ? [...this.byTest.values()]
      : [...this.byTest].flatMap(([item, views]) => (item.id === test.id ? [views] : []));
    return details(own);
  }
}

export function coverageOf(
  tests: ReadonlyMap<vscode.TestItem, readonly FileCoverageView[]>,
): readonly ScenarioCoverage[] {
  const files = new Map<string, Map<vscode.TestItem, readonly StatementView[]>>();
  for (const [test, views] of tests) {
    for (const { uri, statements } of views) {
      const file = files.get(uri) ?? new Map<vscode.TestItem, readonly StatementView[]>();
      file.set(test, statements);
      files.set(uri, file);
    }
  }
  return [...files].map(([uri, byTest]) => new ScenarioCoverage(vscode.Uri.parse(uri), byTest));
}

/** A step counts once for each scenario that gets there. */
function details(views: readonly (readonly StatementView[])[]): vscode.StatementCoverage[] {
  const merged = new Map<string, StatementView[]>();
  for (const statement of views.flat()) {
    const key = placeKey(statement);
    merged.set(key, [...merged.get(key) ?? [], statement]);
  }
  return [...merged.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const branches = first.branches.map((branch) => new vscode.BranchCoverage(
      count(same.flatMap((each) => each.branches)
        .filter((each) => placeKey(each) === placeKey(branch))),
      rangeOf(branch), branch.name,
    ));
    return [new vscode.StatementCoverage(count(same), rangeOf(first), branches)];
  });
}

function count(all: readonly { readonly reached: boolean }[]): number {
  return all.filter(({ reached }) => reached).length;
}

function placeKey({ line, character, endLine, endCharacter }: Place): string {
  return [line, character, endLine, endCharacter].join(' ');
}

export function rangeOf({ line, character, endLine, endCharacter }: Place): vscode.Range {
  return new vscode.Range(line, character, endLine, endCharacter);
}
