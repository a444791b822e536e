// Assists as code actions: edits that claim nothing about the protocol.
import { CodeActionKind } from 'vscode-languageserver';
import { assists } from '../service/ide.ts';
import type { ActionSource } from './code-actions.ts';
import { toRange } from './convert.ts';

export const assistActions: ActionSource = {
  actions({ session, snapshot, range, params }) {
    const { file, version, lines } = snapshot;
    return assists(snapshot, range).map(({ title, mends, edits }) => {
      const changes = edits.map(({ text, ...at }) =>
        ({ range: toRange(lines, at), newText: text }));
      return {
        title, kind: mends ? CodeActionKind.QuickFix : CodeActionKind.RefactorRewrite,
        ...(mends ? { diagnostics: params.context.diagnostics } : {}),
        edit: session.client.versionedEdits
          ? { documentChanges: [{ textDocument: { uri: file, version }, edits: changes }] }
          : { changes: { [file]: changes } },
      };
    });
  },
};
