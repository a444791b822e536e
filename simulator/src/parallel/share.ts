// One thread's share of a search: the states that belong to it by their numbers. It expands its own
// level by level, sends away what belongs to others, and files what they send. A level is over for
// a share when it has expanded its own and every other has said that it has sent all of its own.
import { assert } from '../assert.ts';
import { SILENT_WAITS_MAX, WAIT_MS } from '../bounds.ts';
import { advanceLevel, receiveStates, tellAll, type Running } from '../generated.ts';
import type { Program } from '../program.ts';
import { BY, changeEngine, startSearch, type SearchState } from '../search.ts';
import type { Limits } from '../verdict.ts';
import { INBOX_STATES, type Exchange } from '../wasm/exchange.ts';
import {
  beat, beatsOf, bellOf, COMMAND, commandOf, MESSAGE, MESSAGE_WORDS_MAX, nextFrom, post, sleep,
  take, type Link,
} from './link.ts';

export interface Share {
  readonly search: SearchState;
  readonly running: Running;
  readonly exchange: Exchange;
  readonly link: Link;
  /** Where the level under way begins; it ends at `levels[depth + 1]`. */
  levelStart: number;
  /** The others know that this share's states of the level are expanded. */
  isTold: boolean;
  /** By share: its states of the level are expanded, and have come. */
  readonly isOver: boolean[];
  /** States that the others have expanded in the level. */
  elsewhere: number;
  /** Where a message is put together: room for as many states as are taken in at once. */
  readonly message: Int32Array;
  /** Beats of the others when last looked at, and waits since they changed. */
  beats: number;
  silence: number;
}

export interface ShareJob {
  readonly program: Program;
  /** Of this share alone. */
  readonly limits: Limits;
  readonly tableBits: number | undefined;
}

/** How a turn went: something was done; nothing can be done now; all is done; it cannot go on. */
export type Turn = 'active' | 'idle' | 'complete' | 'stopped';

/** States for another share that are worth a message before the end of the level. */
const DELIVERY_STATES = 1_024;

/** null: the program, the host or the limit on memory will not have it. */
export function startShare(job: ShareJob, link: Link): Share | null {
  const { shares, self } = link;
  const search = startSearch(job.program, job.limits, {
    codeAt: Infinity, leanAt: 0, tableBits: job.tableBits, part: { shares, self },
  });
  if (search.complete || search.bound !== null) return null;
  changeEngine(search);
  const running = search.instance;
  const exchange = running?.exchange ?? null;
  if (running === null || exchange === null) return null;
  if (running.bytes() > job.limits.maxMemory) return null;
  const { graph } = search;
  graph.levels.push(search.table.count);
  if (self !== 0) graph.nExpanded = 1; // the first state is all shares', but one expands it
  return {
    search, running, exchange, link, levelStart: graph.nExpanded, isTold: false,
    isOver: Array.from({ length: shares }, (_, share) => share === self), elsewhere: 0,
    message: new Int32Array(messageWords(exchange)), beats: 0, silence: 0,
  };
}

/** Of the longest message of states. */
function messageWords({ nWords }: Exchange): number {
  const each = 2 * nWords;
  return each * Math.min(INBOX_STATES, Math.floor(MESSAGE_WORDS_MAX / each));
}

/** States that are this share's own. */
export const ownStates = ({ search, link }: Share): number =>
  search.table.count - (link.self === 0 ? 0 : 1);

const levelEnd = ({ search: { graph, depth } }: Share): number => graph.levels[depth + 1]!;

/** Takes in what has come, then expands about so many states. */
export function takeTurn(share: Share, budget: number): Turn {
  const { search, running, link } = share;
  const { graph } = search;
  const came = takeIn(share);
  if (came === 'stopped') return came;
  if (graph.nExpanded < levelEnd(share)) {
    if (!running.makeRoom()) return 'stopped';
    const stop = Math.min(levelEnd(share), graph.nExpanded + budget);
    advanceLevel(search, running, { stop, by: BY });
    if (search.engine.machine.overflow !== null || !deliver(share, DELIVERY_STATES)) {
      return 'stopped';
    }
    beat(link, ownStates(share));
    return 'active';
  }
  if (!share.isTold) {
    if (!deliver(share, 1)) return 'stopped';
    const expanded = Int32Array.of(graph.nExpanded - share.levelStart);
    for (let to = 0; to < link.shares; to++) {
      if (to !== link.self && !send(share, to, { kind: MESSAGE.levelEnd, content: expanded })) {
        return 'stopped';
      }
    }
    share.isTold = true;
    return 'active';
  }
  if (!share.isOver.every((over) => over)) return came;
  return nextLevel(share);
}

