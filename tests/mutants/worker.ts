// Inside a worker, bundled with an engine: answers what that engine thinks of the programs it is
// sent, one after the other.
import { parentPort } from 'node:worker_threads';
import { createSearch, type Program } from '../../simulator/src/index.ts';
import { reducedSearch } from '../../simulator/src/reduction/reduced-search.ts';
import { WAYS, type Mode } from './modes.ts';
import { opinionOf, opinionOfReference, type Opinion } from './opinion.ts';

export interface Question {
  readonly program: Program;
  readonly mode: Mode;
  readonly maxStates: number;
}
/** An engine that breaks says why. */
export type Answer = { readonly opinion: Opinion } | { readonly broke: string };

function answerTo({ program, mode, maxStates }: Question): Opinion {
  const way = WAYS[mode];
  if (way.kind === 'reference') {
    return opinionOfReference(reducedSearch(program, way.switches, maxStates));
  }
  const search = createSearch(program, { maxStates, maxMemory: 2 ** 29 }, way.options);
  while (!search.advance(way.budget));
  return opinionOf(search.verdict());
}

parentPort?.on('message', (question: Question) => {
  let answer: Answer;
  try {
    answer = { opinion: answerTo(question) };
  } catch (thrown) {
    answer = { broke: String(thrown) };
  }
  parentPort?.postMessage(answer);
});
