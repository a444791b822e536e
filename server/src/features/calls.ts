// Feature: call hierarchy. Scenarios run threads, threads call procs, procs call procs.
import { encloses, type Location, type Range } from '../text/range.ts';
import type { Sym } from '../analysis/model.ts';
import type { Decl } from './nodes.ts';
import { occurrenceAt, same } from './references.ts';
import type { View, Views } from './rename.ts';
import type { Snapshot } from './snapshot.ts';

export interface Call {
  readonly sym: Sym;
  /** Where the calls stand: in the file of the one who calls. */
  readonly ranges: readonly Range[];
}

const CALLED: ReadonlySet<Sym['kind']> = new Set(['proc', 'thread', 'scenario', 'workload']);

export function callableAt(snapshot: Snapshot, offset: number): Sym | null {
  const sym = occurrenceAt(snapshot, offset)?.sym;
  return sym !== undefined && CALLED.has(sym.kind) ? sym : null;
}

/** The symbol whose name is declared there. */
export function callableOf(views: Views, at: Location): Sym | null {
  const found = views.get(at.file)?.model.occurrences.find(({ role, range }) =>
    role === 'declaration' && range.start === at.range.start);
  return found !== undefined && CALLED.has(found.sym.kind) ? found.sym : null;
}

export function incomingCalls(views: Views, sym: Sym): readonly Call[] {
  return [...views.values()].flatMap((view) => gathered(view.model.occurrences
    .filter((one) => one.role === 'call' && same(one.sym, sym))
    .map(({ range }) => ({ sym: ownerOf(view, range), range }))));
}

export function outgoingCalls(views: Views, sym: Sym): readonly Call[] {
  const view = views.get(sym.at.file);
  if (view === undefined) return [];
  return gathered(view.model.occurrences.filter(({ role, range }) =>
    role === 'call' && encloses(sym.full, range)));
}

type Named = Extract<Decl, { readonly name: unknown }>;

function ownerOf({ model }: View, { start }: Range): Sym | null {
  const decl = model.source.decls.find((each): each is Named =>
    'name' in each && each.range.start <= start && start < each.range.end);
  return decl === undefined ? null : model.refs.get(decl.name) ?? null;
}

function gathered(
  calls: readonly { readonly sym: Sym | null; readonly range: Range }[],
): readonly Call[] {
  const found: { sym: Sym; ranges: Range[] }[] = [];
  for (const { sym, range } of calls) {
    if (sym === null) continue;
    const known = found.find((each) => same(each.sym, sym));
    if (known === undefined) found.push({ sym, ranges: [range] });
    else known.ranges.push(range);
  }
  return found;
}
