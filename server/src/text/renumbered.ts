// Plain data with other numbers in it.

type Fields = Record<string, unknown>;

/** What stands under a key of its holder in place of a number. Numbers in lists stay. */
export type Numbered = (key: string, value: number, holder: object) => number | undefined;

/** A copy with other numbers, no deeper than `MAX_NESTING` lets it be. */
export function renumbered<T extends object>(fields: T, numbered: Numbered): T {
  const copy = { ...fields };
  renumber(copy, numbered);
  return copy;
}

/** The same in place, where all that it holds is copied. */
export function renumber(holder: object, numbered: Numbered): void {
  if (!isFields(holder)) return;
  for (const key in holder) {
    const value = holder[key];
    if (typeof value === 'number') holder[key] = numbered(key, value, holder);
    else if (typeof value === 'object' && value !== null) holder[key] = copied(value, numbered);
  }
}

function copied(value: object, numbered: Numbered): object {
  if (!Array.isArray(value)) return renumbered(value, numbered);
  return value.map((item: unknown) =>
    (typeof item === 'object' && item !== null ? copied(item, numbered) : item));
}

const isFields = (value: object): value is Fields => !Array.isArray(value);
