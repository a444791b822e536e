// The memory of a search that keeps all states and transitions: how it is laid out, grown, seen.
import { GLOBALS, RUN_ROOM } from './memory.ts';
import { moveIn, type Home } from './home.ts';
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
export function grow(
  instance: GraphInstance, room: Room, used: { states: number; edges: number },
): boolean {
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

/** Room to go on with, at least for one run; within `most` bytes if that can be. */
export function roomFor(
  instance: GraphInstance, used: { states: number; edges: number }, most: number,
): Room | null {
  const { room } = instance;
  const needs = { states: used.states + RUN_ROOM, edges: used.edges + RUN_ROOM };
  for (const factor of [room.states < SMALL ? 4 : 2, 1.5, 1.2, 1]) {
    const states = Math.max(needs.states, grown(room.states, needs.states, factor));
    const edges = Math.max(needs.edges, grown(room.edges, needs.edges, factor));
    const larger = { states, edges, slots: slotsFor(states, factor === 1 ? 1.15 : 2) };
    if (bytesFor(instance, larger) <= most) return larger;
  }
  return null;
}

const grown = (now: number, needed: number, factor: number): number =>
  (now >= needed ? now : Math.ceil(now * factor));

export function slotsFor(states: number, spare: number): number {
  let slots = 1024;
  while (slots < states * spare) slots *= 2;
  return slots;
}
