// The line of the selected step, marked in the editor as a debugger marks the line it stands on.
import * as vscode from 'vscode';
import type { Place } from '../../../server/src/lsp/protocol.ts';

export class SourceMarker implements vscode.Disposable {
  private readonly line = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground'),
  });
  private readonly text = vscode.window.createTextEditorDecorationType({
    borderStyle: 'solid',
    borderWidth: '1px',
    borderColor: new vscode.ThemeColor('focusBorder'),
  });

  dispose(): void {
    this.line.dispose();
    this.text.dispose();
  }

  clear(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      editor.setDecorations(this.line, []);
      editor.setDecorations(this.text, []);
    }
  }

  /** Opens the file if no editor shows it; the focus stays where it is unless it is wanted. */
  async show(place: Place, takeFocus: boolean): Promise<void> {
    const editor = await editorOf(place.uri, takeFocus);
    const range = editor.document.validateRange(new vscode.Range(
      place.line, place.character, place.endLine, place.endCharacter));
    this.clear();
    editor.setDecorations(this.line, [new vscode.Range(range.start, range.start)]);
    editor.setDecorations(this.text, [range]);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    if (takeFocus) editor.selection = new vscode.Selection(range.start, range.start);
  }
}

async function editorOf(uri: string, takeFocus: boolean): Promise<vscode.TextEditor> {
  const shown = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === uri);
  if (shown !== undefined && !takeFocus) return shown;
  const document = shown?.document
    ?? await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
  return vscode.window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus: !takeFocus,
  });
}
