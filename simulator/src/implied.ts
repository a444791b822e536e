// Slots whose value follows from where their thread rests: what it holds there is certain from its
// code alone. They say nothing that tells two states apart.
import type { Layout, Slot } from './layout.ts';
import type { Program, ThreadIdx } from './program.ts';
import { READ, WRITTEN, type HeldTable } from './reduction/held.ts';

export interface Implied {
  readonly thread: ThreadIdx;
  readonly slot: Slot;
  /** By index into `Layout.rests`, then of a thread that is done: the slot's value. */
  readonly values: readonly number[];
}

/** Places to rest at beyond which nothing is looked for: each, and being done, is a bit. */
const PLACES_MAX = 64;

type Places = Pick<Layout, 'locks' | 'threads' | 'rests'>;

/** `diverges`: by thread, whether it may go round for ever in a step; then nothing is certain. */
export function impliedSlots(
  program: Program, layout: Places, of: { held: HeldTable; diverges: readonly boolean[] },
): readonly Implied[] {
  return program.threads.flatMap((_, t) => {
    if (of.diverges[t]! || of.held.threads[t]!.mayOverflow) return [];
    if (layout.rests[t]!.length >= PLACES_MAX) return [];
    return ownSlots(program, layout, { held: of.held, t });
  });
}

function ownSlots(
  program: Program, { locks, threads, rests }: Places, of: { held: HeldTable; t: ThreadIdx },
): Implied[] {
  const { held, t } = of;
  const { holdings, rcu } = held.threads[t]!;
  const ends = [...program.threads[t]!.code.entries()].flatMap(([pc, { op }]) =>
    (op === 'end' ? [pc] : []));
  /** `at`: as bits what the slot can be there, no bit where the thread never comes. */
  const settled = (slot: Slot, at: (pc: number) => number): Implied[] => {
    if (slot === -1) return [];
    const done = ends.reduce((bits, pc) => bits | at(pc), 0);
    const bits = [...rests[t]!.map(at), done];
    if (bits.some((some) => (some & (some - 1)) !== 0)) return [];
    return [{ thread: t, slot, values: bits.map((one) => Math.max(0, 31 - Math.clz32(one))) }];
  };
  return [
    ...settled(threads[t]!.rcu, (pc) => rcu[pc]!),
    ...locks.flatMap(({ writer, readers }, lock) => {
      const at = (pc: number): number => holdings[pc * held.nLocks + lock]!;
      return [
        ...settled(readers[t]!, (pc) => readings(at(pc))),
        ...settled(writer[t]!, (pc) => writings(at(pc))),
      ];
    }),
  ];
}

/** Bit d: held d times for reading; bit 0 also where it is held for writing. */
const readings = (holdings: number): number =>
  (holdings & READ) | ((holdings & ~READ) === 0 ? 0 : 1);

const writings = (holdings: number): number =>
  ((holdings & WRITTEN) === 0 ? 0 : 2) | ((holdings & ~WRITTEN) === 0 ? 0 : 1);
