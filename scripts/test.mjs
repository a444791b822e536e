// `npm test`: both TypeScript projects, then every test that needs no editor. Paths as arguments
// choose among the tests: `npm test -- client/src`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { conclude, root, stage, tests } from './tally.mjs';

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const chosen = process.argv.slice(2);

function testsIn(folder, { recursive }) {
  return readdirSync(join(root, folder), { recursive, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path));
}

const files = [
  ...['simulator/src', 'server/src', 'client/src']
    .flatMap((folder) => testsIn(folder, { recursive: true })),
  ...testsIn('tests', { recursive: false }),
].filter((path) => chosen.length === 0 || chosen.some((each) => path.includes(each))).sort();

conclude('unit', [
  stage('types of the simulator', [process.execPath, tsc, '-p', 'simulator']),
  stage('types of the rest', [process.execPath, tsc, '-p', '.']),
  stage('bundled library', [process.execPath, 'scripts/bundle-library.mjs', '--check']),
  tests('unit tests', files),
]);
