// The user's settings as the server wants them at its start; later changes reach it through the
// language client, which sends the whole section.
import * as vscode from 'vscode';
import { LANGUAGE_ID, type Settings } from '../../server/src/lsp/protocol.ts';

export function currentSettings(): Settings {
  const check = vscode.workspace.getConfiguration(`${LANGUAGE_ID}.check`);
  const hints = vscode.workspace.getConfiguration(`${LANGUAGE_ID}.inlayHints`);
  return {
    check: {
      when: check.get<Settings['check']['when']>('when', 'onType'),
      maxStates: check.get('maxStates', 10_000_000),
      maxMemory: check.get('maxMemory', 1024),
      timeLimit: check.get('timeLimit', 60),
      keepVerdicts: check.get('keepVerdicts', true),
      workspace: check.get('workspace', false),
    },
    inlayHints: {
      lockState: hints.get<Settings['inlayHints']['lockState']>('lockState', 'changes'),
      types: hints.get('types', false),
      parameterNames: hints.get('parameterNames', false),
    },
  };
}
