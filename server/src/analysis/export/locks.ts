// The kernel's locks as Promela: who holds, who stands in the queue, whose turn it is, who waits
// for whom. A class of one lock is plain variables, one of several arrays.
import type { ClassIdx, LockKind, ThreadIdx } from '../../../../simulator/src/program.ts';
import { allOf, anyOf, block, choice, define, joined, type Lines } from './lines.ts';
import { bitOf, declare, type ClassUse, type Model } from './model.ts';

export type Mode = 'read' | 'write';
/** A lock of a class by its number there, and the mode it is wanted or held in. */
export interface Wish {
  readonly lock: string;
  readonly mode: Mode;
}

export const spins = (kind: LockKind): boolean => kind === 'spinlock' || kind === 'rwlock';
const isShared = (use: ClassUse): boolean => use.kind === 'rwsem' || use.kind === 'rwlock';
const isQueued = (use: ClassUse): boolean => use.kind === 'rwsem' && use.waiters.length > 0;

const element = (use: ClassUse, name: string, lock: string): string =>
  (use.count === 1 ? name : `${name}[${lock}]`);

const useOf = (model: Model, cls: ClassIdx): ClassUse => model.classes[cls]!;

export function writerOf(model: Model, cls: ClassIdx, lock: string): string {
  return element(useOf(model, cls), model.names.classes[cls]!.writer, lock);
}

function readBy(model: Model, cls: ClassIdx, at: { lock: string; thread: ThreadIdx }): string {
  return element(useOf(model, cls), model.names.classes[cls]!.readBy[at.thread]!, at.lock);
}

const readersOf = (use: ClassUse): readonly ThreadIdx[] => (isShared(use) ? use.readers : []);

export function readerHolds(
  model: Model, cls: ClassIdx, lock: string, thread: ThreadIdx,
): string {
  if (!readersOf(useOf(model, cls)).includes(thread)) return 'false';
  return `(${readBy(model, cls, { lock, thread })} > 0)`;
}

/** The thread holds it, in any mode. */
export function heldBy(model: Model, cls: ClassIdx, lock: string, thread: ThreadIdx): string {
  const reads = readerHolds(model, cls, lock, thread);
  const writes = `(${writerOf(model, cls, lock)} == ${thread + 1})`;
  return anyOf([writes, ...(reads === 'false' ? [] : [reads])]);
}

/** Somebody holds it; mode null: in any mode. */
export function anyHolder(
  model: Model, cls: ClassIdx, { lock, mode }: { lock: string; mode: Mode | null },
): string {
  const writes = mode === 'read' ? [] : [`(${writerOf(model, cls, lock)} != 0)`];
  const reads = mode === 'write' ? [] : readersOf(useOf(model, cls)).map((thread) =>
    readerHolds(model, cls, lock, thread));
  return anyOf([...writes, ...reads]);
}

/** The thread holds a lock of the class; mode null: in any mode. */
export function holdsOneOf(model: Model, cls: ClassIdx, thread: ThreadIdx): string | null {
  const use = useOf(model, cls);
  const mayWrite = use.writers.includes(thread);
  const mayRead = readersOf(use).includes(thread);
  if (!mayWrite && !mayRead) return null;
  return anyOf(Array.from({ length: use.count }, (_, lock) =>
    heldBy(model, cls, `${lock}`, thread)));
}

/** A place in the queue: the thread, and whether it wants to write. */
const ticket = (thread: ThreadIdx, mode: Mode): number =>
  2 * (thread + 1) + (mode === 'write' ? 1 : 0);

function slots(model: Model, cls: ClassIdx, lock: string): readonly string[] {
  const use = useOf(model, cls);
  if (!isQueued(use)) return [];
  const { queue } = model.names.classes[cls]!;
  const size = use.waiters.length;
  if (size * use.count === 1) return [queue];
  if (use.count === 1) return use.waiters.map((_, i) => `${queue}[${i}]`);
  return use.waiters.map((_, i) => `${queue}[(${lock}) * ${size} + ${i}]`);
}

