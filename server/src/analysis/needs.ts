// Which declarations a program needs: what its threads and properties name, and what that names.
import type { FileId } from '../text/range.ts';
import type { Decl, StructDecl } from '../syntax/ast.ts';
import type { Meaning } from './entity.ts';

export interface Placed {
  readonly file: FileId;
  readonly decl: Decl;
}

/** The declarations among `all`, in their order, that `roots` need. */
export function needed(
  all: readonly Placed[], roots: readonly Decl[], meaning: Pick<Meaning, 'deps'>,
): readonly Placed[] {
  const found = new Set<Decl>();
  for (const root of roots) reach(root, found, meaning);
  return all.filter(({ decl }) => found.has(decl));
}

/** Threads are roots or not in it: to ask whether one is done needs nothing of what it does. */
function reach(root: Decl, found: Set<Decl>, meaning: Pick<Meaning, 'deps'>): void {
  const open = [root];
  for (let decl = open.pop(); decl !== undefined; decl = open.pop()) {
    if (found.has(decl)) continue;
    found.add(decl);
    for (const next of meaning.deps.get(decl) ?? []) {
      if (next.kind !== 'thread' && next.kind !== 'scenario') open.push(next);
    }
  }
}

/** By name; of two with one name (a mistake) the first. */
export function structsByName(all: readonly Placed[]): ReadonlyMap<string, StructDecl> {
  const structs = new Map<string, StructDecl>();
  for (const { decl } of all) {
    if (decl.kind === 'struct' && !structs.has(decl.name.text)) structs.set(decl.name.text, decl);
  }
  return structs;
}
