// Where a scenario is unknown because a limit of the settings was reached: an action to raise it.
import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import { isLimit, limitOf } from '../service/ide.ts';
import type { ActionSource } from './code-actions.ts';
import { RAISE_COMMAND } from './protocol.ts';

export const limitActions: ActionSource = {
  actions({ snapshot, range, params }) {
    const limits = snapshot.model.scenarios.flatMap((scenario, i) => {
      const check = snapshot.checks[i];
      const isHere = scenario.range.start <= range.end && range.start <= scenario.range.end;
      return isHere && check !== undefined ? [limitOf(check)].filter(isLimit) : [];
    });
    const diagnostics = params.context.diagnostics.filter(({ code }) => code === 'unknown');
    return [...new Set(limits)].map((limit): CodeAction => {
      const title = `Double mmlock.check.${limit} and Check Again`;
      const command = { title, command: RAISE_COMMAND, arguments: [snapshot.file, limit] };
      return { title, kind: CodeActionKind.QuickFix, diagnostics, command };
    });
  },
};
