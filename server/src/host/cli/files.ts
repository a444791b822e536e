// The files a command is about: arguments and folders to paths, paths to texts, and the texts that
// a `use` names.
import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { BUNDLED } from '../../service/bundled.ts';
import type { Texts } from '../../service/check-file.ts';
import { UsageError } from './usage.ts';

const EXTENSION = '.mmlock';

/** Files as given, folders searched to the bottom; each once, a folder's in alphabetical order. */
export function findFiles(args: readonly string[]): readonly string[] {
  return [...new Set(args.flatMap((arg) => {
    if (arg === '') throw new UsageError('the name of a file is empty');
    const files = isFolder(arg) ? inFolder(arg) : [normalize(arg)];
    if (files.length === 0) throw new UsageError(`${arg} holds no ${EXTENSION} file`);
    return files;
  }))];
}

/** What cannot be looked at is none: reading it says why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A folder that cannot be read stands for itself, so that it is told like a file. */
function inFolder(folder: string): readonly string[] {
  const entries = entriesOf(folder);
  if (entries === null) return [folder];
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : inFolder(path);
    return entry.name.endsWith(EXTENSION) ? [path] : [];
  });
}

function entriesOf(folder: string): readonly Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return null;
  }
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
    return { text: null, why: whyNot(error) };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file', ENOTDIR: 'no such file', EISDIR: 'is a folder',
  EACCES: 'permission denied', EPERM: 'permission denied',
};

/** Why a file could not be read or written, in a few words. */
export function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code || String(error));
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
