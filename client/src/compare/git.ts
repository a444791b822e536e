// A file as it was at a commit: through the extension that comes with VS Code, where there is one
// (not in the browser, not in folders that are not trusted) and the file is in a repository.
import * as vscode from 'vscode';

/** Of the interface of `vscode.git`, version 1, what is used here. */
interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<GitApi['state']>;
  getRepository(uri: vscode.Uri): unknown;
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

/** It looks for repositories when it starts; longer than this nobody waits for a list. */
const START_MS = 3000;

/** Gives the file at a commit, branch or tag, to be read; undefined: it is in no repository. */
export async function historyOf(
  uri: vscode.Uri,
): Promise<((ref: string) => vscode.Uri) | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (extension === undefined || uri.scheme !== 'file') return undefined;
  try {
    const git = await extension.activate();
    if (!git.enabled) return undefined;
    const api = git.getAPI(1);
    if (api.state === 'uninitialized') await started(api);
    return api.getRepository(uri) === null ? undefined : (ref) => api.toGitUri(uri, ref);
  } catch {
    return undefined; // Git itself is not installed.
  }
}

function started(api: GitApi): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(end, START_MS);
    const listener = api.onDidChangeState((state) => {
      if (state === 'initialized') end();
    });
  });
}
