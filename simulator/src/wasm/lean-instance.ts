// The memory of a lean search: the table of slots, behind it the queue of states to be expanded.
import type { Exchange } from './exchange.ts';
import { enlarge, bytesOf, load, type Callable, type Loaded } from './instance.ts';
import { SLACK, type Quotient } from './quotient.ts';
import { GLOBALS, RUN_ROOM, STASH } from './memory.ts';
import type { Generated } from './module.ts';

export interface LeanInstance {
  readonly loaded: Loaded;
  /** 64-bit words of a state. */
  readonly nWords: number;
  readonly slotBytes: number;
  readonly tableAt: number;
  /** Where states of other shares lie; null: there are none. */
  readonly exchange: Exchange | null;
  /** Makes the slots fit a table that has become larger: its new number of them in. */
  readonly grow: Callable;
  /** Whole states are kept, in the queue: none is dropped when it is expanded. */
  readonly keepsAll: boolean;
  /** Slots on which states fall; where whole states are kept, a power of two. */
  slots: number;
  /** States that the queue has room for. */
  capacity: number;
  /** Number of the first state that is in the queue. */
  origin: number;
}

/** A table of fewer slots grows fourfold, for speed. */
const FOURFOLD = 2 ** 23;
/** Then it is doubled; from here on it grows by half, for memory. */
const LARGE = 2 ** 24;
/** By how much a table grows where that is too much for the memory. */
const LESS = [5 / 4, 9 / 8] as const;
/** Full beyond this share, the table grows; beyond the last one it cannot be used. */
const FULL_SMALL = 3 / 4;
const FULL = 7 / 8;
const BURSTING = 31 / 32;

/** Sizes to which the table may grow, the one to be preferred first. */
function grownSlots({ slots, keepsAll }: LeanInstance): readonly number[] {
  if (keepsAll) return [2 * slots];
  const factors = slots < FOURFOLD ? [4, 2] : slots < LARGE ? [2] : [3 / 2];
  return [...factors, ...LESS].map((factor) => Math.ceil(slots * factor));
}

function tableBytes({ slotBytes, keepsAll }: LeanInstance, slots: number): number {
  const bytes = keepsAll ? slotBytes * slots : slotBytes * (slots + SLACK) + 8;
  return Math.ceil(bytes / 64) * 64;
}
const queueAt = (instance: LeanInstance): number =>
  instance.tableAt + tableBytes(instance, instance.slots);
const endAt = (instance: LeanInstance): number =>
  queueAt(instance) + 8 * instance.nWords * instance.capacity;

export function instantiateLean(
  generated: Generated, quotient: Quotient | null,
  size: { nWords: number; slots: number; capacity: number },
): LeanInstance | null {
  const tableAt = Math.ceil(generated.end / 64) * 64;
  const slotBytes = quotient?.slotBytes ?? 4;
  const { nWords, slots, capacity } = size;
  const bytes = tableAt + slotBytes * (slots + SLACK) + 64 + 8 * nWords * capacity;
  const loaded = load(generated, bytes);
  if (loaded === null) return null;
  const instance: LeanInstance = {
    exchange: generated.exchange,
    loaded, tableAt, slotBytes, nWords, slots, capacity, keepsAll: quotient === null,
    origin: 0, grow: loaded.exported(quotient === null ? 'rehash' : 'grow'),
  };
  loaded.globals[GLOBALS.slotsAt]!.value = tableAt;
  loaded.globals[GLOBALS.slotsMask]!.value = slots - 1;
  loaded.globals[GLOBALS.homes]!.value = slots;
  loaded.globals[GLOBALS.stashEnd]!.value = STASH.start;
  point(instance);
  return instance;
}

/** Bytes of all its memory. */
export const leanBytes = (instance: LeanInstance): number => endAt(instance);

/** Where states can be, once the search has all of these: slots and the stash, or numbers. */
export function placesOf({ loaded, slots, keepsAll }: LeanInstance, count: number): number {
  if (keepsAll) return count;
  const stashed = (loaded.globals[GLOBALS.stashEnd]!.value - STASH.start) / 8;
  return slots + SLACK + stashed;
}

/**
 * Room for marks, all 0, at the end of the search: in the place of the queue, unless that holds the
 * states. False where that would take more than `most` bytes, or memory is out.
 */
