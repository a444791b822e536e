// `mmlock: Open a First Race`: a small protocol with a race in it, as a file that is not saved.
import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../../server/src/lsp/protocol.ts';

/** An editor calls it by its first line until it is saved. */
const RACE = `// A first race
// munmap zaps the page under the read lock, where a fault may be reading.

lock mmap_sem: rwsem
enum pte_state { content, none }
shared pte: pte_state = content

thread munmap {
  acquire read mmap_sem
  pte = none
  release mmap_sem
}

/// A fault that finds nothing hands out a zero page: it must not.
thread fault -> content | never zero {
  acquire read mmap_sem
  if pte == none { outcome zero } else { outcome content }
  release mmap_sem
}

scenario one_fault "munmap against a fault" { munmap  fault }
`;

export async function openSample(): Promise<void> {
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: LANGUAGE_ID, content: RACE }),
    vscode.ViewColumn.Beside);
}
