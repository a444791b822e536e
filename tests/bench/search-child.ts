// One search in a process of its own: `search-child PROGRAM OPTIONS` reads a program (JSON) from a
// file and prints what came of it. Nothing but the engine is loaded; its worker threads help.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { helpSearch, type Program, type Threads } from '../../simulator/src/index.ts';
import { finish, startShared, type EngineOptions } from './engine.ts';

export interface Searched {
  readonly result: string;
  readonly bound: string | null;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
}

function help(count: number): Threads {
  return {
    count,
    start(job) {
      const worker = new Worker(process.argv[1] ?? '', { workerData: job });
      worker.unref();
      return { stop: () => void worker.terminate() };
    },
  };
}

function main([programFile = '', optionsText = '']: readonly string[]): void {
  const program: Program = JSON.parse(readFileSync(programFile, 'utf8'));
  const options: EngineOptions = JSON.parse(optionsText);
  const start = performance.now();
  const { result, bound, states, transitions, depth } =
    finish(startShared(program, options, help));
  const searched: Searched = {
    result, bound: bound?.kind ?? null, states, transitions, depth,
    seconds: (performance.now() - start) / 1000,
  };
  process.stdout.write(JSON.stringify(searched));
}

if (isMainThread) main(process.argv.slice(2));
else helpSearch(workerData);
