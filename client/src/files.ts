// Files as the server asks for them: through VS Code's own file system and search, because the
// folder may be on another machine, or on none.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { LANGUAGE_ID } from '../../server/src/lsp/protocol.ts';
import {
  FIND_FILES, READ_FILE, type FindFilesResult, type ReadFileParams, type ReadFileResult,
} from '../../server/src/lsp/protocol-files.ts';

/** No protocol is this long; what is, is not read into the server. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** No workspace has more protocols; what has, is not looked at as a whole. */
const MOST_FILES = 2000;

export function answerAboutFiles(client: BaseLanguageClient): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(READ_FILE, readFile),
    client.onRequest(FIND_FILES, async (): Promise<FindFilesResult> => {
      const found = await findProtocols(MOST_FILES + 1);
      const files = found.slice(0, MOST_FILES).map((uri) => uri.toString());
      return { files, more: found.length > MOST_FILES };
    }),
  );
}

/** Of the workspace, without what `files.exclude` and `search.exclude` leave out. */
export async function findProtocols(most: number): Promise<readonly vscode.Uri[]> {
  const excluded: unknown = vscode.workspace.getConfiguration('search').get('exclude');
  const patterns = Object.entries(excluded ?? {}).flatMap(([glob, on]) =>
    (on === true ? [glob] : []));
  return vscode.workspace.findFiles(`**/*.${LANGUAGE_ID}`,
    patterns.length === 0 ? undefined : `{${patterns.join(',')}}`, most);
}

async function readFile({ uri }: ReadFileParams): Promise<ReadFileResult> {
  const at = vscode.Uri.parse(uri, true);
  try {
    const { size } = await vscode.workspace.fs.stat(at);
    if (size > MAX_FILE_BYTES) return null;
    return { text: new TextDecoder().decode(await vscode.workspace.fs.readFile(at)) };
  } catch {
    return null;
  }
}