function nextLevel(share: Share): Turn {
  const { search, running, link } = share;
  const { graph, table } = search;
  if (graph.nExpanded === share.levelStart && share.elsewhere === 0) return 'complete';
  search.depth++;
  graph.levels.push(table.count);
  share.levelStart = graph.nExpanded;
  share.elsewhere = 0;
  share.isTold = false;
  share.isOver.fill(false);
  share.isOver[link.self] = true;
  tellAll(search, running.loaded);
  return 'active';
}

/** Files what has come of this level. */
function takeIn(share: Share): 'active' | 'idle' | 'stopped' {
  const { link, isOver } = share;
  let came: 'active' | 'idle' = 'idle';
  for (let from = 0; from < link.shares; from++) {
    while (!isOver[from]!) {
      const message = nextFrom(link, from);
      if (message === null) break;
      came = 'active';
      if (!hear(share, from, message)) return 'stopped';
    }
  }
  if (came === 'active') beat(link, ownStates(share));
  return came;
}

function hear(share: Share, from: number, message: { kind: number; length: number }): boolean {
  const { search, running, exchange, link } = share;
  if (message.kind === MESSAGE.levelEnd) {
    const expanded = new Int32Array(1);
    take(link, from, expanded);
    share.isOver[from] = true;
    share.elsewhere += expanded[0]!;
    return true;
  }
  assert(message.kind === MESSAGE.states, 'a level ends with word of it');
  if (!running.makeRoom()) return false;
  const { buffer } = running.loaded.memory;
  take(link, from, new Int32Array(buffer, exchange.inAt, message.length));
  receiveStates(search, running, { nStates: message.length / (2 * exchange.nWords), by: BY });
  return search.engine.machine.overflow === null;
}

/** Sends what is in the outboxes from `least` states on; false where the search is over before. */
function deliver(share: Share, least: number): boolean {
  const { running: { loaded }, exchange, link, message } = share;
  const { filledAt, outAt, outBytes, nWords } = exchange;
  for (let to = 0; to < link.shares; to++) {
    const [place, start] = [filledAt / 4 + to, (outAt + to * outBytes) / 4];
    const filled = new Int32Array(loaded.memory.buffer)[place]! / 4;
    if (filled < least * 2 * nWords) continue;
    for (let at = 0; at < filled; at += message.length) {
      const end = Math.min(at + message.length, filled);
      const memory = new Int32Array(loaded.memory.buffer); // may have grown since
      message.set(memory.subarray(start + at, start + end));
      const content = message.subarray(0, end - at);
      if (!send(share, to, { kind: MESSAGE.states, content })) return false;
    }
    new Int32Array(loaded.memory.buffer)[place] = 0;
  }
  return true;
}

/** Waits for room, taking in what comes meanwhile; false where the search is over before. */
function send(
  share: Share, to: number, message: { kind: number; content: Int32Array },
): boolean {
  const { link } = share;
  for (;;) {
    const seen = bellOf(link);
    if (post(link, to, message)) return true;
    if (commandOf(link) !== COMMAND.search) return false;
    const came = takeIn(share);
    if (came === 'stopped') return false;
    if (came === 'idle' && !waitFor(share, seen)) return false;
  }
}

/**
 * Until somebody rings, or not for long. False where all the others have been silent for so long
 * that they must be dead; the first share's thread alone may be silent, its host has other work.
 */
export function waitFor(share: Share, seen: number): boolean {
  const { link } = share;
  sleep(link, seen, WAIT_MS);
  beat(link, ownStates(share));
  const beats = beatsOf(link);
  share.silence = beats === share.beats ? share.silence + 1 : 0;
  share.beats = beats;
  return link.self !== 0 || share.silence < SILENT_WAITS_MAX;
}
