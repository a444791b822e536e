// Tasks of the command line: `mmlock check` of the file in the editor and of each folder, in a
// terminal, with its findings under Problems. Only where a process can be started.
import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../../server/src/lsp/protocol.ts';
import { argumentsOf, readDefinition, TASK_TYPE, type CheckTask } from './task-definition.ts';

/** `server`: the path of the bundle that also is the command. */
export function registerTasks(server: string): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TASK_TYPE, {
    provideTasks: () => offered().map(({ definition, name, scope }) =>
      taskOf(server, { definition, name, scope })),
    resolveTask(task) {
      const definition = readDefinition(task.definition);
      const scope = task.scope ?? vscode.TaskScope.Workspace;
      // An editor wants the very definition back that it has asked for.
      return definition === undefined ? undefined : taskOf(server,
        { definition, name: task.name, scope, given: task.definition });
    },
  });
}

interface Wanted {
  readonly definition: CheckTask;
  readonly name: string;
  readonly scope: vscode.TaskScope | vscode.WorkspaceFolder;
  readonly given?: vscode.TaskDefinition;
}

function offered(): readonly Wanted[] {
  const of = (...paths: readonly string[]): CheckTask =>
    ({ type: TASK_TYPE, command: 'check', paths, args: [] });
  const document = vscode.window.activeTextEditor?.document;
  const file = document?.languageId === LANGUAGE_ID && document.uri.scheme === 'file'
    ? document.uri : undefined;
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file');
  return [
    ...(file === undefined ? [] : [{
      definition: of('${file}'), name: vscode.l10n.t('check the file in the editor'),
      scope: vscode.workspace.getWorkspaceFolder(file) ?? vscode.TaskScope.Workspace,
    }]),
    ...folders.map((scope) => ({
      definition: of('${workspaceFolder}'), name: vscode.l10n.t('check all files'), scope,
    })),
  ];
}

function taskOf(server: string, { definition, name, scope, given }: Wanted): vscode.Task {
  // The editor's own Node; Electron has to be told to be no more than that.
  const execution = new vscode.ProcessExecution(process.execPath,
    [server, ...argumentsOf(definition)],
    { env: { ELECTRON_RUN_AS_NODE: '1' } });
  const task = new vscode.Task(given ?? definition, scope, name, 'mmlock', execution, '$mmlock');
  task.group = vscode.TaskGroup.Test;
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  return task;
}
