// Inside a worker, bundled with an engine: answers what that engine thinks of the programs it is
// sent, one after the other. Or helps another such worker with a search that it shares.
import { parentPort, Worker, workerData } from 'node:worker_threads';
import {
  createSearch, helpSearch, type HelperJob, type Program, type Threads,
} from '../../simulator/src/index.ts';
import { reducedSearch } from '../../simulator/src/reduction/reduced-search.ts';
import { untilReady } from '../support/until-ready.ts';
import { WAYS, type Mode } from './modes.ts';
import { opinionOf, opinionOfReference, type Opinion } from './opinion.ts';

export interface Question {
  readonly program: Program;
  readonly mode: Mode;
  readonly maxStates: number;
}
/** An engine that breaks says why. */
export type Answer = { readonly opinion: Opinion } | { readonly broke: string };

/** What the worker is started with. */
interface Start {
  /** Its own text. */
  readonly script: string;
  readonly job?: HelperJob;
}
const { script, job }: Start = workerData;

function threads(count: number): Threads {
  return {
    count,
    start(share) {
      const options = { eval: true, execArgv: [], workerData: { script, job: share } };
      const worker = new Worker(script, options);
      worker.on('error', () => {});
      untilReady(share);
      return { stop: () => void worker.terminate() };
    },
  };
}

function answerTo({ program, mode, maxStates }: Question): Opinion {
  const way = WAYS[mode];
  if (way.kind === 'reference') {
    return opinionOfReference(reducedSearch(program, way.switches, maxStates));
  }
  const options = way.threads === undefined ? way.options
    : { ...way.options, threads: threads(way.threads) };
  const search = createSearch(program, { maxStates, maxMemory: 2 ** 29 }, options);
  while (!search.advance(way.budget));
  return opinionOf(search.verdict());
}

if (job !== undefined) helpSearch(job);
else parentPort?.on('message', (question: Question) => {
  let answer: Answer;
  try {
    answer = { opinion: answerTo(question) };
  } catch (thrown) {
    answer = { broke: String(thrown) };
  }
  parentPort?.postMessage(answer);
});
