// The extension's tasks: what may stand in tasks.json, and that the process they start, the
// language server's own bundle with `check`, finds and prints what the problem matcher reads.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import manifest from '../package.json' with { type: 'json' };
import { argumentsOf, readDefinition, TASK_TYPE } from '../client/src/task-definition.ts';
import { ROOT } from './support/checking.ts';
import { folderWith } from './support/cli.ts';

const [declared] = manifest.contributes.taskDefinitions;

test('the manifest and the provider mean the same', () => {
  assert.equal(declared?.type, TASK_TYPE);
  assert.deepEqual(Object.keys(declared?.properties ?? {}), ['command', 'paths', 'args']);
  assert.deepEqual(declared?.required, ['command', 'paths']);
  assert.deepEqual(declared?.properties.command.enum, ['check']);
  const least = { type: 'mmlock', command: 'check', paths: ['a'] };
  assert.deepEqual(readDefinition(least), { ...least, args: [] });
  for (const wrong of [{ type: 'other' }, { command: 'rm' }, { paths: 'a' }, { args: [1] }]) {
    assert.equal(readDefinition({ ...least, ...wrong }), undefined);
  }
});

test('the arguments, a path like an option too', () => {
  const task = readDefinition({
    type: 'mmlock', command: 'check', paths: ['-x.mmlock'], args: ['--time-limit', '5'],
  });
  assert.ok(task !== undefined);
  assert.deepEqual(argumentsOf(task), ['check', '--time-limit', '5', '--', '-x.mmlock']);
});

test('the process of a task prints what the problem matcher reads', () => {
  const folder = folderWith({
    '-race.mmlock': 'shared x: bool\nthread w {\n  x = true\n}\nscenario s { w x 2 }\n',
  });
  execFileSync(process.execPath, [join(ROOT, 'esbuild.mjs'), '--only', 'server,checker', '--out',
    join(folder, 'dist')]);
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  const task = readDefinition({ type: 'mmlock', command: 'check', paths: ['-race.mmlock'] });
  assert.ok(task !== undefined);
  const { status, stdout, stderr } = spawnSync(process.execPath,
    [join(folder, 'dist/server.js'), ...argumentsOf(task)], { cwd: folder, encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(status, 1);
  const [matcher] = manifest.contributes.problemMatchers;
  const pattern = new RegExp(matcher?.pattern.regexp ?? '', 'm');
  assert.deepEqual(pattern.exec(stdout)?.slice(1, 6), ['-race.mmlock', '3', '3', 'error',
    'data_race']);
});
