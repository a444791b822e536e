// Which declarations a program needs: what its threads and properties name, and what that names.
import type { FileId } from '../text/range.ts';
import type { Decl, EnumDecl, FlagsDecl, StructDecl } from '../syntax/ast.ts';
import type { Meaning } from './entity.ts';

export interface Placed {
  readonly file: FileId;
  readonly decl: Decl;
}

/** The declarations among `meaning.parts`, in their order, that `roots` need. */
export function needed(
  roots: readonly Decl[], meaning: Pick<Meaning, 'deps' | 'parts'>,
): readonly Placed[] {
  const found = new Set<Decl>();
  for (const root of roots) reach(root, found, meaning);
  const { places } = indexOf(meaning.parts);
  const order: number[] = [];
  for (const decl of found) {
    const place = places.get(decl);
    if (place !== undefined) order.push(place);
  }
  order.sort((a, b) => a - b);
  const parts: Placed[] = [];
  for (const place of order) {
    const part = meaning.parts[place];
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

const NONE: ReadonlySet<Decl> = new Set();

/** Threads are roots or not in it: to ask whether one is done needs nothing of what it does. */
function reach(root: Decl, found: Set<Decl>, meaning: Pick<Meaning, 'deps'>): void {
  const open = [root];
  for (let decl = open.pop(); decl !== undefined; decl = open.pop()) {
    if (found.has(decl)) continue;
    found.add(decl);
    for (const next of meaning.deps.get(decl) ?? NONE) {
      if (next.kind !== 'thread' && next.kind !== 'scenario') open.push(next);
    }
  }
}

/** Declarations by what they are asked for. */
export interface PartsIndex {
  readonly places: ReadonlyMap<Decl, number>;
  /** By name; of two with one name (a mistake) the first. */
  readonly structs: ReadonlyMap<string, StructDecl>;
  /** By name; of two with one name (a mistake) the last. */
  readonly enums: ReadonlyMap<string, EnumDecl | FlagsDecl>;
}

const indices = new WeakMap<readonly Placed[], PartsIndex>();

/** Of a list that does not change any more: worked out once. */
export function indexOf(parts: readonly Placed[]): PartsIndex {
  const known = indices.get(parts);
  if (known !== undefined) return known;
  const places = new Map<Decl, number>();
  const enums = new Map<string, EnumDecl | FlagsDecl>();
  for (const [place, { decl }] of parts.entries()) {
    places.set(decl, place);
    if (decl.kind === 'enum' || decl.kind === 'flags') enums.set(decl.name.text, decl);
  }
  const index = { places, enums, structs: structsByName(parts) };
  indices.set(parts, index);
  return index;
}

function structsByName(all: readonly Placed[]): ReadonlyMap<string, StructDecl> {
  const structs = new Map<string, StructDecl>();
  for (const { decl } of all) {
    if (decl.kind === 'struct' && !structs.has(decl.name.text)) structs.set(decl.name.text, decl);
  }
  return structs;
}
