// The checker's script as it is released, where there is no Node: as a web worker, and on the
// thread of the language server. As a thread of Node it runs in npm-package.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeClock } from '../server/src/host/node-clock.ts';
import type { ToLoop } from '../server/src/service/check-loop.ts';
import {
  createRemoteChecker, type WorkerEvents, type WorkerPort,
} from '../server/src/service/remote-checker.ts';
import { FILE, createBench } from '../server/src/service/testing.ts';
import { ROOT } from './support/checking.ts';
import { folderWith } from './support/cli.ts';

type Script = typeof import('../server/src/host/checker.ts');

const RACE = 'shared x: 0..3 = 0\nthread t { x = 1 }\nscenario s { t t }\n';

const dist = join(folderWith({ 'dist/.keep': '' }), 'dist');
execFileSync(process.execPath, ['esbuild.mjs', '--minify', '--only', 'checker', '--out', dist],
  { cwd: ROOT });
const text = readFileSync(join(dist, 'checker.js'), 'utf8');

const opened: MessagePort[] = [];
after(() => opened.forEach((port) => port.close()));
class Channel extends MessageChannel {
  constructor() {
    super();
    opened.push(this.port1);
  }
}

/** What the script leaves behind in the global scope `self` of a browser's worker. */
function scriptIn(self: object): Script {
  const hidden = ['require', 'module', '__filename', 'process', 'setImmediate'];
  return new Function('self', 'MessageChannel', ...hidden, `${text}\nreturn mmlockChecker;`)(
    self, Channel);
}

async function found(spawn: (events: WorkerEvents) => WorkerPort): Promise<readonly string[]> {
  const { workspace } = createBench({ atOnce: false });
  workspace.open(FILE, 1, RACE);
  const lowered = workspace.program(FILE, 's');
  assert.ok(lowered !== null);
  const checker = createRemoteChecker({ after: nodeClock.after, spawn });
  const limits = { maxStates: 1000, maxMemory: 2 ** 26 };
  const job = { program: lowered.program, limits, timeLimitMs: 60_000 };
  const answer = await checker.check(job, () => {}).answer;
  checker.dispose();
  assert.ok(answer.kind === 'verdict', JSON.stringify(answer));
  return answer.verdict.violations.map(({ code }) => code);
}

test('a web worker finds the race', async () => {
  const codes = await found((events) => {
    const hearers: ((event: { readonly data: ToLoop }) => void)[] = [];
    scriptIn({
      postMessage: events.onMessage,
      addEventListener: (_: 'message', hear: (typeof hearers)[number]) => hearers.push(hear),
    }).listenAsWorker();
    return {
      post: (data) => queueMicrotask(() => hearers.forEach((hear) => hear({ data }))),
      terminate() {},
    };
  });
  assert.deepEqual(codes, ['data_race']);
});

test('on the thread of the server it waits to be asked, and finds the race', async () => {
  const codes = await found((events) =>
    scriptIn({}).createLocalPort({ now: nodeClock.now, later: setImmediate }, events));
  assert.deepEqual(codes, ['data_race']);
});
