// A plain search that several threads share, from its first state on: this one has the first share
// and takes turns as it is called; the host's threads have the others. It comes to its end or is
// given up: then the search it was to spare goes on as if nothing had been.
import { SILENT_WAITS_MAX, WAIT_MS } from '../bounds.ts';
import { searchBytes, type SearchState } from '../search.ts';
import type { HelperJob } from './helper.ts';
import {
  bellOf, COMMAND, command, CONDITION, conditionOf, linkOf, MESSAGE, nextFrom,
  sharedMemory, sleep, statesOf, take, type Link,
} from './link.ts';
import { reportOf, type ShareReport } from './report.ts';
import { startShare, takeTurn, waitFor, type Share, type ShareJob } from './share.ts';

/** The threads that a host has for a search. */
export interface Threads {
  /** With the one that asks; 1: there are no others. */
  readonly count: number;
  /** Has another thread call `helpSearch` with the job; null where there is none. */
  readonly start: (job: HelperJob) => { readonly stop: () => void } | null;
}

export interface Parallel {
  readonly link: Link;
  readonly job: ShareJob;
  readonly helpers: readonly { readonly stop: () => void }[];
  /** null until all others are ready. */
  share: Share | null;
  readonly maxStates: number;
}

/** Shares between which an address still says where each lies. */
const SHARES_MAX = 16;

/** Starts the threads; null: there are none, or no memory to share. */
export function startParallel(
  plain: SearchState, threads: Threads, tableBits: number | undefined,
): Parallel | null {
  const shares = Math.min(threads.count, SHARES_MAX);
  const memory = shares < 2 ? null : sharedMemory(shares);
  if (memory === null) return null;
  const { program } = plain.engine;
  const left = plain.limits.maxMemory - searchBytes(plain) - memory.byteLength;
  const limits = { maxStates: Infinity, maxMemory: Math.floor(left / shares) };
  const job: ShareJob = { program, limits, tableBits };
  const link = linkOf(memory, { shares, self: 0 });
  const parallel: Parallel = {
    link, job, helpers: startHelpers(threads, { ...job, shares, memory }), share: null,
    maxStates: plain.limits.maxStates,
  };
  if (parallel.helpers.length === shares - 1) return parallel;
  giveUp(parallel);
  return null;
}

function startHelpers(
  threads: Threads, job: Omit<HelperJob, 'self'>,
): readonly { readonly stop: () => void }[] {
  const helpers: { readonly stop: () => void }[] = [];
  for (let self = 1; self < job.shares; self++) {
    const helper = threads.start({ ...job, self });
    if (helper === null) break;
    helpers.push(helper);
  }
  return helpers;
}

/** Ends the threads. */
export function giveUp({ link, helpers }: Parallel): void {
  command(link, COMMAND.quit);
  for (const helper of helpers) helper.stop();
}

const others = ({ shares }: Link): number[] =>
  Array.from({ length: shares - 1 }, (_, i) => i + 1);

/**
 * Whether the search can go on here: `starting` where a thread is not ready yet; `failed` where it
 * never will be.
 */
export function readiness(p: Parallel): 'ready' | 'starting' | 'failed' {
  if (p.share !== null) return 'ready';
  const conditions = others(p.link).map((share) => conditionOf(p.link, share));
  if (conditions.includes(CONDITION.failed)) return 'failed';
  if (conditions.includes(CONDITION.starting)) return 'starting';
  p.share = startShare(p.job, p.link);
  if (p.share === null) return 'failed';
  command(p.link, COMMAND.search);
  return 'ready';
}

/** At most about so many states of this share; does not wait for long where there are none. */
export function advanceParallel(p: Parallel, budget: number): 'active' | 'complete' | 'failed' {
  const { link, share } = p;
  if (share === null) return 'failed';
  const { graph } = share.search;
  const stop = graph.nExpanded + budget;
  while (graph.nExpanded < stop) {
    const seen = bellOf(link);
    const turn = takeTurn(share, stop - graph.nExpanded);
    if (turn === 'complete') return statesOf(link) > p.maxStates ? 'failed' : 'complete';
    const failed = turn === 'stopped' || statesOf(link) > p.maxStates
      || others(link).some((other) => conditionOf(link, other) === CONDITION.failed);
    if (failed) return 'failed';
    if (turn !== 'idle') continue;
    return waitFor(share, seen) ? 'active' : 'failed';
  }
  return 'active';
}

/** What all shares have seen, complete or as far as they are; null where one does not answer. */
export function collect(p: Parallel, how: 'complete' | 'stopped'): ShareReport[] | null {
  const { link, share } = p;
  if (share === null) return null;
  if (how === 'stopped') command(link, COMMAND.report);
  const reports = [reportOf(share)];
  for (const other of others(link)) {
    const text = textFrom(link, other);
    if (text === null) return null;
    const report: ShareReport = JSON.parse(text);
    reports.push(report);
  }
  return reports;
}

/** What else is on its way from there is passed over. */
function textFrom(link: Link, from: number): string | null {
  let text = '';
  for (let silent = 0; silent < SILENT_WAITS_MAX; silent++) {
    const seen = bellOf(link);
    const message = nextFrom(link, from);
    if (message === null) {
      if (conditionOf(link, from) === CONDITION.failed) return null;
      sleep(link, seen, WAIT_MS);
      continue;
    }
    silent = 0;
    const content = new Int32Array(message.length);
    take(link, from, content);
    if (message.kind === MESSAGE.textEnd) return text;
    if (message.kind === MESSAGE.text) text += textOf(content);
  }
  return null;
}

const CHUNK = 4_096;
function textOf(codes: Int32Array): string {
  let text = '';
  for (let at = 0; at < codes.length; at += CHUNK) {
    text += String.fromCharCode(...codes.subarray(at, at + CHUNK));
  }
  return text;
}
