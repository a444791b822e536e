// Of all states that differ only in which of several exchangeable threads is where, one stands for
// the rest: the members of each class sorted by all that the state says of them. So with objects.
import type { Layout, Slot } from '../layout.ts';
import type { Program, ThreadIdx } from '../program.ts';
import { tidyHeap, type Heap } from './heap.ts';
import { symmetryClasses, type SymmetryClass } from './symmetry.ts';

/** Where the members of one class lie in a frame. */
export interface ClassSlots {
  readonly threads: readonly ThreadIdx[];
  /** By member: its own slots, in step; last `nLate` of them that tell of objects by number. */
  readonly blocks: readonly (readonly Slot[])[];
  readonly nLate: number;
  /** By member, by member: whether the first's synchronize_rcu waits for the second; or null. */
  readonly waits: readonly (readonly Slot[])[] | null;
}

export function classSlots(
  program: Program, layout: Layout, heap: Heap | null,
): readonly ClassSlots[] {
  const late = new Set(heap?.roots.map(({ slot }) => slot));
  for (const slot of heap?.pools.flatMap(({ grace }) => grace.flat()) ?? []) late.add(slot);
  return symmetryClasses(program).map((members) => slotsOf(layout, members, late));
}

function slotsOf(
  layout: Layout, { threads, locals }: SymmetryClass, late: ReadonlySet<Slot>,
): ClassSlots {
  const others = layout.threads.filter((_, v) => !threads.includes(v));
  const strangers = [...layout.threads.keys()].filter((v) => !threads.includes(v));
  const all = threads.map((t, i) => {
    const { pc, rcu, begun, outcome, grace } = layout.threads[t]!;
    return [
      pc, rcu, begun, outcome, ...locals[i]!,
      ...layout.locks.flatMap(({ writer, readers, wait }) => [writer[t]!, readers[t]!, wait[t]!]),
      ...layout.objects.flat().map((slots) => slots.grace[t]!),
      ...others.map((slots) => slots.grace[t]!),
      ...strangers.map((v) => grace[v]!),
    ].filter((slot) => slot !== -1);
  });
  const isLate = all[0]!.map((slot) => late.has(slot));
  const blocks = all.map((slots) => [
    ...slots.filter((_, n) => !isLate[n]!), ...slots.filter((_, n) => isLate[n]!),
  ]);
  const waits = threads.map((t) => threads.map((u) => layout.threads[t]!.grace[u]!));
  return {
    threads, blocks, nLate: isLate.filter((is) => is).length,
    waits: waits[0]![0] === -1 ? null : waits,
  };
}

/**
 * Puts threads and objects in order. Objects are numbered anew once the threads are in their order:
 * who comes first says which object comes first.
 */
export function putInOrder(
  { classes, heap }: { readonly classes: readonly ClassSlots[]; readonly heap: Heap | null },
  frame: Int32Array, order: Int32Array,
): void {
  if (heap !== null) tidyHeap(heap, frame);
  if (classes.length === 0) return;
  canonicalize(classes, frame, order);
  if (heap !== null) tidyHeap(heap, frame);
}

/**
 * Sorts the members of every class in the frame. `order[t]` is then the thread (before) whose part
 * thread t now has. Where members wait for one another's read sections, and nothing else tells
 * them apart, equal states may come out differently: never more is lost than states saved.
 */
export function canonicalize(
  classes: readonly ClassSlots[], frame: Int32Array, order: Int32Array,
): void {
  for (let t = 0; t < order.length; t++) order[t] = t;
  for (const members of classes) sortClass(members, frame, order);
}

function sortClass(members: ClassSlots, frame: Int32Array, order: Int32Array): void {
  const { blocks, waits, threads } = members;
  const values = blocks.map((slots, i) => {
    const own = slots.map((slot) => frame[slot]!);
    return waits === null ? own : [...own, ...tallies(waits, frame, i)];
  });
  const sorted = threads.map((_, i) => i).sort((a, b) => compare(values[a]!, values[b]!) || a - b);
  if (sorted.every((from, i) => from === i)) return;
  const before = waits?.map((row) => row.map((slot) => frame[slot]!));
  sorted.forEach((from, i) => {
    blocks[i]!.forEach((slot, k) => { frame[slot] = values[from]![k]!; });
    order[threads[i]!] = threads[from]!;
    waits?.[i]!.forEach((slot, j) => { frame[slot] = before![from]![sorted[j]!]!; });
  });
}

/** How many members it waits for, how many wait for it, whether it waits for itself. */
function tallies(waits: readonly (readonly Slot[])[], frame: Int32Array, i: number): number[] {
  const sum = (slots: readonly Slot[]): number => slots.reduce((n, slot) => n + frame[slot]!, 0);
  return [sum(waits[i]!), sum(waits.map((row) => row[i]!)), frame[waits[i]![i]!]!];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
