// The bench's end of the warm process: asks, and waits for the answer.
import { fork, type ChildProcess } from 'node:child_process';
import type { EngineOptions } from './engine.ts';
import type { Asked, Replied } from './latency-child.ts';
import type { Times } from './phases.ts';
import type { Answered, Opened } from './warm-server.ts';

export interface Warm {
  open(name: string, opened: Opened): Promise<void>;
  /** Throws where the server knew the answer without a search. */
  change(name: string, constant: string, value: number): Promise<Answered>;
  phases(texts: readonly [string, string], options: EngineOptions): Promise<Times>;
  end(): void;
}

export async function startWarm(script: string, root: string): Promise<Warm> {
  const child = fork(script, [root], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await heard(child);
  const ask = (asked: Asked): Promise<Replied> => {
    const replied = heard(child);
    child.send(asked);
    return replied;
  };
  return {
    async open(name, opened) {
      await ask({ kind: 'open', name, opened });
    },
    async change(name, constant, value) {
      const replied = await ask({ kind: 'change', name, constant, value });
      if (replied.kind !== 'changed') throw new Error(`the warm process says ${replied.kind}`);
      if (replied.answered.searches === 0) throw new Error(`${name} was not searched again`);
      return replied.answered;
    },
    async phases(texts, options) {
      const replied = await ask({ kind: 'phases', texts, options });
      if (replied.kind !== 'phases') throw new Error(`the warm process says ${replied.kind}`);
      return replied.times;
    },
    end: () => child.disconnect(),
  };
}

function heard(child: ChildProcess): Promise<Replied> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the warm process has ended'));
    child.once('exit', ended);
    child.once('message', (message: Replied) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
