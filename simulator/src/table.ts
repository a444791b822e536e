// The visited set: every state in one growing arena, found through open addressing over indices.
// States are compared whole, so a collision of hashes costs time, never truth.
import { assert } from './assert.ts';

const EMPTY = -1;
const FIRST_STATES = 128;

export interface StateTable {
  readonly width: number;
  /** State i is `arena[(i - origin) * width ..]`; earlier ones are not kept. */
  arena: Int32Array;
  origin: number;
  slots: Int32Array;
  count: number;
  /** Set where generated code keeps the states: files the candidate behind the last. */
  file: (() => number) | null;
  /** And makes room there: asked for more when the arena is full, or there are so many states. */
  grow: (() => void) | null;
  roomTo: number;
}

export function createTable(width: number): StateTable {
  assert(width >= 1, 'a state has at least one word');
  return {
    width,
    arena: new Int32Array(FIRST_STATES * width),
    slots: new Int32Array(FIRST_STATES * 4).fill(EMPTY),
    origin: 0,
    count: 0,
    file: null,
    grow: null,
    roomTo: Infinity,
  };
}

/** Where the state lies in the arena. */
export const placeOf = (table: StateTable, state: number): number =>
  (state - table.origin) * table.width;

/** Bytes of arena and slots. */
export function tableBytes(table: StateTable): number {
  return table.arena.byteLength + table.slots.byteLength;
}

/** Bytes that the next growth would add, or 0 where the next state still fits. */
export function growthBytes(table: StateTable): number {
  const arena = (table.count + 2) * table.width > table.arena.length ? table.arena.byteLength : 0;
  const slots = (table.count + 1) * 2 > table.slots.length ? table.slots.byteLength : 0;
  return arena + slots;
}

/** Makes room for one more state behind the last; its words are then written by the caller. */
export function reserve(table: StateTable): void {
  if (table.grow !== null) {
    const isFull = placeOf(table, table.count + 1) > table.arena.length;
    if (isFull || table.count >= table.roomTo) table.grow();
    return;
  }
  if ((table.count + 1) * table.width > table.arena.length) {
    const larger = new Int32Array(table.arena.length * 2);
    larger.set(table.arena);
    table.arena = larger;
  }
  if ((table.count + 1) * 2 > table.slots.length) rehash(table);
}

function rehash(table: StateTable): void {
  const slots = new Int32Array(table.slots.length * 2).fill(EMPTY);
  const mask = slots.length - 1;
  for (let i = 0; i < table.count; i++) {
    let slot = hashAt(table.arena, i * table.width, table.width) & mask;
    while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    slots[slot] = i;
  }
  table.slots = slots;
}

function hashAt(words: Int32Array, at: number, width: number): number {
  let hash = 0x9e3779b9 | 0;
  for (let i = 0; i < width; i++) {
    hash = Math.imul(hash ^ words[at + i]!, 0x85ebca6b);
    hash = (hash << 13) | (hash >>> 19);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return hash ^ (hash >>> 13);
}

/**
 * Finds the candidate that stands behind the last state, or files it as the next one.
 * Returns its index; equal to the old `count` means new.
 */
export function intern(table: StateTable): number {
  if (table.file !== null) return table.file();
  const { slots, arena, width, count } = table;
  const mask = slots.length - 1;
  assert((count + 1) * 2 <= slots.length, 'the table stays half empty, so probing ends');
  const at = count * width;
  for (let slot = hashAt(arena, at, width) & mask; ; slot = (slot + 1) & mask) {
    const seen = slots[slot]!;
    if (seen === EMPTY) {
      slots[slot] = count;
      table.count = count + 1;
      return count;
    }
    let i = 0;
    while (i < width && arena[seen * width + i] === arena[at + i]) i++;
    if (i === width) return seen;
  }
}
