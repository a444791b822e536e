// Completion between the quotes of `use "..."`: the files of the workspace, by the path from the
// file that takes them in.
import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver';
import type { Range } from '../text/range.ts';
import type { Snapshot } from '../service/ide.ts';
import { toRange } from './convert.ts';
import type { Session } from './session.ts';
import { pathBetween } from './uris.ts';

/** The nearest first; without those that are taken in already. */
export async function usePaths(
  { workspace: { catalogue, files } }: Session, { file, lines, model }: Snapshot, at: Range,
): Promise<CompletionItem[]> {
  await catalogue.ready();
  const taken = new Set([file, ...model.uses]);
  const paths = [...new Set([...catalogue.found, ...files])].flatMap((each) => {
    const path = taken.has(each) ? null : pathBetween(file, each);
    return path === null ? [] : [path];
  });
  const far = (path: string): number => path.split('/').length;
  return paths.sort((a, b) => far(a) - far(b) || (a < b ? -1 : 1)).map((path, i) => ({
    label: path, kind: CompletionItemKind.File, sortText: String(i).padStart(5, '0'),
    filterText: path, textEdit: { range: toRange(lines, at), newText: path },
  }));
}