/** Nobody holds it, or for a reader: nobody writes. */
function noHolder(model: Model, cls: ClassIdx, { lock, mode }: Wish): string {
  const isUnread = mode === 'read' || readersOf(useOf(model, cls)).length === 0 ? []
    : [`${model.names.classes[cls]!.unread}(${lock})`];
  return allOf([`(${writerOf(model, cls, lock)} == 0)`, ...isUnread]);
}

/** May a thread that is not in the queue take it at once? */
export function free(model: Model, cls: ClassIdx, wish: Wish): string {
  const [first] = slots(model, cls, wish.lock);
  if (first === undefined) return noHolder(model, cls, wish);
  return allOf([noHolder(model, cls, wish), wish.mode === 'write' ? `(${first} == 0)`
    : `${model.names.classes[cls]!.noWriterWaits}(${wish.lock})`]);
}

/** May a thread that has joined the queue take it now? */
export function turn(model: Model, cls: ClassIdx, wish: Wish, thread: ThreadIdx): string {
  const mine = ticket(thread, wish.mode);
  const [first] = slots(model, cls, wish.lock);
  if (first === undefined) return noHolder(model, cls, wish);
  return allOf([noHolder(model, cls, wish), wish.mode === 'write' ? `(${first} == ${mine})`
    : `${model.names.classes[cls]!.nextToRead}(${wish.lock}, ${mine})`]);
}

/** The threads that keep a waiting one from taking it, as a mask of `bitOf`. */
export function blockers(model: Model, cls: ClassIdx, wish: Wish, thread: ThreadIdx): string {
  const { aheadOfReader, aheadOfWriter } = model.names.classes[cls]!;
  const readers = wish.mode === 'write' ? readersOf(useOf(model, cls)) : [];
  const ahead = wish.mode === 'write' ? aheadOfWriter : aheadOfReader;
  const isAhead = !isQueued(useOf(model, cls)) ? []
    : [`${ahead}(${wish.lock}, ${ticket(thread, wish.mode)})`];
  return joined([`(1 << ${writerOf(model, cls, wish.lock)})`,
    ...readers.map((reader) =>
      `(${readBy(model, cls, { lock: wish.lock, thread: reader })} > 0 -> ${bitOf(reader)} : 0)`),
    ...isAhead], '|', '0');
}

/** What is said of a lock `l` and of a ticket `t` in its queue. */
export function classMacros(model: Model, cls: ClassIdx): Lines {
  const use = useOf(model, cls);
  const names = model.names.classes[cls]!;
  const readers = readersOf(use);
  const queue = slots(model, cls, 'l');
  const ahead = (mask: (slot: string) => string): string => queue.reduceRight((rest, slot) =>
    `(${slot} == 0 || ${slot} == (t) -> 0 : (${mask(slot)} | ${rest}))`, '0');
  const bit = (slot: string): string => `(1 << (${slot} >> 1))`;
  return [
    ...(readers.length === 0 ? [] : [define(`${names.unread}(l)`, allOf(readers.map((thread) =>
      `(${readBy(model, cls, { lock: 'l', thread })} == 0)`)))]),
    ...(queue.length === 0 ? [] : [
      define(`${names.noWriterWaits}(l)`, allOf(queue.map((slot) => `!(${slot} & 1)`))),
      define(`${names.nextToRead}(l, t)`, queue.reduceRight((rest, slot) =>
        `(${slot} == (t) || (!(${slot} & 1) && ${rest}))`, 'false')),
      define(`${names.aheadOfReader}(l, t)`, ahead((slot) =>
        `(${slot} & 1 -> ${bit(slot)} : 0)`)),
      define(`${names.aheadOfWriter}(l, t)`, ahead(bit)),
    ]),
  ];
}

