// A task as it stands in tasks.json, and the arguments that the command line is given for it. The
// manifest describes the same.

export const TASK_TYPE = 'mmlock';

export interface CheckTask {
  readonly type: typeof TASK_TYPE;
  readonly command: 'check';
  readonly paths: readonly string[];
  readonly args: readonly string[];
}

/** undefined: no task of ours. */
export function readDefinition(given: {
  readonly type: string; readonly [name: string]: unknown;
}): CheckTask | undefined {
  const { type, command, paths, args = [] } = given;
  if (type !== TASK_TYPE || command !== 'check' || !isTexts(paths) || !isTexts(args)) {
    return undefined;
  }
  return { type, command, paths, args };
}

/** A path is one, whatever it begins with. */
export function argumentsOf({ command, args, paths }: CheckTask): readonly string[] {
  return [command, ...args, '--', ...paths];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
