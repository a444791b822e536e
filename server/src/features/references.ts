// Features: go to definition, references and highlights of the name under the cursor, and folding.
import { contains, type Location, type Range } from '../text/range.ts';
import type { Occurrence, Sym } from '../analysis/model.ts';
import { blocksOf, type Block, type Decl, type Stmt } from './nodes.ts';
import type { Snapshot } from './snapshot.ts';

/** The name at the offset, or the one that ends there; null where there is none. */
export function occurrenceAt(
  snapshot: Pick<Snapshot, 'model'>, offset: number,
): Occurrence | null {
  const { occurrences } = snapshot.model;
  let low = 0;
  let high = occurrences.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = occurrences[middle];
    if (at !== undefined && at.range.start <= offset) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= Math.max(0, low - 4); i--) {
    const found = occurrences[i];
    if (found !== undefined && contains(found.range, offset)) return found;
  }
  return null;
}

export interface Definition {
  /** The name the question was about. */
  readonly origin: Range;
  readonly at: Location;
  readonly full: Range;
}

export function definition(snapshot: Snapshot, offset: number): Definition | null {
  const found = occurrenceAt(snapshot, offset);
  if (found === null) return usedFileAt(snapshot, offset);
  return { origin: found.range, at: found.sym.at, full: found.sym.full };
}

/** `use "./common.mmlock"` leads to the file. */
export function usedFileAt(snapshot: Snapshot, offset: number): Definition | null {
  for (const decl of snapshot.model.source.decls) {
    if (decl.kind !== 'use' || !contains(decl.targetRange, offset)) continue;
    const file = snapshot.usedBy(decl);
    if (file === null) return null;
    const top = { start: 0, end: 0 };
    return { origin: decl.targetRange, at: { file, range: top }, full: top };
  }
  return null;
}

/** Every place in this file that means the same, in order. */
export function references(snapshot: Snapshot, offset: number): readonly Occurrence[] {
  const found = occurrenceAt(snapshot, offset);
  if (found === null) return [];
  return snapshot.model.occurrences.filter((each) => same(each.sym, found.sym));
}

const LOCAL: ReadonlySet<Sym['kind']> = new Set(['local', 'parameter', 'alias']);

/** Only its own file can name it. */
export function isLocal({ kind }: Sym): boolean {
  return LOCAL.has(kind);
}

/**
 * Places that are typed at once: all of a name that no other file, and no text outside of these
 * places, depends on. null: one of them, or another name, needs a rename.
 */
export function linkedPlaces(snapshot: Snapshot, offset: number): readonly Range[] | null {
  const found = occurrenceAt(snapshot, offset);
  if (found === null || !isLocal(found.sym)) return null;
  const all = references(snapshot, offset).map(({ range }) => range);
  return all.length > 1 ? all : null;
}

export function same(a: Sym, b: Sym): boolean {
  return a === b || (a.kind === b.kind && a.name === b.name && a.at.file === b.at.file
    && a.at.range.start === b.at.range.start);
}

/** What can be folded: declarations and blocks that span lines. */
export function foldings(snapshot: Snapshot): readonly Range[] {
  const found: Range[] = [];
  const add = (range: Range): void => {
    const { lines } = snapshot;
    if (lines.position(range.start).line < lines.position(range.end).line) found.push(range);
  };
  const block = (each: Block): void => each.stmts.forEach(stmt);
  const stmt = (each: Stmt): void => {
    if (each.kind === 'labelled') return stmt(each.stmt);
    for (const inner of blocksOf(each)) {
      add(inner.range);
      block(inner);
    }
  };
  for (const decl of snapshot.model.source.decls) {
    if (foldable(decl)) add(decl.range);
    if (decl.kind === 'thread' || decl.kind === 'proc') block(decl.body);
  }
  return found;
}

function foldable(decl: Decl): boolean {
  return decl.kind !== 'use' && decl.kind !== 'hole';
}
