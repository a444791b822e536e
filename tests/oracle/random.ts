// A small seeded source of choices, so that a program can be named by its seed.

export interface Random {
  /** 0..n-1 */
  below(n: number): number;
  /** True in about `percent` of the calls. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** A linear congruence with its words well mixed (the finaliser of MurmurHash3). */
export function randomFrom(seed: number): Random {
  let word = (seed * 2654435761) >>> 0;
  const next = (): number => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    let mixed = word ^ (word >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const below = (n: number): number => next() % n;
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
