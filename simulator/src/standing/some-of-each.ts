// Of states that agree in some slots, one: what looks at nothing else cannot tell them apart.
import type { Layout, Slot } from '../layout.ts';

export interface States {
  /** State i is `arena[i * words ..]`, as the layout says. */
  readonly arena: Int32Array;
  readonly count: number;
}

export interface Asked {
  /** The states in which these slots have these values. */
  readonly where: ReadonlyMap<Slot, number>;
  /** Of those that agree in all of these the first; null: all of them. */
  readonly looks: ReadonlySet<Slot> | null;
  /** Once there is one more than so many, that is all. */
  readonly most: number;
}

/** Numbers of states. */
export function someOfEach(
  layout: Layout, { arena, count }: States, { where, looks, most }: Asked,
): readonly number[] {
  const { words, word, shift, mask, lo } = layout;
  const slots = Int32Array.from(where.keys());
  const values = Int32Array.from(where, ([slot, value]) => value - lo[slot]!);
  const digits = digitsOf(layout, looks);
  const seen = new Set<number>();
  const found: number[] = [];
  for (let state = 0, at = 0; state < count && found.length <= most; state++, at += words) {
    let i = 0;
    while (i < slots.length) {
      const slot = slots[i]!;
      if (((arena[at + word[slot]!]! >>> shift[slot]!) & mask[slot]!) !== values[i]) break;
      i++;
    }
    if (i < slots.length) continue;
    if (digits !== null) {
      let key = 0;
      for (const slot of digits) {
        const value = (arena[at + word[slot]!]! >>> shift[slot]!) & mask[slot]!;
        key = key * ((mask[slot]! >>> 0) + 1) + (value >>> 0);
      }
      if (seen.has(key)) continue;
      seen.add(key);
    }
    found.push(state);
  }
  return found;
}

/** Slots as digits of one number; null: it would not be exact. */
function digitsOf({ mask }: Layout, looks: ReadonlySet<Slot> | null): readonly Slot[] | null {
  if (looks === null) return null;
  const digits = [...looks].filter((slot) => mask[slot] !== 0);
  const all = digits.reduce((product, slot) => product * ((mask[slot]! >>> 0) + 1), 1);
  return all <= Number.MAX_SAFE_INTEGER ? digits : null;
}
