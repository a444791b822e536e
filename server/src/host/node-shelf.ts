// A folder of verdicts, one file each. A file is written beside its place and then moved there, so
// that no other editor's window ever reads half of one.
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shelf, Shelved } from '../service/store.ts';

const ENDING = '.json';
const UNFINISHED = '.tmp';
/** A file that is used is marked so once a day: using it is hardly ever a write. */
const MARK_AFTER_MS = 24 * 60 * 60 * 1000;
/** What a process that died left behind; a living one is done with it in no time. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;
/** No verdict that was kept is as large. */
const FILE_BYTES_MAX = 2 ** 20;

let nWritten = 0;

export function folderShelf(folder: string): Shelf {
  const at = (key: string): string => join(folder, `${key}${ENDING}`);
  return {
    read: (key) => readShelved(at(key)),
    async write(key, text) {
      await mkdir(folder, { recursive: true });
      const unfinished = join(folder, `${process.pid}-${nWritten++}${UNFINISHED}`);
      try {
        await writeFile(unfinished, text);
        await rename(unfinished, at(key));
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      const all: Shelved[] = [];
      for (const name of names) {
        if (name.endsWith(UNFINISHED)) await removeAbandoned(join(folder, name));
        if (!name.endsWith(ENDING)) continue;
        const found = await stat(join(folder, name)).catch(() => null);
        if (found === null) continue; // Another window was faster.
        const key = name.slice(0, -ENDING.length);
        all.push({ key, bytes: found.size, usedAt: found.mtimeMs });
      }
      return all;
    },
    async remove(keys) {
      for (const key of keys) await rm(at(key), { force: true });
    },
  };
}

async function readShelved(path: string): Promise<string | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { size, mtimeMs } = await file.stat();
    if (size > FILE_BYTES_MAX) return null;
    const text = await file.readFile('utf8');
    const now = new Date();
    if (now.getTime() - mtimeMs > MARK_AFTER_MS) await utimes(path, now, now).catch(() => {});
    return text;
  } finally {
    await file.close();
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) {
    await rm(path, { force: true });
  }
}
