// The files a command is about: arguments and folders to paths, paths to texts, and the texts that
// a `use` names.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { BUNDLED } from '../../service/bundled.ts';
import type { Texts } from '../../service/check-file.ts';
import { UsageError } from './usage.ts';

const EXTENSION = '.mmlock';

/** Files as given, folders searched to the bottom; each once, a folder's in alphabetical order. */
export function findFiles(args: readonly string[]): readonly string[] {
  return [...new Set(args.flatMap((arg) => {
    const files = isFolder(arg) ? inFolder(arg) : [normalize(arg)];
    if (files.length === 0) throw new UsageError(`${arg} holds no ${EXTENSION} file`);
    return files;
  }))];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function inFolder(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : inFolder(path);
    return entry.name.endsWith(EXTENSION) ? [path] : [];
  });
}

type Reading = { readonly text: string } | { readonly text: null; readonly why: string };

/** Without a byte order mark; null where it cannot be read, `why` in a few words. */
export function readText(path: string): Reading {
  const read = readWhole(path);
  return read.text === null ? read : { text: read.text.replace(/^\uFEFF/, '') };
}

/** The same with its byte order mark. */
export function readWhole(path: string): Reading {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why = code === 'ENOENT' ? 'no such file'
      : code === 'EACCES' ? 'permission denied'
        : code === 'EISDIR' ? 'is a folder' : code || String(error);
    return { text: null, why };
  }
}

export const TEXTS: Texts = {
  resolve: (from, path) => normalize(join(dirname(from), path)),
  read: (file) => readText(file).text,
  library(module) {
    const text = Object.hasOwn(BUNDLED, module) ? BUNDLED[module] : undefined;
    return text === undefined ? null : { file: `library/${module}${EXTENSION}`, text };
  },
  modules: Object.keys(BUNDLED),
};
