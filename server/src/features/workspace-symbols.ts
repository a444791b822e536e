// Feature: workspace symbols. Declarations of all files at hand whose name has the letters of the
// question in their order, the nearest first.
import type { Model, Sym } from '../analysis/model.ts';

/** More in one answer nobody reads. */
const MOST = 500;

const SHOWN: ReadonlySet<Sym['kind']> = new Set([
  'const', 'param', 'type', 'enum', 'flags', 'member', 'struct', 'field', 'lock', 'shared', 'proc',
  'thread', 'outcome', 'property', 'scenario', 'workload',
]);

/** Of one file. */
export function declared({ occurrences }: Model): readonly Sym[] {
  return occurrences.filter(({ role, sym }) => role === 'declaration' && SHOWN.has(sym.kind))
    .map(({ sym }) => sym);
}

export function workspaceSymbols(all: readonly Sym[], query: string): readonly Sym[] {
  return all.map((sym) => ({ sym, rank: rankOf(sym.name, query) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || (a.sym.name < b.sym.name ? -1 : 1))
    .slice(0, MOST).map(({ sym }) => sym);
}

/** 0: the name itself; then its beginning, a part of it, its letters in order; else Infinity. */
function rankOf(name: string, query: string): number {
  const [whole, part] = [name.toLowerCase(), query.toLowerCase()];
  if (whole === part) return 0;
  if (whole.startsWith(part)) return 1;
  if (whole.includes(part)) return 2;
  let at = 0;
  for (const letter of part) {
    at = whole.indexOf(letter, at) + 1;
    if (at === 0) return Infinity;
  }
  return 3;
}