export function roomForMarks(
  instance: LeanInstance, of: { bytes: number; most: number },
): boolean {
  const { loaded, keepsAll } = instance;
  const start = keepsAll ? endAt(instance) : queueAt(instance);
  if (start + of.bytes > of.most || !enlarge(loaded, start + of.bytes)) return false;
  bytesOf(loaded).fill(0, start, start + of.bytes);
  loaded.globals[GLOBALS.marksAt]!.value = start | 0;
  return true;
}

/** The queue as 32-bit words: state i is at `(i - origin) * 2 * nWords`. */
export function queueView(instance: LeanInstance): Int32Array {
  const { nWords, capacity, loaded } = instance;
  return new Int32Array(loaded.memory.buffer, queueAt(instance), 2 * nWords * capacity);
}

/** State 0 would lie there; addresses are modulo 2^32. */
function point(instance: LeanInstance): void {
  instance.loaded.globals[GLOBALS.arenaAt]!.value =
    (queueAt(instance) - 8 * instance.nWords * instance.origin) | 0;
}

/** What a search has: states filed, and of those expanded. */
export interface Progress {
  readonly count: number;
  readonly expanded: number;
}

/** Room for one more run; false where that would take more than `most` bytes, or memory is out. */
export function makeLeanRoom(instance: LeanInstance, at: Progress, most: number): boolean {
  const needed = at.count + RUN_ROOM;
  while (isFull(instance, needed)) {
    if (grown(instance, at, most)) continue;
    if (needed > instance.slots * BURSTING || isStashFull(instance)) return false;
    break;
  }
  if (at.count - instance.origin + RUN_ROOM <= instance.capacity) return true;
  return compacted(instance, at) || longer(instance, at, most);
}

function isFull(instance: LeanInstance, needed: number): boolean {
  const { slots, keepsAll } = instance;
  const share = keepsAll || slots >= LARGE ? FULL : FULL_SMALL;
  return needed > slots * share || isStashFull(instance);
}

const isStashFull = ({ loaded }: LeanInstance): boolean =>
  loaded.globals[GLOBALS.stashEnd]!.value > STASH.full;

function grown(instance: LeanInstance, at: Progress, most: number): boolean {
  const { loaded, tableAt } = instance;
  const now = tableBytes(instance, instance.slots);
  const endWith = (slots: number): number => endAt(instance) + tableBytes(instance, slots) - now;
  const slots = grownSlots(instance).find((larger) => endWith(larger) <= most);
  if (slots === undefined || !enlarge(loaded, endWith(slots))) return false;
  const later = tableBytes(instance, slots);
  const from = queueAt(instance);
  const bytes = bytesOf(loaded);
  const queued = 8 * instance.nWords * (at.count - instance.origin);
  bytes.copyWithin(tableAt + later, from, from + queued);
  bytes.fill(0, tableAt + (instance.keepsAll ? 0 : now), tableAt + later);
  instance.slots = slots;
  point(instance);
  if (instance.keepsAll) {
    loaded.globals[GLOBALS.slotsMask]!.value = slots - 1;
    loaded.globals[GLOBALS.count]!.value = at.count;
  }
  instance.grow(slots);
  return true;
}

/** Drops what is expanded, where that is worth the moving. */
function compacted(instance: LeanInstance, at: Progress): boolean {
  if (instance.keepsAll) return false;
  const from = queueAt(instance);
  const waiting = at.count - at.expanded;
  if (waiting + RUN_ROOM > instance.capacity * (3 / 4)) return false;
  const start = from + 8 * (at.expanded - instance.origin);
  bytesOf(instance.loaded).copyWithin(from, start, start + 8 * waiting);
  instance.origin = at.expanded;
  point(instance);
  return true;
}

function longer(instance: LeanInstance, at: Progress, most: number): boolean {
  const waiting = at.count - instance.origin;
  for (const factor of [1.5, 1.1, 1]) {
    const capacity = Math.max(waiting + RUN_ROOM, Math.ceil(instance.capacity * factor));
    const end = queueAt(instance) + 8 * instance.nWords * capacity;
    if (end > most) continue;
    if (!enlarge(instance.loaded, end)) return false;
    instance.capacity = capacity;
    return true;
  }
  return false;
}
