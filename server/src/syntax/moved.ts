// A declaration at another place of the text: the same AST in new objects, since side tables are
// kept by node. Cheaper than reading it again.
import type { Decl } from './ast.ts';

/** The same declaration `by` code units further on, with the comment that stands above it there. */
export function movedDecl(decl: Decl, by: number, doc: string | null): Decl {
  const copy: Decl = { ...decl, doc };
  if (isFields(copy)) moveFields(copy, by);
  return copy;
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of plain data, no deeper than `MAX_NESTING` lets it be; the numbers in a range are its ends. */
function moveFields(fields: Fields, by: number): void {
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'object' && value !== null) fields[key] = moved(value, by);
    else if (typeof value === 'number' && (key === 'start' || key === 'end')) {
      fields[key] = value + by;
    }
  }
}

function moved(value: object, by: number): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) =>
      (typeof item === 'object' && item !== null ? moved(item, by) : item));
  }
  const copy: Fields = { ...value };
  moveFields(copy, by);
  return copy;
}
