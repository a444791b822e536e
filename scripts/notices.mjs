// The licences of what is bundled from npm, as their authors want them to go along.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The text of THIRD-PARTY-NOTICES.txt for bundled files, whose paths are relative to `root`. */
export function noticesOf(root, paths) {
  const folders = new Set(paths.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []));
  const namesOf = new Map();
  for (const folder of folders) {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const licence = licenceIn(join(root, folder));
    const names = namesOf.get(licence) ?? new Set();
    namesOf.set(licence, names.add(`${name} ${version}`));
  }
  const parts = [...namesOf].map(([licence, names]) =>
    `${[...names].sort().join('\n')}\n\n${licence}\n`);
  return `mmlock contains these packages.\n\n${parts.sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function licenceIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence`);
  return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}
