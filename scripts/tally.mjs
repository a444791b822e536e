// Runs the stages of a suite, counts what passed and failed, and keeps the sums in out/tally for
// whoever adds them up. A stage that is no list of tests counts as one.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'out/tally');

/** `[command, ...arguments]`, from the root; true if it went well. */
export function run([command, ...args], env = {}) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } };
  return spawnSync(command, args, options).status === 0;
}

/** One stage, one test. */
export function stage(name, command) {
  console.log(`\n== ${name}`);
  const passed = run(command);
  return { passed: Number(passed), failed: Number(!passed) };
}

/** The tests of these files. A run that ends before it has counted is one failure. */
export function tests(name, files, { env = {}, flags = [] } = {}) {
  console.log(`\n== ${name}`);
  const counted = join(root, 'out', `${name.replaceAll(' ', '-')}.json`);
  mkdirSync(dirname(counted), { recursive: true });
  rmSync(counted, { force: true });
  const passed = run([
    process.execPath, '--import', 'tsx', '--test', ...flags,
    '--test-reporter=spec', '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/tally-reporter.mjs', `--test-reporter-destination=${counted}`,
    ...files,
  ], env);
  try {
    const counts = JSON.parse(readFileSync(counted, 'utf8'));
    return passed || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

export function sum(all) {
  return all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }),
    { passed: 0, failed: 0 });
}

/** Says the sum of a suite, keeps it, and fails if anything did. */
export function conclude(suite, all) {
  const counts = sum(all);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${suite}.json`), JSON.stringify(counts));
  console.log(`\n${suite}: ${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

// `tally.mjs NAME COMMAND...` runs a stage and keeps its count; `tally.mjs` adds up what is kept;
// `tally.mjs --clear` forgets it.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...command] = process.argv.slice(2);
  if (name === '--clear') {
    rmSync(folder, { recursive: true, force: true });
  } else if (name !== undefined) {
    conclude(name, [stage(name, command)]);
  } else {
    const kept = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const counts = sum(kept.map((text) => JSON.parse(text)));
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    process.exitCode = counts.failed === 0 ? 0 : 1;
  }
}
