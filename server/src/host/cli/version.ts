// The version in package.json, wherever this runs from: the sources or dist/.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export function rootFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (isRoot(folder)) return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('mmlock is not where its package.json is');
    folder = parent;
  }
}

function isRoot(folder: string): boolean {
  return nameAndVersion(folder)?.name === 'mmlock';
}

export function version(): string {
  return nameAndVersion(rootFolder())?.version ?? 'unknown';
}

function nameAndVersion(
  folder: string,
): { readonly name: string; readonly version: string } | null {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return null;
  }
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest !== 'object' || manifest === null) return null;
  const name = 'name' in manifest ? String(manifest.name) : '';
  return { name, version: 'version' in manifest ? String(manifest.version) : '' };
}
