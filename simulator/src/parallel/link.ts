// What the threads that share a search pass to each other: a ring in shared memory from each to
// each, and a few words that all of them see. Positions in a ring only grow, modulo 2^32.
import { RING_WORDS } from '../bounds.ts';

/** What all threads are to do. */
export const COMMAND = { wait: 0, search: 1, report: 2, quit: 3 } as const;
export type Command = (typeof COMMAND)[keyof typeof COMMAND];
/** How a thread is. */
export const CONDITION = { starting: 0, ready: 1, failed: 2 } as const;

/** What a message holds: states; the number expanded in the level, which is over; text. */
export const MESSAGE = { states: 0, levelEnd: 1, text: 2, textEnd: 3 } as const;

export interface Link {
  readonly shares: number;
  readonly self: number;
  readonly words: Int32Array;
}

/** The kind and the length of a message, before it in the ring. */
const HEAD_WORDS = 2;
const RING_MASK = RING_WORDS - 1;
/** No message is longer: so much of a ring is free again soon. */
export const MESSAGE_WORDS_MAX = RING_WORDS / 4;

/** By share, from `SHARES_AT` on. */
const SHARES_AT = 16;
const SHARE_WORDS = 16;
const WORD = { condition: 0, beat: 1, bell: 2, states: 3 } as const;

const wordOf = (share: number, word: number): number => SHARES_AT + share * SHARE_WORDS + word;
const positionsOf = ({ shares }: Link, from: number, to: number): number =>
  SHARES_AT + SHARE_WORDS * (shares + from * shares + to);
const ringsAt = (shares: number): number => SHARES_AT + SHARE_WORDS * (shares + shares * shares);
const ringOf = ({ shares }: Link, from: number, to: number): number =>
  ringsAt(shares) + RING_WORDS * (from * shares + to);

/** Memory for so many shares; null where the host has none that threads can share. */
export function sharedMemory(shares: number): SharedArrayBuffer | null {
  if (typeof SharedArrayBuffer === 'undefined') return null;
  return new SharedArrayBuffer(4 * (ringsAt(shares) + RING_WORDS * shares * shares));
}

export function linkOf(
  memory: SharedArrayBuffer, of: { shares: number; self: number },
): Link {
  return { ...of, words: new Int32Array(memory) };
}

export const commandOf = ({ words }: Link): number => Atomics.load(words, 0);

export function command(link: Link, what: Command): void {
  Atomics.store(link.words, 0, what);
  for (let share = 0; share < link.shares; share++) ring(link, share);
}

export const conditionOf = ({ words }: Link, share: number): number =>
  Atomics.load(words, wordOf(share, WORD.condition));

export function tellCondition(link: Link, condition: number): void {
  Atomics.store(link.words, wordOf(link.self, WORD.condition), condition);
  ring(link, 0);
}

/** A sign of life. */
export function beat({ words, self }: Link, states: number): void {
  Atomics.add(words, wordOf(self, WORD.beat), 1);
  Atomics.store(words, wordOf(self, WORD.states), states);
}

/** Changes as long as any of the others is alive. */
export function beatsOf({ words, shares, self }: Link): number {
  let sum = 0;
  for (let share = 0; share < shares; share++) {
    if (share !== self) sum += Atomics.load(words, wordOf(share, WORD.beat));
  }
  return sum;
}

/** States that all shares together have said they have. */
export function statesOf({ words, shares }: Link): number {
  let sum = 0;
  for (let share = 0; share < shares; share++) {
    sum += Atomics.load(words, wordOf(share, WORD.states));
  }
  return sum;
}

/** Taken before looking for something to do; `sleep` then misses nothing. */
export const bellOf = ({ words, self }: Link): number =>
  Atomics.load(words, wordOf(self, WORD.bell));

/** Until the bell is not `seen` any more, or so many milliseconds. */
export function sleep({ words, self }: Link, seen: number, ms: number): void {
  Atomics.wait(words, wordOf(self, WORD.bell), seen, ms);
}

function ring({ words }: Link, share: number): void {
  Atomics.add(words, wordOf(share, WORD.bell), 1);
  Atomics.notify(words, wordOf(share, WORD.bell));
}

/** Puts a message into the ring to that share; false where there is no room for it now. */
export function post(
  link: Link, to: number, message: { kind: number; content: Int32Array },
): boolean {
  const { words, self } = link;
  const at = positionsOf(link, self, to);
  const [written, read] = [Atomics.load(words, at), Atomics.load(words, at + 1)];
  const { kind, content } = message;
  if (((written - read) | 0) + HEAD_WORDS + content.length > RING_WORDS) return false;
  const start = ringOf(link, self, to);
  words[start + (written & RING_MASK)] = kind;
  words[start + ((written + 1) & RING_MASK)] = content.length;
  const first = (written + HEAD_WORDS) & RING_MASK;
  const upToEnd = Math.min(content.length, RING_WORDS - first);
  words.set(content.subarray(0, upToEnd), start + first);
  words.set(content.subarray(upToEnd), start);
  Atomics.store(words, at, (written + HEAD_WORDS + content.length) | 0);
  ring(link, to);
  return true;
}

/** The next message from that share, still in its ring: its kind and length; null: none. */
export function nextFrom(link: Link, from: number): { kind: number; length: number } | null {
  const { words, self } = link;
  const at = positionsOf(link, from, self);
  const read = Atomics.load(words, at + 1);
  if (Atomics.load(words, at) === read) return null;
  const start = ringOf(link, from, self);
  const kind = words[start + (read & RING_MASK)]!;
  return { kind, length: words[start + ((read + 1) & RING_MASK)]! };
}

/** Takes it out of the ring. */
export function take(link: Link, from: number, into: Int32Array): void {
  const { words, self } = link;
  const at = positionsOf(link, from, self);
  const read = Atomics.load(words, at + 1);
  const start = ringOf(link, from, self);
  const length = words[start + ((read + 1) & RING_MASK)]!;
  const first = (read + HEAD_WORDS) & RING_MASK;
  const upToEnd = Math.min(length, RING_WORDS - first);
  into.set(words.subarray(start + first, start + first + upToEnd));
  into.set(words.subarray(start, start + length - upToEnd), upToEnd);
  Atomics.store(words, at + 1, (read + HEAD_WORDS + length) | 0);
  ring(link, from);
}
