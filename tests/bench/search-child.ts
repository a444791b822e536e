// One search in a process of its own: `search-child PROGRAM OPTIONS` reads a program (JSON) from a
// file and prints what came of it. Nothing but the engine is loaded.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Program } from '../../simulator/src/index.ts';
import { finish, startSearch, type EngineOptions } from './engine.ts';

export interface Searched {
  readonly result: string;
  readonly bound: string | null;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
}

const [programFile = '', optionsText = ''] = process.argv.slice(2);
const program: Program = JSON.parse(readFileSync(programFile, 'utf8'));
const options: EngineOptions = JSON.parse(optionsText);
const start = performance.now();
const { result, bound, states, transitions, depth } = finish(startSearch(program, options));
const searched: Searched = {
  result, bound: bound?.kind ?? null, states, transitions, depth,
  seconds: (performance.now() - start) / 1000,
};
process.stdout.write(JSON.stringify(searched));
