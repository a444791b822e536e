// The memory of a search that keeps all states and transitions: how it is laid out, grown, seen.
import { LEAN_STATES } from '../bounds.ts';
import { GLOBALS, RUN_ROOM } from './memory.ts';
import { KEPT_BYTES, moveIn, type Home } from './home.ts';
import { bytesOf, enlarge, type Callable, type Loaded } from './instance.ts';
import type { Parts } from './parts.ts';

/** How many states and transitions there is room for; slots is a power of two. */
export interface Room {
  readonly states: number;
  readonly edges: number;
  readonly slots: number;
}

/** The growing parts as the host sees them; made anew whenever memory grows. */
export interface Views {
  readonly arena: Int32Array;
  readonly slots: Int32Array;
  readonly first: Int32Array;
  readonly target: Int32Array;
  readonly move: Int32Array;
  readonly eventual: Uint8Array;
}

export interface GraphInstance {
  readonly home: Home;
  readonly loaded: Loaded;
  readonly rehash: Callable;
  /** 32-bit words of a state. */
  readonly width: number;
  room: Room;
  views: Views;
}

/** null where the host has no WebAssembly, or will not have this. */
export function instantiate(parts: Parts, room: Room): GraphInstance | null {
  const width = 2 * parts.nWords;
  const at = addresses(parts.end, width, room);
  const moved = moveIn(parts, at.end);
  if (moved === null) return null;
  const { loaded } = moved;
  const views = viewsOf(loaded, at, { width, room });
  views.slots.fill(0);
  const instance = { ...moved, width, room, rehash: loaded.exported('rehash'), views };
  point(instance);
  return instance;
}

interface Addresses {
  readonly first: number;
  readonly eventual: number;
  readonly target: number;
  readonly move: number;
  readonly arena: number;
  readonly slots: number;
  readonly end: number;
}

/** The slots come last: they are made anew when memory grows, all else is moved. */
function addresses(start: number, width: number, room: Room): Addresses {
  let at = start;
  const place = (bytes: number): number => {
    const address = at;
    at = Math.ceil((at + bytes) / 16) * 16;
    return address;
  };
  const first = place(4 * (room.states + 2));
  const eventual = place(room.states + 1);
  const target = place(4 * room.edges);
  const move = place(4 * room.edges);
  const arena = place(4 * width * room.states);
  const slots = place(4 * room.slots);
  return { first, eventual, target, move, arena, slots, end: at };
}

/** Bytes of memory with this much room. */
export function bytesFor(instance: GraphInstance, room: Room): number {
  return addresses(instance.loaded.end, instance.width, room).end;
}

function viewsOf(
  loaded: Loaded, at: Addresses, of: { width: number; room: Room },
): Views {
  const { buffer } = loaded.memory;
  const { width, room } = of;
  return {
    arena: new Int32Array(buffer, at.arena, width * room.states),
    slots: new Int32Array(buffer, at.slots, room.slots),
    first: new Int32Array(buffer, at.first, room.states + 2),
    target: new Int32Array(buffer, at.target, room.edges),
    move: new Int32Array(buffer, at.move, room.edges),
    eventual: new Uint8Array(buffer, at.eventual, room.states + 1),
  };
}

/** Tells the code where things lie now. */
function point(instance: GraphInstance): void {
  const { loaded: { globals, end }, width, room } = instance;
  const at = addresses(end, width, room);
  globals[GLOBALS.arenaAt]!.value = at.arena;
  globals[GLOBALS.slotsAt]!.value = at.slots;
  globals[GLOBALS.slotsMask]!.value = room.slots - 1;
  globals[GLOBALS.firstAt]!.value = at.first;
  globals[GLOBALS.targetAt]!.value = at.target;
  globals[GLOBALS.moveAt]!.value = at.move;
  globals[GLOBALS.eventualAt]!.value = at.eventual;
}

/** Moves what there is (so many states and transitions) apart; false where memory is refused. */
export function grow(instance: GraphInstance, room: Room, used: Used): boolean {
  const { loaded, width } = instance;
  const from = addresses(loaded.end, width, instance.room);
  const to = addresses(loaded.end, width, room);
  if (!enlarge(loaded, to.end)) return false;
  const bytes = bytesOf(loaded);
  const sizes = {
    arena: 4 * width * used.states, move: 4 * used.edges, target: 4 * used.edges,
    eventual: used.states + 1,
  };
  for (const part of ['arena', 'move', 'target', 'eventual'] as const) {
    bytes.copyWithin(to[part], from[part], from[part] + sizes[part]);
  }
  const isThin = loaded.globals[GLOBALS.thin]!.value !== 0;
  if (isThin) bytes.fill(0, to.first + 4 * used.states, to.eventual); // no rows
  bytes.fill(0, to.slots, to.end);
  instance.room = room;
  instance.views = viewsOf(loaded, to, { width, room });
  point(instance);
  loaded.globals[GLOBALS.count]!.value = used.states;
  instance.rehash();
  return true;
}

/** Room for fewer states is made fourfold: to move them costs more than the memory. */
const SMALL = 2 ** 17;
/**
 * Nothing is moved before there are more. Memory that is not touched costs nothing, so there is so
 * much from the start, where that is but a share of the limit.
 */
const AMPLE = { states: LEAN_STATES + RUN_ROOM, edges: 2 ** 20 + RUN_ROOM };
const AMPLE_SHARE = 1 / 8;
/** Slots for each state: in a table to begin with; in one that is nearly full. */
const SPARE = 1.5;
const SPARE_LEAST = 1.15;

/** States and transitions that there are. */
interface Used {
  readonly states: number;
  readonly edges: number;
}

export function firstRoom({ nWords, end }: Parts, used: Used, most: number): Room {
  const states = 2 * used.states + 3 * RUN_ROOM;
  const slots = slotsFor(states, SPARE);
  const small = { states, edges: 2 * used.edges + 6 * RUN_ROOM, slots };
  const ample = {
    states: Math.max(states, AMPLE.states), edges: Math.max(small.edges, AMPLE.edges), slots,
  };
  const { end: bytes } = addresses(end, 2 * nWords, ample);
  return bytes <= Math.min(KEPT_BYTES, most * AMPLE_SHARE) ? ample : small;
}

/** Whether there is room for one run more. */
export function hasRoom({ room }: GraphInstance, used: Used): boolean {
  const states = used.states + RUN_ROOM;
  const slots = room.slots >= room.states * SPARE_LEAST || room.slots >= states * SPARE;
  return slots && states <= room.states && used.edges + RUN_ROOM <= room.edges;
}

/** Room to go on with, at least for one run; within `most` bytes if that can be. */
export function roomFor(instance: GraphInstance, used: Used, most: number): Room | null {
  const { room } = instance;
  const needs = { states: used.states + RUN_ROOM, edges: used.edges + RUN_ROOM };
  for (const factor of [room.states < SMALL ? 4 : 2, 1.5, 1.2, 1]) {
    const states = Math.max(needs.states, grown(room.states, needs.states, factor));
    const edges = Math.max(needs.edges, grown(room.edges, needs.edges, factor));
    const spare = factor === 1 ? SPARE_LEAST : 2;
    const larger = { states, edges, slots: slotsFor(states, spare) };
    if (bytesFor(instance, larger) <= most) return larger;
  }
  return null;
}

const grown = (now: number, needed: number, factor: number): number =>
  (now >= needed ? now : Math.ceil(now * factor));

function slotsFor(states: number, spare: number): number {
  let slots = 1024;
  while (slots < states * spare) slots *= 2;
  return slots;
}
