// The memory of a lean search: the table of slots, behind it the queue of states to be expanded.
import { enlarge, bytesOf, load, type Callable, type Loaded } from './instance.ts';
import type { Quotient } from './quotient.ts';
import { GLOBALS, RUN_ROOM, STASH } from './memory.ts';
import type { Generated } from './module.ts';

export interface LeanInstance {
  readonly loaded: Loaded;
  /** 64-bit words of a state. */
  readonly nWords: number;
  readonly slotBytes: number;
  readonly tableAt: number;
  /** Makes the slots fit a table that has become twice as large. */
  readonly double: Callable;
  /** Whole states are kept, in the queue: none is dropped when it is expanded. */
  readonly keepsAll: boolean;
  /** Binary logarithm of the slots. */
  tableBits: number;
  /** States that the queue has room for. */
  capacity: number;
  /** Number of the first state that is in the queue. */
  origin: number;
}

/** Full beyond this share, the table is doubled; beyond the other one it cannot be used. */
const FULL = 7 / 8;
const BURSTING = 31 / 32;

const tableBytes = (instance: LeanInstance, bits: number): number =>
  instance.slotBytes * 2 ** bits;
const queueAt = (instance: LeanInstance): number =>
  instance.tableAt + tableBytes(instance, instance.tableBits);
const endAt = (instance: LeanInstance): number =>
  queueAt(instance) + 8 * instance.nWords * instance.capacity;

export function instantiateLean(
  generated: Generated, quotient: Quotient | null,
  size: { nWords: number; tableBits: number; capacity: number },
): LeanInstance | null {
  const tableAt = Math.ceil(generated.end / 64) * 64;
  const slotBytes = quotient?.slotBytes ?? 4;
  const { nWords, tableBits, capacity } = size;
  const bytes = tableAt + slotBytes * 2 ** tableBits + 8 * nWords * capacity;
  const loaded = load(generated, bytes);
  if (loaded === null) return null;
  const instance: LeanInstance = {
    loaded, tableAt, slotBytes, nWords, tableBits, capacity, keepsAll: quotient === null,
    origin: 0, double: loaded.exported(quotient === null ? 'rehash' : 'double'),
  };
  loaded.globals[GLOBALS.slotsAt]!.value = tableAt;
  loaded.globals[GLOBALS.slotsMask]!.value = 2 ** tableBits - 1;
  loaded.globals[GLOBALS.tableBits]!.value = tableBits;
  loaded.globals[GLOBALS.stashEnd]!.value = STASH.start;
  point(instance);
  return instance;
}

/** Bytes of all its memory. */
export const leanBytes = (instance: LeanInstance): number => endAt(instance);

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
  const slots = 2 ** instance.tableBits;
  if (at.count + RUN_ROOM > slots * FULL && !doubled(instance, at, most)
    && at.count + RUN_ROOM > slots * BURSTING) return false;
  if (at.count - instance.origin + RUN_ROOM <= instance.capacity) return true;
  return compacted(instance, at) || longer(instance, at, most);
}

function doubled(instance: LeanInstance, at: Progress, most: number): boolean {
  const { loaded, tableAt } = instance;
  const more = tableBytes(instance, instance.tableBits);
  if (endAt(instance) + more > most || !enlarge(loaded, endAt(instance) + more)) return false;
  const from = queueAt(instance);
  const bytes = bytesOf(loaded);
  const queued = 8 * instance.nWords * (at.count - instance.origin);
  bytes.copyWithin(from + more, from, from + queued);
  bytes.fill(0, tableAt + (instance.keepsAll ? 0 : more), tableAt + 2 * more);
  instance.tableBits++;
  point(instance);
  if (instance.keepsAll) {
    loaded.globals[GLOBALS.slotsMask]!.value = 2 ** instance.tableBits - 1;
    loaded.globals[GLOBALS.count]!.value = at.count;
  }
  instance.double();
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
