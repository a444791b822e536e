// `npm test`: both TypeScript projects, then every test that needs no editor. Paths as arguments
// choose among the tests: `npm test -- client/src`.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { conclude, root, stage, tests } from './tally.mjs';

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const chosen = process.argv.slice(2);

const files = ['simulator/src', 'server/src', 'client/src', 'tests']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path)))
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith(join('tests', 'e2e')))
  .filter((path) => chosen.length === 0 || chosen.some((each) => path.includes(each)))
  .sort();

conclude('unit', [
  stage('types of the simulator', [process.execPath, tsc, '-p', 'simulator']),
  stage('types of the rest', [process.execPath, tsc, '-p', '.']),
  stage('bundled library', [process.execPath, 'scripts/bundle-library.mjs', '--check']),
  tests('unit tests', files, { flags: [`--test-concurrency=${availableParallelism()}`] }),
]);
