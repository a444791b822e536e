// Where people read more: the home of the project, and the page of each code.
import type { Code } from './problem.ts';

export const HOME = 'https://github.com/mmlock/mmlock';

/** The address of the page that explains a code. */
export function documentationOf(code: Code): string {
  return `${HOME}/blob/main/docs/diagnostics/${code}.md`;
}