/** The queue of lock `l`: places from the first on, 0 behind the last. */
export function queueInlines(model: Model, cls: ClassIdx): Lines {
  const use = useOf(model, cls);
  const { queue, joinQueue, leaveQueue } = model.names.classes[cls]!;
  const size = use.waiters.length;
  if (!isQueued(use) || size * use.count === 1) return [];
  const first = use.count === 1 ? '0' : `(l) * ${size}`;
  return [
    ...block(`inline ${joinQueue}(l, ticket)`, [
      `pick = ${first};`, `do :: (${queue}[pick] != 0) -> pick++; :: else -> break; od;`,
      `${queue}[pick] = ticket; pick = 0;`]),
    ...block(`inline ${leaveQueue}(l, ticket)`, [
      `pick = ${first};`, `do :: (${queue}[pick] != ticket) -> pick++; :: else -> break; od;`,
      'do', `:: (pick < ${first} + ${size - 1}) -> ${queue}[pick] = ${queue}[pick + 1]; pick++;`,
      ':: else -> break;', 'od;', `${queue}[pick] = 0; pick = 0;`]),
  ];
}

export function take(model: Model, cls: ClassIdx, wish: Wish, thread: ThreadIdx): Lines {
  if (wish.mode === 'write') return [`${writerOf(model, cls, wish.lock)} = ${thread + 1};`];
  return [`${readBy(model, cls, { lock: wish.lock, thread })}++;`];
}

/** Whatever it holds. */
export function drop(
  model: Model, cls: ClassIdx, at: { lock: string; thread: ThreadIdx },
): Lines {
  const writer = writerOf(model, cls, at.lock);
  const leave = [`${writer} = 0;`];
  if (!readersOf(useOf(model, cls)).includes(at.thread)) return leave;
  return choice([{ guard: `(${writer} == ${at.thread + 1})`, body: leave },
    { guard: 'else', body: [`${readBy(model, cls, at)}--;`] }]);
}

const plusOne = (lock: string): string => (/^[0-9]+$/.test(lock) ? `${Number(lock) + 1}`
  : `${lock} + 1`);

export function join(model: Model, cls: ClassIdx, wish: Wish, thread: ThreadIdx): Lines {
  const waits = `${model.names.threads[thread]!.waits} = ${plusOne(wish.lock)};`;
  return [waits, ...queueing(model, cls, wish, { ticket: ticket(thread, wish.mode), in: true })];
}

export function leave(model: Model, cls: ClassIdx, wish: Wish, thread: ThreadIdx): Lines {
  const waits = `${model.names.threads[thread]!.waits} = 0;`;
  return [...queueing(model, cls, wish, { ticket: ticket(thread, wish.mode), in: false }), waits];
}

function queueing(
  model: Model, cls: ClassIdx, wish: Wish, move: { readonly ticket: number; readonly in: boolean },
): Lines {
  const use = useOf(model, cls);
  const { queue, joinQueue, leaveQueue } = model.names.classes[cls]!;
  if (!isQueued(use)) return [];
  if (use.waiters.length * use.count === 1) return [`${queue} = ${move.in ? move.ticket : 0};`];
  model.scratch.add('pick');
  return [`${move.in ? joinQueue : leaveQueue}(${wish.lock}, ${move.ticket});`];
}

/** Variables of the class, with what they mean. */
export function declareClass(model: Model, cls: ClassIdx): Lines {
  const use = useOf(model, cls);
  const { writer, queue, readBy: reads } = model.names.classes[cls]!;
  const nThreads = model.program.threads.length;
  const size = use.waiters.length * use.count;
  return [
    `${declare(model, { name: writer, lo: 0, hi: Math.max(nThreads, 2), count: use.count })};`,
    ...readersOf(use).map((thread) =>
      `${declare(model, { name: reads[thread]!, lo: 0, hi: 7, count: use.count })};`),
    ...(isQueued(use) ? [`${declare(model, { name: queue, lo: 0, hi: 255, count: size })};`] : []),
  ];
}

/** Variables of the class that taking, dropping and waiting change. */
export function classVariables(model: Model, cls: ClassIdx): readonly string[] {
  const use = useOf(model, cls);
  const { writer, queue, readBy: reads } = model.names.classes[cls]!;
  return [writer, ...readersOf(use).map((thread) => reads[thread]!),
    ...(isQueued(use) ? [queue] : [])];
}
