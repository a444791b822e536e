// Where the path of a `use "..."` is being typed: between its quotes, the second of which may be
// still to come.
import type { Range } from '../../text/range.ts';

/** null: at another place. */
export function usePathAt(text: string, offset: number): Range | null {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const [, before] = /^(\s*use\s+")[^"\n]*$/.exec(text.slice(start, offset)) ?? [];
  if (before === undefined) return null;
  const rest = /^[^"\s]*/.exec(text.slice(offset))?.[0] ?? '';
  return { start: start + before.length, end: offset + rest.length };
}
