// What a file is compared with: itself at a commit, another file, or one of its scenarios with
// another. What is chosen is "before"; the file in the editor is "after".
import * as vscode from 'vscode';
import { LANGUAGE_ID, type ScenariosResult } from '../../../server/src/lsp/protocol.ts';
import type { CompareParams } from '../../../server/src/lsp/protocol-compare.ts';
import { findProtocols } from '../files.ts';
import { historyOf } from './git.ts';

export type AskForScenarios = (uri: string) => Promise<ScenariosResult>;
type Choice = Promise<CompareParams | undefined>;
interface Item extends vscode.QuickPickItem {
  readonly choose: () => Choice;
}

/** More in a workspace are not listed; the last entry browses. */
const MOST_FILES = 500;

/** undefined: nothing was chosen. */
export async function chooseSides(uri: vscode.Uri, ask: AskForScenarios): Choice {
  const [history, scenarios] = await Promise.all([historyOf(uri), ask(uri.toString())]);
  const items: Item[] = [];
  if (history !== undefined) {
    items.push({
      label: '$(git-commit) Git HEAD',
      description: vscode.l10n.t('the file as it was last committed'),
      choose: () => withCommit(uri, history, 'HEAD'),
    }, {
      label: `$(git-branch) ${vscode.l10n.t('Another Commit…')}`,
      description: vscode.l10n.t('a commit, branch or tag'),
      choose: async () => {
        const ref = await vscode.window.showInputBox({
          title: vscode.l10n.t('Compare {0} with an earlier one', nameOf(uri)),
          prompt: vscode.l10n.t('A commit, branch or tag'),
          placeHolder: 'HEAD~1',
        });
        return ref === undefined || ref.trim() === '' ? undefined
          : withCommit(uri, history, ref.trim());
      },
    });
  }
  items.push({
    label: `$(go-to-file) ${vscode.l10n.t('Another File…')}`,
    description: vscode.l10n.t('scenario by scenario'),
    choose: () => withFile(uri, scenarios, ask),
  });
  if (scenarios.length > 1) {
    items.push({
      label: `$(list-selection) ${vscode.l10n.t('Another Scenario…')}`,
      description: vscode.l10n.t('two scenarios of this file'),
      choose: () => withScenario(uri, scenarios),
    });
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compare {0}', nameOf(uri)),
    placeHolder: vscode.l10n.t('The "before" to compare it with'),
  });
  return chosen?.choose();
}

async function withCommit(
  uri: vscode.Uri, history: (ref: string) => vscode.Uri, ref: string,
): Choice {
  const before = history(ref);
  try {
    await vscode.workspace.fs.stat(before);
  } catch {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no {0} at {1}.', nameOf(uri), ref));
    return undefined;
  }
  return {
    before: { uri: before.toString(), label: ref },
    after: { uri: uri.toString(), label: nameOf(uri) },
  };
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri | undefined;
}

async function withFile(uri: vscode.Uri, own: ScenariosResult, ask: AskForScenarios): Choice {
  const chosen = await vscode.window.showQuickPick(files(uri), {
    title: vscode.l10n.t('Compare {0}', nameOf(uri)),
    placeHolder: vscode.l10n.t('With which file?'), matchOnDescription: true,
  });
  const other = chosen === undefined ? undefined : chosen.uri ?? await browsed();
  if (other === undefined) return undefined;
  const document = await vscode.workspace.openTextDocument(other);
  const names = nameOf(uri) === nameOf(other)
    ? [vscode.workspace.asRelativePath(other), vscode.workspace.asRelativePath(uri)]
    : [nameOf(other), nameOf(uri)];
  const sides = {
    before: { uri: other.toString(), label: names[0] ?? '' },
    after: { uri: uri.toString(), label: names[1] ?? '' },
  };
  const theirs = document.languageId === LANGUAGE_ID ? await ask(other.toString()) : [];
  const shared = theirs.some(({ name }) => own.some((each) => each.name === name));
  if (shared || theirs.length === 0 || own.length === 0) return sides;
  // Nothing goes together by name.
  const before = await one(theirs,
    vscode.l10n.t('Which scenario of {0}?', sides.before.label));
  const after = before === undefined ? undefined
    : await one(own, vscode.l10n.t('With which scenario of {0}?', sides.after.label));
  return before === undefined || after === undefined ? undefined : {
    before: { ...sides.before, scenario: before }, after: { ...sides.after, scenario: after },
  };
}

async function files(own: vscode.Uri): Promise<readonly FileItem[]> {
  const open = vscode.workspace.textDocuments
    .filter(({ languageId, uri }) => languageId === LANGUAGE_ID && uri.scheme !== 'git')
    .map(({ uri }) => uri);
  const found = await findProtocols(MOST_FILES);
  const all = new Map([...open, ...found].map((uri) => [uri.toString(), uri]));
  all.delete(own.toString());
  return [
    ...[...all.values()].map((uri): FileItem =>
      ({ label: nameOf(uri), description: vscode.workspace.asRelativePath(uri), uri })),
    { label: `$(folder-opened) ${vscode.l10n.t('Browse…')}`, uri: undefined },
  ];
}

async function browsed(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({ filters: { mmlock: [LANGUAGE_ID] } });
  return chosen?.[0];
}

async function withScenario(uri: vscode.Uri, scenarios: ScenariosResult): Choice {
  const before = await one(scenarios,
    vscode.l10n.t('Which scenario is the "before"?'));
  if (before === undefined) return undefined;
  const rest = scenarios.filter(({ name }) => name !== before);
  const after = rest.length === 1 ? rest[0]?.name
    : await one(rest, vscode.l10n.t('{0} is compared with which one?', before));
  if (after === undefined) return undefined;
  const side = (scenario: string) => ({ uri: uri.toString(), scenario, label: scenario });
  return { before: side(before), after: side(after) };
}

/** Asks only where there is a choice. */
async function one(scenarios: ScenariosResult, question: string): Promise<string | undefined> {
  if (scenarios.length === 1) return scenarios[0]?.name;
  const item = await vscode.window.showQuickPick(
    scenarios.map(({ name, title, verdictText }) =>
      ({ label: name, description: title, detail: verdictText })),
    { placeHolder: question, matchOnDescription: true });
  return item?.label;
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
