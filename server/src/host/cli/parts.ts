// Where the wasm files and the checker's script lie: in dist/, or, run from the sources, where they
// are kept.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createParser } from '../../service/check-file.ts';
import type { SyntaxParser } from '../../service/check-file.ts';
import type { NodeParts } from '../node-environment.ts';
import { rootFolder } from './version.ts';

const RUNTIME = ['dist/web-tree-sitter.wasm', 'node_modules/web-tree-sitter/web-tree-sitter.wasm'];
const GRAMMAR = ['grammars/mmlock.wasm', 'dist/mmlock.wasm'];
const CHECKER = ['dist/checker.js'];

export async function loadParser(): Promise<SyntaxParser> {
  const [runtime, grammar] = [readFileSync(first(RUNTIME)), readFileSync(first(GRAMMAR))];
  return createParser({ runtime, grammar });
}

/** The address of the checker's script, or null where it has not been built. */
export function checkerScript(): URL | null {
  const root = rootFolder();
  const found = CHECKER.map((path) => join(root, path)).find((path) => existsSync(path));
  return found === undefined ? null : pathToFileURL(found);
}

export function nodeParts(): NodeParts {
  return {
    runtime: pathToFileURL(first(RUNTIME)),
    grammar: pathToFileURL(first(GRAMMAR)),
    checker: pathToFileURL(first(CHECKER)),
  };
}

function first(paths: readonly string[]): string {
  const root = rootFolder();
  const found = paths.map((path) => join(root, path)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${paths.join(' or ')} is missing: npm run build`);
  return found;
}
